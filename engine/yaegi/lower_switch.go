package yaegi

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// switchStmt first finds the number of the clause, then switches on it: the
// emitted switch has constants only.
func (f *fn) switchStmt(s *ast.SwitchStmt, label string) {
	if s.Init != nil {
		f.stmt(s.Init)
	}
	f.hoist = true
	var tagType types.Type
	tag := ""
	if s.Tag != nil {
		tagType = types.Default(f.typeOf(s.Tag))
		f.early(s.Tag)
		tag = f.save(tagType, f.to(s.Tag, tagType))
	}
	k := f.temp("int")
	clauses := s.Body.List
	f.line("%s = %d", k, f.fallback(clauses))
	depth := 0
	for i, c := range clauses {
		for _, e := range c.(*ast.CaseClause).List {
			f.u.at(e, func() {
				f.hoist = true
				cond := ""
				if s.Tag == nil {
					cond = f.expr(e)
				} else {
					cond = f.equal(tag, tagType, e)
				}
				f.line("if %s { %s = %d } else {", cond, k, i)
			})
			depth++
			f.indent++
		}
	}
	for range depth {
		f.indent--
		f.line("}")
	}
	f.clauses(k, label, s.Body, func(i int) []ast.Stmt { return clauses[i].(*ast.CaseClause).Body }, nil)
}

// fallback is the number of the default clause, -1 where there is none.
func (f *fn) fallback(clauses []ast.Stmt) int {
	for i, c := range clauses {
		switch c := c.(type) {
		case *ast.CaseClause:
			if c.List == nil {
				return i
			}
		case *ast.CommClause:
			if c.Comm == nil {
				return i
			}
		}
	}
	return -1
}

func (f *fn) clauses(k, label string, body *ast.BlockStmt, list func(int) []ast.Stmt, head func(int)) {
	f.labeled(label, body)
	f.line("switch %s {", k)
	for i := range body.List {
		f.line("case %d:", i)
		f.nested(func() {
			if head != nil {
				head(i)
			}
			stmts := list(i)
			n := len(stmts)
			falls := n > 0 && isFallthrough(stmts[n-1])
			if falls {
				n--
			}
			f.line("{") // yaegi finds no label that stands in the clause itself
			f.block(stmts[:n])
			f.line("}")
			if falls {
				f.line("fallthrough")
			}
		})
	}
	f.line("}")
}

func isFallthrough(s ast.Stmt) bool {
	b, ok := s.(*ast.BranchStmt)
	return ok && b.Tok == token.FALLTHROUGH
}

func (f *fn) typeSwitch(s *ast.TypeSwitchStmt, label string) {
	if s.Init != nil {
		f.stmt(s.Init)
	}
	f.hoist = true
	var x ast.Expr
	switch a := s.Assign.(type) {
	case *ast.AssignStmt:
		x = ast.Unparen(a.Rhs[0]).(*ast.TypeAssertExpr).X
	case *ast.ExprStmt:
		x = ast.Unparen(a.X).(*ast.TypeAssertExpr).X
	}
	xt := f.typeOf(x)
	v := f.save(xt, f.expr(x))
	k := f.temp("int")
	clauses := s.Body.List
	f.line("%s = %d", k, f.fallback(clauses))
	depth := 0
	for i, c := range clauses {
		for _, e := range c.(*ast.CaseClause).List {
			cond := ""
			if f.u.info.Types[e].IsNil() {
				cond = v + " == nil"
			} else {
				cond = fmt.Sprintf("h.Is(%s, %d)", v, f.u.typeID(f.typeOf(e)))
			}
			f.line("if %s { %s = %d } else {", cond, k, i)
			depth++
			f.indent++
		}
	}
	for range depth {
		f.indent--
		f.line("}")
	}
	f.clauses(k, label, s.Body, func(i int) []ast.Stmt { return clauses[i].(*ast.CaseClause).Body }, func(i int) {
		c := clauses[i].(*ast.CaseClause)
		obj, ok := f.u.info.Implicits[c].(*types.Var)
		if !ok {
			return
		}
		f.declare(obj, true)
		if len(c.List) == 1 && !f.u.info.Types[c.List[0]].IsNil() {
			name, cell := f.place(obj)
			if !cell {
				name = "&" + name
			}
			f.line("h.Assert(%s, %d, %s, 0, 0)", v, f.u.typeID(obj.Type()), name)
			return
		}
		f.line("%s = %s", f.variable(obj), v)
	})
}

// selectStmt lets the host choose the case, so that waiting can be
// interrupted, then switches on its number.
func (f *fn) selectStmt(s *ast.SelectStmt, label string) {
	k := f.temp("int")
	sel := f.temp("*h.Selection")
	f.line("%s = h.NewSelection(%t)", sel, f.fallback(s.Body.List) >= 0)
	vals, oks := map[int]string{}, map[int]string{}
	elems := map[int]types.Type{}
	for i, c := range s.Body.List {
		comm := c.(*ast.CommClause).Comm
		if comm == nil {
			continue
		}
		f.hoist = true
		f.u.at(comm, func() {
			if send, ok := comm.(*ast.SendStmt); ok {
				elem := f.typeOf(send.Chan).Underlying().(*types.Chan).Elem()
				ch := f.save(f.typeOf(send.Chan), f.expr(send.Chan))
				v := f.save(elem, f.to(send.Value, elem))
				f.line("%s.Send(%d, %s, %s)", sel, i, ch, v)
				return
			}
			x := receiveOf(comm)
			elem := f.typeOf(x.X).Underlying().(*types.Chan).Elem()
			elems[i] = elem
			vals[i], oks[i] = f.temp(f.u.erased(elem)), f.temp("bool")
			f.line("%s.Recv(%d, %s, &%s, &%s)", sel, i, f.expr(x.X), vals[i], oks[i])
		})
	}
	f.line("%s = %s.Choose(%d)", k, sel, f.fallback(s.Body.List))
	f.clauses(k, label, s.Body, func(i int) []ast.Stmt { return s.Body.List[i].(*ast.CommClause).Body }, func(i int) {
		a, ok := s.Body.List[i].(*ast.CommClause).Comm.(*ast.AssignStmt)
		if !ok {
			return
		}
		from := []string{vals[i], oks[i]}
		types_ := []types.Type{elems[i], types.Typ[types.Bool]}
		for j, l := range a.Lhs {
			if isBlank(l) {
				continue
			}
			if a.Tok == token.DEFINE {
				v := f.u.info.Defs[l.(*ast.Ident)].(*types.Var)
				f.declare(v, false)
				f.line("%s = %s", f.variable(v), from[j])
				continue
			}
			f.hoist = true
			p, check := f.lvalue(l)
			f.put(p, check, f.convert(from[j], types_[j], f.typeOf(l)))
		}
	})
}

func receiveOf(s ast.Stmt) *ast.UnaryExpr {
	switch s := s.(type) {
	case *ast.ExprStmt:
		return ast.Unparen(s.X).(*ast.UnaryExpr)
	case *ast.AssignStmt:
		return ast.Unparen(s.Rhs[0]).(*ast.UnaryExpr)
	}
	return nil
}
