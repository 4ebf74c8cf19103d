//go:build unix

package worker

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"interleave/kernel/protocol"
)

// listener is a protocol.Output that notes what it is told, one line an event;
// texts of one cell and stream that follow each other are one event.
type listener struct {
	mu     sync.Mutex
	change chan struct{} // closed at every change
	events []event
	inputs []string // answers to prompts; none left: the prompt waits
	comms  []protocol.Comm
}

type event struct {
	cell, kind, text string
	parts            int // calls of Stream
}

func newListener(inputs ...string) *listener {
	return &listener{change: make(chan struct{}), inputs: inputs}
}

func (l *listener) note(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f()
	close(l.change)
	l.change = make(chan struct{})
}

func (l *listener) Stream(s protocol.Stream) {
	l.note(func() {
		if n := len(l.events); n > 0 && l.events[n-1].cell == s.Cell && l.events[n-1].kind == s.Name {
			l.events[n-1].text += s.Text
			l.events[n-1].parts++
			return
		}
		l.events = append(l.events, event{s.Cell, s.Name, s.Text, 1})
	})
}

func (l *listener) Display(d protocol.Display) {
	l.note(func() { l.events = append(l.events, event{d.Cell, d.Kind, fmt.Sprint(d.Data["text/plain"]), 1}) })
}

func (l *listener) Clear(c protocol.Clear) {
	l.note(func() { l.events = append(l.events, event{c.Cell, "clear", "", 1}) })
}

func (l *listener) Comm(c protocol.Comm) { l.note(func() { l.comms = append(l.comms, c) }) }

func (l *listener) Prompt(ctx context.Context, p protocol.Prompt) (protocol.Input, error) {
	var answer *string
	l.note(func() {
		l.events = append(l.events, event{p.Cell, "prompt", p.Text, 1})
		if len(l.inputs) > 0 {
			answer, l.inputs = &l.inputs[0], l.inputs[1:]
		}
	})
	if answer != nil {
		return protocol.Input{Text: *answer}, nil
	}
	<-ctx.Done()
	l.note(func() { l.events = append(l.events, event{p.Cell, "prompt ended", "", 1}) })
	return protocol.Input{}, ctx.Err()
}

// all returns the events, one a line: "cell kind: text".
func (l *listener) all() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var b strings.Builder
	for _, e := range l.events {
		fmt.Fprintf(&b, "%s %s: %s\n", e.cell, e.kind, strings.TrimSuffix(e.text, "\n"))
	}
	return b.String()
}

// wait returns when the events contain text.
func (l *listener) wait(t *testing.T, text string) {
	t.Helper()
	l.until(t, text, func() bool { return strings.Contains(l.all(), text) })
}

func (l *listener) until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	give := time.After(patience)
	for {
		l.mu.Lock()
		change := l.change
		l.mu.Unlock()
		if holds() {
			return
		}
		select {
		case <-change:
		case <-give:
			t.Fatalf("waited in vain for %q; there was:\n%s", what, l.all())
		}
	}
}

// bench is a pool of fake workers.
type bench struct {
	*Pool
	t     *testing.T
	out   *listener
	count int
}

func newBench(t *testing.T, cfg Config) *bench {
	t.Helper()
	if cfg.Command == nil {
		self, err := ownBinary()
		if err != nil {
			t.Fatal(err)
		}
		cfg.Command = []string{self}
	}
	if underRace && cfg.Memory == 0 {
		cfg.Memory = -1
	}
	cfg.Env = append([]string{asWorker + "=fake"}, cfg.Env...)
	p, err := Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{Pool: p, t: t, out: newListener()}
	t.Cleanup(func() { p.Close() })
	return b
}

// run executes a cell; its name is c and its number.
func (b *bench) run(ctx context.Context, code string) (protocol.Done, error) {
	b.count++
	req := protocol.Execute{ID: fmt.Sprint("c", b.count), Count: b.count, Code: strings.ReplaceAll(code, "; ", "\n")}
	done, err := b.Execute(ctx, req, b.out)
	if done.ID != req.ID {
		b.t.Errorf("the answer to %s names %q", req.ID, done.ID)
	}
	return done, err
}

// ok executes a cell that must run through.
func (b *bench) ok(code string) {
	b.t.Helper()
	done, err := b.run(b.t.Context(), code)
	if err != nil {
		b.t.Fatalf("%s: %v", code, err)
	}
	if done.Error != nil {
		b.t.Fatalf("%s: %+v", code, done.Error)
	}
}

// dies executes a cell that must end its worker.
func (b *bench) dies(code string) *Died {
	b.t.Helper()
	done, err := b.run(b.t.Context(), code)
	died, ok := err.(*Died)
	if !ok {
		b.t.Fatalf("%s: done %+v, error %v; want that the worker dies", code, done, err)
	}
	return died
}

// interrupted executes a cell and interrupts it when the output contains mark.
func (b *bench) interrupted(code, mark string) (protocol.Done, error) {
	b.t.Helper()
	ctx, cancel := context.WithCancel(b.t.Context())
	defer cancel()
	go func() {
		b.out.wait(b.t, mark)
		cancel()
	}()
	return b.run(ctx, code)
}

// expect compares all events so far.
func (b *bench) expect(want string) {
	b.t.Helper()
	if got := b.out.all(); got != want {
		b.t.Errorf("events:\n%s\nwant:\n%s", got, want)
	}
}

// spareReady returns when the spare has all declarations.
func (b *bench) spareReady() {
	b.t.Helper()
	give := time.Now().Add(patience)
	for time.Now().Before(give) {
		b.mu.Lock()
		c := b.spare
		ready := c != nil && c.open && len(c.replays) == 0
		b.mu.Unlock()
		if ready {
			return
		}
		runtime.Gosched()
	}
	b.t.Fatal("the spare does not get ready")
}

func contextCancelled(t *testing.T) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx, cancel
}

// ends waits until a process has gone, or is somebody else's zombie.
func (b *bench) ends(pid string) {
	b.t.Helper()
	for give := time.Now().Add(patience); time.Now().Before(give); runtime.Gosched() {
		stat, err := os.ReadFile("/proc/" + pid + "/stat")
		if err != nil || strings.Contains(string(stat), ") Z ") {
			return
		}
	}
	b.t.Errorf("process %s is still there", pid)
}
