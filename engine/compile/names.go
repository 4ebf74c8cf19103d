package compile

import (
	"go/token"
	"math"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/layout"
	"interleave/engine/machine"
)

// namedValue is a value that is a variable of the source, or its address.
type namedValue struct {
	machine.Named
	block *ssa.BasicBlock
	from  int32 // the instruction behind its definition
}

// name notes a value that has just been defined, if it is a variable's memory.
func (g *function) name(v ssa.Value) {
	a, ok := v.(*ssa.Alloc)
	if !ok || g.f.Library || !token.IsIdentifier(a.Comment) || unnamed[a.Comment] {
		return
	}
	g.named = append(g.named, namedValue{machine.Named{Name: a.Comment, Reg: g.regs[v], Ref: true}, a.Block(), int32(len(g.f.Code))})
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
