package compile

import (
	"fmt"
	"strings"
	"unsafe"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/layout"
	"interleave/engine/machine"
)

// builtinStep is a built-in function over given registers; nil: unknown.
func (g *function) builtinStep(name string, com *ssa.CallCommon, args []machine.Reg, dst machine.Reg) machine.Step {
	var t *layout.Type
	if len(com.Args) > 0 {
		t = g.typ(com.Args[0].Type())
	}
	switch name {
	case "len", "cap":
		return g.length(name, t, args[0], dst)
	case "append":
		return g.append(t, com, args, dst)
	case "copy":
		return g.copy(t, args, dst)
	case "close":
		return func(x *machine.Exec) machine.Status { return x.Close((*machine.Chan)(x.P(args[0].P))) }
	case "delete":
		return func(x *machine.Exec) (st machine.Status) {
			defer x.Comparing(&st)
			h := (*machine.Map)(x.P(args[0].P))
			if st := x.UseMap(h, machine.MapDelete); st != machine.Next {
				return st
			}
			if h == nil {
				machine.CheckKey(t.Key, x.Get(args[1]))
			}
			h.Delete(x.Get(args[1]))
			return machine.Next
		}
	case "clear":
		return g.clear(t, args[0])
	case "panic":
		return func(x *machine.Exec) machine.Status { return x.Panic(x.Get(args[0])) }
	case "recover":
		return func(x *machine.Exec) machine.Status {
			v := x.Recover()
			if dst.Class == layout.Interface {
				x.Set(dst, v)
			}
			return machine.Next
		}
	case "print", "println":
		return g.print(name == "println", com, args)
	case "min", "max":
		return g.minMax(name == "max", t, args, dst)
	case "real":
		return func(x *machine.Exec) machine.Status { x.SetU(dst.N, x.U(args[0].N)); return machine.Next }
	case "imag":
		return func(x *machine.Exec) machine.Status { x.SetU(dst.N, x.U(args[0].N+8)); return machine.Next }
	case "complex":
		return func(x *machine.Exec) machine.Status {
			re, im := x.U(args[0].N), x.U(args[1].N)
			x.SetU(dst.N, re)
			x.SetU(dst.N+8, im)
			return machine.Next
		}
	case "ssa:wrapnilchk":
		return func(x *machine.Exec) machine.Status {
			p := x.P(args[0].P)
			if p == nil {
				return x.ThrowPlain(nilMethod(x.Str(args[1]), x.Str(args[2])))
			}
			x.SetP(dst.P, p)
			return machine.Next
		}
	}
	return g.unsafeStep(name, com, args, dst)
}

// nilMethod gives the words of a value method called through a nil pointer. t
// is the type by its path.
func nilMethod(t, method string) string {
	t = t[strings.LastIndex(t, "/")+1:]
	_, name, _ := strings.Cut(t, ".")
	return fmt.Sprintf("value method %s.%s called using nil *%s pointer", t, method, name)
}

func (g *function) length(name string, t *layout.Type, a, dst machine.Reg) machine.Step {
	switch {
	case t.Class == layout.String, t.Class == layout.Slice:
		off := a.N
		if name == "cap" {
			off += 8
		}
		return func(x *machine.Exec) machine.Status { x.SetI(dst.N, x.I(off)); return machine.Next }
	case t.Key != nil:
		return func(x *machine.Exec) machine.Status {
			x.SetI(dst.N, int64((*machine.Map)(x.P(a.P)).Len()))
			return machine.Next
		}
	case t.Kind.String() == "chan":
		return func(x *machine.Exec) machine.Status {
			if !x.InOrder() {
				return machine.Again
			}
			c := (*machine.Chan)(x.P(a.P))
			n := c.Len()
			if name == "cap" {
				n = c.Size()
			}
			x.SetI(dst.N, int64(n))
			return machine.Next
		}
	}
	n := int64(t.Len)
	if t.Class == layout.Pointer {
		n = int64(t.Elem.Len)
	}
	return func(x *machine.Exec) machine.Status { x.SetI(dst.N, n); return machine.Next }
}

// append always gets a slice (or string) of what is to be added.
func (g *function) append(t *layout.Type, com *ssa.CallCommon, args []machine.Reg, dst machine.Reg) machine.Step {
	elem := t.Elem
	s, more := args[0], args[1]
	return func(x *machine.Exec) machine.Status {
		p, n, c := x.P(s.P), int(x.I(s.N)), int(x.I(s.N+8))
		q, k := x.P(more.P), int(x.I(more.N))
		if n+k > c || n+k < 0 {
			if n+k < 0 || elem.Size > 0 && uint64(n+k) > 1<<47/uint64(elem.Size) {
				return x.ThrowRuntime("growslice: len out of range")
			}
			if st := x.Afford(max(n+k, c+c/4) * int(elem.Size)); st != machine.Next {
				return st
			}
			grown, room := elem.Grow(p, n, c, n+k)
			if st := x.Charge(room * int(elem.Size)); st != machine.Next {
				return st
			}
			x.Spend(int64(n) * int64(elem.Size) / 16)
			p, c = grown, room
		}
		if k > 0 && elem.Size > 0 {
			at := unsafe.Add(p, uintptr(n)*elem.Size)
			if x.Watch(at, uintptr(k)*elem.Size, true) {
				return machine.Again
			}
			x.Overwrite(elem, at, k)
			elem.CopyArray(at, q, k)
		}
		x.Set(dst, machine.Val{P: p, N: uint64(n + k), M: uint64(c)})
		return machine.Next
	}
}

func (g *function) copy(t *layout.Type, args []machine.Reg, dst machine.Reg) machine.Step {
	elem := t.Elem
	return func(x *machine.Exec) machine.Status {
		n := min(x.I(args[0].N), x.I(args[1].N))
		to, from, size := x.P(args[0].P), x.P(args[1].P), uintptr(n)*elem.Size
		if size > 0 {
			if x.Watch(from, size, false) || x.Watch(to, size, true) {
				return machine.Again
			}
			x.Overwrite(elem, to, int(n))
			elem.CopyArray(to, from, int(n))
		}
		x.Spend(n * int64(elem.Size) / 16)
		if dst.Class == layout.Int {
			x.SetI(dst.N, n)
		}
		return machine.Next
	}
}

func (g *function) clear(t *layout.Type, a machine.Reg) machine.Step {
	if t.Key != nil {
		return func(x *machine.Exec) machine.Status {
			h := (*machine.Map)(x.P(a.P))
			if st := x.UseMap(h, machine.MapDelete); st != machine.Next {
				return st
			}
			h.Clear()
			return machine.Next
		}
	}
	elem := t.Elem
	return func(x *machine.Exec) machine.Status {
		n := x.I(a.N)
		if n > 0 && x.Watch(x.P(a.P), uintptr(n)*elem.Size, true) {
			return machine.Again
		}
		x.Overwrite(elem, x.P(a.P), int(n))
		for i := range uintptr(n) {
			elem.Clear(unsafe.Add(x.P(a.P), i*elem.Size))
		}
		return machine.Next
	}
}

func (g *function) minMax(most bool, t *layout.Type, args []machine.Reg, dst machine.Reg) machine.Step {
	return func(x *machine.Exec) machine.Status {
		best := x.Get(args[0])
		for _, r := range args[1:] {
			v := x.Get(r)
			switch t.Class {
			case layout.Int:
				less := int64(v.N) < int64(best.N)
				if !t.Signed() {
					less = v.N < best.N
				}
				if less != most && v.N != best.N {
					best = v
				}
			case layout.Float:
				a, b := machine.Float(best), machine.Float(v)
				if most {
					a = max(a, b)
				} else {
					a = min(a, b)
				}
				best = machine.FloatVal(a)
			case layout.String:
				a, b := unsafe.String((*byte)(best.P), int(best.N)), unsafe.String((*byte)(v.P), int(v.N))
				if b < a != most && a != b {
					best = v
				}
			}
		}
		x.Set(dst, best)
		return machine.Next
	}
}
