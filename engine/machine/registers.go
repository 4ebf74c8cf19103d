package machine

import "unsafe"

// registers are what a task that is done leaves for another.
type registers struct {
	frames []Frame
	n      []uint64
	p      []unsafe.Pointer
}

// What is kept: as many sets, and no larger ones than most tasks need.
const (
	spareSets  = 4096
	spareWords = 64
)

// size is how large a set is.
type size struct{ frames, words, pointers int }

// newSets is how many sets are made at once.
const newSets = 32

// sets makes new ones of one size.
func (l size) sets() []registers {
	frames, n, p := make([]Frame, newSets*l.frames), make([]uint64, newSets*l.words), make([]unsafe.Pointer, newSets*l.pointers)
	list := make([]registers, newSets)
	for i := range list {
		f, w, q := i*l.frames, i*l.words, i*l.pointers
		list[i] = registers{frames[f : f : f+l.frames], n[w : w+l.words : w+l.words], p[q : q+l.pointers : q+l.pointers]}
	}
	return list
}

// outfit gives a new task registers for a call of fn.
func (m *Machine) outfit(t *Task, fn *Func) {
	spare, l := &m.spare, size{2, 12, 6}      // enough for one call
	if fn.OutN == 0 && fn.N < 6 && fn.P < 4 { // it calls nothing
		spare, l = &m.small, size{1, 6, 4}
	}
	if len(*spare) == 0 {
		*spare = append(*spare, l.sets()...)
	}
	last := len(*spare) - 1
	r := (*spare)[last]
	(*spare)[last] = registers{}
	*spare = (*spare)[:last]
	t.frames, t.n, t.p = r.frames, r.n, r.p
	t.grow(int(fn.N+fn.OutN), int(fn.P+fn.OutP))
}

// recycle takes the registers of a task that is done.
func (m *Machine) recycle(t *Task) {
	if len(t.n) <= spareWords && len(t.p) <= spareWords && cap(t.frames) <= 16 && !m.trail.on() {
		spare := &m.spare
		if cap(t.frames) == 1 {
			spare = &m.small
		}
		if len(*spare) < spareSets {
			clear(t.p)
			*spare = append(*spare, registers{t.frames[:0], t.n, t.p})
		}
	}
	t.frames, t.n, t.p, t.held = nil, nil, nil, nil
}

// grow makes room for n and p words of registers and one word more: the base of a
// frame without registers lies behind those of its caller, and an address behind
// the end of the file would be one of another object to the garbage collector.
func (t *Task) grow(n, p int) {
	if n >= len(t.n) {
		bigger := make([]uint64, max(n+1, 2*len(t.n), 8))
		copy(bigger, t.n)
		t.n = bigger
	}
	if p >= len(t.p) {
		bigger := make([]unsafe.Pointer, max(p+1, 2*len(t.p), 4))
		copy(bigger, t.p)
		t.p = bigger
	}
}

func (t *Task) set(nBase, pBase int32, r Reg, v Val) {
	setVal(t.base(nBase), t.pbase(pBase), r, v)
}

// base and pbase are addresses within the register files: see grow.
func (t *Task) base(w int32) unsafe.Pointer {
	return unsafe.Add(unsafe.Pointer(unsafe.SliceData(t.n)), int(w)*8)
}

func (t *Task) pbase(w int32) unsafe.Pointer {
	return unsafe.Add(unsafe.Pointer(unsafe.SliceData(t.p)), int(w)*8)
}
