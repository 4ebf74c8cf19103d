package timeline

import (
	"strings"

	"interleave/engine/draw"
	"interleave/engine/trace"
)

// Options say what of a run is drawn, and how.
type Options struct {
	// ByCore draws a lane per core with the tasks that ran on it, in place of a lane
	// per task.
	ByCore bool
	// Source is the text of each file that the trace's places name, such as "cell[3]".
	// Lines of files that are not in it are named only.
	Source map[string]string
	// From and To bound the part of the run that is drawn, in virtual ns; To 0 stands
	// for its end.
	From, To int64
	// Scale is how time becomes place.
	Scale Scale
	// Title says what is drawn; empty: "Timeline of cell[3]".
	Title string
	// Key names the run to a kernel that still has it, which then answers the script's
	// requests for a Part of what is reduced here. Empty: nobody can be asked.
	Key string
}

// Draw draws a run. It is a pure function of its arguments.
func Draw(t *trace.Trace, o Options) draw.Drawing {
	c := newChart(t, o)
	var b strings.Builder
	c.frame(&b)
	return draw.Drawing{HTML: b.String(), Text: c.text(), Alt: c.alt()}
}

// Part is the data from which the script draws a part of a run, as JSON.
func Part(t *trace.Trace, o Options) []byte { return newChart(t, o).data() }

// frame writes the HTML of a chart.
func (c *chart) frame(b *strings.Builder) {
	b.WriteString(`<div class="interleave-timeline" style="` + pageStyle + `"><div class="interleave-base">`)
	c.tables(b)
	c.foot(b)
	c.steps(b)
	b.WriteString("</div>")
	c.script(b)
	b.WriteString("</div>\n")
}
