package compile

import (
	"go/constant"
	"go/types"
	"math"
	"unsafe"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/layout"
	"interleave/engine/machine"
)

// outgoing marks a register of the area behind the frame, where the frames of
// callees start; relocate puts the frame's size in its place.
const outgoing = int32(1) << 24

func (g *function) relocate() {
	n, p := g.f.N*8-outgoing, g.f.P*8-outgoing
	for k := range g.f.Code {
		i := &g.f.Code[k]
		switch i.Op {
		case machine.OpMovN:
			if i.A >= outgoing {
				i.A += n
			}
			if i.B >= outgoing {
				i.B += n
			}
		case machine.OpMovP:
			if i.A >= outgoing {
				i.A += p
			}
			if i.B >= outgoing {
				i.B += p
			}
		case machine.OpKN, machine.OpKI:
			if i.A >= outgoing {
				i.A += n
			}
		case machine.OpKP, machine.OpNilP:
			if i.A >= outgoing {
				i.A += p
			}
		case machine.OpCall, machine.OpCallC:
			i.C, i.D = g.f.N, g.f.P
		}
	}
}

// scratch gives registers that live until the end of the instruction.
func (g *function) scratch(t *layout.Type) machine.Reg {
	r := g.temp.reg(t)
	g.most.n, g.most.p = max(g.most.n, g.temp.n), max(g.most.p, g.temp.p)
	return r
}

// val gives the registers that hold a value, loading a constant first.
func (g *function) val(v ssa.Value) machine.Reg {
	if r, ok := g.regs[v]; ok {
		return r
	}
	t := g.typ(v.Type())
	r := g.scratch(t)
	g.load(r, v)
	return r
}

// load puts a constant, a global's address or a function into registers.
func (g *function) load(r machine.Reg, v ssa.Value) {
	switch v := v.(type) {
	case *ssa.Const:
		g.constant(r, v)
	case *ssa.Global:
		g.emit(machine.Ins{Op: machine.OpKP, A: r.P, B: g.ptr(g.c.Global(v))})
	case *ssa.Function:
		g.emit(machine.Ins{Op: machine.OpKP, A: r.P, B: g.ptr(unsafe.Pointer(g.c.closure(v)))})
	default:
		g.unsupported("value %s (%T)", v, v)
	}
}

// closure is the one function value of a declared function.
func (c *Compiler) closure(fn *ssa.Function) *machine.Closure {
	f := c.Func(fn)
	if cl := c.closures[f]; cl != nil {
		return cl
	}
	cl := &machine.Closure{Fn: f}
	c.closures[f] = cl
	return cl
}

func (g *function) number(off int32, u uint64) {
	if i := int64(u); i == int64(int32(i)) {
		g.emit(machine.Ins{Op: machine.OpKI, A: off, B: int32(i)})
		return
	}
	g.f.Consts = append(g.f.Consts, u)
	g.emit(machine.Ins{Op: machine.OpKN, A: off, B: int32(len(g.f.Consts) - 1)})
}

func (g *function) constant(r machine.Reg, k *ssa.Const) {
	if k.Value == nil {
		g.zero(r)
		return
	}
	switch v := constantVal(r.T, k.Value); r.Class {
	case layout.Int, layout.Float:
		g.number(r.N, v.N)
	case layout.Complex:
		g.number(r.N, v.N)
		g.number(r.N+8, v.M)
	case layout.String:
		g.emit(machine.Ins{Op: machine.OpKP, A: r.P, B: g.ptr(v.P)})
		g.number(r.N, v.N)
	case layout.Pointer: // unsafe.Pointer(uintptr constant)
		u, _ := constant.Uint64Val(k.Value)
		g.emit(machine.Ins{Op: machine.OpKP, A: r.P, B: g.ptr(g.c.Machine.Pointer(u))})
	default:
		g.unsupported("constant %v of type %s", k, k.Type())
	}
}

// constantVal is a number, a truth value or a string.
func constantVal(t *layout.Type, v constant.Value) machine.Val {
	switch t.Class {
	case layout.Int:
		return machine.Val{N: intConst(v, t)}
	case layout.Float:
		return machine.Val{N: floatConst(v, t.Size)}
	case layout.Complex:
		return machine.Val{N: floatConst(constant.Real(v), t.Size/2), M: floatConst(constant.Imag(v), t.Size/2)}
	case layout.String:
		return machine.StringVal(constant.StringVal(v))
	}
	return machine.Val{}
}

func (g *function) zero(r machine.Reg) {
	if r.Class == layout.Aggregate {
		// Nobody changes what an aggregate register points to, so one zero serves all.
		g.emit(machine.Ins{Op: machine.OpKP, A: r.P, B: g.ptr(g.c.zeroOf(r.T))})
		return
	}
	p, n := r.Class.Words()
	for i := range int32(p) {
		g.emit(machine.Ins{Op: machine.OpNilP, A: r.P + i*8})
	}
	for i := range int32(n) {
		g.emit(machine.Ins{Op: machine.OpKI, A: r.N + i*8})
	}
}

func (c *Compiler) zeroOf(t *layout.Type) unsafe.Pointer {
	z := c.zeros[t]
	if z == nil {
		z = t.New()
		c.zeros[t] = z
	}
	return z
}

func intConst(v constant.Value, t *layout.Type) uint64 {
	if v.Kind() == constant.Bool {
		if constant.BoolVal(v) {
			return 1
		}
		return 0
	}
	v = constant.ToInt(v)
	if t.Signed() {
		i, _ := constant.Int64Val(v)
		return uint64(i)
	}
	u, exact := constant.Uint64Val(v)
	if !exact {
		i, _ := constant.Int64Val(v)
		u = uint64(i)
	}
	return u
}

func floatConst(v constant.Value, size uintptr) uint64 {
	if size == 4 {
		f, _ := constant.Float32Val(v)
		return math.Float64bits(float64(f))
	}
	f, _ := constant.Float64Val(v)
	return math.Float64bits(f)
}

// mov copies registers of one class.
func (g *function) mov(dst, src machine.Reg) {
	p, n := dst.Class.Words()
	for i := range int32(p) {
		if dst.P != src.P {
			g.emit(machine.Ins{Op: machine.OpMovP, A: dst.P + i*8, B: src.P + i*8})
		}
	}
	for i := range int32(n) {
		if dst.N != src.N {
			g.emit(machine.Ins{Op: machine.OpMovN, A: dst.N + i*8, B: src.N + i*8})
		}
	}
}

// put brings a value into given registers.
func (g *function) put(dst machine.Reg, v ssa.Value) {
	if r, ok := g.regs[v]; ok {
		g.mov(dst, r)
		return
	}
	g.load(dst, v)
}

// smallConst gives an integer constant that fits an immediate operand.
func (g *function) smallConst(v ssa.Value) (int32, bool) {
	k, ok := v.(*ssa.Const)
	if !ok || k.Value == nil || k.Value.Kind() == constant.String {
		return 0, false
	}
	b, ok := k.Type().Underlying().(*types.Basic)
	if !ok || b.Info()&(types.IsInteger|types.IsBoolean) == 0 {
		return 0, false
	}
	i := int64(intConst(k.Value, g.typ(k.Type())))
	return int32(i), i == int64(int32(i))
}
