package machine

import (
	"slices"
	"unsafe"

	"interleave/engine/policy"
	"interleave/engine/trace"
)

// asked counts the questions that the running instruction has put to the policy.
// An instruction that gave way runs from its beginning again, and what was
// answered is not asked twice.
type asked struct {
	now, answered uint16
}

// again begins a new attempt.
func (a *asked) again() { a.now = 0 }

// mayStep asks the policy whether t may make the step it stands before; false: it
// gives way first.
func (m *Machine) mayStep(t *Task, op policy.Op) bool {
	t.asked.now++
	if t.asked.now <= t.asked.answered {
		t.sched.Next = policy.NoOp
		return true
	}
	t.asked.answered = t.asked.now
	v := m.stepper.Step(m.Now(), int(t.core), &t.sched)
	if v.Give {
		t.sched.Next = op
		t.gave = true
		return false
	}
	if v.Stall > 0 {
		m.owed += v.Stall
		return m.Now() <= m.horizon
	}
	return true
}

// access says how an instruction touches memory.
type access struct {
	size  uint8
	write bool
	words uint8 // as the trail keeps them; see word
	scale uint8 // of an element: the size of one; else 0
}

var accesses = [opCount]access{
	OpLdI8: {size: 1}, OpLdI16: {size: 2}, OpLdI32: {size: 4}, OpLdU8: {size: 1}, OpLdU16: {size: 2}, OpLdU32: {size: 4},
	OpLd64: {size: 8}, OpLdF32: {size: 4}, OpLdP: {size: 8}, OpLdPN: {size: 16}, OpLdPP: {size: 16}, OpLdSl: {size: 24},
	OpLdX64: {size: 8, scale: 8}, OpLdX32: {size: 4, scale: 4}, OpLdXU8: {size: 1, scale: 1}, OpLdXP: {size: 8, scale: 8},
	OpSt8: {1, true, byteWord, 0}, OpSt16: {2, true, halfWord, 0}, OpSt32: {4, true, shortWord, 0}, OpSt64: {8, true, numberWord, 0},
	OpStF32: {4, true, shortWord, 0}, OpStP: {8, true, pointerWord, 0}, OpStPN: {16, true, stringWords, 0}, OpStPP: {16, true, pointerWords, 0},
	OpStSl: {24, true, sliceWords, 0}, OpStX64: {8, true, numberWord, 8}, OpStX8: {1, true, byteWord, 1}, OpStXP: {8, true, pointerWord, 8},
}

// watchedCode is the function's code with a stop before each access to memory, so
// that code that nobody watches asks nothing.
func (f *Func) watchedCode() unsafe.Pointer {
	if f.watched == nil {
		f.watched = slices.Clone(f.Code)
		for k, i := range f.Code {
			if accesses[i.Op].size > 0 {
				f.watched[k] = Ins{Op: OpWatched, A: int32(k)}
			}
		}
	}
	return unsafe.Pointer(unsafe.SliceData(f.watched))
}

// place is the address that an instruction is about to access; nil: it will panic.
func (x *Exec) place(i *Ins) unsafe.Pointer {
	base := x.P(i.B)
	if base == nil {
		return nil
	}
	if scale := accesses[i.Op].scale; scale > 0 {
		if x.U(i.C) >= x.U(i.D) {
			return nil
		}
		return unsafe.Add(base, x.U(i.C)*uint64(scale))
	}
	return unsafe.Add(base, i.C)
}

// watched is asked before each access to memory while accesses are watched; true:
// the task gives way before it.
func (m *Machine) watched(x *Exec, i *Ins) bool {
	t := x.T
	if m.split > 0 {
		if m.split--; m.split == 0 {
			m.owed += 1 + int64(m.noise.Uint64()%splitStall)
			return true
		}
		if !m.watch {
			return false
		}
	}
	at := x.place(i)
	if at == nil {
		return false
	}
	f := &t.frames[len(t.frames)-1]
	a := accesses[i.Op]
	if m.visible && !f.fn.Library {
		if m.Now() > m.horizon {
			return true
		}
		op := policy.Reads
		if a.write {
			op = policy.Writes
		}
		if m.stepper != nil && !m.mayStep(t, op) {
			return true
		}
		t.asked = asked{}
		m.owed += m.cost.Instruction
		if m.cached != nil {
			m.access(t, at, uintptr(a.size), a.write)
		}
		if m.writes && a.write {
			m.owed += m.Wrote(t, at, uintptr(a.size))
		}
	}
	if m.rec != nil && m.loud {
		m.emitAccess(t, trace.Memory, at, uintptr(a.size), a.write)
	}
	if a.write && m.trail.on() {
		m.trail.word(at, a.words)
	}
	return false
}

// WatchWrites has Wrote asked, in order of time, of each write of the program's own code
// from now on until the machine begins anew.
func (m *Machine) WatchWrites() { m.writes, m.visible, m.watch = true, true, true }

// Watch must be asked by every step that reads or writes the program's memory by
// other means than instructions; true: the task gives way first, and the step must
// return Again. Before it writes it must also call Overwrite.
func (x *Exec) Watch(p unsafe.Pointer, size uintptr, write bool) bool {
	return x.M.visible && x.M.touch(x.T, trace.Memory, p, size, write)
}

func (m *Machine) touch(t *Task, kind trace.ObjectKind, p unsafe.Pointer, size uintptr, write bool) bool {
	if !t.frames[len(t.frames)-1].fn.Library {
		if m.Now() > m.horizon {
			return true
		}
		op := policy.Reads
		if write {
			op = policy.Writes
		}
		if m.stepper != nil && !m.mayStep(t, op) {
			return true
		}
		m.owed += m.cost.Instruction
		if m.cached != nil && kind == trace.Memory && p != nil {
			m.access(t, p, size, write)
		}
		if m.writes && write && kind == trace.Memory && p != nil {
			m.owed += m.Wrote(t, p, size)
		}
	}
	if m.rec != nil && m.loud {
		m.emitAccess(t, kind, p, size, write)
	}
	return false
}

func (m *Machine) emitAccess(t *Task, kind trace.ObjectKind, p unsafe.Pointer, size uintptr, write bool) {
	e := trace.Event{Kind: trace.Load, Object: m.object(kind, p, t), Arg: small(int64(size))}
	if write {
		e.Kind = trace.Store
	}
	m.emit(t, e)
}

// watchMap does the same for a map, and keeps its content where that is needed.
func (x *Exec) watchMap(h *Map, write bool) bool {
	m := x.M
	if h == nil || !m.watch {
		return false
	}
	if m.visible && m.touch(x.T, trace.Map, unsafe.Pointer(h), 0, write) {
		return true
	}
	if write && m.trail.on() {
		h.undo = &m.trail
	}
	return false
}

// WatchAtomic must be called by every atomic operation on a number, after InOrder,
// before it does anything.
func (x *Exec) WatchAtomic(p unsafe.Pointer, size uintptr) {
	x.noteAtomic(p, size)
	if x.M.cached != nil {
		x.M.access(x.T, p, size, true)
	}
	if !x.M.trail.on() {
		return
	}
	words := numberWord
	if size == 4 {
		words = shortWord
	}
	x.M.trail.word(p, words)
}

// WatchAtomicPointers does the same for one on a pointer, or an interface's two.
func (x *Exec) WatchAtomicPointers(p unsafe.Pointer, size uintptr) {
	x.noteAtomic(p, size)
	if !x.M.trail.on() {
		return
	}
	words := pointerWord
	if size == 16 {
		words = pointerWords
	}
	x.M.trail.word(p, words)
}

func (x *Exec) noteAtomic(p unsafe.Pointer, size uintptr) {
	if m := x.M; m.rec != nil {
		m.emit(x.T, trace.Event{Kind: trace.Atomic, Object: m.object(trace.Memory, p, x.T), Arg: small(int64(size))})
	}
}
