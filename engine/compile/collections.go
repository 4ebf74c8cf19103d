package compile

import (
	"go/token"
	"go/types"
	"unicode/utf8"
	"unsafe"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/layout"
	"interleave/engine/machine"
)

func (g *function) makeMap(m *ssa.MakeMap) {
	dst := g.regs[m]
	t := g.typ(m.Type())
	var room machine.Reg
	if m.Reserve != nil {
		room = g.val(m.Reserve)
	}
	g.step(func(x *machine.Exec) machine.Status {
		n := 0
		if m.Reserve != nil {
			n = max(int(x.I(room.N)), 0)
		}
		x.SetP(dst.P, unsafe.Pointer(x.M.NewMap(t.Key, t.Elem, n)))
		return machine.Next
	})
}

func (g *function) makeChan(m *ssa.MakeChan) {
	dst, size := g.regs[m], g.val(m.Size)
	elem := g.typ(m.Type()).Elem
	g.step(func(x *machine.Exec) machine.Status {
		c, st := x.MakeChan(elem, x.I(size.N))
		if st == machine.Next {
			x.SetP(dst.P, unsafe.Pointer(c))
		}
		return st
	})
}

func (g *function) makeClosure(m *ssa.MakeClosure) {
	dst := g.regs[m]
	fn := g.c.Func(m.Fn.(*ssa.Function))
	free := g.vals(m.Bindings)
	g.step(func(x *machine.Exec) machine.Status {
		c := machine.NewClosure(fn, len(free))
		for i, r := range free {
			c.Free[i] = x.Get(r)
		}
		x.SetP(dst.P, unsafe.Pointer(c))
		return machine.Next
	})
}

// vals gives the registers of several values.
func (g *function) vals(list []ssa.Value) []machine.Reg {
	regs := make([]machine.Reg, len(list))
	for i, v := range list {
		regs[i] = g.val(v)
	}
	return regs
}

// lookup is m[k].
func (g *function) lookup(l *ssa.Lookup) {
	m, k := g.val(l.X), g.val(l.Index)
	t := g.typ(l.X.Type())
	var dst, ok machine.Reg
	if l.CommaOk {
		dst, ok = g.tuple(l, 0), g.tuple(l, 1)
	} else {
		dst = g.regs[l]
	}
	assigns, use := assigned(l), machine.MapRead
	if assigns {
		use = machine.MapWrite
	}
	g.step(func(x *machine.Exec) (st machine.Status) {
		defer x.Comparing(&st)
		h := (*machine.Map)(x.P(m.P))
		if st := x.UseMap(h, use); st != machine.Next {
			return st
		}
		switch {
		case assigns && h != nil:
			machine.HashKey(t.Key, x.Get(k))
		case h == nil && !assigns:
			machine.CheckKey(t.Key, x.Get(k))
		}
		v, found := h.Get(x.Get(k))
		if !found {
			v = machine.Zero(t.Elem)
		}
		x.Set(dst, v)
		if l.CommaOk {
			x.SetBool(ok.N, found)
		}
		return machine.Next
	})
}

// assigned tells whether m[k] is read for m[k] op= v, or for m[k] = append(m[k], …),
// which the compiler makes a single assignment: another goroutine's write, or a key
// without a hash, is then said to be in the way of one.
func assigned(l *ssa.Lookup) bool {
	op, ok := only(l).(ssa.Value)
	if !ok {
		return false
	}
	switch op := op.(type) {
	case *ssa.BinOp:
	case *ssa.Call:
		b, ok := op.Call.Value.(*ssa.Builtin)
		if !ok || b.Name() != "append" || op.Call.Args[0] != ssa.Value(l) {
			return false
		}
	default:
		return false
	}
	u, ok := only(op).(*ssa.MapUpdate)
	return ok && u.Value == op && sameOperand(u.Map, l.X) && sameOperand(u.Key, l.Index)
}

// sameOperand tells whether two values come from the same expression, written twice.
func sameOperand(a, b ssa.Value) bool {
	switch a := a.(type) {
	case *ssa.Const:
		b, ok := b.(*ssa.Const)
		return ok && types.Identical(a.Type(), b.Type()) && a.Value != nil && b.Value != nil && a.Value.ExactString() == b.Value.ExactString()
	case *ssa.UnOp:
		b, ok := b.(*ssa.UnOp)
		return ok && (a == b || a.Op == token.MUL && b.Op == token.MUL && sameOperand(a.X, b.X))
	case *ssa.FieldAddr:
		b, ok := b.(*ssa.FieldAddr)
		return ok && (a == b || a.Field == b.Field && sameOperand(a.X, b.X))
	}
	return a == b
}

func (g *function) mapUpdate(u *ssa.MapUpdate) {
	m, k, v := g.val(u.Map), g.val(u.Key), g.val(u.Value)
	g.step(func(x *machine.Exec) (st machine.Status) {
		defer x.Comparing(&st)
		h := (*machine.Map)(x.P(m.P))
		if h == nil {
			return x.ThrowPlain("assignment to entry in nil map")
		}
		if st := x.UseMap(h, machine.MapWrite); st != machine.Next {
			return st
		}
		return x.Put(h, x.Get(k), x.Get(v))
	})
}

func (g *function) rangeOver(r *ssa.Range) {
	dst, src := g.regs[r], g.val(r.X)
	if g.typ(r.X.Type()).Class == layout.String {
		g.step(func(x *machine.Exec) machine.Status {
			x.SetP(dst.P, unsafe.Pointer(&machine.Iter{Str: x.Str(src)}))
			return machine.Next
		})
		return
	}
	g.step(func(x *machine.Exec) machine.Status {
		x.SetP(dst.P, unsafe.Pointer((*machine.Map)(x.P(src.P)).Iterate(x.M.Rand())))
		return machine.Next
	})
}

func (g *function) next(n *ssa.Next) {
	it := g.regs[n.Iter]
	ok := g.tuple(n, 0)
	t := n.Type().(*types.Tuple)
	hasKey := t.At(1).Type() != types.Typ[types.Invalid]
	hasVal := t.At(2).Type() != types.Typ[types.Invalid]
	key, val := g.tuple(n, 1), g.tuple(n, 2)
	if n.IsString {
		g.step(func(x *machine.Exec) machine.Status {
			i := (*machine.Iter)(x.P(it.P))
			if i.At >= len(i.Str) {
				x.SetBool(ok.N, false)
				return machine.Next
			}
			r, size := utf8.DecodeRuneInString(i.Str[i.At:])
			x.SetBool(ok.N, true)
			if hasKey {
				x.SetI(key.N, int64(i.At))
			}
			if hasVal {
				x.SetI(val.N, int64(r))
			}
			x.KeepIter(i)
			i.At += size
			return machine.Next
		})
		return
	}
	g.step(func(x *machine.Exec) machine.Status {
		i := (*machine.Iter)(x.P(it.P))
		if st := x.UseMap(i.Map(), machine.MapRange); st != machine.Next {
			return st
		}
		x.KeepIter(i)
		k, v, more := i.Next()
		x.SetBool(ok.N, more)
		if more && hasKey {
			x.Set(key, k)
		}
		if more && hasVal {
			x.Set(val, v)
		}
		return machine.Next
	})
}

func (g *function) send(s *ssa.Send) {
	ch, v := g.val(s.Chan), g.val(s.X)
	g.step(func(x *machine.Exec) machine.Status {
		return x.Send((*machine.Chan)(x.P(ch.P)), x.Get(v))
	})
}

func (g *function) recv(u *ssa.UnOp) {
	ch := g.val(u.X)
	var dst, ok machine.Reg
	if u.CommaOk {
		dst, ok = g.tuple(u, 0), g.tuple(u, 1)
	} else {
		dst = g.regs[u]
	}
	g.step(func(x *machine.Exec) machine.Status {
		return x.Recv((*machine.Chan)(x.P(ch.P)), &dst, ok)
	})
}

// selects lays its tuple out as index, ok, and one value for each receive.
func (g *function) selects(s *ssa.Select) {
	type state struct {
		ch, val machine.Reg
		send    bool
		recv    machine.Reg // where a received value goes; Class None for a send
	}
	states := make([]state, len(s.States))
	at := 2
	for i, st := range s.States {
		states[i].ch = g.val(st.Chan)
		if st.Dir == types.SendOnly {
			states[i].send, states[i].val = true, g.val(st.Send)
		} else {
			states[i].recv = g.tuple(s, at)
			at++
		}
	}
	index, okReg := g.tuple(s, 0), g.tuple(s, 1)
	g.step(func(x *machine.Exec) machine.Status {
		cases := make([]machine.Case, len(states))
		for i, st := range states {
			cases[i] = machine.Case{Chan: (*machine.Chan)(x.P(st.ch.P)), Send: st.send}
			if st.send {
				cases[i].Val = x.Get(st.val)
			}
		}
		return x.Select(cases, s.Blocking, func(x *machine.Exec, i int, v machine.Val, ok bool) {
			x.SetI(index.N, int64(i))
			x.SetBool(okReg.N, ok)
			for j, st := range states {
				switch {
				case st.send:
				case j == i:
					x.Set(st.recv, v)
				default: // other cases' values are zero
					x.Set(st.recv, machine.Zero(st.recv.T))
				}
			}
		})
	})
}
