package compile

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/layout"
)

// coalesce gives a value that a loop carries the registers of the phi it goes to, so
// that the end of an iteration moves nothing:
//
//	loop:  i = phi [0, next]
//	       …
//	       next = i + 1        becomes        i = i + 1
//
// That is right where nothing needs the phi once the value is there (Briggs et al.,
// "Practical Improvements to the Construction and Destruction of Static Single
// Assignment Form", 1998, section 4). The value itself cannot be needed when the phi is
// set, as it does not dominate the phi's block.
func (g *function) coalesce() {
	for _, b := range g.fn.Blocks {
		for _, ins := range b.Instrs {
			phi, ok := ins.(*ssa.Phi)
			if !ok {
				break
			}
			for _, v := range phi.Edges {
				if !g.simple(v) || g.shared[v] != nil {
					continue
				}
				at := v.(ssa.Instruction)
				if at.Block() != b && at.Block().Dominates(b) || g.neededAfter(phi, at) {
					continue
				}
				g.shared[v] = phi
				break
			}
		}
	}
}

// home is the phi in whose registers a value lies, or else the value itself.
func (g *function) home(v ssa.Value) ssa.Value {
	if phi := g.shared[v]; phi != nil {
		return phi
	}
	return v
}

// simple tells whether v is computed by one instruction, which reads its operands
// before it writes.
func (g *function) simple(v ssa.Value) bool {
	switch c := g.typ(v.Type()).Class; c {
	case layout.Int, layout.Float, layout.Pointer:
	default:
		return false
	}
	if g.fused[v] {
		return false
	}
	switch v := v.(type) {
	case *ssa.BinOp:
		switch v.Op {
		case token.ADD, token.SUB, token.MUL, token.AND, token.OR, token.XOR:
			return true
		}
	case *ssa.UnOp:
		return v.Op == token.MUL && g.plainAccess(v.X)
	}
	return false
}

// neededAfter tells whether phi is used after the instruction at, before phi is set
// again.
func (g *function) neededAfter(phi *ssa.Phi, at ssa.Instruction) bool {
	home := at.Block()
	place := slices.Index(home.Instrs, at)
	alive := map[*ssa.BasicBlock]bool{} // phi is needed at their beginning
	var reach func(b *ssa.BasicBlock)
	out := false // at the end of home
	leaves := func(b *ssa.BasicBlock) {
		out = out || b == home
		if b != phi.Block() {
			reach(b)
		}
	}
	reach = func(b *ssa.BasicBlock) {
		if alive[b] {
			return
		}
		alive[b] = true
		for _, p := range b.Preds {
			leaves(p)
		}
	}
	for _, use := range *phi.Referrers() {
		if _, ok := use.(*ssa.DebugRef); ok {
			continue
		}
		if to, ok := use.(*ssa.Phi); ok {
			for i, e := range to.Edges {
				if e == phi { // also its own: a turn that leaves it as it is
					leaves(to.Block().Preds[i])
				}
			}
			continue
		}
		for {
			v, ok := use.(ssa.Value)
			if !ok || !g.fused[v] {
				break
			}
			use = only(v) // computes it
		}
		b := use.Block()
		if b == home && slices.Index(home.Instrs, use) > place {
			return true
		}
		if b != phi.Block() {
			reach(b)
		}
	}
	return out
}
