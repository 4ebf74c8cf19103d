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
