package gantt

import (
	"interleave/engine/draw"
	"interleave/engine/trace"
)

// Options say what is written with a chart.
type Options struct {
	Title string // empty: "Gantt chart"
	Error string // how the run ended, where it did not come to its end
	// From and To bound the part of the run that is drawn, in virtual ns; To 0 stands for
	// its end. The figures are always of the whole run.
	From, To int64
}

// Draw draws a run. It is a pure function of its arguments.
func Draw(t *trace.Trace, o Options) draw.Drawing {
	if o.Title == "" {
		o.Title = "Gantt chart"
	}
	c := newChart(t, o)
	f := newFigure(c)
	return draw.Drawing{HTML: f.html(), Text: f.text(), Alt: f.alt()}
}

// Side is one of two runs that are compared.
type Side struct {
	Name  string // such as "round robin"
	Trace *trace.Trace
	Error string // as in Options
}

// Compare draws two runs on one scale, and their figures beside each other.
func Compare(a, b Side) draw.Drawing {
	f := newFigure(newChart(a.Trace, Options{Title: "A: " + a.Name, Error: a.Error}), newChart(b.Trace, Options{Title: "B: " + b.Name, Error: b.Error}))
	return draw.Drawing{HTML: f.html(), Text: f.text(), Alt: f.alt()}
}

// figure is one chart, or two of the same scale.
type figure struct {
	charts   []*chart
	from, to int64 // of all
	unit     unit
}

func newFigure(charts ...*chart) *figure {
	f := &figure{charts: charts, from: charts[0].from, to: charts[0].to}
	for _, c := range charts {
		f.from, f.to = min(f.from, c.from), max(f.to, c.to)
	}
	f.unit = unitOf(f)
	for _, c := range charts {
		if c.spans > mostSpans {
			c.reduce(f)
		}
	}
	return f
}
