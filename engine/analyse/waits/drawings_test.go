package waits_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"interleave/engine/analyse/waits"
	"interleave/engine/draw"
	"interleave/engine/draw/graph"
	"interleave/engine/machine"
	"interleave/engine/trace"
)

var update = flag.Bool("update", false, "write the golden drawings anew")

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "drawings", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; got\n%s", name, got)
	}
}

var times = regexp.MustCompile(`\bat [0-9.]+ (ns|µs|ms|s)\b`)

// timeless takes out the virtual times: they change with the machine's code.
func timeless(s string) string { return times.ReplaceAllString(s, "at this time") }

// Each program that goes wrong has its drawing, in text and in HTML. Programs whose
// goroutines are only left behind or took locks in turned order are drawn at their end.
func TestDrawings(t *testing.T) {
	count := 0
	each(t, machine.Config{}, load(t, "testdata/wrong.txtar"), func(t *testing.T, p program, tr *trace.Trace) {
		drawing := func() draw.Drawing {
			if d := waits.Find(tr, waits.Beyond{}); d != nil {
				return graph.Deadlock(d)
			}
			return graph.Waits(waits.At(tr, waits.End, waits.Beyond{}))
		}
		d := drawing()
		if d != drawing() {
			t.Error("the second drawing differs from the first")
		}
		count++
		golden(t, p.name+".txt", timeless(d.Alt+"\n\n"+d.Text))
		golden(t, p.name+".html", timeless(d.HTML))
		golden(t, p.name+".waitfor.txt", timeless(graph.WaitFor(waits.At(tr, waits.End, waits.Beyond{})).Text))
	})
	if count < 20 {
		t.Errorf("%d drawings", count)
	}
}
