package machine

import (
	"strconv"
	"unsafe"

	"interleave/engine/trace"
)

// objects are the numbers of what lies at addresses, in the trace that is being
// written; 0 stands for none. It keeps what has a number from being freed, so that the
// address means nothing else later.
type objects struct {
	others map[objectKey]*uint32
	memory map[uintptr]*line // by address: a program that reads a large array asks for all of its elements
	last   *line
	lastAt uintptr
}

type objectKey struct {
	kind trace.ObjectKind
	p    unsafe.Pointer
}

// line is the numbers of lineSize bytes of memory.
type line struct {
	numbers [lineSize]uint32
	held    [lineSize / 8]unsafe.Pointer // no object is smaller than a word
}

const lineSize = 64

func newObjects() objects {
	return objects{others: map[objectKey]*uint32{}, memory: map[uintptr]*line{}}
}

// number is where an object's number stands.
func (o *objects) number(kind trace.ObjectKind, p unsafe.Pointer) *uint32 {
	if kind != trace.Memory {
		k := objectKey{kind, p}
		n := o.others[k]
		if n == nil {
			n = new(uint32)
			o.others[k] = n
		}
		return n
	}
	offset := uintptr(p) % lineSize
	at := uintptr(p) - offset
	if o.last == nil || o.lastAt != at {
		o.last, o.lastAt = o.memory[at], at
		if o.last == nil {
			o.last = &line{}
			o.memory[at] = o.last
		}
	}
	n := &o.last.numbers[offset]
	if *n == 0 {
		o.last.held[offset/8] = p
	}
	return n
}

// mostEntries bounds the tasks and objects of a trace: with more, it ends before the run
// does.
const mostEntries = 1_000_000

// full tells whether the trace takes no more tasks and objects.
func (m *Machine) full() bool {
	r := m.rec
	if !r.ended && len(r.trace.Tasks)+len(r.trace.Objects) >= mostEntries {
		r.ended, r.trace.Head.Cut = true, true
		m.OnRestore(func() { r.ended, r.trace.Head.Cut = false, false })
	}
	return r.ended
}

func (m *Machine) taskNumber(t *Task) uint32 {
	if t == nil {
		return 0
	}
	if t.mark.recording != m.rec.number {
		if m.full() {
			return 0
		}
		info := trace.Task{Number: int(t.Number), Start: t.Start.Name, Name: t.Name(), System: t.System}
		if m.Names != nil {
			info.Start = m.Names.Task(t)
		}
		if t.Cell != nil {
			info.Cell = t.Cell.Name
		}
		if by := m.exec.T; by != nil && by != t && int32(by.ID) == t.Parent {
			info.Parent, info.Place = m.taskNumber(by), m.placeOf(by)
		} else if t.System && m.firing != nil && !m.firing.hidden {
			info.Place = m.rec.trace.Objects[m.timerNumber(m.firing)].Place
		}
		m.set(&t.mark, m.rec.trace.AddTask(info), info.Place)
	}
	return t.mark.number
}

// chanNumber numbers a channel that task t makes or uses.
func (m *Machine) chanNumber(c *Chan, t *Task) uint32 {
	if c == nil {
		return 0
	}
	if c.mark.recording != m.rec.number {
		if m.full() {
			return 0
		}
		m.set(&c.mark, m.rec.trace.AddObject(trace.Object{Kind: trace.Chan, Place: m.placeOf(t)}), 0)
	}
	return c.mark.number
}

// chanUsed numbers a channel that task t uses, and names it when it is used first.
func (m *Machine) chanUsed(c *Chan, t *Task) uint32 {
	n := m.chanNumber(c, t)
	if n != 0 && !c.mark.named {
		c.mark.named = true
		m.OnRestore(func() { c.mark.named = false })
		m.name(n, trace.Chan, unsafe.Pointer(c), t)
	}
	return n
}

// name asks for an object's name; objects of one name are told apart by a number.
func (m *Machine) name(n uint32, kind trace.ObjectKind, p unsafe.Pointer, t *Task) {
	r := m.rec
	o := &r.trace.Objects[n]
	name := ""
	switch {
	case kind == trace.Device:
		name = (*Device)(p).Name
	case m.Names != nil:
		name = m.Names.Variable(kind, p, t, r.trace.Places[o.Place])
	}
	if name == "" {
		return
	}
	names := r.names
	if kind == trace.Memory { // of a variable, which what lies there, or is referred to from there, is called by, too
		names = r.memory
	}
	names[name]++
	if base := name; m.trail.on() {
		m.OnRestore(func() { names[base]-- })
	}
	if k := names[name]; k > 1 {
		name += "#" + strconv.Itoa(k)
	}
	o.Name = name
}

func (m *Machine) timerNumber(t *Timer) uint32 {
	if t.mark.recording != m.rec.number {
		if m.full() {
			return 0
		}
		m.set(&t.mark, m.rec.trace.AddObject(trace.Object{Kind: trace.Timer, Place: m.placeOf(m.exec.T)}), 0)
	}
	return t.mark.number
}

// object numbers what lies at an address, which task t uses. The recording keeps it
// from being freed, so that the address means nothing else later.
func (m *Machine) object(kind trace.ObjectKind, p unsafe.Pointer, t *Task) uint32 {
	number := m.rec.objects.number(kind, p)
	if *number != 0 {
		return *number
	}
	if m.full() {
		return 0
	}
	o := trace.Object{Kind: kind, Place: m.placeOf(t)}
	if o.Place == 0 && t != nil {
		o.Place = t.mark.place
	}
	n := m.rec.trace.AddObject(o)
	*number = n
	if m.trail.on() {
		m.OnRestore(func() { *number = 0 })
	}
	m.name(n, kind, p, t)
	return n
}
