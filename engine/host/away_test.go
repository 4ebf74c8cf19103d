package host

import (
	"bytes"
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/traefik/yaegi/stdlib"

	"interleave/engine"
	"interleave/engine/check"
	"interleave/engine/library"
	"interleave/engine/machine"
	"interleave/engine/syntax"
)

// TestAway: a function that runs outside of the machine gives its result while other
// tasks go on, and its context ends with the cell that waits for it.
func TestAway(t *testing.T) {
	s := check.NewSession(library.New(stdlib.Symbols, map[string]map[string]reflect.Value{"test/away/away": {
		"Double": reflect.ValueOf(func(int) int { return 0 }), "Wait": reflect.ValueOf(func() {}), "Fail": reflect.ValueOf(func() {}),
	}}))
	h, err := New(s, archive(t), machine.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	there, over := make(chan bool), make(chan bool)
	h.Away(map[string]any{
		"test/away.Double": func(_ context.Context, n int) int { return 2 * n },
		"test/away.Wait":   func(ctx context.Context) { close(there); <-ctx.Done(); close(over) },
		"test/away.Fail":   func(context.Context) { panic("away: no such thing") },
	})
	run := func(ctx context.Context, name, text string) (string, error) {
		cell, errs := syntax.Parse(s.Fset(), name, text)
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		p, failed := s.Check(cell)
		if len(failed) > 0 {
			t.Fatal(failed)
		}
		var out bytes.Buffer
		_, err := h.Run(ctx, p, engine.IO{Stdout: &out, Stderr: &out})
		return out.String(), err
	}
	out, err := run(context.Background(), "cell[1]", `import "fmt"
var n int
done := make(chan bool)
go func() { n++; close(done) }()
fmt.Println(away.Double(21)); <-done; fmt.Println(n)`)
	if out != "42\n1\n" || err != nil {
		t.Errorf("printed %q, %v", out, err)
	}
	if out, err := run(context.Background(), "cell[2]", `import "fmt"
func() { defer func() { fmt.Println(recover()) }(); away.Fail() }()`); out != "away: no such thing\n" || err != nil {
		t.Errorf("printed %q, %v", out, err)
	}
	ctx, stop := context.WithCancel(context.Background())
	go func() { <-there; stop() }()
	if _, err := run(ctx, "cell[3]", "away.Wait()"); !errors.Is(err, engine.ErrInterrupted) {
		t.Errorf("interrupted: %v", err)
	}
	<-over
}
