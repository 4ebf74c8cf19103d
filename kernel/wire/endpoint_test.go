package wire

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-zeromq/zmq4"
)

// prefix returns an ipc address in a fresh folder, short enough for a Unix socket.
func prefix(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "wire")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	return filepath.Join(folder, "kernel-ipc")
}

func TestIPCSocketFile(t *testing.T) {
	ep := Endpoint{Transport: "ipc", Address: prefix(t), Port: 3}
	path := ep.Address + "-3"

	// Left by a process that died.
	dead, err := net.ListenUnix("unix", &net.UnixAddr{Name: path})
	if err != nil {
		t.Fatal(err)
	}
	dead.SetUnlinkOnClose(false)
	dead.Close()
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
	r, err := NewRouter(ep, nil, func([][]byte) {})
	if err != nil {
		t.Fatal("a stale file:", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}

	// In use.
	if _, err := NewHeartbeat(ep, nil); err == nil || !strings.Contains(err.Error(), "another process listens there") {
		t.Errorf("a socket in use: %v", err)
	}
	conn, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal("the first socket suffered:", err)
	}
	conn.Close()
	r.Close()
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("after Close: %v", err)
	}

	// No socket at all.
	if err := os.WriteFile(path, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := NewPublisher(ep, nil, nil); err == nil || !strings.Contains(err.Error(), "not a socket") {
		t.Errorf("a file: %v", err)
	}
	if got, _ := os.ReadFile(path); string(got) != "precious" {
		t.Errorf("the file became %q", got)
	}
}

func TestChosenPorts(t *testing.T) {
	for _, ep := range []Endpoint{local(), {Transport: "ipc", Address: prefix(t)}} {
		ports := map[int]bool{}
		for range 3 {
			h, err := NewHeartbeat(ep, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer h.Close()
			if h.Port() == 0 || ports[h.Port()] {
				t.Errorf("%s: port %d", ep, h.Port())
			}
			ports[h.Port()] = true
		}
	}
}

func TestEndpointErrors(t *testing.T) {
	h, err := NewHeartbeat(local(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	for _, test := range []struct {
		ep   Endpoint
		want string
	}{
		{Endpoint{Transport: "udp", Address: "127.0.0.1"}, `transport "udp" is not tcp or ipc`},
		{Endpoint{Transport: "tcp", Address: "127.0.0.1", Port: h.Port()}, fmt.Sprintf("tcp://127.0.0.1:%d: ", h.Port())},
		{Endpoint{Transport: "ipc", Address: "/" + strings.Repeat("x", 200), Port: 1}, "the path has 203 bytes, at most 103"},
		{Endpoint{Transport: "ipc", Address: prefix(t) + "/no/folder", Port: 1}, "no such file"},
	} {
		if h, err := NewHeartbeat(test.ep, nil); err == nil || !strings.HasPrefix(err.Error(), "wire: ") || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: %v, %v", test.ep, h, err)
		}
	}
}

// All three sockets against zmq4's own clients, over both transports.
func TestClientsOfZMQ4(t *testing.T) {
	for _, ep := range []Endpoint{local(), {Transport: "ipc", Address: prefix(t)}} {
		t.Run(ep.Transport, func(t *testing.T) {
			requests := make(chan [][]byte, 1)
			shell, err := NewRouter(ep, nil, func(f [][]byte) { requests <- f })
			if err != nil {
				t.Fatal(err)
			}
			iopub, err := NewPublisher(ep, nil, func(topic string) [][]byte { return bytesOf(topic, "welcome") })
			if err != nil {
				t.Fatal(err)
			}
			beat, err := NewHeartbeat(ep, nil)
			if err != nil {
				t.Fatal(err)
			}

			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			connect := func(s zmq4.Socket, port int) zmq4.Socket {
				at := ep
				at.Port = port
				if err := s.Dial(at.String()); err != nil {
					t.Fatal(err)
				}
				return s
			}
			dealer := connect(zmq4.NewDealer(ctx, zmq4.WithID(zmq4.SocketIdentity("client"))), shell.Port())
			sub := connect(zmq4.NewSub(ctx), iopub.Port())
			req := connect(zmq4.NewReq(ctx), beat.Port())

			long := strings.Repeat("x", 100_000)
			dealer.Send(zmq4.NewMsgFromString([]string{"hello", long, ""}))
			got := <-requests
			if strings.Join(textOf(got), "|") != "client|hello|"+long+"|" {
				t.Errorf("request of %d frames from %q", len(got), got[0])
			}
			shell.Send(got)
			if msg, err := dealer.Recv(); err != nil || len(msg.Frames) != 3 || string(msg.Frames[1]) != long {
				t.Errorf("reply of %d frames, %v", len(msg.Frames), err)
			}

			sub.SetOption(zmq4.OptionSubscribe, "kernel")
			if msg, err := sub.Recv(); err != nil || strings.Join(textOf(msg.Frames), "|") != "kernel|welcome" {
				t.Errorf("welcome: %s, %v", msg, err)
			}
			iopub.Publish(bytesOf("elsewhere", "x"))
			iopub.Publish(bytesOf("kernel.1", "y"))
			if msg, err := sub.Recv(); err != nil || strings.Join(textOf(msg.Frames), "|") != "kernel.1|y" {
				t.Errorf("published: %s, %v", msg, err)
			}

			req.Send(zmq4.NewMsgString("ping"))
			if msg, err := req.Recv(); err != nil || string(msg.Bytes()) != "ping" {
				t.Errorf("echo: %s, %v", msg, err)
			}
			for _, s := range []interface{ Close() error }{dealer, sub, req, shell, iopub, beat} {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}
