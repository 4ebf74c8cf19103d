package host

import (
	"go/ast"
	"go/token"
	"go/types"
)

// lengthsOnly makes a range over an array of which only the length matters one over
// that number: the language says that the operand is then not evaluated, and go/ssa
// evaluates it. The syntax stays as it is, for a later cell may declare the array
// again with another length.
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
			b.p.Info.Types[ast.Unparen(s.X)] = intConstant(int(a.Len()))
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

// noteConstants notes where a constant string becomes a slice: the compiler makes it
// exactly as long, so that the first append moves it, and all others to the next size
// that the allocator has.
func (h *Host) noteConstants(n ast.Node, info *types.Info) {
	ast.Inspect(n, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if ok && len(call.Args) == 1 && info.Types[call.Fun].IsType() {
			h.exact[call.Lparen] = info.Types[call.Args[0]].Value != nil
		}
		return true
	})
}
