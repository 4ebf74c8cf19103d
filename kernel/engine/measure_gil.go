package engine

import (
	"context"
	"fmt"
	"html"
	"runtime"
	"strings"
	"time"

	"interleave/engine/analyse/gil"
	drawgil "interleave/engine/draw/gil"
	"interleave/engine/policy"
	"interleave/kernel/display"
	"interleave/kernel/measure/python"
)

// Mix is which threads share the lock of a Python.
type Mix struct {
	CPU      int           // threads that compute
	IO       int           // threads that wait for I/O, over and over, and compute next to nothing; together with CPU 1 to 16
	Wait     time.Duration // how long they wait each time; 1/600 s unless told
	Interval time.Duration // sys.setswitchinterval; 5 ms unless told
	Time     time.Duration // how long the run takes; 500 ms unless told, 10 s at most
}

// MeasureGIL runs threads in the Python of this computer, that of JupyterLab or the
// one on the PATH, and in a free-threaded one where there is any: notes who ran when, draws it above the same mix on
// the machine, and says how far apart the two are. It panics where there is no Python.
func MeasureGIL(m Mix) *GILMeasurement { return mustGIL(measureGIL(context.Background(), m)) }

func mustGIL(g *GILMeasurement, err error) *GILMeasurement {
	if err != nil {
		panic("engine.MeasureGIL: " + strings.TrimPrefix(err.Error(), "python: "))
	}
	return g
}

// GILMeasurement is a mix of threads as a real Python ran it, and as the machine does. It
// shows itself.
type GILMeasurement struct {
	Runs  []GILRun
	Notes []string
}

// GILRun is the mix in one Python.
type GILRun struct {
	Python    string // "CPython 3.13.0"
	Policy    string // of the simulated run
	Figures   []GILFigure
	Doubt     string // why it is not to be relied on; empty: nothing is known against it
	Measured  *Contention
	Simulated *Contention

	drawing *Drawing
}

// GILFigure is one property of both runs.
type GILFigure struct {
	Name                string
	Unit                string // "%", "Hz" or "ms"
	Measured, Simulated float64
	Apart               float64 // of percentages the points between them, of others the percent of the larger
}

func measureGIL(ctx context.Context, mix Mix) (*GILMeasurement, error) {
	m, err := python.Mix(mix).Check()
	if err != nil {
		return nil, err
	}
	list, err := python.Find(ctx)
	if err != nil {
		return nil, err
	}
	g := &GILMeasurement{}
	for _, i := range list {
		r, err := measureIn(ctx, i, m)
		if err != nil {
			return nil, err
		}
		g.Runs = append(g.Runs, *r)
	}
	if len(list) == 1 && list[0].Lock {
		g.Notes = append(g.Notes, "No free-threaded Python was found (python3.14t or the like on the PATH): only the one with a lock was measured.")
	}
	g.Notes = append(g.Notes,
		"Measured: threads note the time in a tight loop, and gaps tell when they did not run; what the lock does within a gap, such as a request, cannot be seen. A sleep stands for I/O.",
		"Simulated: the same mix, as long, with the waits and the hand-over that were measured. Figures differ from run to run.")
	return g, nil
}

func measureIn(ctx context.Context, i python.Interpreter, m python.Mix) (*GILRun, error) {
	s, err := python.Measure(ctx, i, m)
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("gil(interval=%v)", m.Interval)
	if !s.GIL {
		name = "free-threaded(overhead=0)" // computing was measured as it is there
	}
	p, err := policy.Named(name)
	if err != nil {
		return nil, err
	}
	t, err := s.Simulate(p, max(runtime.NumCPU(), 1))
	if err != nil {
		return nil, err
	}
	measured, simulated := gil.Of(s.Trace()), gil.Of(t)
	r := &GILRun{
		Python: i.String(), Policy: name, Doubt: s.Doubt(), Measured: contention(measured), Simulated: contention(simulated),
		drawing: drawn(drawgil.Draw(drawgil.Part{}, drawgil.Run{Name: "measured in " + i.String(), Contention: measured}, drawgil.Run{Name: "simulated: " + name, Contention: simulated})),
	}
	for _, f := range python.Compare(m, measured, simulated) {
		r.Figures = append(r.Figures, GILFigure{f.Name, f.Unit, f.Measured, f.Simulated, f.Apart()})
	}
	return r, nil
}

func (r *GILRun) table() display.Bundle {
	rows := [][]string{{"figure", "measured", "simulated", "apart"}}
	for _, f := range r.Figures {
		apart := fmt.Sprintf("%.0f %%", f.Apart)
		if f.Unit == "%" {
			apart = fmt.Sprintf("%.0f points", f.Apart)
		}
		rows = append(rows, []string{f.Name, fmt.Sprintf("%.4g %s", f.Measured, f.Unit), fmt.Sprintf("%.4g %s", f.Simulated, f.Unit), apart})
	}
	return display.AsTable(rows)
}

// String is the measurement as text.
func (g *GILMeasurement) String() string { return g.Display()["text/plain"].(string) }

// Display shows both runs of each Python, and how far apart they are.
func (g *GILMeasurement) Display() display.Bundle {
	var page, text strings.Builder
	for i := range g.Runs {
		r := &g.Runs[i]
		if r.Doubt != "" {
			fmt.Fprintf(&page, "<p><b>%s</b></p>\n", html.EscapeString(r.Doubt))
			text.WriteString(r.Doubt + "\n")
		}
		table := r.table()
		page.WriteString(r.drawing.HTML + table["text/html"].(string) + "\n")
		text.WriteString(r.drawing.Text + "\n" + strings.TrimRight(table["text/plain"].(string), "\n") + "\n\n")
	}
	page.WriteString("<p><small>")
	for i, n := range g.Notes {
		if i > 0 {
			page.WriteString("<br>")
		}
		page.WriteString(html.EscapeString(n))
		text.WriteString(n + "\n")
	}
	page.WriteString("</small></p>")
	return display.Bundle{"text/html": page.String(), "text/plain": text.String()}
}
