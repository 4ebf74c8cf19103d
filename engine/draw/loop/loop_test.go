package loop_test

import (
	"context"
	"io"
	"os/exec"
	"strings"
	"testing"

	"github.com/traefik/yaegi/stdlib"
	"golang.org/x/tools/txtar"

	"interleave/engine"
	found "interleave/engine/analyse/loop"
	"interleave/engine/check"
	"interleave/engine/draw/drawtest"
	"interleave/engine/draw/loop"
	"interleave/engine/host"
	"interleave/engine/library"
	"interleave/engine/library/source"
	"interleave/engine/machine"
	"interleave/engine/syntax"
	"interleave/engine/trace"
)

// runs gives the runs of the cells of testdata/cells.txtar, by name.
func runs(t testing.TB) map[string]*host.Run {
	t.Helper()
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	archive, err := source.Installed(strings.TrimSpace(string(goroot)))
	if err != nil {
		t.Fatal(err)
	}
	s := check.NewSession(library.New(stdlib.Symbols))
	h, err := host.New(s, archive, machine.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	a, err := txtar.ParseFile("testdata/cells.txtar")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]*host.Run{}
	for _, f := range a.Files {
		c, errs := syntax.Parse(s.Fset(), "cell["+f.Name+"]", string(f.Data))
		if len(errs) > 0 {
			t.Fatal(errs[0].Msg)
		}
		p, wrong := s.Check(c)
		if len(wrong) > 0 {
			t.Fatal(wrong[0])
		}
		out, _ := h.Run(context.Background(), p, engine.IO{Stdout: io.Discard, Stderr: io.Discard})
		s.Commit(p, out.Done)
		all[f.Name] = h.Last()
	}
	return all
}

func TestDraw(t *testing.T) {
	for name, run := range runs(t) {
		d := loop.Draw(run.Trace, run.Source)
		base, _, _ := strings.Cut(d.HTML, "<script>")
		if name != "many" {
			drawtest.Golden(t, name+".txt", d.Text+"\nalt: "+d.Alt+"\n")
			drawtest.Golden(t, name+".html", base)
		}
		if len(d.HTML) > 500_000 {
			t.Errorf("%s: %d bytes", name, len(d.HTML))
		}
		moments(t, name, run)
	}
}

// moments holds what is found in a run against the policy's own notes: as many turns,
// each with as many steps as the policy says.
func moments(t *testing.T, name string, run *host.Run) {
	var want []int
	for _, e := range run.Trace.Events() {
		if run.Trace.Reasons[e.Reason] == trace.LoopTurn {
			want = append(want, int(e.Arg))
		}
	}
	var rest []found.Handle // of the turn
	turns := 0
	found.Walk(run.Trace, func(m *found.Moment) {
		switch m.Kind {
		case found.Turn:
			if turns++; turns > len(want) || len(m.Rest()) != want[turns-1] {
				t.Errorf("%s: turn %d begins with %d ready, the policy says %v", name, m.Turn, len(m.Rest()), want)
			}
		case found.Step:
			if len(rest) > 0 {
				if rest[0].Task != m.Task {
					t.Errorf("%s: in turn %d task %d runs, and %d is first", name, m.Turn, m.Task, rest[0].Task)
				}
			} else if run.Trace.Tasks[m.Task].System || run.Trace.Tasks[m.Task].Name != "" { // none but what runs the loop goes between two turns
				t.Errorf("%s: between two turns task %d runs", name, m.Task)
			}
		case found.Sleep:
			if len(rest) > 0 {
				t.Errorf("%s: asleep in turn %d with %d ready", name, m.Turn, len(rest))
			}
		}
		rest = append(rest[:0], m.Rest()...)
	})
	if turns != len(want) {
		t.Errorf("%s: %d turns, the policy says %d", name, turns, len(want))
	}
}
