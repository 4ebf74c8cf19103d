package compile

import (
	"go/types"
	"unsafe"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/machine"
)

// unsafeStep is a function of package unsafe; nil: unknown. Those that give
// constants come here where they depend on a type parameter.
func (g *function) unsafeStep(name string, com *ssa.CallCommon, args []machine.Reg, dst machine.Reg) machine.Step {
	switch name {
	case "Add":
		return func(x *machine.Exec) machine.Status {
			x.SetP(dst.P, unsafe.Add(x.P(args[0].P), x.I(args[1].N)))
			return machine.Next
		}
	case "Slice":
		return unsafeSlice(name, g.typ(com.Args[0].Type()).Elem.Size, args, dst, true)
	case "String":
		return unsafeSlice(name, 1, args, dst, false)
	case "SliceData", "StringData":
		return func(x *machine.Exec) machine.Status { x.SetP(dst.P, x.P(args[0].P)); return machine.Next }
	case "Sizeof", "Alignof":
		t := g.typ(com.Args[0].Type())
		n := t.Size
		if name == "Alignof" {
			n = t.Align
		}
		return func(x *machine.Exec) machine.Status { x.SetI(dst.N, int64(n)); return machine.Next }
	case "Offsetof":
		off, ok := g.offset(com.Args[0])
		if !ok {
			return nil
		}
		return func(x *machine.Exec) machine.Status { x.SetI(dst.N, int64(off)); return machine.Next }
	}
	return nil
}

// unsafeSlice is unsafe.Slice or unsafe.String.
func unsafeSlice(name string, size uintptr, args []machine.Reg, dst machine.Reg, capacity bool) machine.Step {
	return func(x *machine.Exec) machine.Status {
		p, n := x.P(args[0].P), x.I(args[1].N)
		switch {
		case n < 0 || size > 0 && uint64(n) > 1<<47/uint64(size):
			return x.ThrowRuntime("unsafe." + name + ": len out of range")
		case x.M.Stray(p) && uint64(n)*uint64(size) > -x.M.Address(p):
			return x.ThrowRuntime("unsafe." + name + ": len out of range")
		case p == nil && n > 0:
			return x.ThrowRuntime("unsafe." + name + ": ptr is nil and len is not zero")
		}
		v := machine.Val{P: p, N: uint64(n)}
		if capacity {
			v.M = v.N
		}
		x.Set(dst, v)
		return machine.Next
	}
}

// offset is where a selected field lies in its struct.
func (g *function) offset(v ssa.Value) (uintptr, bool) {
	switch v := v.(type) {
	case *ssa.Field:
		return g.typ(v.X.Type()).Fields[v.Field].Offset, true
	case *ssa.UnOp:
		if f, ok := v.X.(*ssa.FieldAddr); ok {
			return g.typ(f.X.Type().Underlying().(*types.Pointer).Elem()).Fields[f.Field].Offset, true
		}
	}
	return 0, false
}
