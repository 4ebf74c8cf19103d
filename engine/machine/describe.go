package machine

import (
	"interleave/engine/layout"
	"interleave/engine/trace"
)

// Describer is a Namer that can say what values are. It runs nothing of the program,
// and gives no addresses.
type Describer interface {
	// Value is a value in a few words on one line.
	Value(t *layout.Type, v Val) string
	// Frames lists the variables in each of the program's own frames of a task,
	// innermost first.
	Frames(t *Task) [][]trace.Local
	// Shared lists the variables that belong to no frame.
	Shared() []trace.Local
}

// describe adds what a task's calls are, and what their variables hold, to the event
// that was written last.
func (m *Machine) describe(t *Task) {
	d, ok := m.Names.(Describer)
	if !ok {
		return
	}
	locals := d.Frames(t)
	var list []trace.Frame
	for i := len(t.frames) - 1; i >= 0; i-- {
		fn := t.frames[i].fn
		if fn.Hidden || fn.Library {
			continue
		}
		f := trace.Frame{Place: trace.Place{Func: m.Names.Func(fn)}}
		if at := int(t.at(i) / insSize); at < len(fn.Lines) && fn.Lines[at].IsValid() {
			pos := m.Names.Place(fn.Lines[at])
			f.Place.File, f.Place.Line, f.Place.Column = pos.Filename, pos.Line, pos.Column
		}
		if k := len(list); k < len(locals) {
			f.Locals = locals[k]
		}
		list = append(list, f)
	}
	m.rec.trace.Describe(trace.Detail{Frames: list, Shared: d.Shared()})
}

// noteValue adds the value that is sent, or waits to be, to the event that was
// written last.
func (m *Machine) noteValue(c *Chan, v Val) {
	if m.rec == nil || m.rec.ended || !m.rec.trace.Describing() {
		return
	}
	if d, ok := m.Names.(Describer); ok {
		m.rec.trace.Describe(trace.Detail{Value: d.Value(c.Elem, v)})
	}
}
