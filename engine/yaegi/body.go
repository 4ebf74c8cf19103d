package yaegi

import (
	"go/ast"
	"go/token"
	"go/types"
)

// emitBody makes the cell's body one function. Its variables are package-level.
func (u *unit) emitBody() {
	if len(u.prog.Body) == 0 {
		return
	}
	sig := types.NewSignatureType(nil, nil, nil, nil, nil, false)
	f := newFn(u, nil, sig)
	f.shared = map[*types.Var]bool{}
	next := 0
	for _, item := range u.prog.Body {
		for _, n := range []ast.Node{item.Stmt, item.Result} {
			if n == nil || isNil(n) {
				continue
			}
			s := &sharing{u: u, vars: f.shared, home: map[*types.Var]int{}, next: next}
			s.walk(n)
			next = s.next
			d, r := scanBody(u.info, n)
			f.defers, f.recovers = f.defers || d, f.recovers || r
		}
	}
	u.body = u.fresh("C", "")
	f.title = "cell"
	text := f.finish(nil, func(g *fn) {
		for i, item := range u.prog.Body {
			g.line("h.Step(%d)", i)
			if item.Stmt != nil {
				g.stmt(item.Stmt)
			}
			if item.Result != nil {
				u.at(item.Result, func() { g.result(item.Result) })
			}
		}
		g.line("h.Step(%d)", len(u.prog.Body))
	})
	var items []token.Position
	for _, item := range u.prog.Body {
		switch {
		case item.Stmt != nil:
			items = append(items, u.fset.Position(item.Stmt.Pos()))
		case item.Result != nil:
			items = append(items, u.fset.Position(item.Result.Pos()))
		default:
			items = append(items, token.Position{})
		}
	}
	u.ev.functions.add(u.body, functionInfo{title: "cell", items: items, notes: f.notes})
	u.funcs.WriteString("func " + u.body + text + "\n")
}

func isNil(n ast.Node) bool {
	switch n := n.(type) {
	case ast.Stmt:
		return n == nil
	case ast.Expr:
		return n == nil
	}
	return false
}

// result hands the values of the last expression to the host.
func (f *fn) result(e ast.Expr) {
	f.hoist = true
	u := f.u
	t := u.info.TypeOf(e)
	show := func(text string, t types.Type) {
		t = types.Default(u.sub(t))
		u.methods(t)
		f.line("h.Result(%s, %d)", text, u.typeID(t))
	}
	if tuple, ok := t.(*types.Tuple); ok {
		if tuple.Len() == 0 {
			f.exprStmt(e)
			return
		}
		for i, v := range f.multi(e, tupleTypes(tuple)) {
			show(v, tuple.At(i).Type())
		}
		return
	}
	if call, ok := ast.Unparen(e).(*ast.CallExpr); ok && t == nil {
		f.exprStmt(call)
		return
	}
	tv := u.info.Types[e]
	if tv.IsVoid() {
		f.exprStmt(e)
		return
	}
	if tv.IsNil() {
		u.refuse("nil as a result", "")
		return
	}
	d := types.Default(f.typeOf(e))
	if tv.Value != nil {
		show(f.typedConstant(tv.Value, d), d)
		return
	}
	show(f.save(d, f.to(e, d)), d)
}
