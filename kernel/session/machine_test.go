package session

import (
	"reflect"
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
	checked := check.NewSession(library.New(stdlib.Symbols, display.Symbols(sink), cells.Symbols()))
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
