package host

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
	"unsafe"

	"interleave/engine/layout"
	"interleave/engine/machine"
	"interleave/engine/trace"
)

// described is how many events of a run have their values and variables written down.
const described = 2_000

// How long what is said of a value may be, and how many variables of a frame and
// elements of a value are named.
const (
	mostValue    = 40
	mostLocals   = 16
	mostElements = 8
)

// Value is a value in a few words. Unlike a cell's result it is never asked for its
// String method: that would run a part of the program at a moment that was not meant for
// it.
func (n *names) Value(t *layout.Type, v machine.Val) string { return plainValue(put(t, v), t) }

func plainValue(p unsafe.Pointer, t *layout.Type) string {
	w := &plainWriter{}
	w.write(p, t, 0)
	s := w.String()
	if utf8.RuneCountInString(s) > mostValue {
		s = string([]rune(s)[:mostValue-1]) + "…"
	}
	return s
}

// Frames lists the variables of a task's frames.
func (n *names) Frames(t *machine.Task) [][]trace.Local {
	var list [][]trace.Local
	add := func(frame int, name string, p unsafe.Pointer, t *layout.Type) {
		for len(list) <= frame {
			list = append(list, nil)
		}
		if name != "_" && tells(t) && len(list[frame]) < mostLocals {
			list[frame] = append(list[frame], trace.Local{Name: name, Text: plainValue(p, t)})
		}
	}
	for l := range t.Locals() {
		if l.At == nil && l.Type != nil {
			l.At = put(l.Type, l.Val)
		}
		if l.Type != nil {
			add(l.Frame, l.Name, l.At, l.Type)
		}
	}
	return list
}

// Shared lists the variables that the newest cell declares at its top level.
func (n *names) Shared() []trace.Local {
	var list []trace.Local
	for _, v := range n.cells[n.own:] {
		if v.n == 0 && tells(v.t) && len(list) < mostLocals {
			list = append(list, trace.Local{Name: v.name, Text: plainValue(v.p, v.t)})
		}
	}
	return list
}

// tells says whether a variable's value is of interest beside the objects that the
// trace shows by themselves.
func tells(t *layout.Type) bool {
	for range deepest {
		switch t.Kind {
		case reflect.Chan, reflect.Func, reflect.UnsafePointer:
			return false
		case reflect.Struct:
			return !ofLibrary(t)
		case reflect.Pointer, reflect.Array, reflect.Slice:
			t = t.Elem
		default:
			return true
		}
	}
	return true
}

// deepest is how many elements of elements are looked at: a slice may be one of its own.
const deepest = 16

// plainWriter writes values without running anything.
type plainWriter struct{ strings.Builder }

func (w *plainWriter) write(p unsafe.Pointer, t *layout.Type, depth int) {
	if w.Len() > 4*mostValue || depth > 3 {
		w.WriteString("…")
		return
	}
	switch t.Kind {
	case reflect.Interface:
		d, at := dynamic(p)
		if d == nil {
			w.WriteString("nil")
			return
		}
		w.write(at, d, depth+1)
	case reflect.Struct:
		if ofLibrary(t) {
			w.WriteString(shortType(t))
			return
		}
		w.WriteString(shortType(t) + "{")
		for i, f := range t.Fields {
			if i > 0 {
				w.WriteString(", ")
			}
			w.WriteString(f.Name + ": ")
			w.write(unsafe.Add(p, f.Offset), f.Type, depth+1)
		}
		w.WriteByte('}')
	case reflect.Slice:
		s := machine.Load(t, p)
		w.items(s.P, int(s.N), t, depth)
	case reflect.Array:
		w.items(p, t.Len, t, depth)
	case reflect.Map:
		n := 0
		if m := (*machine.Map)(*(*unsafe.Pointer)(p)); m != nil {
			n = m.Len()
		}
		fmt.Fprintf(w, "%s of %d", shortType(t), n)
	case reflect.Pointer:
		if *(*unsafe.Pointer)(p) == nil {
			w.WriteString("nil")
			return
		}
		w.WriteString("*" + shortType(t.Elem))
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		if *(*unsafe.Pointer)(p) == nil {
			w.WriteString("nil")
			return
		}
		w.WriteString(shortType(t))
	case reflect.String:
		s := *(*string)(p)
		if len(s) > 2*mostValue {
			s = strings.ToValidUTF8(s[:2*mostValue], "")
		}
		w.WriteString(strconv.Quote(s))
	default:
		fmt.Fprint(w, reflect.NewAt(t.Shape, p).Elem().Interface())
	}
}

func (w *plainWriter) items(p unsafe.Pointer, n int, t *layout.Type, depth int) {
	w.WriteByte('[')
	for i := range n {
		if i > 0 {
			w.WriteByte(' ')
		}
		if i == mostElements {
			fmt.Fprintf(w, "… %d more", n-i)
			break
		}
		w.write(unsafe.Add(p, uintptr(i)*t.Elem.Size), t.Elem, depth+1)
	}
	w.WriteByte(']')
}
