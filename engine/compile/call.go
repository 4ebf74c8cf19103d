package compile

import (
	"go/types"
	"unsafe"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/layout"
	"interleave/engine/machine"
)

// frameOf lays out the parameters and results of a call as seen from the
// callee's base. A method's receiver comes behind its other parameters: a call
// through an interface does not know how many registers it takes.
func (c *Compiler) frameOf(sig *types.Signature) (params, results []machine.Reg, size alloc) {
	var a alloc
	for i := range sig.Params().Len() {
		params = append(params, a.reg(c.Universe.Of(sig.Params().At(i).Type())))
	}
	results, r := c.results(sig)
	return params, results, alloc{max(a.n, r.n), max(a.p, r.p)}
}

// Frame lays out a function of the host that interpreted code calls with sig,
// with room for captured variables.
func (c *Compiler) Frame(name string, sig *types.Signature, free ...types.Type) *machine.Func {
	f := &machine.Func{Name: name, Recover: -1, Hidden: true, Free: len(free)}
	var a alloc
	for v := range sig.Params().Variables() {
		f.Params = append(f.Params, a.reg(c.Universe.Of(v.Type())))
	}
	for _, t := range free {
		f.Params = append(f.Params, a.reg(c.Universe.Of(t)))
	}
	results, r := c.results(sig)
	f.Results, f.N, f.P = results, max(a.n, r.n), max(a.p, r.p)
	return f
}

// reserve makes room for a call's arguments and results behind the frame.
func (g *function) reserve(size alloc) {
	g.f.OutN, g.f.OutP = max(g.f.OutN, size.n+4), max(g.f.OutP, size.p+2)
}

func out(r machine.Reg) machine.Reg {
	r.N += outgoing
	r.P += outgoing
	return r
}

func (g *function) call(call *ssa.Call) {
	com := call.Common()
	if b, ok := com.Value.(*ssa.Builtin); ok {
		g.builtin(call, b, com)
		return
	}
	if fn := com.StaticCallee(); fn != nil && !isClosure(com.Value) {
		f := g.c.Func(fn)
		for i, a := range com.Args {
			g.put(out(f.Params[i]), a)
		}
		g.reserve(alloc{f.N, f.P})
		g.f.Funcs = append(g.f.Funcs, f)
		g.emit(machine.Ins{Op: machine.OpCall, A: int32(len(g.f.Funcs) - 1)})
		g.results(call, f.Results)
		return
	}
	params, results, size := g.c.frameOf(com.Signature())
	for i, a := range com.Args {
		g.put(out(params[i]), a)
	}
	size.p += 2 // a receiver or captured variables follow; push makes room for more
	g.reserve(size)
	v := g.val(com.Value)
	if com.IsInvoke() {
		find := g.invokeSite(v, com.Method)
		g.step(func(x *machine.Exec) machine.Status {
			fn := find(x)
			if fn == nil {
				return x.ThrowNil()
			}
			return x.Invoke(fn, machine.Unbox((*layout.Type)(x.P(v.P)), x.P(v.P+8)))
		})
	} else {
		g.emit(machine.Ins{Op: machine.OpCallC, A: v.P})
	}
	g.results(call, results)
}

func isClosure(v ssa.Value) bool { _, ok := v.(*ssa.MakeClosure); return ok }

// results brings what a callee left at its base into the caller's registers.
func (g *function) results(call *ssa.Call, results []machine.Reg) {
	if call.Referrers() == nil || len(*call.Referrers()) == 0 {
		return
	}
	if len(results) == 1 {
		g.mov(g.regs[call], out(results[0]))
		return
	}
	for i, r := range results {
		g.mov(g.tuple(call, i), out(r))
	}
}

// target gives, at run time, the function and all arguments of a call that is
// to be made later, by go or defer. A nil function or interface makes no
// function: go and defer differ in when they panic.
func (g *function) target(com *ssa.CallCommon) func(x *machine.Exec) (*machine.Func, []machine.Val) {
	args := g.vals(com.Args)
	read := func(x *machine.Exec) []machine.Val {
		if len(args) == 0 {
			return nil
		}
		list := make([]machine.Val, len(args), len(args)+2)
		for i, r := range args {
			list[i] = x.Get(r)
		}
		return list
	}
	if b, ok := com.Value.(*ssa.Builtin); ok {
		f := g.builtinFunc(b, com)
		return func(x *machine.Exec) (*machine.Func, []machine.Val) { return f, read(x) }
	}
	if fn := com.StaticCallee(); fn != nil && !isClosure(com.Value) {
		f := g.c.Func(fn)
		return func(x *machine.Exec) (*machine.Func, []machine.Val) { return f, read(x) }
	}
	v := g.val(com.Value)
	if com.IsInvoke() {
		find := g.invokeSite(v, com.Method)
		return func(x *machine.Exec) (*machine.Func, []machine.Val) {
			fn := find(x)
			if fn == nil {
				return nil, nil
			}
			recv := machine.Unbox((*layout.Type)(x.P(v.P)), x.P(v.P+8))
			return fn, append([]machine.Val{recv}, read(x)...)
		}
	}
	return func(x *machine.Exec) (*machine.Func, []machine.Val) {
		c := (*machine.Closure)(x.P(v.P))
		if c == nil {
			return nil, nil
		}
		return c.ClosureArgs(read(x))
	}
}

func (g *function) goStmt(s *ssa.Go) {
	find := g.target(s.Common())
	isInvoke := s.Common().IsInvoke()
	g.step(func(x *machine.Exec) machine.Status {
		if !x.InOrder() {
			return machine.Again
		}
		fn, args := find(x)
		if fn == nil {
			if isInvoke {
				return x.ThrowNil()
			}
			return x.ThrowFatal("go of nil func value")
		}
		return x.Go(fn, args)
	})
}

func (g *function) deferStmt(d *ssa.Defer) {
	find := g.target(d.Common())
	isInvoke := d.Common().IsInvoke()
	var stack machine.Reg
	if d.DeferStack != nil {
		stack = g.val(d.DeferStack)
	}
	g.step(func(x *machine.Exec) machine.Status {
		fn, args := find(x)
		if fn == nil {
			if isInvoke {
				return x.ThrowNil()
			}
			fn = machine.NilCall // panics when it is called, as Go says
		}
		frame := x.FrameIndex()
		if d.DeferStack != nil {
			frame = *(*int)(x.P(stack.P))
		}
		if st := x.Charge(int(unsafe.Sizeof(machine.Deferred{})) + len(args)*int(unsafe.Sizeof(machine.Val{}))); st != machine.Next {
			return st
		}
		x.Defer(frame, fn, args)
		return machine.Next
	})
}

// builtinFunc makes a function of a built-in one, for go and defer.
func (g *function) builtinFunc(b *ssa.Builtin, com *ssa.CallCommon) *machine.Func {
	f := &machine.Func{Name: b.Name(), Recover: -1, Hidden: true}
	var a alloc
	for _, v := range com.Args {
		f.Params = append(f.Params, a.reg(g.typ(v.Type())))
	}
	f.N, f.P = a.n+4, a.p+2
	dst := machine.Reg{N: a.n * 8, P: a.p * 8}
	step := g.builtinStep(b.Name(), com, f.Params, dst)
	if step == nil {
		g.unsupported("go or defer of %s", b.Name())
	}
	f.Native = machine.Native(step)
	return f
}

func (g *function) builtin(call *ssa.Call, b *ssa.Builtin, com *ssa.CallCommon) {
	dst := g.regs[call]
	switch b.Name() {
	case "len":
		if r := g.val(com.Args[0]); r.Class == layout.String || r.Class == layout.Slice {
			g.emit(machine.Ins{Op: machine.OpMovN, A: dst.N, B: r.N})
			return
		}
	case "cap":
		if r := g.val(com.Args[0]); r.Class == layout.Slice {
			g.emit(machine.Ins{Op: machine.OpMovN, A: dst.N, B: r.N + 8})
			return
		}
	case "ssa:deferstack":
		g.step(func(x *machine.Exec) machine.Status {
			i := x.FrameIndex()
			x.SetP(dst.P, unsafe.Pointer(&i))
			return machine.Next
		})
		return
	}
	step := g.builtinStep(b.Name(), com, g.vals(com.Args), dst)
	if step == nil {
		g.unsupported("built-in function %s", b.Name())
	}
	g.step(step)
}
