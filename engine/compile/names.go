package compile

import (
	"go/token"
	"go/types"
	"math"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/layout"
	"interleave/engine/machine"
)

// namedValue is a value whose place is known while it lives.
type namedValue struct {
	machine.Named
	block *ssa.BasicBlock
	from  int32 // the instruction behind its definition
}

// name notes a value that has just been defined, in one of the learner's own functions:
// a variable's memory by the variable's name, all else that can lead to memory without one.
func (g *function) name(v ssa.Value) {
	if g.f.Library {
		return
	}
	note := func(name string, r machine.Reg, ref bool) {
		g.named = append(g.named, namedValue{machine.Named{Name: name, Reg: r, Ref: ref}, v.(ssa.Instruction).Block(), int32(len(g.f.Code))})
	}
	if a, ok := v.(*ssa.Alloc); ok && token.IsIdentifier(a.Comment) && !unnamed[a.Comment] {
		note(a.Comment, g.regs[v], true)
		return
	}
	list := []machine.Reg{g.regs[v]}
	if t, ok := v.Type().(*types.Tuple); ok {
		list = nil
		for i := range t.Len() {
			list = append(list, g.tuple(v, i))
		}
	}
	for _, r := range list {
		if r.T != nil && len(r.T.Pointers) > 0 && r.Class != layout.String {
			note("", r, false)
		}
	}
}

// unnamed are the comments of allocations that belong to no variable.
var unnamed = map[string]bool{"complit": true, "new": true, "varargs": true, "slicelit": true, "makeslice": true, "maplit": true}

// liveNames finds, when all code is there, where each named value is set: behind its
// definition, and in the blocks that this dominates. Parameters and captured
// variables are set everywhere.
func (g *function) liveNames() {
	if g.f.Library {
		return
	}
	always := [][2]int32{{0, math.MaxInt32}}
	for i, p := range g.fn.Params {
		if p.Name() != "" && p.Name() != "_" {
			g.f.Named = append(g.f.Named, machine.Named{Name: p.Name(), Reg: g.f.Params[i], Live: always})
		}
	}
	for i, v := range g.fn.FreeVars {
		if r := g.f.Params[len(g.fn.Params)+i]; r.Class == layout.Pointer {
			g.f.Named = append(g.f.Named, machine.Named{Name: v.Name(), Reg: r, Ref: true, Live: always})
		}
	}
	end := func(b *ssa.BasicBlock) int32 {
		if b.Index+1 < len(g.starts) {
			return g.starts[b.Index+1] * insSize
		}
		return int32(len(g.f.Code)) * insSize
	}
	for _, n := range g.named {
		n.Live = [][2]int32{{n.from * insSize, end(n.block)}}
		for _, b := range g.fn.Blocks {
			if b != n.block && n.block.Dominates(b) {
				n.Live = append(n.Live, [2]int32{g.starts[b.Index] * insSize, end(b)})
			}
		}
		g.f.Named = append(g.f.Named, n.Named)
	}
}
