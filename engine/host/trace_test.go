package host

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"interleave/engine/trace"
)

var update = flag.Bool("update", false, "write the traces that the cells make into their files")

// TestTraces runs cells, the files "1", "2" … of an archive, and holds the trace of
// the last of them: who did what with which object, and where. When, and on which
// core, is the scheduler's affair, and its tests'.
func TestTraces(t *testing.T) {
	files, err := filepath.Glob("_traces/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := open(t)
			want := ""
			var kept []txtar.File
			for _, f := range a.Files {
				if f.Name == "trace" {
					want = string(f.Data)
					continue
				}
				kept = append(kept, f)
				s.cell(t, context.Background(), newTape(), string(f.Data))
			}
			got := told(s.h.Last().Trace)
			if *update {
				a.Files = append(kept, txtar.File{Name: "trace", Data: []byte(got)})
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != want {
				t.Errorf("got\n%s", got)
			}
		})
	}
}

// told is a trace without times and cores.
func told(t *trace.Trace) string {
	var b strings.Builder
	at := func(place uint32) string {
		if place == 0 {
			return "?"
		}
		return t.PlaceName(place) + " in " + t.Places[place].Func
	}
	for i, k := range t.Tasks[1:] {
		fmt.Fprintf(&b, "%s: %s", t.TaskName(uint32(i+1)), k.Start)
		if k.Place != 0 {
			fmt.Fprintf(&b, ", started by %s at %s", t.TaskName(k.Parent), at(k.Place))
		}
		b.WriteString("\n")
	}
	for i, o := range t.Objects[1:] {
		fmt.Fprintf(&b, "%s: %s, at %s\n", t.ObjectName(uint32(i+1)), o.Kind, at(o.Place))
	}
	for _, e := range t.Events() {
		switch e.Kind {
		case trace.Ready, trace.Run, trace.Preempt:
			continue
		}
		fmt.Fprintf(&b, "%s %s", t.TaskName(e.Task), e.Kind)
		if e.Object != 0 {
			b.WriteString(" " + t.ObjectName(e.Object))
		}
		if e.Reason != 0 {
			fmt.Fprintf(&b, " (%s)", t.Reasons[e.Reason])
		}
		fmt.Fprintf(&b, " at %s\n", at(e.Place))
	}
	fmt.Fprintf(&b, "%s\n", t.Head.End)
	return b.String()
}
