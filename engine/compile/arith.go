package compile

import (
	"go/token"
	"go/types"
	"math"
	"reflect"
	"unicode/utf8"
	"unsafe"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/layout"
	"interleave/engine/machine"
)

func layoutPtr(t *layout.Type) unsafe.Pointer { return unsafe.Pointer(t) }

var intOps = map[token.Token]machine.Op{
	token.ADD: machine.OpAdd, token.SUB: machine.OpSub, token.MUL: machine.OpMul,
	token.AND: machine.OpAnd, token.OR: machine.OpOr, token.XOR: machine.OpXor, token.AND_NOT: machine.OpAndNot,
}

var immOps = map[token.Token]machine.Op{
	token.ADD: machine.OpAddI, token.MUL: machine.OpMulI, token.AND: machine.OpAndI,
}

var floatOps = map[token.Token]machine.Op{
	token.ADD: machine.OpAddF, token.SUB: machine.OpSubF, token.MUL: machine.OpMulF, token.QUO: machine.OpDivF,
}

func (g *function) binop(b *ssa.BinOp) {
	dst := g.regs[b]
	switch b.Op {
	case token.EQL, token.NEQ:
		g.equal(dst, b.X, b.Y, b.Op == token.NEQ)
		return
	case token.LSS, token.LEQ, token.GTR, token.GEQ:
		g.order(dst, b)
		return
	case token.SHL, token.SHR:
		g.shift(dst, b)
		return
	}
	t := g.typ(b.Type())
	switch t.Class {
	case layout.Int:
		g.intOp(dst, b, t)
	case layout.Float:
		l, r := g.val(b.X), g.val(b.Y)
		g.emit(machine.Ins{Op: floatOps[b.Op], A: dst.N, B: l.N, C: r.N})
		if t.Size == 4 {
			g.emit(machine.Ins{Op: machine.OpF32, A: dst.N, B: dst.N})
		}
	case layout.Complex:
		g.complexOp(dst, b, t)
	case layout.String:
		l, r := g.val(b.X), g.val(b.Y)
		g.step(func(x *machine.Exec) machine.Status {
			a, b := x.Str(l), x.Str(r)
			n := len(a) + len(b)
			x.Spend(int64(n) / 16)
			if st := x.Charge(n); st != machine.Next {
				return st
			}
			x.SetStr(dst, a+b)
			return machine.Next
		})
	default:
		g.unsupported("operation %s", b)
	}
}

func (g *function) intOp(dst machine.Reg, b *ssa.BinOp, t *layout.Type) {
	switch b.Op {
	case token.QUO, token.REM:
		op := machine.OpDiv
		switch {
		case b.Op == token.QUO && !t.Signed():
			op = machine.OpDivU
		case b.Op == token.REM && t.Signed():
			op = machine.OpRem
		case b.Op == token.REM:
			op = machine.OpRemU
		}
		l, r := g.val(b.X), g.val(b.Y)
		g.emit(machine.Ins{Op: op, A: dst.N, B: l.N, C: r.N})
		g.extend(dst.N, t)
		return
	}
	if k, ok := g.smallConst(b.Y); ok && k != math.MinInt32 {
		op := immOps[b.Op]
		if b.Op == token.SUB {
			op, k = machine.OpAddI, -k
		}
		if op != 0 {
			l := g.val(b.X)
			g.emit(machine.Ins{Op: op, A: dst.N, B: l.N, C: k})
			g.extend(dst.N, t)
			return
		}
	}
	l, r := g.val(b.X), g.val(b.Y)
	g.emit(machine.Ins{Op: intOps[b.Op], A: dst.N, B: l.N, C: r.N})
	switch b.Op {
	case token.ADD, token.SUB, token.MUL:
		g.extend(dst.N, t)
	}
}

// extend brings a register's 64 bits back to what a value of t has.
func (g *function) extend(n int32, t *layout.Type) {
	var op machine.Op
	switch t.Kind {
	case reflect.Int8:
		op = machine.OpS8
	case reflect.Int16:
		op = machine.OpS16
	case reflect.Int32:
		op = machine.OpS32
	case reflect.Uint8:
		op = machine.OpU8
	case reflect.Uint16:
		op = machine.OpU16
	case reflect.Uint32:
		op = machine.OpU32
	default:
		return
	}
	g.emit(machine.Ins{Op: op, A: n, B: n})
}

func (g *function) shift(dst machine.Reg, b *ssa.BinOp) {
	t := g.typ(b.Type())
	if k, ok := g.smallConst(b.Y); ok && k >= 0 && k < 64 {
		l := g.val(b.X)
		op := machine.OpShlI
		if b.Op == token.SHR {
			op = pick(t.Signed(), machine.OpShrI, machine.OpShrUI)
		}
		g.emit(machine.Ins{Op: op, A: dst.N, B: l.N, C: k})
		g.extend(dst.N, t)
		return
	}
	l, r := g.val(b.X), g.val(b.Y)
	if g.typ(b.Y.Type()).Signed() {
		g.step(func(x *machine.Exec) machine.Status {
			if x.I(r.N) < 0 {
				return x.ThrowRuntime("negative shift amount")
			}
			return machine.Next
		})
	}
	op := machine.OpShl
	if b.Op == token.SHR {
		op = pick(t.Signed(), machine.OpShr, machine.OpShrU)
	}
	g.emit(machine.Ins{Op: op, A: dst.N, B: l.N, C: r.N})
	g.extend(dst.N, t)
}

func (g *function) equal(dst machine.Reg, x, y ssa.Value, not bool) {
	t := g.typ(x.Type())
	if yt := g.typ(y.Type()); yt.Class == layout.Interface && t.Class != layout.Interface {
		x, y, t = y, x, yt
	}
	l, r := g.val(x), g.val(y)
	if t.Class == layout.Interface && r.Class != layout.Interface {
		// A concrete value compared with an interface is converted first.
		conv := g.scratch(t)
		rt := g.typ(y.Type())
		g.step(func(x *machine.Exec) machine.Status {
			x.Set(conv, machine.Val{P: layoutPtr(rt), Q: machine.Box(rt, x.Get(r))})
			return machine.Next
		})
		r = conv
	}
	switch t.Class {
	case layout.Int:
		g.emit(machine.Ins{Op: pick(not, machine.OpNeN, machine.OpEqN), A: dst.N, B: l.N, C: r.N})
		return
	case layout.Float:
		g.emit(machine.Ins{Op: pick(not, machine.OpNeF, machine.OpEqF), A: dst.N, B: l.N, C: r.N})
		return
	case layout.Pointer:
		g.emit(machine.Ins{Op: pick(not, machine.OpNeP, machine.OpEqP), A: dst.N, B: l.P, C: r.P})
		return
	case layout.Slice: // only with nil
		g.emit(machine.Ins{Op: pick(not, machine.OpNeP, machine.OpEqP), A: dst.N, B: l.P, C: r.P})
		return
	}
	g.step(func(x *machine.Exec) (st machine.Status) {
		defer x.Comparing(&st)
		x.SetBool(dst.N, machine.EqualVal(t, x.Get(l), x.Get(r)) != not)
		return machine.Next
	})
}

func (g *function) order(dst machine.Reg, b *ssa.BinOp) {
	t := g.typ(b.X.Type())
	l, r := g.val(b.X), g.val(b.Y)
	op := b.Op
	if op == token.GTR || op == token.GEQ {
		l, r = r, l
		op = map[token.Token]token.Token{token.GTR: token.LSS, token.GEQ: token.LEQ}[op]
	}
	less := op == token.LSS
	switch t.Class {
	case layout.Int:
		o := pick(less, machine.OpLtU, machine.OpLeU)
		if t.Signed() {
			o = pick(less, machine.OpLt, machine.OpLe)
		}
		g.emit(machine.Ins{Op: o, A: dst.N, B: l.N, C: r.N})
	case layout.Float:
		g.emit(machine.Ins{Op: pick(less, machine.OpLtF, machine.OpLeF), A: dst.N, B: l.N, C: r.N})
	case layout.String:
		g.step(func(x *machine.Exec) machine.Status {
			x.SetBool(dst.N, less && x.Str(l) < x.Str(r) || !less && x.Str(l) <= x.Str(r))
			return machine.Next
		})
	default:
		g.unsupported("comparison %s", b)
	}
}

func (g *function) complexOp(dst machine.Reg, b *ssa.BinOp, t *layout.Type) {
	l, r := g.val(b.X), g.val(b.Y)
	op, small := b.Op, t.Size == 8
	g.step(func(x *machine.Exec) machine.Status {
		p, q := complex(x.F(l.N), x.F(l.N+8)), complex(x.F(r.N), x.F(r.N+8))
		switch op {
		case token.ADD:
			p += q
		case token.SUB:
			p -= q
		case token.MUL:
			p *= q
		case token.QUO:
			p /= q
		}
		setComplex(x, dst, p, small)
		return machine.Next
	})
}

func setComplex(x *machine.Exec, dst machine.Reg, c complex128, small bool) {
	if small {
		c = complex128(complex64(c))
	}
	x.SetF(dst.N, real(c))
	x.SetF(dst.N+8, imag(c))
}

func (g *function) unop(u *ssa.UnOp) {
	dst := g.regs[u]
	switch u.Op {
	case token.MUL:
		g.loadFrom(u)
		return
	case token.ARROW:
		g.recv(u)
		return
	}
	v := g.val(u.X)
	t := g.typ(u.Type())
	switch u.Op {
	case token.NOT:
		g.emit(machine.Ins{Op: machine.OpNot, A: dst.N, B: v.N})
	case token.XOR:
		g.emit(machine.Ins{Op: machine.OpInv, A: dst.N, B: v.N})
		g.extend(dst.N, t)
	case token.SUB:
		switch t.Class {
		case layout.Int:
			g.emit(machine.Ins{Op: machine.OpNeg, A: dst.N, B: v.N})
			g.extend(dst.N, t)
		case layout.Float:
			g.emit(machine.Ins{Op: machine.OpNegF, A: dst.N, B: v.N})
		default:
			g.emit(machine.Ins{Op: machine.OpNegF, A: dst.N, B: v.N})
			g.emit(machine.Ins{Op: machine.OpNegF, A: dst.N + 8, B: v.N + 8})
		}
	default:
		g.unsupported("operation %s", u)
	}
}

// convert carries a value to another representation.
func (g *function) convert(dst machine.Reg, v ssa.Value, to types.Type, at token.Pos) {
	from, t := g.typ(v.Type()), g.typ(to)
	src := g.val(v)
	switch {
	case from.Class == layout.Int && t.Class == layout.Int:
		g.mov(dst, src)
		g.extend(dst.N, t)
	case from.Class == layout.Int && t.Class == layout.Float:
		g.emit(machine.Ins{Op: pick(from.Signed(), machine.OpItoF, machine.OpUtoF), A: dst.N, B: src.N})
		if t.Size == 4 {
			g.intToFloat32(dst, src, from.Signed())
		}
	case from.Class == layout.Float && t.Class == layout.Int:
		g.floatToInt(dst, src, t)
	case from.Class == layout.Float && t.Class == layout.Float:
		if t.Size == 4 {
			g.emit(machine.Ins{Op: machine.OpF32, A: dst.N, B: src.N})
		} else {
			g.mov(dst, src)
		}
	case from.Class == layout.Complex && t.Class == layout.Complex:
		small := t.Size == 8
		g.step(func(x *machine.Exec) machine.Status {
			setComplex(x, dst, complex(x.F(src.N), x.F(src.N+8)), small)
			return machine.Next
		})
	case t.Class == layout.String:
		g.toString(dst, src, from)
	case from.Class == layout.String && t.Class == layout.Slice:
		g.fromString(dst, src, t, at)
	case t.Kind == reflect.UnsafePointer && from.Class == layout.Int: // uintptr → unsafe.Pointer
		g.step(func(x *machine.Exec) machine.Status {
			x.SetP(dst.P, x.M.Pointer(x.U(src.N)))
			return machine.Next
		})
	case from.Kind == reflect.UnsafePointer && t.Class == layout.Int:
		g.step(func(x *machine.Exec) machine.Status {
			x.SetU(dst.N, x.M.Address(x.P(src.P)))
			return machine.Next
		})
	case from.Class == t.Class:
		g.mov(dst, src)
	default:
		g.unsupported("conversion from %s to %s", from, t)
	}
}

// floatToInt truncates. Where the value does not fit, the result is what
// compiled Go gives on amd64: types of at most 16 bits, and int32, are made from
// 32 bits, uint32 from 64.
func (g *function) floatToInt(dst, src machine.Reg, t *layout.Type) {
	switch {
	case t.Size == 8 && !t.Signed():
		g.step(func(x *machine.Exec) machine.Status {
			const half = 1 << 63
			if f := x.F(src.N); f < half {
				x.SetI(dst.N, truncate(f))
			} else {
				x.SetU(dst.N, uint64(truncate(f-half))|half)
			}
			return machine.Next
		})
	case t.Size <= 2 || t.Kind == reflect.Int32:
		g.step(func(x *machine.Exec) machine.Status {
			i := truncate(x.F(src.N))
			if i != int64(int32(i)) {
				i = math.MinInt32
			}
			x.SetI(dst.N, i)
			return machine.Next
		})
		g.extend(dst.N, t)
	default:
		g.step(func(x *machine.Exec) machine.Status {
			x.SetI(dst.N, truncate(x.F(src.N)))
			return machine.Next
		})
		g.extend(dst.N, t)
	}
}

// truncate gives the smallest integer for what does not fit.
func truncate(f float64) int64 {
	if f >= -1<<63 && f < 1<<63 {
		return int64(f)
	}
	return math.MinInt64
}

// intToFloat32 rounds once, as Go does, not twice by way of float64.
func (g *function) intToFloat32(dst, src machine.Reg, signed bool) {
	g.step(func(x *machine.Exec) machine.Status {
		if signed {
			x.SetF(dst.N, float64(float32(x.I(src.N))))
		} else {
			x.SetF(dst.N, float64(float32(x.U(src.N))))
		}
		return machine.Next
	})
}

func (g *function) toString(dst, src machine.Reg, from *layout.Type) {
	switch {
	case from.Class == layout.Int:
		g.step(func(x *machine.Exec) machine.Status {
			r := rune(utf8.RuneError)
			if i := x.I(src.N); i >= 0 && i <= utf8.MaxRune {
				r = rune(i)
			}
			x.SetStr(dst, string(r))
			return machine.Next
		})
	case from.Class == layout.Slice && from.Elem.Size == 1:
		g.step(func(x *machine.Exec) machine.Status {
			n := int(x.I(src.N))
			if st := x.Charge(n); st != machine.Next {
				return st
			}
			x.SetStr(dst, string(unsafe.Slice((*byte)(x.P(src.P)), n)))
			return machine.Next
		})
	case from.Class == layout.Slice:
		g.step(func(x *machine.Exec) machine.Status {
			if st := x.Charge(utf8.UTFMax * int(x.I(src.N))); st != machine.Next {
				return st
			}
			x.SetStr(dst, string(unsafe.Slice((*rune)(x.P(src.P)), int(x.I(src.N)))))
			return machine.Next
		})
	case from.Class == layout.String:
		g.mov(dst, src)
	default:
		g.unsupported("conversion from %s to string", from)
	}
}

func (g *function) fromString(dst, src machine.Reg, t *layout.Type, at token.Pos) {
	bytes := t.Elem.Size == 1
	exact := !g.f.Library && g.c.Exact != nil && g.c.Exact(at)
	g.step(func(x *machine.Exec) machine.Status {
		s := x.Str(src)
		if st := x.Charge(len(s) * int(t.Elem.Size)); st != machine.Next {
			return st
		}
		if bytes {
			x.Set(dst, sliceVal([]byte(s), exact))
			return machine.Next
		}
		x.Set(dst, sliceVal([]rune(s), exact))
		return machine.Next
	})
}

func sliceVal[T any](s []T, exact bool) machine.Val {
	v := machine.Val{P: unsafe.Pointer(unsafe.SliceData(s)), N: uint64(len(s)), M: uint64(cap(s))}
	if exact {
		v.M = v.N
	}
	return v
}
