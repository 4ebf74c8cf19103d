package machine

import (
	"iter"
	"strings"
	"unsafe"

	"interleave/engine/layout"
	"interleave/engine/trace"
)

// Named is a register that belongs to a variable of the source, or, without a name, one
// that can lead to memory.
type Named struct {
	Name string
	Reg  Reg
	Ref  bool       // it holds the variable's address, not its value
	Live [][2]int32 // offsets in the code, from and to, where it is set
	Used [][2]int32 // where it may still be used
}

// Local is a variable of a frame.
type Local struct {
	Frame int // 0: the innermost
	Name  string
	Type  *layout.Type
	At    unsafe.Pointer // its memory; nil: it has none
	Val   Val            // its value, where it has no memory
}

// Locals lists the variables in the program's own frames of a task, innermost frame
// first: parameters, captured variables and those that have an address. It must not
// be called while the task runs instructions.
func (t *Task) Locals() iter.Seq[Local] {
	return func(yield func(Local) bool) {
		depth := 0
		for i := len(t.frames) - 1; i >= 0; i-- {
			f := &t.frames[i]
			if f.fn.Hidden || f.fn.Library {
				continue
			}
			n, p, at := t.base(f.n), t.pbase(f.p), t.at(i)
			x := Exec{n: n, p: p}
			for _, v := range f.fn.Named {
				if v.Name == "" || !within(v.Live, at) {
					continue
				}
				l := Local{Frame: depth, Name: v.Name, Type: v.Reg.T, Val: x.Get(v.Reg)}
				if v.Ref {
					if l.Val.P == nil {
						continue
					}
					l.Type, l.At, l.Val = v.Reg.T.Elem, l.Val.P, Val{}
				}
				if !yield(l) {
					return
				}
			}
			depth++
		}
	}
}

func within(ranges [][2]int32, at int32) bool {
	for _, r := range ranges {
		if at >= r[0] && at < r[1] {
			return true
		}
	}
	return false
}

// Grip is a value that a task holds.
type Grip struct {
	Type *layout.Type
	Val  Val
}

// Holds lists the values of a blocked task's frames that can lead to memory. False: there
// may be more of them, in frames of which only the machine code is known, or behind what
// the task waits for.
func (t *Task) Holds() (list []Grip, all bool) {
	if t.State != Blocked || t.panic != nil || t.Bubble != nil {
		return nil, false
	}
	all = true
	add := func(x *Exec, r Reg) {
		if r.T != nil && len(r.T.Pointers) > 0 {
			list = append(list, Grip{r.T, x.Get(r)})
		}
	}
	for i := range t.frames {
		f := &t.frames[i]
		x := &Exec{n: t.base(f.n), p: t.pbase(f.p)}
		if f.fn.Hidden || f.fn.Library {
			all = all && (f.fn.Hidden || holdsParams(f.fn))
			for _, r := range f.fn.Params {
				add(x, r)
			}
		} else {
			at := t.at(i)
			for k := range f.fn.Named {
				if v := &f.fn.Named[k]; within(v.Used, at) {
					add(x, v.Reg)
				}
			}
		}
		all = all && (f.host == nil || i > 0 && t.frames[i-1].fn.sequence)
		for d := f.defers; d != nil; d = d.next {
			all = all && len(d.args) == len(d.fn.Params)
			for k, v := range d.args[:min(len(d.args), len(d.fn.Params))] {
				if r := d.fn.Params[k]; r.T != nil && len(r.T.Pointers) > 0 {
					list = append(list, Grip{r.T, v})
				}
			}
		}
	}
	return list, all
}

// holdsParams tells whether a function of a library holds nothing but its parameters and
// what they lead to: so do those of package sync.
func holdsParams(f *Func) bool {
	return strings.HasPrefix(f.Name, "sync.") || strings.HasPrefix(f.Name, "(*sync.")
}

// Alarms tells whether a timer is set that does more than to wake one task from its sleep.
func (m *Machine) Alarms() bool {
	sleeps := map[*Timer]bool{}
	for t := m.firstTask; t != nil; t = t.behind {
		if t.sleep != nil {
			sleeps[t.sleep] = true
		}
	}
	for _, t := range m.timers {
		if !t.hidden && !sleeps[t] && (t.Idle == nil || !t.Idle()) {
			return true
		}
	}
	return len(m.bubbles) > 0
}

// Awaited is something that a blocked task waits for.
type Awaited struct {
	Task   uint32 // in the trace that is being written
	Object uint32 // in that trace
	Kind   trace.ObjectKind
	At     unsafe.Pointer // a *Chan, or where the object lies
}

// Awaited lists what the program's blocked tasks wait for that another task could give.
// A trace must be under way.
func (m *Machine) Awaited() []Awaited {
	var list []Awaited
	for t := m.firstTask; t != nil; t = t.behind {
		w := t.waiting
		if t.State != Blocked || w == nil || t.Aside() {
			continue
		}
		if w.Object != nil {
			list = append(list, Awaited{m.taskNumber(t), m.waitObject(w, t), waitKind(w), w.Object})
		}
		for _, c := range w.Cases() {
			if c.Chan != nil {
				list = append(list, Awaited{m.taskNumber(t), m.chanUsed(c.Chan, t), trace.Chan, unsafe.Pointer(c.Chan)})
			}
		}
	}
	return list
}

// Number is a task's in the trace that is being written.
func (m *Machine) Number(t *Task) uint32 { return m.taskNumber(t) }

// Held lists the values in a channel's buffer, and those that tasks wait to send to it.
func (c *Chan) Held() []Val {
	var list []Val
	for i := range c.count {
		list = append(list, c.buf[(c.head+i)%c.Cap])
	}
	for _, w := range c.sendq.list {
		if !w.gone {
			list = append(list, w.val)
		}
	}
	return list
}

// Argument is the i-th of the parameters and captured variables of the function that
// a task begins with; zero where it has begun already.
func (t *Task) Argument(i int) Val {
	if len(t.frames) != 1 || t.frames[0].pc != 0 {
		return Val{}
	}
	x := Exec{n: t.base(0), p: t.pbase(0)}
	return x.Get(t.Start.Params[i])
}
