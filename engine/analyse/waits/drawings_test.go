package waits_test

import (
	"regexp"
	"testing"

	"interleave/engine/analyse/waits"
	"interleave/engine/draw"
	"interleave/engine/draw/drawtest"
	"interleave/engine/draw/graph"
	"interleave/engine/machine"
	"interleave/engine/trace"
)

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
		drawtest.Golden(t, "drawings/"+p.name+".txt", timeless(d.Alt+"\n\n"+d.Text))
		drawtest.Golden(t, "drawings/"+p.name+".html", timeless(d.HTML))
		drawtest.Golden(t, "drawings/"+p.name+".waitfor.txt", timeless(graph.WaitFor(waits.At(tr, waits.End, waits.Beyond{})).Text))
	})
	if count < 20 {
		t.Errorf("%d drawings", count)
	}
}
