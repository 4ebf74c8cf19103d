package compile

import (
	"go/types"
	"reflect"
	"slices"
	"unsafe"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/layout"
	"interleave/engine/machine"
)

// A program may look at a pointer in memory as at a uintptr, as the Data of a
// reflect.SliceHeader. The number is then the address that the pointer has for the
// program, which is not the one that lies there.

// holdsPointer tells whether a uintptr of type t at an address is a word of a value
// that has a pointer there.
func (g *function) holdsPointer(t *layout.Type, addr ssa.Value) bool {
	return t.Kind == reflect.Uintptr && len(g.overlaid(t, addr)) > 0
}

// overlaid lists the words of a value of type t at an address that are a uintptr of t
// and in truth a pointer: the address comes from a conversion of a pointer to another
// type.
func (g *function) overlaid(t *layout.Type, addr ssa.Value) (words []uintptr) {
	off := uintptr(0)
	for {
		switch a := addr.(type) {
		case *ssa.FieldAddr:
			off += g.typ(deref(a.X.Type())).Fields[a.Field].Offset
			addr = a.X
			continue
		case *ssa.IndexAddr:
			k, ok := g.smallConst(a.Index)
			if !ok || k < 0 || g.typ(a.X.Type()).Kind != reflect.Pointer {
				return nil
			}
			off += uintptr(k) * g.typ(deref(a.Type())).Size
			addr = a.X
			continue
		case *ssa.Convert: // from unsafe.Pointer
			from, ok := a.X.(*ssa.Convert)
			if !ok || g.typ(from.X.Type()).Kind != reflect.Pointer {
				return nil
			}
			pointers := g.typ(from.X.Type()).Elem.Pointers
			for _, w := range numbers(t, 0, nil) {
				if slices.Contains(pointers, off+w) {
					words = append(words, w)
				}
			}
		}
		return words
	}
}

// numbers lists where a type has a uintptr; of a long array only the beginning.
func numbers(t *layout.Type, at uintptr, list []uintptr) []uintptr {
	switch t.Kind {
	case reflect.Uintptr:
		return append(list, at)
	case reflect.Struct:
		for _, f := range t.Fields {
			list = numbers(f.Type, at+f.Offset, list)
		}
	case reflect.Array:
		for i := range min(t.Len, 64) {
			list = numbers(t.Elem, at+uintptr(i)*t.Elem.Size, list)
		}
	}
	return list
}

func (g *function) loadAddress(dst, at machine.Reg) {
	g.step(func(x *machine.Exec) machine.Status {
		p := x.P(at.P)
		if machine.Null(p) {
			return x.ThrowNil()
		}
		if x.Watch(p, 8, false) {
			return machine.Again
		}
		x.SetU(dst.N, x.M.Address(*(*unsafe.Pointer)(p)))
		return machine.Next
	})
}

func (g *function) storeAddress(v, at machine.Reg) {
	word := g.c.Universe.Of(types.Typ[types.UnsafePointer])
	g.step(func(x *machine.Exec) machine.Status {
		p := x.P(at.P)
		if machine.Null(p) {
			return x.ThrowNil()
		}
		if x.Watch(p, 8, true) {
			return machine.Again
		}
		x.Overwrite(word, p, 1)
		*(*unsafe.Pointer)(p) = x.M.Pointer(x.U(v.N))
		return machine.Next
	})
}
