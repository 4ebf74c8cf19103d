package host

import (
	"go/ast"
	"go/token"
	"go/types"
)

// lengthsOnly makes a range over an array of which only the length matters one over
// that number: the language says that the operand is then not evaluated, and go/ssa
// evaluates it.
func (b *builder) lengthsOnly(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		s, ok := n.(*ast.RangeStmt)
		if !ok || s.Value != nil && !isBlank(s.Value) {
			return true
		}
		t := b.p.Info.TypeOf(s.X)
		if t == nil {
			return true
		}
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		if a, ok := t.Underlying().(*types.Array); ok && b.constant(s.X) {
			s.X, s.Value = b.number(int(a.Len())), nil
		}
		return true
	})
}

func isBlank(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "_"
}

// constant tells whether len of an array is a constant: nothing in it is called or
// received.
func (b *builder) constant(e ast.Expr) bool {
	is := true
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			v := b.p.Info.Types[n]
			is = is && (v.Value != nil || b.p.Info.Types[n.Fun].IsType())
		case *ast.UnaryExpr:
			is = is && n.Op != token.ARROW
		}
		return is
	})
	return is
}
