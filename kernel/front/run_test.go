package front

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/go-zeromq/zmq4"

	"interleave/kernel/history"
	"interleave/kernel/message"
)

// client speaks to one socket of a kernel that Run serves.
type client struct {
	t      *testing.T
	socket zmq4.Socket
	key    []byte
	me     *message.Session
}

func (c *client) send(typ string, content any) *message.Message {
	c.t.Helper()
	m, err := c.me.New(nil, typ, content)
	if err != nil {
		c.t.Fatal(err)
	}
	c.raw(m.Encode(c.key))
	return m
}

func (c *client) raw(frames [][]byte) {
	c.t.Helper()
	if err := c.socket.SendMulti(zmq4.NewMsgFrom(frames...)); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) receive() *message.Message {
	c.t.Helper()
	frames, err := c.socket.Recv()
	if err != nil {
		c.t.Fatal(err)
	}
	m, err := message.Decode(frames.Frames, c.key)
	if err != nil {
		c.t.Fatal(err)
	}
	return m
}

func TestRunServesAConnectionFile(t *testing.T) {
	dir, err := os.MkdirTemp("", "k") // a short path: those of sockets are limited
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	file := message.ConnectionFile{
		Transport: "ipc", IP: filepath.Join(dir, "s"), Key: "secret", Scheme: message.SignatureScheme,
		Shell: 1, IOPub: 2, Stdin: 3, Control: 4, Heartbeat: 5,
	}
	path := filepath.Join(dir, "kernel.json")
	raw, _ := json.Marshal(file)
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	log, worker := &lines{}, newFakeWorker()
	result := make(chan error, 1)
	go func() {
		result <- Run(context.Background(), Config{
			ConnectionFile: path, Worker: worker, History: history.Open("", nil), Version: "1",
			Log: slog.New(slog.NewTextHandler(log, nil)),
		})
	}()

	dial := func(port int, socket zmq4.Socket) *client {
		t.Cleanup(func() { socket.Close() })
		if err := socket.Dial("ipc://" + file.IP + "-" + strconv.Itoa(port)); err != nil {
			t.Fatal(err)
		}
		return &client{t: t, socket: socket, key: []byte("secret"), me: message.NewSession()}
	}
	iopub := dial(2, zmq4.NewSub(context.Background()))
	if err := iopub.socket.SetOption(zmq4.OptionSubscribe, ""); err != nil {
		t.Fatal(err)
	}
	if m := iopub.receive(); m.Header.Type != "iopub_welcome" {
		t.Errorf("the subscriber was greeted with %s", m.Header.Type)
	}
	shell, control := dial(1, zmq4.NewDealer(context.Background())), dial(4, zmq4.NewDealer(context.Background()))

	forged := *shell
	forged.key = []byte("wrong")
	forged.send("kernel_info_request", nil)
	shell.raw([][]byte{[]byte("garbage")})
	request := shell.send("execute_request", message.ExecuteRequest{Code: "1+1"})
	if reply := shell.receive(); reply.Header.Type != "execute_reply" || reply.ParentID() != request.Header.ID {
		t.Errorf("%s was answered with %s to %s", request.Header.ID, reply.Header.Type, reply.ParentID())
	}
	for _, want := range []string{"status busy", "execute_input 1+1", "status idle"} {
		got := describe(iopub.receive())
		if got == "status starting" { // the subscription was quick enough to see it
			got = describe(iopub.receive())
		}
		if got != want+" <"+request.Header.ID+">" {
			t.Errorf("iopub: %s, want %s", got, want)
		}
	}
	if n := strings.Count(log.String(), "dropped a message"); n != 2 {
		t.Errorf("%d log lines for two bad messages:\n%s", n, log)
	}

	control.send("shutdown_request", message.ShutdownRequest{Restart: true})
	if reply := control.receive(); reply.Header.Type != "shutdown_reply" {
		t.Errorf("shutdown was answered with %s", reply.Header.Type)
	}
	if err := <-result; err != nil {
		t.Error(err)
	}
	<-worker.closed
}

func TestRunReportsABadConnectionFile(t *testing.T) {
	worker := newFakeWorker()
	err := Run(context.Background(), Config{ConnectionFile: filepath.Join(t.TempDir(), "none.json"), Worker: worker, History: history.Open("", nil)})
	if err == nil || !strings.Contains(err.Error(), "none.json") {
		t.Errorf("error %v", err)
	}
	<-worker.closed
}
