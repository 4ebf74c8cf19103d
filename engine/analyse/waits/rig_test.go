package waits_test

import (
	"context"
	"io"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/traefik/yaegi/stdlib"

	"interleave/engine"
	"interleave/engine/check"
	"interleave/engine/host"
	"interleave/engine/library"
	"interleave/engine/library/source"
	"interleave/engine/machine"
	"interleave/engine/syntax"
	"interleave/engine/trace"
)

// archive is the source of the Go installation that runs the test.
var archive = sync.OnceValues(func() (*source.Archive, error) {
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, err
	}
	return source.Installed(strings.TrimSpace(string(goroot)))
})

// rig runs programs as cells on the machine.
type rig struct {
	s *check.Session
	h *host.Host
}

func newRig(t testing.TB, config machine.Config) *rig {
	a, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	s := check.NewSession(library.New(stdlib.Symbols))
	h, err := host.New(s, a, config)
	if err != nil {
		t.Fatal(err)
	}
	return &rig{s: s, h: h}
}

// run runs a program and gives its trace. Goroutines that outlive it end with the
// rig: used says whether there are any.
func (r *rig) run(t testing.TB, name, src string) (tr *trace.Trace, used bool) {
	t.Helper()
	cell, errs := syntax.Parse(r.s.Fset(), name, src)
	if len(errs) > 0 {
		t.Fatalf("%v", errs)
	}
	p, bad := r.s.Check(cell)
	if len(bad) > 0 {
		t.Fatalf("%v", bad)
	}
	out, err := r.h.Run(context.Background(), p, engine.IO{Stdout: io.Discard, Stderr: io.Discard})
	if err != nil && !strings.Contains(err.Error(), "deadlock!") {
		t.Fatal(err)
	}
	r.s.Commit(p, out.Done)
	tr = r.h.Last().Trace
	ended := 0
	for _, e := range tr.Events() {
		if e.Kind == trace.End {
			ended++
		}
	}
	return tr, err == nil && ended < len(tr.Tasks)-1
}

// few is how many programs one session sees.
const few = 8

// each runs all programs of an archive, one after the other, on machines alike.
func each(t *testing.T, config machine.Config, programs []program, f func(t *testing.T, p program, tr *trace.Trace)) {
	r := newRig(t, config)
	for i, p := range programs {
		t.Run(p.name, func(t *testing.T) {
			tr, used := r.run(t, "cell[1]", p.src)
			f(t, p, tr)
			if used || t.Failed() || i%few == few-1 { // names are looked for in all that a session has
				if err := r.h.Close(); err != nil {
					t.Fatal(err)
				}
				r = newRig(t, config)
			}
		})
	}
	if err := r.h.Close(); err != nil {
		t.Fatal(err)
	}
}
