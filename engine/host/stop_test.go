package host

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"

	"interleave/engine"
)

// stopper is an output that interrupts its cell at the write that brings it to so many
// bytes: the machine looks up before the next step.
type stopper struct {
	s      *session
	cancel context.CancelFunc
	after  int
	text   strings.Builder
}

func (w *stopper) Write(p []byte) (int, error) {
	w.text.Write(p)
	if w.text.Len() >= w.after && w.cancel != nil {
		w.cancel()
		w.cancel = nil
		for !w.s.h.machine.Hurried() {
			runtime.Gosched()
		}
	}
	return len(p), nil
}

// stopped runs a cell that is interrupted when it has written so many bytes.
func (s *session) stopped(t *testing.T, src string, after int) (string, error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	w := &stopper{s: s, cancel: cancel, after: after}
	_, err := s.cell(t, ctx, w, src)
	return w.text.String(), err
}

// TestStopInLibrary stops cells whose goroutines hold locks of packages, and uses these
// packages again.
func TestStopInLibrary(t *testing.T) {
	const again = "\nprintln(\"again\")"
	for _, c := range []struct{ name, src, next, want string }{
		{"log", "log.SetFlags(0)\nfor { log.Println(\"x\") }", "log.Println(\"y\")", "y\n"},
		{"log of many", "log.SetFlags(0)\nfor range 5 { go func() { for { log.Println(\"x\") } }() }\nselect {}", "log.Println(\"y\")", "y\n"},
		{"log to the cell's writer", "type w struct{}\nfunc (w) Write(p []byte) (int, error) { for { print(string(p)) } }\nlog.SetFlags(0)\nlog.SetOutput(w{})\nlog.Println(\"x\")", "log.SetOutput(os.Stderr)\nlog.Println(\"y\")", "y\n"},
		{"log to a writer that waits", "type w struct{}\nfunc (w) Write(p []byte) (int, error) { print(string(p)); select {} }\nlog.SetFlags(0)\nlog.SetOutput(w{})\ngo func() { for { runtime.Gosched() } }()\nlog.Println(\"a long line\")", "log.SetOutput(os.Stderr)\nlog.Println(\"y\")", "y\n"},
		{"once", "var once sync.Once\nonce.Do(func() { for { println(\"x\") } })", "once.Do(func() { println(\"y\") })", "y\n"},
		{"slog", "h := slog.New(slog.NewTextHandler(os.Stdout, nil))\nfor { h.Info(\"x\") }", "h.Info(\"y\")", "y"},
		{"rand", "import \"math/rand\"\nr := rand.New(rand.NewSource(1))\n_ = r\nfor i := 0; ; i++ { fmt.Println(rand.Intn(10), i) }", "println(rand.Intn(10) < 10)", "true"},
		{"own locks", "var mu sync.Mutex\nmu.Lock()\nfor { println(\"x\") }", "println(mu.TryLock())", "false\n"},
		{"own lock behind a Cond", "var mu sync.Mutex\ncond := sync.NewCond(&mu)\nmu.Lock()\ngo func() { mu.Lock(); cond.Signal(); mu.Unlock() }()\ncond.Wait()\nfor { log.Println(\"x\") }", "println(mu.TryLock())", "false\n"},
		{"own RWMutex as a Locker", "var mu sync.RWMutex\nmu.RLocker().Lock()\nfor { log.Println(\"x\") }", "println(mu.TryLock())", "false\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t)
			defer s.h.Close()
			for _, after := range []int{1, 2, 9} {
				if _, err := s.stopped(t, c.src, after); !errors.Is(err, engine.ErrInterrupted) {
					t.Fatal(err)
				}
				out := newTape()
				if _, err := s.cell(t, context.Background(), out, c.next+again); err != nil || !strings.Contains(out.b.String(), c.want) || !strings.HasSuffix(out.b.String(), "again\n") {
					t.Errorf("after %d: %q, %v", after, out.b.String(), err)
				}
				s.n = 0
			}
		})
	}
}
