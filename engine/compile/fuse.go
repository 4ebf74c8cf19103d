package compile

import (
	"go/token"
	"go/types"
	"reflect"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/layout"
	"interleave/engine/machine"
)

// fuse finds values that one following instruction of the same block uses alone
// and can compute itself: a comparison before its branch, a field's or an
// element's address before its load or store.
func (g *function) fuse() {
	g.fused = map[ssa.Value]bool{}
	for _, b := range g.fn.Blocks {
		for _, ins := range b.Instrs {
			v, ok := ins.(ssa.Value)
			if !ok || v.Referrers() == nil {
				continue
			}
			user := only(v)
			if user == nil || user.Block() != b {
				continue
			}
			switch v := v.(type) {
			case *ssa.BinOp:
				if _, ok := user.(*ssa.If); ok {
					if _, ok := g.branch(v); ok {
						g.fused[v] = true
					}
				}
			case *ssa.FieldAddr:
				if g.isAccess(user, v) && g.plainAccess(v) && !g.holdsPointer(g.typ(deref(v.Type())), v) {
					g.fused[v] = true
				}
			case *ssa.IndexAddr:
				if g.isAccess(user, v) && g.elementOp(v, isStore(user)) != 0 {
					g.fused[v] = true
				}
			}
		}
	}
}

// only is the single instruction that uses v, leaving debug references aside.
func only(v ssa.Value) ssa.Instruction {
	var user ssa.Instruction
	for _, r := range *v.Referrers() {
		if _, ok := r.(*ssa.DebugRef); ok {
			continue
		}
		if user != nil {
			return nil
		}
		user = r
	}
	return user
}

func isStore(i ssa.Instruction) bool { _, ok := i.(*ssa.Store); return ok }

func (g *function) isAccess(user ssa.Instruction, addr ssa.Value) bool {
	switch u := user.(type) {
	case *ssa.UnOp:
		return u.Op == token.MUL && u.X == addr
	case *ssa.Store:
		return u.Addr == addr && u.Val != addr
	}
	return false
}

// plainAccess tells whether loads and stores through v have an opcode.
func (g *function) plainAccess(v ssa.Value) bool {
	switch g.typ(deref(v.Type())).Class {
	case layout.Aggregate, layout.Complex:
		return false
	}
	return true
}

func deref(t types.Type) types.Type { return t.Underlying().(*types.Pointer).Elem() }

// elementOp is the opcode that loads or stores an element of a slice, or 0.
func (g *function) elementOp(v *ssa.IndexAddr, store bool) machine.Op {
	if _, ok := v.X.Type().Underlying().(*types.Slice); !ok {
		return 0
	}
	t := g.typ(deref(v.Type()))
	switch {
	case t.Class == layout.Pointer:
		return pick(store, machine.OpStXP, machine.OpLdXP)
	case (t.Class == layout.Int || t.Class == layout.Float) && t.Size == 8:
		return pick(store, machine.OpStX64, machine.OpLdX64)
	case t.Kind == reflect.Uint8 || t.Kind == reflect.Bool:
		return pick(store, machine.OpStX8, machine.OpLdXU8)
	case t.Kind == reflect.Int32 && !store:
		return machine.OpLdX32
	}
	return 0
}

func pick(b bool, yes, no machine.Op) machine.Op {
	if b {
		return yes
	}
	return no
}

// branch gives the opcode that compares two integers and jumps; immediate says
// that the right operand is a small constant.
type compareJump struct {
	reg, imm machine.Op
	swap     bool // the operands, for > and >=
}

func (g *function) branch(b *ssa.BinOp) (compareJump, bool) {
	t := g.typ(b.X.Type())
	if t.Class != layout.Int {
		return compareJump{}, false
	}
	signed := t.Signed() || t.Kind == reflect.Bool
	switch b.Op {
	case token.EQL:
		return compareJump{machine.OpJEq, machine.OpJEqI, false}, true
	case token.NEQ:
		return compareJump{machine.OpJNe, machine.OpJNeI, false}, true
	case token.LSS:
		if signed {
			return compareJump{machine.OpJLt, machine.OpJLtI, false}, true
		}
		return compareJump{machine.OpJLtU, 0, false}, true
	case token.LEQ:
		if signed {
			return compareJump{machine.OpJLe, machine.OpJLeI, false}, true
		}
		return compareJump{machine.OpJLeU, 0, false}, true
	case token.GTR:
		if signed {
			return compareJump{machine.OpJLt, machine.OpJGtI, true}, true
		}
		return compareJump{machine.OpJLtU, 0, true}, true
	case token.GEQ:
		if signed {
			return compareJump{machine.OpJLe, machine.OpJGeI, true}, true
		}
		return compareJump{machine.OpJLeU, 0, true}, true
	}
	return compareJump{}, false
}
