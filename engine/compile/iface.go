package compile

import (
	"fmt"
	"go/types"
	"unsafe"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/layout"
	"interleave/engine/machine"
)

func (g *function) makeInterface(m *ssa.MakeInterface) {
	dst, v := g.regs[m], g.val(m.X)
	t := g.typ(m.X.Type())
	if t.Class == layout.Pointer || t.Class == layout.Aggregate {
		g.emit(machine.Ins{Op: machine.OpKP, A: dst.P, B: g.ptr(layoutPtr(t))})
		g.emit(machine.Ins{Op: machine.OpMovP, A: dst.P + 8, B: v.P})
		return
	}
	if k, ok := m.X.(*ssa.Const); ok && k.Value != nil {
		box := machine.Val{P: layoutPtr(t), Q: g.c.boxOf(t, k)}
		g.step(func(x *machine.Exec) machine.Status {
			x.Set(dst, box)
			return machine.Next
		})
		return
	}
	g.step(func(x *machine.Exec) machine.Status {
		x.Set(dst, machine.Val{P: layoutPtr(t), Q: machine.Box(t, x.Get(v))})
		return machine.Next
	})
}

// constantBox is a constant in an interface.
type constantBox struct {
	t     *layout.Type
	value string
}

// boxOf is the memory of a constant in interfaces: one for all places that have it, as in
// a compiled program, where a panic tells by its address whether it is the one before.
func (c *Compiler) boxOf(t *layout.Type, k *ssa.Const) unsafe.Pointer {
	key := constantBox{t, k.Value.ExactString()}
	box := c.boxes[key]
	if box == nil {
		box = machine.Box(t, constantVal(t, k.Value))
		c.boxes[key] = box
	}
	return box
}

// typeAssert is x.(T), with or without ok.
func (g *function) typeAssert(a *ssa.TypeAssert) {
	src := g.val(a.X)
	t, from := g.typ(a.AssertedType), g.typ(a.X.Type())
	var dst, ok machine.Reg
	if a.CommaOk {
		dst, ok = g.tuple(a, 0), g.tuple(a, 1)
	} else {
		dst = g.regs[a]
	}
	c := g.c
	toInterface := types.IsInterface(t.Go)
	check := nilCheck(a)
	g.step(func(x *machine.Exec) machine.Status {
		v := x.Get(src)
		var dyn *layout.Type
		if v.P != nil {
			dyn = (*layout.Type)(v.P)
		}
		var is bool
		if toInterface {
			is = dyn != nil && c.Implements(dyn, t)
		} else {
			is = dyn == t
			if is {
				v = machine.Unbox(t, v.Q)
			}
		}
		if a.CommaOk {
			if !is {
				v = machine.Zero(t)
			}
			x.Set(dst, v)
			x.SetBool(ok.N, is)
			return machine.Next
		}
		if !is {
			if check {
				return x.ThrowNil()
			}
			return x.ThrowAssertion(assertError(from, t, dyn, toInterface))
		}
		x.Set(dst, v)
		return machine.Next
	})
}

// assertError gives the words of runtime.TypeAssertionError.
func assertError(from, to, dyn *layout.Type, toInterface bool) string {
	name := func(t *layout.Type) string {
		if i, ok := t.Go.(*types.Interface); ok && i.Empty() {
			return "interface {}"
		}
		return layout.TypeString(t.Go)
	}
	iface := "interface"
	if from != nil {
		iface = name(from)
	}
	if dyn == nil {
		return fmt.Sprintf("interface conversion: %s is nil, not %s", ifaceWord(iface, toInterface), name(to))
	}
	if toInterface {
		m, _ := types.MissingMethod(dyn.Go, to.Go.Underlying().(*types.Interface), true)
		missing := ""
		if m != nil {
			missing = m.Name()
		}
		return fmt.Sprintf("interface conversion: %s is not %s: missing method %s", name(dyn), name(to), missing)
	}
	if name(dyn) == name(to) {
		return fmt.Sprintf("interface conversion: %s is %s, not %s (types from different scopes)", iface, name(dyn), name(to))
	}
	return fmt.Sprintf("interface conversion: %s is %s, not %s", iface, name(dyn), name(to))
}

// ifaceWord: an assertion of nil to an interface type names no static type.
func ifaceWord(iface string, toInterface bool) string {
	if toInterface {
		return "interface"
	}
	return iface
}

// invoke finds the function of an interface's method call.
func (g *function) invokeSite(recv machine.Reg, m *types.Func) func(x *machine.Exec) *machine.Func {
	c := g.c
	var known [4]struct { // the types met last
		t  *layout.Type
		fn *machine.Func
	}
	oldest := 0
	generation := c.generation
	return func(x *machine.Exec) *machine.Func {
		t := (*layout.Type)(x.P(recv.P))
		if t == nil {
			return nil
		}
		if generation != c.generation {
			clear(known[:])
			generation = c.generation
		}
		for i := range known {
			if known[i].t == t {
				return known[i].fn
			}
		}
		fn := c.Method(t, m)
		known[oldest].t, known[oldest].fn = t, fn
		oldest = (oldest + 1) % len(known)
		return fn
	}
}
