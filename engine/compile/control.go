package compile

import (
	"go/token"
	"go/types"
	"math"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/machine"
)

func (g *function) instruction(ins ssa.Instruction) {
	switch i := ins.(type) {
	case *ssa.DebugRef, *ssa.Phi: // phis are set on the edges
	case *ssa.BinOp:
		g.binop(i)
	case *ssa.UnOp:
		g.unop(i)
	case *ssa.Convert:
		g.convert(g.regs[i], i.X, i.Type(), i.Pos())
	case *ssa.ChangeType:
		g.put(g.regs[i], i.X)
	case *ssa.MultiConvert:
		g.unsupported("conversion from %s to %s in a generic function", i.X.Type(), i.Type())
	case *ssa.Jump:
		g.jump(i)
	case *ssa.If:
		g.branchIf(i)
	case *ssa.Return:
		g.ret(i)
	case *ssa.RunDefers:
		g.pos = g.leaving(i)
		g.step(func(x *machine.Exec) machine.Status { return x.RunDefers() })
	case *ssa.Panic:
		g.panics(i)
	case *ssa.Extract:
		g.mov(g.regs[i], g.tuple(i.Tuple, i.Index))
	case *ssa.Alloc:
		own := uint16(0)
		if !i.Heap {
			own = 1
		}
		g.emit(machine.Ins{Op: machine.OpNew, X: own, A: g.regs[i].P, B: g.typePtr(deref(i.Type()))})
	case *ssa.Store:
		g.store(i)
	case *ssa.FieldAddr:
		g.fieldAddr(i)
	case *ssa.Field:
		g.field(i)
	case *ssa.IndexAddr:
		g.indexAddr(i)
	case *ssa.Index:
		g.index(i)
	case *ssa.Slice:
		g.slice(i)
	case *ssa.SliceToArrayPointer:
		g.sliceToArray(i)
	case *ssa.MakeSlice:
		g.makeSlice(i)
	case *ssa.MakeMap:
		g.makeMap(i)
	case *ssa.MakeChan:
		g.makeChan(i)
	case *ssa.MakeClosure:
		g.makeClosure(i)
	case *ssa.MakeInterface:
		g.makeInterface(i)
	case *ssa.ChangeInterface:
		g.put(g.regs[i], i.X)
	case *ssa.TypeAssert:
		g.typeAssert(i)
	case *ssa.Lookup:
		g.lookup(i)
	case *ssa.MapUpdate:
		g.mapUpdate(i)
	case *ssa.Range:
		g.rangeOver(i)
	case *ssa.Next:
		g.next(i)
	case *ssa.Send:
		g.send(i)
	case *ssa.Select:
		g.selects(i)
	case *ssa.Call:
		g.call(i)
	case *ssa.Go:
		g.goStmt(i)
	case *ssa.Defer:
		g.deferStmt(i)
	default:
		g.unsupported("instruction %s (%T)", ins, ins)
	}
}

// leaving is where the function is left that runs its deferred calls: at a return, or
// at its closing brace.
func (g *function) leaving(i *ssa.RunDefers) token.Pos {
	if r, ok := i.Block().Instrs[len(i.Block().Instrs)-1].(*ssa.Return); ok && r.Pos().IsValid() {
		return r.Pos()
	}
	if n := g.fn.Syntax(); n != nil {
		return n.End() - 1
	}
	return g.pos
}

func (g *function) cost() uint16 { return uint16(min(len(g.block.Instrs), 60000)) }

// edge emits the moves of the phis of the target of an edge out of the block.
func (g *function) edge(to *ssa.BasicBlock) {
	from := -1
	for i, p := range to.Preds {
		if p == g.block {
			from = i
			break
		}
	}
	g.edgeFrom(to, from)
}

func (g *function) edgeFrom(to *ssa.BasicBlock, from int) {
	type move struct {
		dst machine.Reg
		src ssa.Value
	}
	var moves []move
	target := map[ssa.Value]bool{}
	for _, ins := range to.Instrs {
		phi, ok := ins.(*ssa.Phi)
		if !ok {
			break
		}
		if g.home(phi.Edges[from]) == phi {
			continue
		}
		moves = append(moves, move{g.regs[phi], phi.Edges[from]})
		target[phi] = true
	}
	clash := false
	for _, m := range moves {
		clash = clash || target[g.home(m.src)] && len(moves) > 1
	}
	if !clash {
		for _, m := range moves {
			g.put(m.dst, m.src)
		}
		return
	}
	temps := make([]machine.Reg, len(moves))
	for i, m := range moves {
		if target[g.home(m.src)] {
			temps[i] = g.scratch(m.dst.T)
			g.put(temps[i], m.src)
		}
	}
	for i, m := range moves {
		if target[g.home(m.src)] {
			g.mov(m.dst, temps[i])
		} else {
			g.put(m.dst, m.src)
		}
	}
}

// foldJumps puts copies of branches in place of jumps to them: one instruction less for
// each turn of a loop.
func (g *function) foldJumps() {
	copied := map[int32]bool{}
	for k := range g.f.Code {
		jump := &g.f.Code[k]
		if jump.Op != machine.OpJmp {
			continue
		}
		branch := g.f.Code[jump.A/insSize]
		if !branch.Op.Branches() || int(jump.X)+int(branch.X) > math.MaxUint16 || branch.X == 0 || copied[jump.A] {
			continue
		}
		copied[int32(k)*insSize] = true
		g.f.Folded = append(g.f.Folded, machine.Fold{At: int32(k) * insSize, Head: jump.A, X: branch.X})
		branch.X += jump.X
		*jump = branch
	}
}

func hasPhi(b *ssa.BasicBlock) bool {
	_, ok := b.Instrs[0].(*ssa.Phi)
	return ok
}

func (g *function) jump(i *ssa.Jump) {
	g.edge(g.block.Succs[0])
	at := g.emit(machine.Ins{Op: machine.OpJmp, X: g.cost()})
	g.fixes = append(g.fixes, fix{at, 'A', g.block.Succs[0].Index})
}

func (g *function) branchIf(i *ssa.If) {
	yes, no := byte('B'), byte('C')
	var at int
	if b, ok := i.Cond.(*ssa.BinOp); ok && g.fused[b] {
		yes, no = 'C', 'D'
		j, _ := g.branch(b)
		if k, ok := g.smallConst(b.Y); ok && j.imm != 0 {
			l := g.val(b.X)
			at = g.emit(machine.Ins{Op: j.imm, X: g.cost(), A: l.N, B: k})
		} else {
			l, r := g.val(b.X), g.val(b.Y)
			if j.swap {
				l, r = r, l
			}
			at = g.emit(machine.Ins{Op: j.reg, X: g.cost(), A: l.N, B: r.N})
		}
	} else {
		c := g.val(i.Cond)
		at = g.emit(machine.Ins{Op: machine.OpIf, X: g.cost(), A: c.N})
	}
	succs := g.block.Succs
	for k, field := range []byte{yes, no} {
		if !hasPhi(succs[k]) {
			g.fixes = append(g.fixes, fix{at, field, succs[k].Index})
			continue
		}
		// The moves of an edge between two branching blocks stand on a path of their own.
		here := int32(len(g.f.Code)) * insSize
		ins := &g.f.Code[at]
		switch field {
		case 'B':
			ins.B = here
		case 'C':
			ins.C = here
		case 'D':
			ins.D = here
		}
		from := -1
		seen := 0
		for p, pred := range succs[k].Preds {
			if pred == g.block {
				if succs[0] != succs[1] || seen == k {
					from = p
					break
				}
				seen++
			}
		}
		g.edgeFrom(succs[k], from)
		if int32(len(g.f.Code))*insSize == here { // nothing moves
			g.fixes = append(g.fixes, fix{at, field, succs[k].Index})
			continue
		}
		j := g.emit(machine.Ins{Op: machine.OpJmp})
		g.fixes = append(g.fixes, fix{j, 'A', succs[k].Index})
	}
}

// ret moves the results to the frame's base. They may be parameters' registers,
// so all are read before one is written where that matters.
func (g *function) ret(i *ssa.Return) {
	if len(i.Results) == 1 {
		g.put(g.f.Results[0], i.Results[0])
	} else if len(i.Results) > 1 {
		temps := make([]machine.Reg, len(i.Results))
		for k, v := range i.Results {
			temps[k] = g.scratch(g.typ(v.Type()))
			g.put(temps[k], v)
		}
		for k := range temps {
			g.mov(g.f.Results[k], temps[k])
		}
	}
	g.emit(machine.Ins{Op: machine.OpRet, X: g.cost()})
}

func (g *function) panics(i *ssa.Panic) {
	if g.rangeFuncPanic(i) {
		return
	}
	v := g.val(i.X)
	g.step(func(x *machine.Exec) machine.Status { return x.Panic(x.Get(v)) })
}

func (g *function) typePtr(t types.Type) int32 { return g.ptr(layoutPtr(g.typ(t))) }
