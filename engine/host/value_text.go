package host

import (
	"fmt"
	"go/types"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unsafe"

	"interleave/engine/layout"
	"interleave/engine/machine"
)

const (
	maxItems = 100 // of a slice or map that are shown
	maxDepth = 6
	maxText  = 10_000
)

// valueWriter writes results.
type valueWriter struct {
	strings.Builder
	h *Host
}

// write writes the value of type t in memory at p; known is the type that the
// text around gives already.
func (w *valueWriter) write(p unsafe.Pointer, t *layout.Type, depth int, known string) {
	if t.Kind == reflect.Interface {
		d, at := dynamic(p)
		if d == nil {
			w.WriteString("nil")
			return
		}
		w.write(at, d, depth, "")
		return
	}
	if w.Len() > maxText || depth > maxDepth {
		w.WriteString("…")
		return
	}
	if w.method(p, t) {
		return
	}
	short := shortType(t)
	if known == short {
		short = ""
	}
	switch t.Kind {
	case reflect.Struct:
		w.structure(p, t, depth)
	case reflect.Slice:
		s := machine.Load(t, p)
		if s.P == nil {
			w.WriteString(short + "(nil)")
			return
		}
		w.items(s.P, int(s.N), t.Elem, short, depth)
	case reflect.Array:
		w.items(p, t.Len, t.Elem, short, depth)
	case reflect.Map:
		w.table((*machine.Map)(*(*unsafe.Pointer)(p)), t, short, depth)
	case reflect.Pointer:
		w.pointer(*(*unsafe.Pointer)(p), t, depth)
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		w.reference(*(*unsafe.Pointer)(p), t)
	case reflect.String:
		w.WriteString(strconv.Quote(*(*string)(p)))
	default:
		fmt.Fprint(w, reflect.NewAt(t.Shape, p).Elem().Interface())
	}
}

// method lets the value say its text itself.
func (w *valueWriter) method(p unsafe.Pointer, t *layout.Type) bool {
	if t.Kind == reflect.Pointer && *(*unsafe.Pointer)(p) == nil {
		return false
	}
	data := machine.Box(t, machine.Load(t, p))
	for _, name := range []string{"Error", "String"} {
		fn := w.h.textMethod(t, name)
		if fn == nil {
			continue
		}
		if s, _, err := w.h.textOf(fn, machine.Unbox(t, data)); err == nil {
			w.WriteString(s)
			return true
		}
	}
	return false
}

func (w *valueWriter) structure(p unsafe.Pointer, t *layout.Type, depth int) {
	if ofLibrary(t) {
		w.WriteString(shortType(t))
		w.printed("%+v", p, t)
		return
	}
	w.WriteString(shortType(t) + "{")
	for i, f := range t.Fields {
		if i > 0 {
			w.WriteString(", ")
		}
		w.WriteString(f.Name + ": ")
		w.write(unsafe.Add(p, f.Offset), f.Type, depth+1, "")
	}
	w.WriteByte('}')
}

func (w *valueWriter) items(p unsafe.Pointer, n int, elem *layout.Type, short string, depth int) {
	w.WriteString(short + "{")
	for i := range n {
		if i > 0 {
			w.WriteString(", ")
		}
		if i == maxItems {
			fmt.Fprintf(w, "… %d more", n-i)
			break
		}
		w.write(unsafe.Add(p, uintptr(i)*elem.Size), elem, depth+1, shortType(elem))
	}
	w.WriteByte('}')
}

func (w *valueWriter) table(m *machine.Map, t *layout.Type, short string, depth int) {
	if m == nil {
		w.WriteString(short + "(nil)")
		return
	}
	keys := sortedKeys(m, t.Key)
	w.WriteString(short + "{")
	for i, k := range keys {
		if i > 0 {
			w.WriteString(", ")
		}
		if i == maxItems {
			fmt.Fprintf(w, "… %d more", len(keys)-i)
			break
		}
		v, _ := m.Get(k)
		w.write(put(t.Key, k), t.Key, depth+1, shortType(t.Key))
		w.WriteString(": ")
		w.write(put(t.Elem, v), t.Elem, depth+1, shortType(t.Elem))
	}
	w.WriteByte('}')
}

// sortedKeys orders a map's keys, where they have an order.
func sortedKeys(m *machine.Map, key *layout.Type) []machine.Val {
	var keys []machine.Val
	for k := range m.Keys() {
		keys = append(keys, k)
	}
	slices.SortStableFunc(keys, func(a, b machine.Val) int { return machine.Order(key, a, b) })
	return keys
}

func (w *valueWriter) pointer(q unsafe.Pointer, t *layout.Type, depth int) {
	switch {
	case q == nil:
		w.WriteString("nil")
	case t.Elem.Kind == reflect.Struct && !ofLibrary(t.Elem) && depth < 3:
		w.WriteByte('&')
		w.write(q, t.Elem, depth+1, "")
	default:
		fmt.Fprintf(w, "(*%s)(0x%x)", shortType(t.Elem), w.h.machine.Address(q))
	}
}

func (w *valueWriter) reference(q unsafe.Pointer, t *layout.Type) {
	switch {
	case q == nil:
		w.WriteString("nil")
	case t.Kind == reflect.Chan:
		c := (*machine.Chan)(q)
		fmt.Fprintf(w, "%s(len %d, cap %d)", shortType(t), c.Len(), c.Size())
	case t.Kind == reflect.Func:
		w.WriteString(shortType(t))
	default:
		fmt.Fprintf(w, "0x%x", w.h.machine.Address(q))
	}
}

// printed writes a value by the program's own fmt.
func (w *valueWriter) printed(format string, p unsafe.Pointer, t *layout.Type) {
	if w.h.ready("fmt") {
		w.WriteString(w.h.sprint(w.h.ask, format, machine.Interface(t, machine.Load(t, p))))
	}
}

// ofLibrary tells whether t is a named type of a package, not of a cell.
func ofLibrary(t *layout.Type) bool {
	n, ok := t.Go.(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() != "main"
}

// shortType is a type as a cell writes it.
func shortType(t *layout.Type) string {
	return types.TypeString(t.Go, func(p *types.Package) string {
		if p.Path() == "main" {
			return ""
		}
		return p.Name()
	})
}
