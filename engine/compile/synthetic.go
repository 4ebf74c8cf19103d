package compile

import (
	"go/constant"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/machine"
)

// wrapper tells whether a function only passes a call on to a method.
func wrapper(fn *ssa.Function) bool {
	for _, kind := range []string{"wrapper for ", "thunk for ", "bound method wrapper for ", "instantiation wrapper of "} {
		if strings.HasPrefix(fn.Synthetic, kind) {
			return true
		}
	}
	return false
}

// lateDefers is the instruction of a returning block before which deferred
// calls must run: where the results are read from memory. It is -1 unless all
// the function's defer statements stand in the bodies of range-over-func loops:
// for such a function the SSA form has no RunDefers.
func (g *function) lateDefers(b *ssa.BasicBlock) int {
	last := len(b.Instrs) - 1
	ret, ok := b.Instrs[last].(*ssa.Return)
	if !ok || b == g.fn.Recover || !g.lendsDefers() {
		return -1
	}
	for last > 0 {
		load, ok := b.Instrs[last-1].(*ssa.UnOp)
		if !ok {
			break
		}
		if _, ok := load.X.(*ssa.Alloc); !ok || only(load) != ret {
			break
		}
		last--
	}
	return last
}

func (g *function) lendsDefers() bool {
	lends := false
	for _, b := range g.fn.Blocks {
		for _, ins := range b.Instrs {
			switch i := ins.(type) {
			case *ssa.RunDefers:
				return false
			case *ssa.Call:
				f, ok := i.Call.Value.(*ssa.Builtin)
				lends = lends || ok && f.Name() == "ssa:deferstack"
			}
		}
	}
	return lends
}

// The words of the SSA form for a body that is called when its loop does not
// wait for it, and for a loop whose iterator returned while the body had not.
const (
	bodyCalled = "yield function called after range loop exit"
	bodyLost   = "iterator call did not preserve panic"
)

// loopBusy and loopDone are states of a range-over-func loop in the SSA form:
// its body runs, and nothing can run it again. Ready is 0, and a loop that its
// body left has the positive number of the way out.
const (
	loopBusy = -1
	loopDone = -2
)

// rangeFuncPanic compiles a panic of the SSA form without a place in the source: a
// run-time error of a range-over-func loop.
func (g *function) rangeFuncPanic(i *ssa.Panic) bool {
	box, ok := i.X.(*ssa.MakeInterface)
	if !ok || i.Pos().IsValid() {
		return false
	}
	k, ok := box.X.(*ssa.Const)
	if !ok || k.Value == nil || k.Value.Kind() != constant.String {
		return false
	}
	switch constant.StringVal(k.Value) {
	case bodyLost:
		g.step(func(x *machine.Exec) machine.Status {
			return x.ThrowRuntime("range function recovered a loop body panic and did not resume panicking")
		})
	case bodyCalled:
		load := loopState(i.Block()).(*ssa.UnOp)
		g.setLoopState(load, loopBusy) // the iterator must not recover from it
		state := g.val(load)
		g.step(func(x *machine.Exec) machine.Status {
			return x.ThrowRuntime("range function continued iteration after " + endOfLoop(x.I(state.N)))
		})
	default:
		return false
	}
	return true
}

func endOfLoop(state int64) string {
	switch state {
	case loopBusy:
		return "loop body panic"
	case loopDone:
		return "whole loop exit"
	}
	return "function for loop body returned false"
}

// loopState is the state of a loop that the only way to a block has compared.
func loopState(b *ssa.BasicBlock) ssa.Value {
	from := b.Preds[0]
	return from.Instrs[len(from.Instrs)-1].(*ssa.If).Cond.(*ssa.BinOp).X
}

// leaveLoop marks a range-over-func loop as done whose iterator has returned after
// the body left it; the SSA form keeps the number of the way out.
func (g *function) leaveLoop(b *ssa.BasicBlock) {
	if b.Comment != "rangefunc.resume.exits" {
		return
	}
	g.temp = g.a
	g.setLoopState(loopState(b).(*ssa.UnOp), loopDone)
}

// setLoopState writes where a state was read.
func (g *function) setLoopState(load *ssa.UnOp, state int64) {
	p, off := g.place(load.X)
	g.access(storeOp(g.typ(load.Type())), g.val(ssa.NewConst(constant.MakeInt64(state), load.Type())), p, off)
}

// nilCheck tells whether an assertion only makes sure that the operand of a
// method value is not nil.
func nilCheck(a *ssa.TypeAssert) bool {
	return !a.CommaOk && len(*a.Referrers()) == 0 && types.Identical(a.X.Type(), a.AssertedType)
}
