package session

import (
	"reflect"
	"strings"
	"testing"

	"github.com/traefik/yaegi/stdlib"

	"interleave/engine"
	"interleave/engine/check"
	"interleave/engine/library"
	"interleave/engine/library/source"
	"interleave/engine/yaegi"
	"interleave/kernel/display"
	cells "interleave/kernel/engine"
	"interleave/kernel/protocol"
)

// newYaegi makes a session as a worker has it.
func newYaegi(t testing.TB) *Session {
	t.Helper()
	s, err := New(Config{Evaluators: []Evaluator{{Name: "yaegi", About: "an interpreter", Open: yaegiOpener()}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func yaegiOpener() func(func() *source.Archive) (*check.Session, engine.Evaluator, error) {
	var ev *yaegi.Evaluator
	current := func() display.Sink { return ev.Current().Host.(display.Sink) }
	tables := []map[string]map[string]reflect.Value{stdlib.Symbols, display.Symbols(current), cells.Symbols()}
	lib := library.New(tables...)
	return func(func() *source.Archive) (*check.Session, engine.Evaluator, error) {
		e, err := yaegi.New(yaegi.Config{Library: lib, Tables: tables})
		ev = e
		return check.NewSession(lib), e, err
	}
}

// newEither makes a session that begins on the machine and can go over to yaegi.
func newEither(t testing.TB) *Session {
	t.Helper()
	s, err := New(Config{Evaluators: []Evaluator{
		{Name: "machine", About: "ours", Open: openMachine},
		{Name: "yaegi", About: "an interpreter", Open: yaegiOpener()},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// TestEither goes from one evaluator to the other and back.
func TestEither(t *testing.T) { scripts(t, "testdata/either/*.txtar", newEither) }

// TestWithYaegi runs scripts through yaegi.
func TestWithYaegi(t *testing.T) {
	scripts(t, "testdata/both/*.txtar", newYaegi)
	scripts(t, "testdata/yaegi/*.txtar", newYaegi)
}

// TestDisplayIsDocumented asks about our own package, which no Go installation has.
func TestDisplayIsDocumented(t *testing.T) {
	s := newYaegi(t)
	code := "import \"interleave/kernel/display\"\ndisplay.Progress"
	got := s.Inspect(protocol.Inspect{Code: code, Cursor: len(code)})
	if text, _ := got.Data["text/plain"].(string); !strings.Contains(text, "func Progress(title string, total int) *Bar") {
		t.Errorf("%v", got)
	}
	if got := s.Complete(protocol.Complete{Code: code, Cursor: len(code)}); len(got.Matches) != 1 || got.Matches[0].Signature != "func(title string, total int) *display.Bar" {
		t.Errorf("%v", got)
	}
}

func BenchmarkOnePlusOne(b *testing.B) {
	s := newYaegi(b)
	count := 0
	for b.Loop() {
		count++
		if d := s.Execute(b.Context(), protocol.Execute{ID: "id", Count: count, Code: "1+1"}, &log{}); d.Error != nil {
			b.Fatal(d.Error.Value)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		newYaegi(b)
	}
}
