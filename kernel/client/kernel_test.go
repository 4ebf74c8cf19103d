package client

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"

	"interleave/kernel/message"
)

// TestMain lets the test program stand for kernels that do not work; one that
// does is tried by the tests of the command interleave.
func TestMain(m *testing.M) {
	behaviour := os.Getenv("FAKE_KERNEL")
	if behaviour == "" {
		os.Exit(m.Run())
	}
	file, err := message.ReadConnectionFile(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(4)
	}
	switch behaviour {
	case "ends":
		fmt.Fprintln(os.Stderr, "no such library")
		os.Exit(3)
	case "hangs up":
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", file.Shell))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(4)
		}
		conn, err := listener.Accept()
		if err == nil {
			conn.Close()
		}
		select {} // until it is killed
	case "deaf":
		select {}
	}
}

func TestStartSaysWhyItFailed(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	for _, test := range []struct {
		behaviour string
		ctx       context.Context
		argv      []string
		want      []string
	}{
		{"ends", t.Context(), []string{program, "{connection_file}"}, []string{"the kernel ended: exit status 3", "no such library"}},
		{"hangs up", t.Context(), []string{program, "{connection_file}"}, []string{"handshake"}},
		{"deaf", ended, []string{program, "{connection_file}"}, []string{"the kernel does not listen"}},
		{"ends", t.Context(), []string{program, "no such file"}, []string{"exit status 4", "connection file"}},
		{"ends", t.Context(), []string{program + "-gone"}, []string{"start ", "no such file"}},
		{"ends", t.Context(), nil, []string{"argv is empty"}},
	} {
		t.Run(test.behaviour, func(t *testing.T) {
			t.Setenv("TMPDIR", t.TempDir())
			kernel, err := Start(test.ctx, test.argv, []string{"FAKE_KERNEL=" + test.behaviour})
			if err == nil {
				kernel.kill()
				t.Fatal("it started")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in the error: %v", want, err)
				}
			}
			if left, _ := os.ReadDir(os.Getenv("TMPDIR")); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}
