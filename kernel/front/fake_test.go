package front

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"interleave/kernel/history"
	"interleave/kernel/message"
	"interleave/kernel/protocol"
)

// fakeWorker does what a test tells it to.
type fakeWorker struct {
	execute     func(ctx context.Context, req protocol.Execute, out protocol.Output) (protocol.Done, error)
	complete    func(protocol.Complete) (protocol.Completions, error)
	comm        func(protocol.Comm, protocol.Output)
	interrupted chan struct{}
	closed      chan struct{}
}

func newFakeWorker() *fakeWorker {
	return &fakeWorker{
		execute: func(context.Context, protocol.Execute, protocol.Output) (protocol.Done, error) {
			return protocol.Done{}, nil
		},
		complete: func(protocol.Complete) (protocol.Completions, error) {
			return protocol.Completions{Start: 4, End: 6, Matches: []protocol.Completion{{Text: "Println", Type: "function", Signature: "func(a ...any)"}}}, nil
		},
		interrupted: make(chan struct{}, 10),
		closed:      make(chan struct{}),
	}
}

func (w *fakeWorker) Execute(ctx context.Context, req protocol.Execute, out protocol.Output) (protocol.Done, error) {
	return w.execute(ctx, req, out)
}
func (w *fakeWorker) Interrupt() { w.interrupted <- struct{}{} }
func (w *fakeWorker) Complete(_ context.Context, r protocol.Complete) (protocol.Completions, error) {
	return w.complete(r)
}
func (w *fakeWorker) Inspect(_ context.Context, r protocol.Inspect) (protocol.Inspection, error) {
	return protocol.Inspection{Found: true, Data: map[string]any{"text/plain": "func Println"}}, nil
}
func (w *fakeWorker) IsComplete(_ context.Context, code string) (protocol.Completeness, error) {
	if code == "?" {
		return protocol.Completeness{}, errors.New("no answer")
	}
	return protocol.Completeness{Status: "incomplete", Indent: "\t"}, nil
}
func (w *fakeWorker) Comm(_ context.Context, c protocol.Comm, out protocol.Output) error {
	w.comm(c, out)
	return nil
}
func (w *fakeWorker) Close() error {
	close(w.closed)
	return nil
}

// deadWorker is what a fake returns where the process died.
type deadWorker struct{}

func (deadWorker) Error() string { return "the process that ran the cell ended: os.Exit(3)" }
func (deadWorker) Report() protocol.Error {
	return protocol.Error{Name: "worker died", Value: "os.Exit(3)", Traceback: []string{"os.Exit(3)", "x lost its value"}}
}

// bench is a front with a fake worker and without sockets.
type bench struct {
	*front
	t      *testing.T
	worker *fakeWorker
	sent   map[channel]chan *message.Message
	clock  *clock
	log    *lines
	made   int
	ended  chan struct{}
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// start serves to a front end "alice". Whoever calls itself "gone" is not there.
func start(t *testing.T, worker *fakeWorker) *bench {
	t.Helper()
	reads := make(chan struct{})
	close(reads)
	b := startUnread(t, worker, reads)
	b.wantIOPub("status starting")
	return b
}

// startUnread serves to a front end that takes nothing from iopub until reads
// is closed.
func startUnread(t *testing.T, worker *fakeWorker, reads chan struct{}) *bench {
	t.Helper()
	b := &bench{
		t: t, worker: worker, log: &lines{}, ended: make(chan struct{}),
		sent:  map[channel]chan *message.Message{},
		clock: &clock{now: time.Date(2026, 1, 2, 3, 4, 5, 123_456_000, time.UTC)},
	}
	for _, c := range []channel{shell, control, stdin, iopub} {
		b.sent[c] = make(chan *message.Message, 10_000)
	}
	logger := slog.New(limit(slog.NewTextHandler(b.log, nil), b.clock.Now))
	cfg := Config{Worker: worker, History: history.Open("", nil), Version: "1.2.3", Log: logger}
	b.front = newFront(cfg, func(on channel, m *message.Message) error {
		switch {
		case on == iopub:
			<-reads
		case string(m.Identities[0]) == "gone":
			return errors.New("no such peer")
		}
		b.sent[on] <- m
		return nil
	}, b.clock.Now)
	go func() {
		defer close(b.ended)
		if err := b.serve(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	t.Cleanup(func() {
		b.stop()
		<-b.ended
	})
	return b
}

// request makes a message of front end "alice", dated now. Its msg_id is the
// type and a number: "execute_request-1".
func (b *bench) request(typ, content string) *message.Message {
	b.made++
	return &message.Message{
		Identities: [][]byte{[]byte("alice")},
		Header: message.Header{
			ID:   strings.TrimSuffix(typ, "_request") + "-" + string(rune('0'+b.made)),
			Type: typ, Session: "alice", Date: b.clock.Now().Format(time.RFC3339Nano),
		},
		Parent:  json.RawMessage("{}"),
		Content: json.RawMessage(content),
	}
}

// run sends an execute_request.
func (b *bench) run(code string) *message.Message {
	m := b.request("execute_request", `{"code":`+quote(code)+`}`)
	b.fromShell(m)
	return m
}

func quote(s string) string {
	raw, _ := json.Marshal(s)
	return string(raw)
}

// next returns the next message sent on a socket.
func (b *bench) next(on channel) *message.Message { return <-b.sent[on] }

// describe tells a message in one line: its type, what matters of its
// content, and its parent.
func describe(m *message.Message) string {
	var c map[string]any
	json.Unmarshal(m.Content, &c)
	words := []string{m.Header.Type}
	for _, key := range []string{"execution_state", "status", "name", "text", "code", "prompt", "ename", "evalue", "comm_id"} {
		if v, ok := c[key].(string); ok && v != "" {
			words = append(words, v)
		}
	}
	if data, ok := c["data"].(map[string]any); ok {
		if text, ok := data["text/plain"].(string); ok {
			words = append(words, text)
		}
	}
	if p := m.ParentID(); p != "" {
		words = append(words, "<"+p+">")
	}
	return strings.Join(words, " ")
}

func (b *bench) wantIOPub(want ...string) { b.t.Helper(); b.want(iopub, want...) }

// want reads as many messages of a socket as there are expectations.
func (b *bench) want(on channel, want ...string) {
	b.t.Helper()
	for _, w := range want {
		if got := describe(b.next(on)); got != w {
			b.t.Errorf("%s: got %q, want %q", on, got, w)
		}
	}
}

// quiet checks that nothing else was sent on a socket.
func (b *bench) quiet(on channel) {
	b.t.Helper()
	select {
	case m := <-b.sent[on]:
		b.t.Errorf("%s: unexpected %q", on, describe(m))
	default:
	}
}

func content(t *testing.T, m *message.Message) map[string]any {
	t.Helper()
	var c map[string]any
	if err := json.Unmarshal(m.Content, &c); err != nil {
		t.Fatal(err)
	}
	return c
}
