package engine

import (
	"fmt"
	"time"

	"interleave/engine"
	"interleave/engine/analyse/lockorder"
	"interleave/engine/analyse/waits"
	"interleave/engine/draw"
	"interleave/engine/draw/cores"
	"interleave/engine/draw/graph"
	"interleave/engine/draw/timeline"
	"interleave/engine/host"
	"interleave/kernel/display"
)

// Drawing is a picture of a run, which shows itself.
type Drawing struct {
	HTML string // what remains of it in a notebook that is not trusted still says everything
	Text string // for terminals
	Alt  string // what a teacher would say
}

func drawn(d draw.Drawing) *Drawing { return &Drawing{d.HTML, d.Text, d.Alt} }

// String is the drawing as text.
func (d *Drawing) String() string { return d.Text }

// Display shows the drawing.
func (d *Drawing) Display() display.Bundle {
	if d.HTML == "" {
		return display.AsText(d.Text)
	}
	return display.Bundle{"text/html": d.HTML, "text/plain": d.Text}
}

// View says how a timeline is drawn.
type View struct {
	what     string
	from, to int64
}

// What a View can say.
const (
	byCore  = "by core"
	between = "between"
	toScale = "to scale"
	bySteps = "by steps"
)

// ByCore draws a lane for each core in place of one for each goroutine.
func ByCore() View { return View{what: byCore} }

// Between draws a part of a run, in virtual time since its beginning.
func Between(from, to time.Duration) View {
	return View{what: between, from: int64(from), to: int64(to)}
}

// ToScale draws equal times equally wide.
func ToScale() View { return View{what: toScale} }

// BySteps draws equally many changes equally wide, so that long waits are short.
func BySteps() View { return View{what: bySteps} }

// mostlyWhole is how many events a timeline nearly always shows without reducing them.
const mostlyWhole = 5_000

// Timeline draws who ran, who waited, for what, and who woke them.
func (e *Execution) Timeline(views ...View) *Drawing {
	o := timeline.Options{Source: e.of().Source}
	if e.of().Trace.Len() > mostlyWhole && e.host != nil {
		o.Key = e.host.Keep(e.run)
	}
	for _, v := range views {
		switch v.what {
		case byCore:
			o.ByCore = true
		case between:
			o.From, o.To = v.from, v.to
		case toScale:
			o.Scale = timeline.ToScale
		case bySteps:
			o.Scale = timeline.BySteps
		}
	}
	return drawn(timeline.Draw(e.of().Trace, o))
}

// Utilization draws how busy each core was over time, and how many goroutines were
// ready and had none.
func (e *Execution) Utilization() *Drawing { return drawn(cores.Draw(e.of().Trace)) }

// Compare draws two runs on one scale, and says where they first differ.
func Compare(a, b *Execution) *Drawing {
	return drawn(timeline.Compare(a.side("A"), b.side("B")))
}

func (e *Execution) side(name string) timeline.Side {
	h := e.of().Trace.Head
	unit := "cores"
	if h.Cores == 1 {
		unit = "core"
	}
	name = fmt.Sprintf("%s (%d %s, %s, seed %d)", name, h.Cores, unit, h.Policy, h.Seed)
	return timeline.Side{Name: name, Trace: e.of().Trace, Options: timeline.Options{Source: e.of().Source}}
}

// WaitGraph draws who holds what and who waits for whom at a time since the run's
// beginning; without one, at its end.
func (e *Execution) WaitGraph(at ...time.Duration) *Drawing { return drawn(graph.Waits(e.at(at))) }

// WaitForGraph draws the goroutines alone, each with arrows to those that it waits for,
// at a time since the run's beginning; without one, at its end.
func (e *Execution) WaitForGraph(at ...time.Duration) *Drawing {
	return drawn(graph.WaitFor(e.at(at)))
}

func (e *Execution) at(at []time.Duration) *waits.Graph {
	moment := int64(waits.End)
	if len(at) > 0 {
		moment = int64(at[0])
	}
	return waits.At(e.of().Trace, moment, e.beyond())
}

const notKnown = "The trace ends before the run does: what was stuck at its end is not known."

// Deadlock draws which goroutines are stuck at the end of the run, and why. Where
// none is, it says so.
func (e *Execution) Deadlock() *Drawing {
	if e.of().Trace.Head.Cut {
		return &Drawing{Text: notKnown + "\n", Alt: notKnown}
	}
	d := waits.Find(e.of().Trace, e.beyond())
	if d == nil {
		text := "No goroutine is stuck at the end of this run."
		return &Drawing{Text: text + "\n", Alt: text}
	}
	return drawn(graph.Deadlock(d))
}

// Leaks tells which goroutines were still blocked when main had returned, each with
// where it waits and what for.
func (e *Execution) Leaks() Remarks {
	if e.of().Trace.Head.Cut {
		return Remarks{notKnown}
	}
	list := Remarks{}
	for _, l := range waits.Leaks(e.of().Trace, e.beyond()) {
		list = append(list, l.Text)
	}
	return list
}

// LockOrder warns of locks that goroutines took in different orders: another order of
// the same steps would be a deadlock.
func (e *Execution) LockOrder() Remarks {
	g := waits.At(e.of().Trace, waits.End, e.beyond())
	list := Remarks{}
	for _, w := range lockorder.Warnings(e.of().Trace) {
		list = append(list, w.Text(g.TaskName, g.ObjectName, g.Line))
	}
	return list
}

func (e *Execution) beyond() waits.Beyond {
	return waits.Beyond{Asleep: e.of().Trace.Head.End == "deadlock", Reach: e.of().Reach}
}

// Explain draws the deadlock that has just ended a cell; false: err is none, or not
// one of the machine, or nobody is stuck.
func Explain(ev engine.Evaluator, err error) (display.Bundle, bool) {
	h, ok := ev.(*host.Host)
	if !ok {
		return nil, false
	}
	run := h.Last()
	if run == nil || run.Err != err || run.Trace.Head.End != "deadlock" {
		return nil, false
	}
	e := &Execution{run, h}
	if waits.Find(run.Trace, e.beyond()) == nil { // main called runtime.Goexit, and nobody waits
		return nil, false
	}
	return e.Deadlock().Display(), true
}
