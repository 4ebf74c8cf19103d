package bytecode

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Counting is how references are counted, and so what threads may interleave.
type Counting uint8

// The ways.
const (
	// WithGIL: an instruction is never interrupted; between two, another thread may run.
	WithGIL Counting = iota
	// Plain: there is no lock, and a count is changed as any variable: read, then written.
	Plain
	// Atomic: there is no lock, and a count is changed in one indivisible step.
	Atomic
	// Biased: there is no lock; the thread that made an object counts its own
	// references without atomic steps, all others count in a second, shared field,
	// atomically. (Choi, Shull and Torrellas, PACT 2018; PEP 703.)
	Biased
)

var countingNames = [...]string{"with the GIL", "no lock, plain counts", "no lock, atomic counts", "no lock, biased counts"}

func (c Counting) String() string { return countingNames[c] }

// Object is something whose references are counted.
type Object struct {
	Local, Shared int64 // the count; Shared is used by Biased alone
	Owner         int   // the thread that made it
	Merged        bool  // both fields are one: the owner has no reference of its own left, or was asked to
	Queued        bool  // the owner is asked to: Shared has fallen below 0
	Freed         bool
}

// Count is the whole count.
func (o *Object) Count() int64 { return o.Local + o.Shared }

// value is a number or a reference.
type value struct {
	n   int64
	ref int // index + 1 in State.Objects; 0: a number
}

// thread is one thread's frame.
type thread struct {
	pc     int
	rounds int
	part   int   // of the instruction: how many steps of it are done
	read   int64 // a count that a step has read, for the next one to write
	stack  []value
	fast   map[string]value
	waits  string // for a lock
	done   bool
	saw    map[string]int64 // by global name: at which step it was loaded last
}

// State is what threads and names are at a moment.
type State struct {
	p       *Program
	Globals map[string]int64 // numbers
	refs    map[string]int   // of names that refer to objects: index in Objects
	Objects []Object         //
	locks   map[string]int   // who has it: index + 1 of a thread
	stored  map[string]int64 // at which step a global was last stored
	writer  map[string]int   // by whom
	threads []thread         //
	steps   int64            //
	Fault   string           // what ended the run before its end; empty: nothing
}

// Can tells whether a thread can make a step.
func (s *State) Can(i int) bool {
	t := &s.threads[i]
	return s.Fault == "" && !t.done && (t.waits == "" || s.locks[t.waits] == 0)
}

// Done tells whether a thread is at its end.
func (s *State) Done(i int) bool { return s.threads[i].done }

// Step is what a thread did in one step.
type Step struct {
	Thread int
	Ins    Ins
	Part   int    // which part of the instruction, from 0
	Parts  int    // how many it has here
	Words  string // what the part did, where it is not all of the instruction
	Loses  string // a name whose value, stored by another thread since, it overwrites
}

// Step lets a thread make its next step. It must be able to.
func (s *State) Step(i int) Step {
	t := &s.threads[i]
	code := s.p.threads[i]
	ins := code.Ins[t.pc]
	st := Step{Thread: i, Ins: ins, Part: t.part, Parts: 1}
	s.steps++
	s.merge(i)
	finished := s.do(i, t, ins, &st)
	st.Parts = max(st.Parts, t.part+1)
	if !finished {
		t.part++
		return st
	}
	t.part, t.waits = 0, ""
	if t.pc++; t.pc == len(code.Ins) {
		t.pc = 0
		t.rounds++
		t.done = t.rounds >= s.p.times
	}
	return st
}

// Mark is what a trace says of the step.
func (st Step) Mark() string {
	s := st.Ins.String()
	if st.Parts > 1 {
		s += fmt.Sprintf(" (%d of %d)", st.Part+1, st.Parts)
	}
	return s
}

// Waits names the lock that a thread waits for; empty: none.
func (s *State) Waits(i int) string { return s.threads[i].waits }

// do makes one part of an instruction; true: it was the last.
func (s *State) do(i int, t *thread, ins Ins, st *Step) bool {
	switch ins.Op {
	case LoadConst:
		t.stack = append(t.stack, value{n: ins.N})
	case Add, Subtract:
		b, a := t.pop(), t.pop()
		if a.ref != 0 || b.ref != 0 {
			s.Fault = "TypeError: objects cannot be added"
			return true
		}
		if ins.Op == Subtract {
			b.n = -b.n
		}
		t.stack = append(t.stack, value{n: a.n + b.n})
	case CallObject:
		s.Objects = append(s.Objects, Object{Local: 1, Owner: i})
		t.stack = append(t.stack, value{ref: len(s.Objects)})
	case LoadGlobal, LoadFast:
		v, ok := s.lookup(t, ins)
		if !ok {
			s.Fault = fmt.Sprintf("NameError: name '%s' is not defined", ins.Name)
			return true
		}
		if ins.Op == LoadGlobal && t.part == 0 {
			t.saw[ins.Name] = s.steps
		}
		if v.ref == 0 {
			t.stack = append(t.stack, v)
			return true
		}
		if !s.count(i, t, v.ref-1, 1, st) {
			return false
		}
		t.stack = append(t.stack, v)
	case StoreGlobal, StoreFast, DeleteGlobal, DeleteFast:
		return s.assign(i, t, ins, st)
	case EnterWith:
		if holder := s.locks[ins.Name]; holder != 0 {
			t.waits = ins.Name
			t.part--
			st.Words = "waits: " + s.p.Name(holder-1) + " has it"
			return false
		}
		s.locks[ins.Name] = i + 1
	case ExitWith:
		s.locks[ins.Name] = 0
	}
	return true
}

// merge has a thread put together the counts that it was asked to (_Py_brc_merge).
func (s *State) merge(i int) {
	for k := range s.Objects {
		o := &s.Objects[k]
		if o.Queued && o.Owner == i {
			o.Queued, o.Merged = false, true
			o.Freed = o.Count() == 0
		}
	}
}

func (t *thread) pop() value {
	v := t.stack[len(t.stack)-1]
	t.stack = t.stack[:len(t.stack)-1]
	return v
}

func (s *State) lookup(t *thread, ins Ins) (value, bool) {
	if ins.Op == LoadFast {
		v, ok := t.fast[ins.Name]
		return v, ok
	}
	if ref, ok := s.refs[ins.Name]; ok {
		return value{ref: ref + 1}, true
	}
	n, ok := s.Globals[ins.Name]
	return value{n: n}, ok
}

// assign lets a name refer to what is on top, or to nothing; what it referred to
// before has a reference less. First the name changes, then the count.
func (s *State) assign(i int, t *thread, ins Ins, st *Step) bool {
	global := ins.Op == StoreGlobal || ins.Op == DeleteGlobal
	if t.part == 0 {
		old, had := s.lookup(t, Ins{Op: map[bool]Op{true: LoadGlobal, false: LoadFast}[global], Name: ins.Name})
		var now value
		store := ins.Op == StoreGlobal || ins.Op == StoreFast
		if store {
			now = t.pop()
		} else if !had {
			s.Fault = fmt.Sprintf("NameError: name '%s' is not defined", ins.Name)
			return true
		}
		if global {
			if w, ok := s.writer[ins.Name]; ok && store && w != i && t.saw[ins.Name] > 0 && s.stored[ins.Name] > t.saw[ins.Name] && now.ref == 0 {
				st.Loses = ins.Name
			}
			delete(s.Globals, ins.Name)
			delete(s.refs, ins.Name)
			if store {
				s.stored[ins.Name], s.writer[ins.Name] = s.steps, i
			}
			switch {
			case store && now.ref != 0:
				s.refs[ins.Name] = now.ref - 1
			case store:
				s.Globals[ins.Name] = now.n
			}
		} else {
			delete(t.fast, ins.Name)
			if store {
				t.fast[ins.Name] = now
			}
		}
		if !had || old.ref == 0 {
			return true
		}
		t.stack = append(t.stack, old) // its count is changed next
	}
	ref := t.stack[len(t.stack)-1].ref
	if !s.count(i, t, ref-1, -1, st) {
		return false
	}
	t.pop()
	return true
}

// count changes an object's count by one, or makes one step of that; true: it is
// done.
func (s *State) count(i int, t *thread, ref int, by int64, st *Step) bool {
	o := &s.Objects[ref]
	if o.Freed {
		s.Fault = fmt.Sprintf("crash: %s uses an object that has been freed", s.p.Name(i))
		return true
	}
	name := "INCREF"
	if by < 0 {
		name = "DECREF"
	}
	own := s.p.counting == Plain || s.p.counting == Biased && o.Owner == i && !o.Merged
	if own {
		st.Parts = 2
		if t.part == 0 {
			t.read = o.Local
			st.Words = fmt.Sprintf("%s: reads the count, %d", name, t.read)
			return false
		}
		o.Local = t.read + by
		st.Words = fmt.Sprintf("%s: writes %d", name, o.Local)
	} else if s.p.counting == Biased {
		o.Shared += by
		st.Words = fmt.Sprintf("%s: the shared count becomes %d, atomically", name, o.Shared)
		if o.Shared < 0 && !o.Merged {
			o.Queued = true
			st.Words += "; the owner is asked to merge"
			if s.threads[o.Owner].done {
				s.merge(o.Owner)
			}
		}
	} else {
		o.Local += by
		st.Words = fmt.Sprintf("%s: the count becomes %d", name, o.Local)
		if s.p.counting == Atomic {
			st.Words += ", atomically"
		}
	}
	if own && s.p.counting == Biased && o.Local == 0 {
		o.Merged = true
		st.Words += ": the owner has none left"
	}
	if by < 0 && o.Count() == 0 && (s.p.counting != Biased || o.Merged) {
		o.Freed = true
		st.Words += ": frees the object"
	}
	return true
}

// References is how many names, and places on stacks, refer to an object.
func (s *State) References(ref int) (n int64) {
	for _, r := range s.refs {
		if r == ref {
			n++
		}
	}
	for i := range s.threads {
		t := &s.threads[i]
		for _, v := range t.fast {
			if v.ref == ref+1 {
				n++
			}
		}
		for k, v := range t.stack {
			if v.ref == ref+1 && (k < len(t.stack)-1 || !s.giving(i)) {
				n++
			}
		}
	}
	return n
}

// giving tells whether a thread is just giving back the reference on top of its
// stack.
func (s *State) giving(i int) bool {
	t := &s.threads[i]
	if t.done || t.part == 0 {
		return false
	}
	op := s.p.threads[i].Ins[t.pc].Op
	return op >= StoreGlobal && op <= DeleteFast
}

// objectName is what a name refers to an object by, for readers.
func (s *State) objectName(ref int) string {
	if n := s.p.objects[ref]; n != "" {
		return n
	}
	return fmt.Sprintf("object %d", ref+1)
}

// Values lists the shared values, sorted by name: "x = 1", "o: count 2".
func (s *State) Values() []string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(s.Globals)) {
		list = append(list, fmt.Sprintf("%s = %d", name, s.Globals[name]))
	}
	for i := range s.Objects {
		o := &s.Objects[i]
		text := fmt.Sprintf("count of %s %d", s.objectName(i), o.Count())
		if s.p.counting == Biased {
			text = fmt.Sprintf("count of %s %d + %d", s.objectName(i), o.Local, o.Shared)
		}
		if o.Freed {
			text = s.objectName(i) + " freed"
		}
		list = append(list, text)
	}
	return list
}

// Outcome says how a run ended: values, and what is wrong with counts.
func (s *State) Outcome() string {
	if s.Fault != "" {
		return s.Fault
	}
	var list []string
	for _, name := range slices.Sorted(maps.Keys(s.Globals)) {
		list = append(list, fmt.Sprintf("%s = %d", name, s.Globals[name]))
	}
	for i := range s.Objects {
		o, refs := &s.Objects[i], s.References(i)
		name := s.objectName(i)
		switch {
		case o.Freed && refs > 0:
			refer := "refer"
			if refs == 1 {
				refer += "s"
			}
			list = append(list, fmt.Sprintf("%s freed too early: %d still %s to it", name, refs, refer))
		case o.Freed:
			list = append(list, name+" freed")
		case o.Count() > refs:
			list = append(list, fmt.Sprintf("%s leaks: count %d, references %d", name, o.Count(), refs))
		case o.Count() < refs:
			list = append(list, fmt.Sprintf("%s will be freed too early: count %d, references %d", name, o.Count(), refs))
		default:
			list = append(list, fmt.Sprintf("%s right: count %d", name, refs))
		}
	}
	for i := range s.threads {
		if !s.threads[i].done {
			list = append(list, s.p.Name(i)+" waits for ever")
		}
	}
	if len(list) == 0 {
		return "done"
	}
	return strings.Join(list, ", ")
}
