package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"interleave/kernel/message"
)

// farewell is how long a kernel may take to end after it was asked to, on a computer
// with much else to do.
const farewell = 20 * time.Second

// Kernel is a running kernel process and the connections to it.
//
// Native goroutines: one waits for the process, one reads each connection
// while a call waits for a message of it; all end with Close.
type Kernel struct {
	session                *message.Session
	shell, control, output *conn
	process                *exec.Cmd
	dir                    string // of the connection file
	exited                 chan struct{}
	exit                   error // of the process; read after exited is closed
	stderr                 *tail
}

// Start starts the kernel whose kernel.json has that argv and waits until it
// answers. The error has the last lines of the kernel's standard error.
func Start(ctx context.Context, argv, env []string) (*Kernel, error) {
	if len(argv) == 0 {
		return nil, errors.New("client: the kernel's argv is empty")
	}
	dir, err := os.MkdirTemp("", "interleave-kernel-")
	if err != nil {
		return nil, fmt.Errorf("client: %w", err)
	}
	k := &Kernel{session: message.NewSession(), dir: dir, exited: make(chan struct{}), stderr: &tail{}}
	if err := k.start(ctx, argv, env); err != nil {
		k.kill()
		return nil, fmt.Errorf("client: %w%s", err, k.stderr.quoted())
	}
	return k, nil
}

func (k *Kernel) start(ctx context.Context, argv, env []string) error {
	file, err := newConnectionFile()
	if err != nil {
		close(k.exited)
		return err
	}
	path := filepath.Join(k.dir, "connection.json")
	text, err := json.Marshal(file)
	if err == nil {
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil {
		close(k.exited)
		return err
	}
	args := make([]string, len(argv))
	for i, arg := range argv {
		args[i] = strings.ReplaceAll(arg, "{connection_file}", path)
	}
	k.process = exec.Command(args[0], args[1:]...)
	k.process.Env = append(os.Environ(), env...)
	k.process.Dir = k.dir
	k.process.Stderr = k.stderr
	if err := k.process.Start(); err != nil {
		close(k.exited)
		return fmt.Errorf("start %s: %w", args[0], err)
	}
	go func() {
		k.exit = k.process.Wait()
		close(k.exited)
	}()
	return k.connect(ctx, file)
}

// connect opens the connections and waits until the kernel sees the one for
// output, so that nothing of the first cell is missed.
func (k *Kernel) connect(ctx context.Context, file *message.ConnectionFile) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { // a dead kernel answers nobody
		select {
		case <-k.exited:
			cancel()
		case <-ctx.Done():
		}
	}()
	var err error
	for _, c := range []struct {
		conn **conn
		kind string
		port int
	}{{&k.shell, dealer, file.Shell}, {&k.control, dealer, file.Control}, {&k.output, subscriber, file.IOPub}} {
		if *c.conn, err = open(ctx, c.kind, c.port, []byte(file.Key)); err != nil {
			return k.because(err)
		}
	}
	if _, err := k.output.receive(ctx, func(m *message.Message) bool { return m.Header.Type == "iopub_welcome" }); err != nil {
		return k.because(err)
	}
	request, err := k.session.New(nil, "kernel_info_request", nil)
	if err != nil {
		return err
	}
	if err := k.shell.send(ctx, request); err != nil {
		return k.because(err)
	}
	_, err = k.shell.receive(ctx, replyTo(request))
	return k.because(err)
}

// because replaces err by the kernel's end where that is the reason for it.
func (k *Kernel) because(err error) error {
	if err == nil {
		return nil
	}
	select {
	case <-k.exited:
		if k.exit == nil {
			return errors.New("the kernel ended at once")
		}
		return fmt.Errorf("the kernel ended: %w", k.exit)
	default:
		return err
	}
}

// Result is what one cell showed.
type Result struct {
	Stdout, Stderr string
	Text           string         // text/plain of the last expression; empty where there is none
	Error          *message.Error // nil: the cell ran through
}

// Execute runs one cell and waits for its end or for ctx.
func (k *Kernel) Execute(ctx context.Context, code string) (Result, error) {
	var result Result
	request, err := k.session.New(nil, "execute_request", map[string]any{
		"code": code, "silent": false, "store_history": false, "user_expressions": map[string]string{},
		"allow_stdin": false, "stop_on_error": true,
	})
	if err != nil {
		return result, err
	}
	if err := k.shell.send(ctx, request); err != nil {
		return result, fmt.Errorf("client: %w", k.because(err))
	}
	_, err = k.output.receive(ctx, func(m *message.Message) bool {
		return m.ParentID() == request.Header.ID && result.take(m)
	})
	if err == nil {
		_, err = k.shell.receive(ctx, replyTo(request))
	}
	if err != nil {
		return result, fmt.Errorf("client: run a cell: %w%s", k.because(err), k.stderr.quoted())
	}
	return result, nil
}

// take adds one message of the cell to the result and reports whether it was
// the last.
func (r *Result) take(m *message.Message) bool {
	var content struct {
		State string         `json:"execution_state"`
		Name  string         `json:"name"`
		Text  string         `json:"text"`
		Data  map[string]any `json:"data"`
		message.Error
	}
	if json.Unmarshal(m.Content, &content) != nil {
		return false
	}
	switch m.Header.Type {
	case "status":
		return content.State == "idle"
	case "stream":
		if content.Name == "stderr" {
			r.Stderr += content.Text
		} else {
			r.Stdout += content.Text
		}
	case "execute_result":
		r.Text, _ = content.Data["text/plain"].(string)
	case "error":
		failure := content.Error
		r.Error = &failure
	}
	return false
}

// Close asks the kernel to end, and kills it where it does not in time, which is an error.
func (k *Kernel) Close() error {
	defer k.kill()
	ctx, cancel := context.WithTimeout(context.Background(), farewell)
	defer cancel()
	request, err := k.session.New(nil, "shutdown_request", map[string]bool{"restart": false})
	if err != nil {
		return err
	}
	if err := k.control.send(ctx, request); err != nil {
		return fmt.Errorf("client: shut down: %w", k.because(err))
	}
	select {
	case <-k.exited:
		if k.exit != nil {
			return fmt.Errorf("client: the kernel ended badly: %w%s", k.exit, k.stderr.quoted())
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("client: the kernel did not end within %v of being asked to", farewell)
	}
}

func (k *Kernel) kill() {
	for _, c := range []*conn{k.shell, k.control, k.output} {
		if c != nil {
			c.close()
		}
	}
	if k.process != nil && k.process.Process != nil {
		_ = k.process.Process.Kill() // it may have ended
	}
	<-k.exited
	_ = os.RemoveAll(k.dir) // temporary
}

func replyTo(request *message.Message) func(*message.Message) bool {
	return func(m *message.Message) bool { return m.ParentID() == request.Header.ID }
}

func newConnectionFile() (*message.ConnectionFile, error) {
	var ports [5]int
	for i := range ports { // all are held until the last is known, so that they differ
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, fmt.Errorf("no free port: %w", err)
		}
		defer listener.Close()
		ports[i] = listener.Addr().(*net.TCPAddr).Port
	}
	return &message.ConnectionFile{
		Transport: "tcp", IP: "127.0.0.1",
		Shell: ports[0], IOPub: ports[1], Stdin: ports[2], Control: ports[3], Heartbeat: ports[4],
		Key: rand.Text(), Scheme: message.SignatureScheme,
	}, nil
}

// tail keeps the last bytes written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailSize = 4096

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	if over := len(t.text) - tailSize; over > 0 {
		t.text = t.text[over:]
	}
	return len(p), nil
}

func (t *tail) quoted() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := strings.TrimSpace(string(bytes.ToValidUTF8(t.text, nil)))
	if text == "" {
		return ""
	}
	return "\nthe kernel wrote:\n    " + strings.ReplaceAll(text, "\n", "\n    ")
}
