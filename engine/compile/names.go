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
	value ssa.Value
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
		g.named = append(g.named, namedValue{machine.Named{Name: name, Reg: r, Ref: ref}, v, v.(ssa.Instruction).Block(), int32(len(g.f.Code))})
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
	entry := g.fn.Blocks[0]
	for i, p := range g.fn.Params {
		if p.Name() != "" && p.Name() != "_" {
			g.f.Named = append(g.f.Named, machine.Named{Name: p.Name(), Reg: g.f.Params[i], Live: always, Used: g.used(p, entry, 0, always)})
		}
	}
	for i, v := range g.fn.FreeVars {
		if r := g.f.Params[len(g.fn.Params)+i]; r.Class == layout.Pointer {
			g.f.Named = append(g.f.Named, machine.Named{Name: v.Name(), Reg: r, Ref: true, Live: always, Used: g.used(v, entry, 0, always)})
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
		n.Used = g.used(n.value, n.block, n.from, n.Live)
		g.f.Named = append(g.f.Named, n.Named)
	}
}

// used finds where in the code a value may still be used, that is, where it is live in the
// sense of compilers: from its definition, in instruction from of a block, on every way to
// a use. set is where it is set; a use after a recovered panic can come from everywhere.
func (g *function) used(v ssa.Value, home *ssa.BasicBlock, from int32, set [][2]int32) [][2]int32 {
	in, out := map[*ssa.BasicBlock]bool{}, map[*ssa.BasicBlock]bool{}
	last := map[*ssa.BasicBlock]int32{} // behind the last use in a block
	var leaves func(b *ssa.BasicBlock)
	enters := func(b *ssa.BasicBlock) {
		if b != home && !in[b] {
			in[b] = true
			for _, p := range b.Preds {
				leaves(p)
			}
		}
	}
	leaves = func(b *ssa.BasicBlock) {
		if !out[b] {
			out[b] = true
			enters(b)
		}
	}
	panics := false
	seen := map[ssa.Value]bool{}
	var uses func(v ssa.Value)
	uses = func(v ssa.Value) {
		if seen[v] || v.Referrers() == nil {
			return
		}
		seen[v] = true
		for _, r := range *v.Referrers() {
			b := r.Block()
			panics = panics || b == g.fn.Recover
			if phi, ok := r.(*ssa.Phi); ok {
				for i, e := range phi.Edges {
					if e == v {
						leaves(b.Preds[i])
					}
				}
				continue
			}
			if w, ok := r.(ssa.Value); ok && g.fused[w] { // whoever uses that one computes it
				uses(w)
				continue
			}
			last[b] = max(last[b], g.ends[r])
			enters(b)
		}
	}
	if uses(v); panics {
		return set
	}
	var list [][2]int32
	for _, b := range g.fn.Blocks {
		begin, end := from, last[b]
		if b != home {
			begin = g.starts[b.Index]
		}
		if b != home && !in[b] && !out[b] {
			continue
		}
		if out[b] {
			end = int32(len(g.f.Code))
			if b.Index+1 < len(g.starts) {
				end = g.starts[b.Index+1]
			}
		}
		if end > begin {
			list = append(list, [2]int32{begin * insSize, end * insSize})
		}
	}
	return list
}
