package yaegi

import (
	"go/ast"
	"go/token"
	"go/types"
)

// loopExit says, in the body of a range over a function, which has become a
// literal, how statements leave it.
type loopExit struct {
	exits   map[*ast.BranchStmt]string
	flag    string   // cell: the surrounding function is to return
	results []string // cells of its results
	outer   *fn
}

// rangeFunc calls the iterator with the loop's body as yield function.
func (f *fn) rangeFunc(s *ast.RangeStmt, label string, sig *types.Signature) {
	u := f.u
	if label != "" || f.yields != nil {
		u.refuse("a range over a function that is nested in another or has a label", "call the function with a function literal")
		return
	}
	exit := &loopExit{exits: map[*ast.BranchStmt]string{}, outer: f}
	returns := exit.scan(f, s.Body, true, true)
	if returns {
		exit.flag = u.fresh("c", "ret")
		f.own(exit.flag, "*bool")
		f.line("%s = new(bool)", exit.flag)
		if len(f.results) == 0 {
			for i := range f.sig.Results().Len() {
				t := u.erased(f.sig.Results().At(i).Type())
				c := u.fresh("c", "res")
				f.own(c, "*"+t)
				f.line("%s = new(%s)", c, t)
				exit.results = append(exit.results, c)
			}
		}
	}
	yield := sig.Params().At(0).Type().Underlying().(*types.Signature)
	fun := f.save(f.typeOf(s.X), f.expr(s.X))
	g := newFn(u, f, types.NewSignatureType(nil, nil, nil, yield.Params(), yield.Results(), false))
	g.lit = true
	g.yields = exit
	var head []string
	vars := []ast.Expr{s.Key, s.Value}
	g.poll()
	for i := range yield.Params().Len() {
		p := u.fresh("a", "")
		t := yield.Params().At(i).Type()
		head = append(head, p+" "+u.erased(t))
		if i < len(vars) {
			g.rangeVar(s, vars[i], t, p)
		}
	}
	g.indent++
	g.block(s.Body.List)
	g.line("return true")
	text := "(" + join(head) + ") bool {\n" + g.plain.String() + g.out.String() + "}"
	made := f.make(g, u.erased(yield), text, u.fset.Position(s.Pos()))
	f.line("%s(%s)", fun, made)
	if !returns {
		return
	}
	f.line("if *%s {", exit.flag)
	switch {
	case len(f.results) > 0 && f.defers:
		f.line("return")
	case len(f.results) > 0:
		f.line("%s", f.returnResults())
	default:
		text := "return "
		for i, r := range exit.results {
			if i > 0 {
				text += ", "
			}
			text += "*" + r
		}
		f.line("%s", text)
	}
	f.line("}")
}

// scan notes the branches that leave this loop and reports whether any
// statement returns from the function around it.
func (x *loopExit) scan(f *fn, n ast.Node, breaks, continues bool) (returns bool) {
	ast.Inspect(n, func(m ast.Node) bool {
		if m == n {
			return true
		}
		switch m := m.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ForStmt, *ast.RangeStmt:
			returns = x.scan(f, m, false, false) || returns
			return false
		case *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			returns = x.scan(f, m, false, continues) || returns
			return false
		case *ast.ReturnStmt:
			returns = true
		case *ast.DeferStmt:
			f.u.refuse("defer inside a range over a function", "")
		case *ast.BranchStmt:
			switch {
			case m.Label != nil:
				f.u.at(m, func() { f.u.refuse("a label inside a range over a function", "") })
			case m.Tok == token.BREAK && breaks:
				x.exits[m] = "return false"
			case m.Tok == token.CONTINUE && continues:
				x.exits[m] = "return true"
			}
		}
		return true
	})
	return
}

// branchOut emits a branch that leaves the body of a range over a function.
func (f *fn) branchOut(s *ast.BranchStmt) bool {
	if f.yields == nil {
		return false
	}
	text, ok := f.yields.exits[s]
	if ok {
		f.line("%s", text)
	}
	return ok
}

// yieldReturn emits a return from the function around such a body.
func (f *fn) yieldReturn(s *ast.ReturnStmt) {
	x := f.yields
	res := x.outer.sig.Results()
	targets := x.results
	if len(x.outer.results) > 0 {
		targets = x.outer.results
		for i := range targets {
			if !x.outer.isShared(res.At(i)) {
				f.u.refuse("a return with named results inside a range over a function", "leave the results unnamed")
				return
			}
		}
	}
	if len(s.Results) == 1 && res.Len() > 1 {
		for i, v := range f.multi(s.Results[0], tupleTypes(res)) {
			f.line("*%s = %s", f.use(targets[i]), v)
		}
	} else {
		var vals []string
		for i, e := range s.Results {
			vals = append(vals, f.save(res.At(i).Type(), f.to(e, res.At(i).Type())))
		}
		for i, v := range vals {
			f.line("*%s = %s", f.use(targets[i]), v)
		}
	}
	f.line("*%s = true", f.use(x.flag))
	f.line("return false")
}
