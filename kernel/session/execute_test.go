package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"interleave/engine"
	"interleave/engine/check"
	"interleave/engine/library/source"
	"interleave/kernel/protocol"
)

func run(t *testing.T, s *Session, count int, code string) protocol.Done {
	t.Helper()
	return s.Execute(context.Background(), protocol.Execute{ID: "id", Count: count, Code: code}, &log{})
}

func TestNew(t *testing.T) {
	if _, err := New(Config{}); err == nil {
		t.Error("a session without an evaluator")
	}
	broken := Evaluator{Name: "broken", Open: func(func() *source.Archive) (*check.Session, engine.Evaluator, error) {
		return nil, nil, io.ErrUnexpectedEOF
	}}
	if _, err := New(Config{Evaluators: []Evaluator{broken}}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the evaluator's error is lost: %v", err)
	}
	_, err := New(Config{Evaluators: []Evaluator{broken}, Evaluator: "brocken"})
	if err == nil || !strings.Contains(err.Error(), "there is: broken") {
		t.Errorf("an unknown evaluator: %v", err)
	}
}

// TestFaultOfOurs lets the evaluator itself panic: the cell fails, the session goes on.
func TestFaultOfOurs(t *testing.T) {
	s := newSession(t)
	d := run(t, s, 1, "func fault() {}\nx := 1\nfault()\ny := 2")
	if d.Error == nil || d.Error.Name != "internal error" || !strings.Contains(d.Error.Value, "evaluator is broken") || !d.Ends {
		t.Errorf("%+v", d)
	}
	if d := run(t, s, 2, "1"); d.Error != nil {
		t.Errorf("the next cell: %+v", d.Error)
	}
	c := &cellRun{s: s}
	bad := c.guarded(func() *protocol.Error { panic("ours") })
	if bad == nil || bad.Name != "internal error" || bad.Value != "ours" {
		t.Errorf("%+v", bad)
	}
}

// reached is an Output that says when text came.
type reached struct {
	log
	came chan string
}

func (r *reached) Stream(s protocol.Stream) { r.came <- s.Text }

// TestWhileACellRuns asks everything that may be asked while a cell runs, and
// then interrupts it.
func TestWhileACellRuns(t *testing.T) {
	s := newSession(t)
	run(t, s, 1, "func helper() {}\ncount := 1")
	ctx, cancel := context.WithCancel(context.Background())
	out := &reached{came: make(chan string)}
	done := make(chan protocol.Done)
	go func() {
		done <- s.Execute(ctx, protocol.Execute{ID: "id", Count: 2, Code: "fmt.Print(\"on\")\nselect {}"}, out)
	}()
	<-out.came
	if got := s.Complete(protocol.Complete{Code: "help", Cursor: 4}); len(got.Matches) == 0 || got.Matches[0].Text != "helper" {
		t.Errorf("complete: %+v", got)
	}
	if got := s.Inspect(protocol.Inspect{Code: "count", Cursor: 2}); !got.Found {
		t.Errorf("inspect: %+v", got)
	}
	if got := s.IsComplete("f("); got.Status != "incomplete" {
		t.Errorf("is_complete: %+v", got)
	}
	comm := &log{}
	s.Comm(protocol.Comm{Type: "comm_open", ID: "c"}, comm)
	if got := comm.text.String(); got != "[comm_close c]\n" {
		t.Errorf("comm: %s", got)
	}
	cancel()
	d := <-done
	if d.Error == nil || d.Error.Name != "interrupted" {
		t.Errorf("%+v", d.Error)
	}
	if d := run(t, s, 3, "count"); d.Error != nil {
		t.Errorf("the next cell: %+v", d.Error)
	}
}

// TestColours wants the marks of an error in colour, each switched off again on
// its line, so that lines can be shown one by one.
func TestColours(t *testing.T) {
	d := run(t, newSession(t), 1, "a := nosuch\nfmt.Printn(a)")
	text := strings.Join(d.Error.Traceback, "\n")
	for _, want := range []string{"\x1b[1mcell[1]:1:6:\x1b[0m", "\x1b[31mundefined: nosuch\x1b[0m", "\x1b[31m         ^~~~~~\x1b[0m", "\x1b[36m    did you mean"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %q", want, text)
		}
	}
	for line := range strings.Lines(text) {
		if strings.Count(line, "\x1b[") != 2*strings.Count(line, plain) {
			t.Errorf("a colour goes on after %q", line)
		}
	}
	if strings.Contains(d.Error.Name+d.Error.Value, "\x1b") {
		t.Errorf("colours in %q", d.Error.Value)
	}
}

func TestReplayOfWhatDoesNotCheck(t *testing.T) {
	s := newSession(t)
	err := s.Replay(protocol.Record{Count: 4, Code: "var x nosuch"})
	if err == nil || !strings.Contains(err.Error(), "record 4") || !strings.Contains(err.Error(), "undefined: nosuch") {
		t.Errorf("%v", err)
	}
}

// TestManyCells must not keep the positions of cells that failed.
func TestManyCells(t *testing.T) {
	s := newSession(t)
	for i := range 50 {
		run(t, s, i+1, "nosuch")
		run(t, s, i+1, "f(")
		run(t, s, i+1, "// nothing")
		run(t, s, i+1, "%limit output=1MB")
		s.Complete(protocol.Complete{Code: "fmt.Pr", Cursor: 6})
		s.Inspect(protocol.Inspect{Code: "fmt.Print", Cursor: 6})
	}
	files := 0
	for range s.check.Fset().Iterate {
		files++
	}
	if files > 1 {
		t.Errorf("%d files are kept", files)
	}
}

func BenchmarkExecute(b *testing.B) {
	s := newSession(b)
	for i := range 200 {
		s.Execute(context.Background(), protocol.Execute{ID: "id", Count: i + 1, Code: fmt.Sprintf("type T%d struct{ A, B int }\nfunc f%d(t T%d) int { return t.A + t.B }\nx%d := T%d{}", i, i, i, i, i)}, &log{})
	}
	cell := strings.Repeat("fmt.Println(f7(x7), x8.A, strings.Repeat(\"a\", 3))\n", 50)
	for b.Loop() {
		if d := s.Execute(context.Background(), protocol.Execute{ID: "id", Count: 300, Code: cell}, &log{}); d.Error != nil {
			b.Fatal(d.Error.Value)
		}
	}
}

func BenchmarkAssistInBigSession(b *testing.B) {
	s := newSession(b)
	for i := range 200 {
		s.Execute(context.Background(), protocol.Execute{ID: "id", Count: i + 1, Code: fmt.Sprintf("type T%d struct{ A, B int }\nfunc f%d(t T%d) int { return t.A + t.B }\nx%d := T%d{}", i, i, i, i, i)}, &log{})
	}
	big := strings.Repeat("func g() { for i := range 3 { fmt.Println(i, x7.A) } }\n", 20000)
	for _, code := range []string{"x7.", "f", "x1 := = 3\ny := ( 4 }\nif x7.", big + "x7."} {
		b.Run(fmt.Sprint(len(code)), func(b *testing.B) {
			for b.Loop() {
				s.Complete(protocol.Complete{Code: code, Cursor: len(code)})
			}
		})
		b.Run(fmt.Sprint("inspect", len(code)), func(b *testing.B) {
			for b.Loop() {
				s.Inspect(protocol.Inspect{Code: code, Cursor: len(code) - 1})
			}
		})
	}
}
