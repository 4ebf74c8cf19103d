package yaegi

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

func (f *fn) block(list []ast.Stmt) {
	for _, s := range list {
		f.stmt(s)
	}
}

func (f *fn) nested(run func()) {
	f.indent++
	run()
	f.indent--
}

func (f *fn) stmt(s ast.Stmt) {
	f.u.at(s, func() {
		f.hoist = true
		f.statement(s)
	})
}

func (f *fn) statement(s ast.Stmt) {
	label := f.label
	f.label = ""
	switch s := s.(type) {
	case nil, *ast.EmptyStmt:
	case *ast.BlockStmt:
		f.block(s.List)
	case *ast.ExprStmt:
		f.early(s.X)
		f.exprStmt(s.X)
	case *ast.SendStmt:
		f.early(s.Chan, s.Value)
		elem := f.typeOf(s.Chan).Underlying().(*types.Chan).Elem()
		ops := f.sequence([]ast.Expr{s.Chan, s.Value}, []types.Type{f.typeOf(s.Chan), elem})
		f.note("native", s)
		f.line("h.Send(%s, %s)", ops[0], ops[1])
	case *ast.IncDecStmt:
		f.incDec(s)
	case *ast.AssignStmt:
		f.early(slices.Concat(s.Lhs, s.Rhs)...)
		f.assignStmt(s)
	case *ast.DeclStmt:
		f.declStmt(s.Decl.(*ast.GenDecl))
	case *ast.ReturnStmt:
		f.early(s.Results...)
		f.returnStmt(s)
	case *ast.IfStmt:
		f.ifStmt(s)
	case *ast.ForStmt:
		f.forStmt(s, label)
	case *ast.RangeStmt:
		f.rangeStmt(s, label)
	case *ast.SwitchStmt:
		f.switchStmt(s, label)
	case *ast.TypeSwitchStmt:
		f.typeSwitch(s, label)
	case *ast.SelectStmt:
		f.selectStmt(s, label)
	case *ast.GoStmt:
		f.early(s.Call)
		f.line("h.Go(%s)", f.deferredCall(s.Call))
	case *ast.DeferStmt:
		f.early(s.Call)
		f.deferStmt(s)
	case *ast.LabeledStmt:
		f.label = s.Label.Name
		f.statement(s.Stmt)
		f.label = ""
	case *ast.BranchStmt:
		f.branch(s)
	default:
		f.u.refuse("this statement", "")
	}
}

func (f *fn) branch(s *ast.BranchStmt) {
	if s.Tok == token.GOTO {
		f.u.refuse("goto", "use a loop with a label and continue")
		return
	}
	if f.branchOut(s) {
		return
	}
	if s.Label != nil {
		f.line("%s %s", s.Tok, f.labelName(s.Label.Name))
		return
	}
	f.line("%s", s.Tok)
}

func (f *fn) labelName(l string) string { return "label_" + l }

// labeled writes the label of the loop or switch that comes next, if the body
// uses it: yaegi stumbles over one that is unused.
func (f *fn) labeled(label string, body ast.Node) {
	if label == "" {
		return
	}
	used := false
	ast.Inspect(body, func(n ast.Node) bool {
		if b, ok := n.(*ast.BranchStmt); ok && b.Label != nil && b.Label.Name == label {
			used = true
		}
		return true
	})
	if used {
		f.line("%s:", f.labelName(label))
	}
}

func (f *fn) exprStmt(e ast.Expr) {
	switch x := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		text, t := f.callText(x)
		if text == "" {
			return
		}
		if tuple, ok := t.(*types.Tuple); (ok && tuple.Len() == 0) || t == nil || strings.HasPrefix(text, "h.") {
			f.line("%s", text)
			return
		}
		f.line("%s", text)
	case *ast.UnaryExpr: // a receive whose value is dropped
		f.line("h.Recv(%s, nil, nil)", f.expr(x.X))
	default:
		f.u.refuse("this expression as a statement", "")
	}
}

func (f *fn) incDec(s *ast.IncDecStmt) {
	op := "+"
	if s.Tok == token.DEC {
		op = "-"
	}
	if id, ok := s.X.(*ast.Ident); ok {
		if v := f.variable(f.useOf(id)); !strings.HasPrefix(v, "(") && plainInt(f.typeOf(id)) {
			f.line("%s%s%s", v, op, op)
			return
		}
	}
	p, check := f.lvalue(s.X)
	f.put(p, check, p+" "+op+" 1")
}

func plainInt(t types.Type) bool {
	b, ok := t.(*types.Basic)
	return ok && b.Kind() == types.Int
}

func (f *fn) declStmt(d *ast.GenDecl) {
	if d.Tok == token.TYPE && len(f.u.targs) > 0 {
		f.u.refuse("a type declared inside a generic function", "declare it outside")
	}
	if d.Tok != token.VAR {
		return
	}
	for _, spec := range d.Specs {
		spec := spec.(*ast.ValueSpec)
		if len(spec.Values) == 0 {
			for _, name := range spec.Names {
				if v, ok := f.u.info.Defs[name].(*types.Var); ok && name.Name != "_" {
					f.declare(v, true)
				}
			}
			continue
		}
		var left []ast.Expr
		for _, n := range spec.Names {
			left = append(left, n)
		}
		f.early(spec.Values...)
		f.define(left, spec.Values)
	}
}

func (f *fn) returnStmt(s *ast.ReturnStmt) {
	res := f.sig.Results()
	if f.yields != nil {
		f.yieldReturn(s)
		return
	}
	if len(s.Results) == 0 {
		if f.defers {
			f.line("return")
			return
		}
		f.line("%s", f.returnResults())
		return
	}
	var vals []string
	if len(s.Results) == 1 && res.Len() > 1 {
		vals = f.multi(s.Results[0], tupleTypes(res))
	} else {
		for i, e := range s.Results {
			t := res.At(i).Type()
			text := f.to(e, t)
			if len(s.Results) > 1 || len(f.results) > 0 {
				text = f.save(t, text)
			}
			vals = append(vals, text)
		}
	}
	if len(f.results) > 0 {
		for i, r := range f.results {
			if f.isShared(res.At(i)) {
				r = "*" + f.use(r)
			}
			f.line("%s = %s", r, vals[i])
		}
		if f.defers {
			f.line("return")
		} else {
			f.line("%s", f.returnResults())
		}
		return
	}
	f.line("return %s", strings.Join(vals, ", "))
}

func tupleTypes(t *types.Tuple) []types.Type {
	var list []types.Type
	for i := range t.Len() {
		list = append(list, t.At(i).Type())
	}
	return list
}

func (f *fn) ifStmt(s *ast.IfStmt) {
	if s.Init != nil {
		f.stmt(s.Init)
	}
	f.hoist = true
	var cond string
	f.early(s.Cond)
	f.u.at(s.Cond, func() { cond = f.expr(s.Cond) })
	f.line("if %s {", cond)
	f.nested(func() { f.block(s.Body.List) })
	if s.Else != nil {
		f.line("} else {")
		f.nested(func() { f.stmt(s.Else) })
	}
	f.line("}")
}

// forStmt gives each iteration its own copy of a loop variable that somebody
// may keep.
func (f *fn) forStmt(s *ast.ForStmt, label string) {
	if s.Init != nil {
		f.stmt(s.Init)
	}
	var copies []*types.Var
	if a, ok := s.Init.(*ast.AssignStmt); ok && a.Tok == token.DEFINE {
		for _, l := range a.Lhs {
			if v, ok := f.u.info.Defs[l.(*ast.Ident)].(*types.Var); ok && f.isShared(v) {
				copies = append(copies, v)
			}
		}
	}
	// Try the plain form: condition and post statement as one expression each.
	if len(copies) == 0 {
		mark := f.out.Len()
		f.hoist = false
		before := len(f.u.errors)
		cond := ""
		if s.Cond != nil {
			cond = f.expr(s.Cond)
		}
		clean := !f.disordered(s.Cond) && f.out.Len() == mark && len(f.u.errors) == before
		post, simple := f.simplePost(s.Post)
		if clean && simple {
			f.labeled(label, s.Body)
			f.line("for ; %s; %s {", cond, post)
			f.nested(func() { f.poll(); f.block(s.Body.List) })
			f.line("}")
			return
		}
		f.cut(mark)
		f.u.errors = f.u.errors[:before]
	}
	first := f.temp("bool")
	f.line("%s = true", first)
	f.labeled(label, s.Body)
	f.line("for {")
	f.nested(func() {
		f.poll()
		f.line("if %s { %s = false } else {", first, first)
		f.nested(func() {
			for _, v := range copies {
				n := f.locals[v]
				c := f.temp("*" + f.u.erased(v.Type()))
				f.line("%s = new(%s)", c, f.u.erased(v.Type()))
				f.line("*%s = *%s", c, n)
				f.line("%s = %s", n, c)
			}
			if s.Post != nil {
				f.stmt(s.Post)
			}
		})
		f.line("}")
		if s.Cond != nil {
			f.hoist = true
			f.early(s.Cond)
			f.u.at(s.Cond, func() { f.line("if (%s) == false { break }", f.expr(s.Cond)) })
		}
		f.block(s.Body.List)
	})
	f.line("}")
}

// simplePost is the text of a post statement that is one plain statement.
func (f *fn) simplePost(s ast.Stmt) (string, bool) {
	switch s := s.(type) {
	case nil:
		return "", true
	case *ast.IncDecStmt:
		if id, ok := s.X.(*ast.Ident); ok && plainInt(f.typeOf(id)) {
			if v := f.variable(f.useOf(id)); !strings.HasPrefix(v, "(") {
				return v + s.Tok.String(), true
			}
		}
	}
	return "", false
}

func (f *fn) poll() { f.line("if stop { h.Poll() }") }
