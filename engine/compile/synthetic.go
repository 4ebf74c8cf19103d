package compile

import (
	"go/constant"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
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

// rangeFuncErrors are the run-time errors of range-over-func loops, by the
// words that the SSA form has for them.
var rangeFuncErrors = map[string]string{
	"yield function called after range loop exit": "range function continued iteration after function for loop body returned false",
	"iterator call did not preserve panic":        "range function recovered a loop body panic and did not resume panicking",
}

// rangeFuncError gives the run-time error that a panic without a place in the
// source stands for.
func rangeFuncError(i *ssa.Panic) (string, bool) {
	box, ok := i.X.(*ssa.MakeInterface)
	if !ok || i.Pos().IsValid() {
		return "", false
	}
	k, ok := box.X.(*ssa.Const)
	if !ok || k.Value == nil || k.Value.Kind() != constant.String {
		return "", false
	}
	text, ok := rangeFuncErrors[constant.StringVal(k.Value)]
	return text, ok
}

// nilCheck tells whether an assertion only makes sure that the operand of a
// method value is not nil.
func nilCheck(a *ssa.TypeAssert) bool {
	return !a.CommaOk && len(*a.Referrers()) == 0 && types.Identical(a.X.Type(), a.AssertedType)
}
