package session

import (
	"context"
	"go/types"
	"testing"

	"github.com/traefik/yaegi/stdlib"

	"interleave/engine"
	"interleave/engine/check"
	"interleave/engine/library"
	"interleave/engine/library/source"
	"interleave/kernel/protocol"
)

// TestStopWhilePackagesLoad stops a cell whose check waits for a package, and a
// second one that waits for the first; a third runs when the package is there.
func TestStopWhilePackagesLoad(t *testing.T) {
	loading, gate := make(chan bool), make(chan bool)
	lib := library.New(stdlib.Symbols)
	lib.Override("slow", func() (*types.Package, error) {
		close(loading)
		<-gate
		return types.NewPackage("slow", "slow"), nil
	})
	s, err := New(Config{Evaluators: []Evaluator{{Name: "fake", Open: func(func() *source.Archive) (*check.Session, engine.Evaluator, error) {
		return check.NewSession(lib), newFake("fake"), nil
	}}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		<-loading
		stop()
	}()
	for i, code := range []string{"import \"slow\"", "1"} {
		d := s.Execute(ctx, protocol.Execute{ID: "id", Count: i + 1, Code: code}, &log{})
		if d.Error == nil || d.Error.Name != "interrupted" {
			t.Errorf("%s: %v, want interrupted", code, d.Error)
		}
	}
	close(gate)
	if d := s.Execute(t.Context(), protocol.Execute{ID: "id", Count: 3, Code: "1"}, &log{}); d.Error != nil {
		t.Error(d.Error.Value)
	}
}

// stopper stops a cell at its first output.
type stopper struct {
	log
	stop func()
}

func (s *stopper) Stream(protocol.Stream) { s.stop() }

// TestStopProcesses stops a run of textbook processes that would take hours: the cell
// ends, and the session keeps what it has.
func TestStopProcesses(t *testing.T) {
	s := newMachine(t)
	execute := func(ctx context.Context, n int, code string, out protocol.Output) *protocol.Error {
		return s.Execute(ctx, protocol.Execute{ID: "id", Count: n, Code: code}, out).Error
	}
	ctx, stop := context.WithCancel(t.Context())
	begun := &stopper{stop: stop}
	if err := execute(ctx, 1, "kept := 42\nw := engine.ProcessTable(\"name arrival burst\\nA 0 1000000\\nB 0 1000000\")\nfmt.Println(\"begun\")\nfor { w.Run(engine.Policy(\"rr(q=0.1)\"), engine.Events(1000)) }", begun); err == nil || err.Name != "interrupted" {
		t.Errorf("%+v, want interrupted", err)
	}
	if err := execute(t.Context(), 2, "if kept != 42 { panic(kept) }", &log{}); err != nil {
		t.Errorf("%+v", err)
	}
}
