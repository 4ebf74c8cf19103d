package host

import (
	"go/types"
	"reflect"
	"slices"
	"unsafe"

	"interleave/engine/analyse/waits"
	"interleave/engine/layout"
	"interleave/engine/machine"
	"interleave/engine/trace"
)

// How many pieces of memory are looked at to find out who reaches what: of the session,
// and of each of at most so many tasks. Where that is not enough, it is not known.
const (
	mostOfSession = 1_000_000
	mostOfTask    = 10_000
	mostAsked     = 5_000
)

// reachOf is reach for a run that has just ended; after a deadlock its tasks are gone.
func (h *Host) reachOf(run *Run) waits.Reach {
	switch run.Trace.Head.End {
	case "returned":
		return h.reach("returned")
	case "deadlock":
		return h.reached
	}
	return nil // the program's main part was about to go on
}

// reach tells who could still act on what blocked tasks wait for, as far as memory says:
// from a task's frames, or from the variables of the session, a way of pointers leads
// there. nil: nobody waits for such a thing, or it could not be found out. What cannot be
// looked into, such as a timer's function, counts as a way to everything. It is called
// while the trace is being written, at its end.
func (h *Host) reach(end string) waits.Reach {
	s := &survey{h: h, chans: map[unsafe.Pointer]uint32{}, leading: map[*layout.Type]bool{}}
	reach := waits.Reach{}
	for _, a := range h.machine.Awaited() {
		if a.Object == 0 || a.Kind == trace.Other {
			continue
		}
		if _, known := reach[a.Object]; known {
			continue
		}
		reach[a.Object] = waits.Reachers{Timers: h.machine.Alarms()}
		if a.Kind == trace.Chan {
			s.chans[a.At] = a.Object
		} else {
			s.lying = append(s.lying, lying{a.At, a.Object})
		}
	}
	if len(reach) == 0 {
		return nil
	}
	note := func(put func(r *waits.Reachers)) {
		for o := range reach {
			if s.dark || s.found[o] {
				r := reach[o]
				put(&r)
				reach[o] = r
			}
		}
	}
	if h.machine.Count() > mostAsked {
		return nil
	}
	if end != "deadlock" { // where nothing can happen any more, no later cell counts
		if !s.session() {
			return nil
		}
		note(func(r *waits.Reachers) { r.Session = true })
	}
	for _, t := range h.machine.Tasks() {
		list, all := t.Holds()
		s.begin(mostOfTask)
		s.dark = !all
		for _, g := range list {
			s.push(g.Type, put(g.Type, g.Val))
		}
		s.walk()
		s.dark = s.dark || s.left <= 0
		if t.Aside() { // it made the run, and is no part of it
			note(func(r *waits.Reachers) { r.Session = true })
			continue
		}
		n := h.machine.Number(t)
		note(func(r *waits.Reachers) {
			r.Tasks = append(r.Tasks, n)
			if s.dark {
				r.Unseen = append(r.Unseen, n)
			}
		})
	}
	return reach
}

// survey finds which of the things that are waited for memory leads to.
type survey struct {
	h     *Host
	chans map[unsafe.Pointer]uint32 // *machine.Chan → its number
	lying []lying
	left  int

	found   map[uint32]bool
	library bool // the way begins at a variable of the library's
	dark    bool // something could not be looked into
	seen    map[piece]bool
	shared  map[piece]bool // what the session's variables lead to
	queue   []piece

	leading map[*layout.Type]bool // see leads
}

// lying is an object that lies in memory, with its number in the trace.
type lying struct {
	at     unsafe.Pointer
	number uint32
}

// session looks at what the variables of the session, and those of packages, lead to;
// false: it is too much.
func (s *survey) session() bool {
	s.begin(mostOfSession)
	for _, s.library = range []bool{false, true} { // what both lead to is looked at with the stricter eye
		for g, p := range s.h.compiler.Globals() {
			if (g.Pkg.Pkg.Path() != "main") == s.library {
				s.push(s.h.universe.Of(g.Type().(*types.Pointer).Elem()), p)
			}
		}
		s.walk()
	}
	s.library = false
	s.shared = s.seen // whatever runs reaches that, and what lies behind
	return s.left > 0
}

// leads tells whether a type's memory can lead to what is looked for, or be it.
func (s *survey) leads(t *layout.Type) bool {
	if is, known := s.leading[t]; known {
		return is
	}
	past := map[*layout.Type]bool{}
	var to func(t *layout.Type) bool
	to = func(t *layout.Type) bool {
		if t == nil || past[t] {
			return false
		}
		past[t] = true
		switch t.Kind {
		case reflect.Chan, reflect.Func, reflect.Interface, reflect.UnsafePointer:
			return true
		case reflect.Struct:
			return home(t) == "sync" || slices.ContainsFunc(t.Fields, func(f layout.Field) bool { return to(f.Type) })
		}
		return to(t.Key) || to(t.Elem)
	}
	is := to(t)
	s.leading[t] = is
	return is
}

func (s *survey) begin(most int) {
	s.found, s.seen, s.queue, s.dark, s.left = map[uint32]bool{}, map[piece]bool{}, nil, false, most
}

// fresh tells whether a piece has not been come to before.
func (s *survey) fresh(t *layout.Type, p unsafe.Pointer, n int) bool {
	k := piece{p, t, n}
	if p == nil || t == nil || !s.leads(t) || s.seen[k] || s.shared[k] {
		return false
	}
	s.seen[k] = true
	return true
}

func (s *survey) push(t *layout.Type, p unsafe.Pointer) { s.list(t, p, 1) }

func (s *survey) list(t *layout.Type, p unsafe.Pointer, n int) {
	if s.fresh(t, p, n) {
		s.queue = append(s.queue, piece{p, t, n})
	}
}

func (s *survey) walk() {
	for len(s.queue) > 0 && s.left > 0 && !s.dark {
		k := s.queue[len(s.queue)-1]
		s.queue = s.queue[:len(s.queue)-1]
		s.memory(k.t, k.p, k.n)
	}
}

// memory looks at n values of t one after another.
func (s *survey) memory(t *layout.Type, p unsafe.Pointer, n int) {
	s.left--
	for _, l := range s.lying {
		if d := uintptr(l.at) - uintptr(p); d < t.Size*uintptr(n) {
			s.found[l.number] = true
		}
	}
	if !holdsPointers(t) || t.Class == layout.String {
		return
	}
	for i := range n {
		s.value(t, unsafe.Add(p, uintptr(i)*t.Size))
	}
}

func (s *survey) value(t *layout.Type, p unsafe.Pointer) {
	if s.left--; s.left <= 0 || s.dark || !holdsPointers(t) {
		return
	}
	switch t.Kind {
	case reflect.Slice:
		v := machine.Load(t, p)
		s.list(t.Elem, v.P, int(v.M))
	case reflect.Interface:
		words := (*[2]unsafe.Pointer)(p)
		d := (*layout.Type)(words[0])
		switch {
		case d == nil:
		case d.Class == layout.Pointer:
			s.follow(d, words[1])
		default:
			s.push(d, words[1])
		}
	case reflect.Struct:
		if s.h.bridge.owns(t) { // of native code, which can lead back only through what it was lent
			s.dark = s.dark || s.h.bridge.lent
			return
		}
		if t.String() == "time.Timer" && *(*unsafe.Pointer)(p) == nil { // no channel: it calls a function, which is not in its memory
			s.dark = true
			return
		}
		if elem := atomicPointer(t); elem != nil {
			s.push(s.h.universe.Of(elem), *(*unsafe.Pointer)(unsafe.Add(p, t.Pointers[0])))
			return
		}
		for _, f := range t.Fields {
			s.value(f.Type, unsafe.Add(p, f.Offset))
		}
	case reflect.Array:
		for i := range t.Len {
			s.value(t.Elem, unsafe.Add(p, uintptr(i)*t.Elem.Size))
		}
	case reflect.Pointer, reflect.Chan, reflect.Map, reflect.Func, reflect.UnsafePointer:
		s.follow(t, *(*unsafe.Pointer)(p))
	}
}

// follow looks at what a word of type t refers to.
func (s *survey) follow(t *layout.Type, to unsafe.Pointer) {
	if to == nil || s.h.machine.Stray(to) {
		return
	}
	switch t.Kind {
	case reflect.Pointer:
		s.push(t.Elem, to)
	case reflect.Chan:
		c := (*machine.Chan)(to)
		if n, ok := s.chans[to]; ok {
			s.found[n] = true
		}
		if s.leads(c.Elem) && s.fresh(t, to, 1) {
			for _, v := range c.Held() {
				s.push(c.Elem, put(c.Elem, v))
			}
		}
	case reflect.Map:
		if s.fresh(t, to, 1) {
			m := (*machine.Map)(to)
			for k, v := range m.Keys() {
				if holdsPointers(t.Key) && t.Key.Class != layout.String {
					s.value(t.Key, put(t.Key, k))
				}
				if holdsPointers(t.Elem) {
					s.value(t.Elem, put(t.Elem, v))
				}
			}
		}
	case reflect.Func:
		if s.fresh(t, to, 1) {
			s.closure((*machine.Closure)(to))
		}
	case reflect.UnsafePointer: // into the host's own tables, where a package of the library has it
		if s.library {
			return
		}
		s.dark = true
	}
}

// closure looks at what a function value holds.
func (s *survey) closure(c *machine.Closure) {
	first := len(c.Fn.Params) - len(c.Free)
	if first < 0 || c.Fn.Free != len(c.Free) {
		s.dark = s.dark || len(c.Free) > 0
		return
	}
	for i, v := range c.Free {
		if t := c.Fn.Params[first+i].T; holdsPointers(t) {
			s.push(t, put(t, v))
		}
	}
}

// atomicPointer is T of an atomic.Pointer[T]; nil: t is another type.
func atomicPointer(t *layout.Type) types.Type {
	n, ok := types.Unalias(t.Go).(*types.Named)
	if !ok || n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != "sync/atomic" || n.Obj().Name() != "Pointer" || n.TypeArgs().Len() != 1 || len(t.Pointers) != 1 {
		return nil
	}
	return n.TypeArgs().At(0)
}
