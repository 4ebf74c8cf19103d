package host

import (
	"reflect"
	"unsafe"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/layout"
	"interleave/engine/machine"
)

// search looks for one object, breadth first.
type search struct {
	n      *names
	target unsafe.Pointer
	refers bool // it is what a word refers to, not what lies at its address
	queue  []found
	seen   map[seen]bool
	looked int
}

// found is memory that has been come upon.
type found struct {
	variable
	depth   int
	entries *machine.Map // of a map: p is its address, t its type
}

type seen struct {
	p unsafe.Pointer
	t *layout.Type
}

// roots begins with some variables, in their order.
func (s *search) roots(list []variable) {
	s.n.left -= len(list) / 16 // a look at a variable is quicker than a pointer followed
	for _, v := range list {
		s.push(found{variable: v})
	}
}

// frames adds the variables of a task, those of its outermost frame first.
func (s *search) frames(t *machine.Task) {
	if t == nil {
		return
	}
	rest := s.queue
	s.queue = nil
	defer func() { s.queue = append(s.queue, rest...) }()
	var all []machine.Local
	for l := range t.Locals() {
		all = append(all, l)
	}
	for i := len(all) - 1; i >= 0; i-- {
		l := all[i]
		if l.At == nil {
			if !holdsPointers(l.Type) {
				continue
			}
			l.At = put(l.Type, l.Val)
		}
		s.push(found{variable: variable{name: l.Name, t: l.Type, p: l.At}})
	}
}

func holdsPointers(t *layout.Type) bool { return t != nil && len(t.Pointers) > 0 }

func (s *search) push(f found) {
	k := seen{f.p, f.t}
	if f.p == nil || f.t == nil || s.seen[k] || f.depth > mostDepth {
		return
	}
	s.seen[k] = true
	s.queue = append(s.queue, f)
}

// shallow looks at the words of the roots themselves.
func (s *search) shallow() string {
	roots := s.queue
	for _, f := range roots {
		if name := s.words(f); name != "" {
			return name
		}
	}
	s.queue = s.queue[len(roots):] // what they lead to
	return ""
}

// deep goes on until it is found, or there is no more to look at, up to a number of
// pieces of memory and pointers followed.
func (s *search) deep(most, depth int) string {
	s.looked = 0
	for len(s.queue) > 0 && s.queue[0].depth <= depth && s.looked < most && s.n.left > 0 {
		f := s.queue[0]
		s.queue = s.queue[1:]
		s.looked++
		s.n.left--
		if f.entries != nil {
			if name := s.inMap(f); name != "" {
				return name
			}
			continue
		}
		if !s.refers {
			if name, ok := f.at(s.target); ok {
				return name
			}
		}
		if name := s.words(f); name != "" {
			return name
		}
	}
	return ""
}

// words looks at what the words of a piece of memory refer to.
func (s *search) words(f found) string {
	if !holdsPointers(f.t) {
		return ""
	}
	if f.n == 0 {
		return s.value(f.name, f.t, f.p, f.depth)
	}
	for i := range min(f.n, mostFollowed) {
		if name := s.value(f.name+index(i), f.t, unsafe.Add(f.p, uintptr(i)*f.t.Size), f.depth); name != "" {
			return name
		}
	}
	return ""
}

func (s *search) value(name string, t *layout.Type, p unsafe.Pointer, depth int) string {
	if !holdsPointers(t) || s.foreign(t) {
		return ""
	}
	switch t.Kind {
	case reflect.Pointer, reflect.Chan, reflect.Map, reflect.Func, reflect.UnsafePointer:
		return s.follow(name, t, *(*unsafe.Pointer)(p), depth)
	case reflect.Slice:
		if v := machine.Load(t, p); v.N > 0 { // else there is no memory of its own where it points to
			s.push(found{variable: variable{name, t.Elem, int(v.N), v.P}, depth: depth + 1})
		}
	case reflect.Interface:
		words := (*[2]unsafe.Pointer)(p)
		if d := (*layout.Type)(words[0]); d != nil && holdsPointers(d) {
			if d.Class == layout.Pointer {
				return s.follow(name, d, words[1], depth)
			}
			s.push(found{variable: variable{name: name, t: d, p: words[1]}, depth: depth + 1})
		}
	case reflect.Struct:
		for _, f := range t.Fields {
			if got := s.value(name+"."+f.Name, f.Type, unsafe.Add(p, f.Offset), depth); got != "" {
				if home(t) == "context" {
					return name + ".Done()"
				}
				return got
			}
		}
	case reflect.Array:
		for i := range min(t.Len, mostFollowed) {
			if got := s.value(name+index(i), t.Elem, unsafe.Add(p, uintptr(i)*t.Elem.Size), depth); got != "" {
				return got
			}
		}
	}
	return ""
}

// foreign tells whether the memory of a type is native code's.
func (s *search) foreign(t *layout.Type) bool {
	return t.Kind == reflect.Struct && s.n.h.bridge.owns(t)
}

// follow goes where a pointer of type t leads.
func (s *search) follow(name string, t *layout.Type, to unsafe.Pointer, depth int) string {
	if to == nil {
		return ""
	}
	if s.refers && to == s.target {
		return name
	}
	switch t.Kind {
	case reflect.Pointer:
		s.push(found{variable: variable{name: name, t: t.Elem, p: to}, depth: depth + 1})
	case reflect.Func:
		s.captured((*machine.Closure)(to), depth)
	case reflect.Map:
		s.push(found{variable: variable{name: name, t: t, p: to}, depth: depth + 1, entries: (*machine.Map)(to)})
	}
	return ""
}

// inMap looks at the values of a map.
func (s *search) inMap(f found) string {
	if !holdsPointers(f.t.Elem) {
		return ""
	}
	i := 0
	for k, v := range f.entries.Keys() {
		if i++; i > mostFollowed {
			break
		}
		text, ok := key(f.t.Key, k)
		if !ok {
			continue
		}
		if name := s.value(f.name+text, f.t.Elem, put(f.t.Elem, v), f.depth); name != "" {
			return name
		}
	}
	return ""
}

// captured adds the variables of a function value.
func (s *search) captured(c *machine.Closure, depth int) {
	fn, ok := c.Fn.Source.(*ssa.Function)
	if !ok || c.Fn.Library || c.Fn.Hidden || len(fn.FreeVars) != len(c.Free) {
		return
	}
	for i, v := range fn.FreeVars {
		if t := s.n.h.universe.Of(v.Type()); t.Kind == reflect.Pointer {
			s.push(found{variable: variable{name: v.Name(), t: t.Elem, p: c.Free[i].P}, depth: depth + 1})
		}
	}
}
