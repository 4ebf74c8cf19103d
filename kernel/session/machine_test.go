package session

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/traefik/yaegi/stdlib"

	"interleave/engine"
	"interleave/engine/check"
	"interleave/engine/host"
	"interleave/engine/library"
	"interleave/engine/library/source"
	"interleave/engine/machine"
	"interleave/kernel/display"
	cells "interleave/kernel/engine"
	"interleave/kernel/protocol"
	"interleave/kernel/python"
)

// newMachine makes a session on the machine as a worker has it.
func newMachine(t testing.TB) *Session {
	t.Helper()
	s, err := New(Config{Evaluators: []Evaluator{{Name: "machine", About: "ours", Open: openMachine}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func openMachine(archive func() *source.Archive) (*check.Session, engine.Evaluator, error) {
	var ev *host.Host
	sink := func() display.Sink { return ev.Current().Host.(display.Sink) }
	checked := check.NewSession(library.New(stdlib.Symbols, display.Symbols(sink), cells.Symbols(), python.Symbols()))
	h, err := host.New(checked, archive(), machine.Config{})
	if err != nil {
		return nil, nil, err
	}
	h.Shows(reflect.TypeFor[display.Bundle]().PkgPath())
	cells.Provide(h)
	ev = h
	return checked, h, nil
}

// TestWithMachine runs the scripts of both evaluators and its own.
func TestWithMachine(t *testing.T) {
	scripts(t, "testdata/both/*.txtar", newMachine)
	scripts(t, "testdata/machine/*.txtar", newMachine)
}

// TestZoom asks for a part of a run as a timeline's script does.
func TestZoom(t *testing.T) {
	s := newMachine(t)
	run := func(count int, code string) string {
		t.Helper()
		out := &log{}
		if d := s.Execute(t.Context(), protocol.Execute{ID: "id", Count: count, Code: code}, out); d.Error != nil {
			t.Fatal(d.Error)
		}
		return out.text.String()
	}
	ask := func(target, question string) string {
		out := &log{}
		s.Comm(protocol.Comm{Type: "comm_open", ID: "c", Target: target, Data: json.RawMessage(question)}, out)
		return out.text.String()
	}
	run(1, "c := make(chan int)\ngo func() { for i := range 1000 { c <- i }; close(c) }()\nfor range c {\n}")
	run(2, "engine.Timeline()")
	key := strings.TrimSpace(strings.TrimPrefix(run(3, "fmt.Print(engine.Last().Trace().Key())"), "[stdout] "))
	if len(key) != 24 {
		t.Fatalf("key %q", key)
	}
	question := `{"run":"` + key + `","from":2000,"to":9000}`
	if got := ask(cells.ZoomTarget, question); !strings.HasPrefix(got, "[comm_msg c") {
		t.Error(got)
	}
	for _, c := range [][2]string{{"slider", question}, {cells.ZoomTarget, `{"run":"0","from":2000,"to":9000}`}, {cells.ZoomTarget, `{"run":"` + key + `","from":9000,"to":2000}`}, {cells.ZoomTarget, `[`}} {
		if got := ask(c[0], c[1]); got != "[comm_close c]\n" {
			t.Errorf("%s: %s", c, got)
		}
	}
}

// TestLeft runs cells that leave goroutines behind: those that wait for ever are told of
// below the cell, and only those.
func TestLeft(t *testing.T) {
	s := newMachine(t)
	for i, c := range []struct{ code, want string }{
		{"func first() int {\n\tc := make(chan int)\n\tgo func() { c <- 1 }()\n\tgo func() { c <- 2 }()\n\treturn <-c\n}\n_ = first()\ntime.Sleep(1)", "Goroutine leak: g2 waits to send"},
		{"time.Sleep(1)", ""}, // nothing new
		{"requests := make(chan int)\ngo func() { for range requests {\n} }()\ntime.Sleep(1)", ""},
		{"var a, b sync.Mutex\ngo func() { a.Lock(); time.Sleep(1); b.Lock() }()\ngo func() { b.Lock(); time.Sleep(1); a.Lock() }()\ntime.Sleep(1000)", "It looks like a partial deadlock: g2 and g3 wait for each other"},
		{"engine.Run(func() { d := make(chan int); go func() { <-d }(); time.Sleep(1) }).Leaks()", "g2 (line 1) still waits to receive from d. Nobody who can still run reaches d: it waits for ever."},
		{"engine.Last().LockOrder()", "none"},
	} {
		out := &log{}
		if d := s.Execute(t.Context(), protocol.Execute{ID: "id", Count: i + 1, Code: c.code}, out); d.Error != nil {
			t.Fatal(d.Error)
		}
		if got := out.text.String(); !strings.Contains(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s\ngot %s\nwant %s", c.code, got, c.want)
		}
	}
}

// TestTestsRecorded looks at tests that deadlock and that leave a goroutine behind.
func TestTestsRecorded(t *testing.T) {
	s := newMachine(t)
	for i, c := range []struct{ code, failed, want string }{
		{"%test\nfunc TestTwice(t *testing.T) {\n\tvar mu sync.Mutex\n\tmu.Lock()\n\tmu.Lock()\n}", "all goroutines are asleep - deadlock!", "Deadlock: g2 waits for itself"},
		{"%test\nfunc TestAlone(t *testing.T) {\n\tc := make(chan int)\n\t<-c\n}", "all goroutines are asleep - deadlock!", "Deadlock: main and g2 wait to receive, and nobody can send"},
		{"%test\nfunc TestLeft(t *testing.T) {\n\tc := make(chan int)\n\tgo func() { c <- 1 }()\n}", "", "Goroutine leak: g3 waits to send"},
		{"%test\nfunc TestBubble(t *testing.T) {\n\tsynctest.Test(t, func(t *testing.T) { <-make(chan int) })\n}", "deadlock: all goroutines in bubble are blocked [recovered, repanicked]", "FAIL: TestBubble"},
		{"%test\nfunc TestRest(t *testing.T) {\n\tsynctest.Test(t, func(t *testing.T) { go func() { select {} }() })\n}", "deadlock: main bubble goroutine has exited but blocked goroutines remain [recovered, repanicked]", "FAIL: TestRest"},
	} {
		out := &log{}
		d := s.Execute(t.Context(), protocol.Execute{ID: "id", Count: i + 1, Code: c.code}, out)
		if (d.Error != nil) != (c.failed != "") || d.Error != nil && d.Error.Value != c.failed {
			t.Errorf("%s\nfailed with %v, want %q", c.code, d.Error, c.failed)
		}
		if got := out.text.String(); !strings.Contains(got, c.want) {
			t.Errorf("%s\ngot %s\nwant %s", c.code, got, c.want)
		}
	}
}
