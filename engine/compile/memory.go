package compile

import (
	"fmt"
	"go/types"
	"strconv"
	"unsafe"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/layout"
	"interleave/engine/machine"
)

// loadOps and storeOps carry memory to registers and back, by kind.
func loadOp(t *layout.Type) machine.Op {
	switch t.Class {
	case layout.Int:
		s := t.Signed()
		switch t.Size {
		case 1:
			return pick(s, machine.OpLdI8, machine.OpLdU8)
		case 2:
			return pick(s, machine.OpLdI16, machine.OpLdU16)
		case 4:
			return pick(s, machine.OpLdI32, machine.OpLdU32)
		}
		return machine.OpLd64
	case layout.Float:
		return pick(t.Size == 4, machine.OpLdF32, machine.OpLd64)
	case layout.Pointer:
		return machine.OpLdP
	case layout.String:
		return machine.OpLdPN
	case layout.Interface:
		return machine.OpLdPP
	case layout.Slice:
		return machine.OpLdSl
	}
	return 0
}

func storeOp(t *layout.Type) machine.Op {
	switch t.Class {
	case layout.Int:
		switch t.Size {
		case 1:
			return machine.OpSt8
		case 2:
			return machine.OpSt16
		case 4:
			return machine.OpSt32
		}
		return machine.OpSt64
	case layout.Float:
		return pick(t.Size == 4, machine.OpStF32, machine.OpSt64)
	case layout.Pointer:
		return machine.OpStP
	case layout.String:
		return machine.OpStPN
	case layout.Interface:
		return machine.OpStPP
	case layout.Slice:
		return machine.OpStSl
	}
	return 0
}

// place is the operand of a load or store: a pointer register and an offset.
func (g *function) place(addr ssa.Value) (p, off int32) {
	if f, ok := addr.(*ssa.FieldAddr); ok && g.fused[f] {
		st := g.typ(deref(f.X.Type()))
		return g.val(f.X).P, int32(st.Fields[f.Field].Offset)
	}
	return g.val(addr).P, 0
}

// access emits a load or store between registers and memory.
func (g *function) access(op machine.Op, r machine.Reg, p, off int32) {
	i := machine.Ins{Op: op, A: r.N, B: p, C: off, D: r.N}
	switch r.Class {
	case layout.Pointer, layout.String, layout.Interface, layout.Slice:
		i.A = r.P
	}
	g.emit(i)
}

func (g *function) loadFrom(u *ssa.UnOp) {
	dst := g.regs[u]
	if a, ok := u.X.(*ssa.IndexAddr); ok && g.fused[a] {
		g.element(g.elementOp(a, false), dst, a)
		return
	}
	t := g.typ(u.Type())
	if g.holdsPointer(t, u.X) {
		g.loadAddress(dst, g.val(u.X))
		return
	}
	if op := loadOp(t); op != 0 {
		p, off := g.place(u.X)
		g.access(op, dst, p, off)
		return
	}
	var words []uintptr
	if t.Class == layout.Aggregate {
		words = g.overlaid(t, u.X)
	}
	p := g.val(u.X)
	g.step(func(x *machine.Exec) machine.Status {
		m := x.P(p.P)
		if machine.Null(m) {
			return x.ThrowNil()
		}
		if x.Watch(m, t.Size, false) {
			return machine.Again
		}
		v := machine.Load(t, m)
		for _, w := range words { // v is a copy, its words are plain numbers
			*(*uint64)(unsafe.Add(v.P, w)) = x.M.Address(*(*unsafe.Pointer)(unsafe.Add(m, w)))
		}
		x.Set(dst, v)
		return machine.Next
	})
}

func (g *function) store(s *ssa.Store) {
	if f, ok := s.Addr.(*ssa.FieldAddr); ok && g.typ(deref(f.X.Type())).Fields[f.Field].Name == "_" {
		return // a literal gives it a value, which nobody can read
	}
	t := g.typ(deref(s.Addr.Type()))
	if a, ok := s.Addr.(*ssa.IndexAddr); ok && g.fused[a] {
		g.element(g.elementOp(a, true), g.val(s.Val), a)
		return
	}
	v := g.val(s.Val)
	if g.holdsPointer(t, s.Addr) {
		g.storeAddress(v, g.val(s.Addr))
		return
	}
	if op := storeOp(t); op != 0 {
		p, off := g.place(s.Addr)
		g.access(op, v, p, off)
		return
	}
	p := g.val(s.Addr)
	g.step(func(x *machine.Exec) machine.Status {
		m := x.P(p.P)
		if machine.Null(m) {
			return x.ThrowNil()
		}
		if x.Watch(m, t.Size, true) {
			return machine.Again
		}
		x.Overwrite(t, m, 1)
		machine.Store(t, m, x.Get(v))
		return machine.Next
	})
}

// element emits a fused load or store of a slice's element.
func (g *function) element(op machine.Op, r machine.Reg, a *ssa.IndexAddr) {
	s, k := g.val(a.X), g.val(a.Index)
	i := machine.Ins{Op: op, A: r.N, B: s.P, C: k.N, D: s.N}
	if r.Class == layout.Pointer {
		i.A = r.P
	}
	g.indexed(g.emit(i), a.Index)
}

// indexed notes the type of an index, for the words of a panic.
func (g *function) indexed(ins int, index ssa.Value) {
	if g.unsigned(index) {
		g.f.Unsigned = append(g.f.Unsigned, int32(ins))
	}
}

// unsigned tells whether a value may be a number beyond the largest int.
func (g *function) unsigned(v ssa.Value) bool {
	t := g.typ(v.Type())
	return t.Class == layout.Int && t.Size == 8 && !t.Signed()
}

func (g *function) fieldAddr(f *ssa.FieldAddr) {
	st := g.typ(deref(f.X.Type()))
	g.emit(machine.Ins{Op: machine.OpField, A: g.regs[f].P, B: g.val(f.X).P, C: int32(st.Fields[f.Field].Offset)})
}

func (g *function) field(f *ssa.Field) {
	dst, src := g.regs[f], g.val(f.X)
	fl := g.typ(f.X.Type()).Fields[f.Field]
	g.step(func(x *machine.Exec) machine.Status {
		x.Set(dst, machine.Load(fl.Type, unsafe.Add(x.P(src.P), fl.Offset)))
		return machine.Next
	})
}

func (g *function) indexAddr(i *ssa.IndexAddr) {
	dst, k := g.regs[i], g.val(i.Index)
	base := g.val(i.X)
	elem, unsigned := g.typ(deref(i.Type())), g.unsigned(i.Index)
	if _, ok := i.X.Type().Underlying().(*types.Slice); ok {
		if elem.Size < 1<<16 {
			g.indexed(g.emit(machine.Ins{Op: machine.OpIdx, X: uint16(elem.Size), A: dst.P, B: base.P, C: k.N, D: base.N}), i.Index)
			return
		}
		g.step(func(x *machine.Exec) machine.Status {
			if x.U(k.N) >= x.U(base.N) {
				return x.ThrowIndex(x.I(k.N), x.I(base.N), unsigned)
			}
			x.SetP(dst.P, unsafe.Add(x.P(base.P), uintptr(x.U(k.N))*elem.Size))
			return machine.Next
		})
		return
	}
	n := int64(g.typ(deref(i.X.Type())).Len)
	g.step(func(x *machine.Exec) machine.Status {
		b := x.P(base.P)
		if machine.Null(b) {
			return x.ThrowNil()
		}
		if j := x.I(k.N); j < 0 || j >= n {
			return x.ThrowIndex(j, n, unsigned)
		}
		x.SetP(dst.P, unsafe.Add(b, uintptr(x.I(k.N))*elem.Size))
		return machine.Next
	})
}

// index is x[i] of an array that has no address, or of a string.
func (g *function) index(i *ssa.Index) {
	dst, src, k := g.regs[i], g.val(i.X), g.val(i.Index)
	t, unsigned := g.typ(i.X.Type()), g.unsigned(i.Index)
	if t.Class == layout.String {
		g.indexed(g.emit(machine.Ins{Op: machine.OpLdS, A: dst.N, B: src.P, C: k.N, D: src.N}), i.Index)
		return
	}
	g.step(func(x *machine.Exec) machine.Status {
		j := x.I(k.N)
		if j < 0 || j >= int64(t.Len) {
			return x.ThrowIndex(j, int64(t.Len), unsigned)
		}
		x.Set(dst, machine.Load(t.Elem, unsafe.Add(x.P(src.P), uintptr(j)*t.Elem.Size)))
		return machine.Next
	})
}

// slice is x[low:high:max].
func (g *function) slice(s *ssa.Slice) {
	dst, src := g.regs[s], g.val(s.X)
	t := g.typ(s.X.Type())
	var low, high, most machine.Reg
	has := func(v ssa.Value, r *machine.Reg) bool {
		if v == nil {
			return false
		}
		*r = g.val(v)
		return true
	}
	hasLow, hasHigh, hasMax := has(s.Low, &low), has(s.High, &high), has(s.Max, &most)
	unsigned := [3]bool{hasLow && g.unsigned(s.Low), hasHigh && g.unsigned(s.High), hasMax && g.unsigned(s.Max)}
	isString := t.Class == layout.String
	isArray := t.Class == layout.Pointer
	var elem *layout.Type
	switch {
	case isArray:
		elem = t.Elem.Elem
	case !isString:
		elem = t.Elem
	}
	array, made := s.X.(*ssa.Alloc) // make with a constant capacity is made so
	made = made && array.Comment == "makeslice"
	g.step(func(x *machine.Exec) machine.Status {
		base := x.P(src.P)
		var length, capacity int64
		switch {
		case isArray:
			if machine.Null(base) {
				return x.ThrowNil()
			}
			length, capacity = int64(t.Elem.Len), int64(t.Elem.Len)
		case isString:
			length = x.I(src.N)
			capacity = length
		default:
			length, capacity = x.I(src.N), x.I(src.N+8)
		}
		i, j, k := int64(0), length, capacity
		if hasLow {
			i = x.I(low.N)
		}
		if hasHigh {
			j = x.I(high.N)
		}
		if hasMax {
			k = x.I(most.N)
		}
		if msg := sliceError(bound{i, unsigned[0]}, bound{j, unsigned[1]}, bound{k, unsigned[2]}, capacity, hasMax, isString || isArray); msg != "" {
			if made {
				msg = makeError(j)
			}
			return x.ThrowRuntime(msg)
		}
		if isString {
			x.SetStr(dst, x.Str(src)[i:j])
			return machine.Next
		}
		if k-i > 0 && elem.Size > 0 {
			base = unsafe.Add(base, uintptr(i)*elem.Size)
		}
		x.Set(dst, machine.Val{P: base, N: uint64(j - i), M: uint64(k - i)})
		return machine.Next
	})
}

// bound is an operand of a slice expression.
type bound struct {
	n        int64
	unsigned bool
}

func (b bound) String() string {
	if b.unsigned {
		return strconv.FormatUint(uint64(b.n), 10)
	}
	return strconv.FormatInt(b.n, 10)
}

func (b bound) negative() bool { return b.n < 0 && !b.unsigned }

// beyond tells whether b is greater than n, which is not negative.
func (b bound) beyond(n int64) bool { return b.n > n || b.n < 0 && b.unsigned }

// sliceError gives the words of Go's run-time error for bounds out of range.
func sliceError(i, j, k bound, capacity int64, hasMax, fixed bool) string {
	of := "capacity"
	if fixed {
		of = "length"
	}
	out := "slice bounds out of range "
	if hasMax {
		switch {
		case k.negative():
			return out + fmt.Sprintf("[::%s]", k)
		case k.beyond(capacity):
			return out + fmt.Sprintf("[::%s] with %s %d", k, of, capacity)
		case j.negative():
			return out + fmt.Sprintf("[:%s:]", j)
		case j.beyond(k.n):
			return out + fmt.Sprintf("[:%s:%s]", j, k)
		case i.negative():
			return out + fmt.Sprintf("[%s::]", i)
		case i.beyond(j.n):
			return out + fmt.Sprintf("[%s:%s:]", i, j)
		}
		return ""
	}
	switch {
	case j.negative():
		return out + fmt.Sprintf("[:%s]", j)
	case j.beyond(capacity):
		return out + fmt.Sprintf("[:%s] with %s %d", j, of, capacity)
	case i.negative():
		return out + fmt.Sprintf("[%s:]", i)
	case i.beyond(j.n):
		return out + fmt.Sprintf("[%s:%s]", i, j)
	}
	return ""
}

// makeError gives the words for a length that does not fit a capacity.
func makeError(length int64) string {
	if length < 0 {
		return "makeslice: len out of range"
	}
	return "makeslice: cap out of range"
}

func (g *function) sliceToArray(s *ssa.SliceToArrayPointer) {
	dst, src := g.regs[s], g.val(s.X)
	n := int64(g.typ(deref(s.Type())).Len)
	g.step(func(x *machine.Exec) machine.Status {
		if l := x.I(src.N); l < n {
			return x.ThrowRuntime(fmt.Sprintf("cannot convert slice with length %d to array or pointer to array with length %d", l, n))
		}
		x.SetP(dst.P, x.P(src.P))
		return machine.Next
	})
}

func (g *function) makeSlice(m *ssa.MakeSlice) {
	dst, length, capacity := g.regs[m], g.val(m.Len), g.val(m.Cap)
	elem := g.typ(m.Type()).Elem
	g.step(func(x *machine.Exec) machine.Status {
		l, c := x.I(length.N), x.I(capacity.N)
		const most = 1 << 47
		if l < 0 || elem.Size > 0 && uint64(l) > most/uint64(elem.Size) {
			return x.ThrowRuntime("makeslice: len out of range")
		}
		if c < l || elem.Size > 0 && uint64(c) > most/uint64(elem.Size) {
			return x.ThrowRuntime("makeslice: cap out of range")
		}
		if st := x.Charge(int(c) * int(elem.Size)); st != machine.Next {
			return st
		}
		x.Set(dst, machine.Val{P: elem.NewArray(int(c)), N: uint64(l), M: uint64(c)})
		return machine.Next
	})
}
