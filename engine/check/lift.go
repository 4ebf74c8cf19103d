package check

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// step is one item of the body, and how it is shown to the type checker.
type step struct {
	stmt   ast.Stmt // what the evaluator runs; nil for "var x T" and for the result
	result ast.Expr
	define bool         // ":=": later steps see its variables, earlier ones do not
	static bool         // "var": as at package level, earlier "var" steps may refer to it
	names  []*ast.Ident // variables that come to life here

	specs   []*ast.ValueSpec // checked at package level
	body    []ast.Stmt       // checked as statements of the cell's function
	targets []target         // values of a call that go to variables declared by an earlier step
	pos     token.Pos
}

// target is a variable on the left of ":=" that exists already. The type
// checker sees a blank in its place; whether the value fits is checked afterwards.
type target struct {
	name, blank *ast.Ident
	value       ast.Expr
}

// lift turns the statements into steps, and definitions at the top into
// package-level variables that functions of this cell and later cells can see.
func (ck *checking) lift() {
	for _, s := range ck.stmts {
		switch s := s.(type) {
		case *ast.DeclStmt:
			g, ok := s.Decl.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR {
				break
			}
			for _, spec := range g.Specs {
				if spec, ok := spec.(*ast.ValueSpec); ok {
					ck.liftVar(spec)
				}
			}
			continue
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE {
				ck.liftDefine(s)
				continue
			}
		}
		ck.steps = append(ck.steps, &step{stmt: s, body: []ast.Stmt{s}, pos: s.Pos()})
	}
	if e := ck.cell.Result; e != nil {
		ck.steps = append(ck.steps, &step{result: e, body: []ast.Stmt{ck.use(e)}, pos: e.Pos()})
	}
}

// use is a statement that checks an expression without wanting anything of its value.
func (ck *checking) use(e ast.Expr) ast.Stmt {
	if _, call := ast.Unparen(e).(*ast.CallExpr); call {
		return &ast.ExprStmt{X: e}
	}
	blank := &ast.Ident{NamePos: e.Pos(), Name: "_"}
	return &ast.AssignStmt{Lhs: []ast.Expr{blank}, TokPos: e.Pos(), Tok: token.ASSIGN, Rhs: []ast.Expr{e}}
}

func (ck *checking) liftVar(spec *ast.ValueSpec) {
	if n := len(spec.Names); ck.cell.Whole && n > 1 && n == len(spec.Values) { // each has its own turn
		for i := range n {
			ck.liftVar(&ast.ValueSpec{Names: spec.Names[i : i+1], Type: spec.Type, Values: spec.Values[i : i+1]})
		}
		return
	}
	st := &step{static: true, specs: []*ast.ValueSpec{spec}, pos: spec.Pos()}
	lhs := make([]ast.Expr, len(spec.Names))
	for i, id := range spec.Names {
		lhs[i] = id
		ck.declare(st, id)
	}
	if len(spec.Values) > 0 {
		st.stmt = &ast.AssignStmt{Lhs: lhs, TokPos: spec.Values[0].Pos(), Tok: token.ASSIGN, Rhs: spec.Values}
	}
	ck.steps = append(ck.steps, st)
}

// declare makes id a variable of the top level from this step on.
func (ck *checking) declare(st *step, id *ast.Ident) {
	if id.Name == "_" {
		return
	}
	st.names = append(st.names, id)
	if _, twice := ck.vars[id.Name]; !twice {
		ck.vars[id.Name] = len(ck.steps)
	}
}

func (ck *checking) liftDefine(s *ast.AssignStmt) {
	st := &step{
		define: true,
		stmt:   &ast.AssignStmt{Lhs: s.Lhs, TokPos: s.TokPos, Tok: token.ASSIGN, Rhs: s.Rhs},
		pos:    s.Pos(),
	}
	// What is on the right is checked whatever is wrong with the left.
	defer func() { ck.steps = append(ck.steps, st) }()
	broken := func(at ast.Node, msg string) {
		ck.fail(at, msg)
		for _, e := range s.Rhs {
			st.body = append(st.body, ck.use(e))
		}
	}
	fresh, seen := 0, map[string]bool{}
	for _, e := range s.Lhs {
		id, ok := e.(*ast.Ident)
		if !ok {
			broken(e, fmt.Sprintf("non-name %s on left side of :=", types.ExprString(e)))
			return
		}
		if seen[id.Name] && id.Name != "_" {
			broken(id, id.Name+" repeated on left side of :=")
			return
		}
		seen[id.Name] = true
		if _, old := ck.vars[id.Name]; !old && id.Name != "_" {
			fresh++
		}
	}
	if fresh == 0 {
		broken(&ast.Ident{NamePos: s.TokPos, Name: ":="}, "no new variables on left side of :=")
		return
	}
	l, r := len(s.Lhs), len(s.Rhs)
	if l != r && r != 1 {
		broken(s.Lhs[0], fmt.Sprintf("assignment mismatch: %s but %s", count(l, "variable"), count(r, "value")))
		for _, e := range s.Lhs {
			ck.declareBroken(st, e.(*ast.Ident))
		}
		return
	}

	tuple := &ast.ValueSpec{Values: s.Rhs}
	for i, e := range s.Lhs {
		id := e.(*ast.Ident)
		_, old := ck.vars[id.Name]
		old = old && id.Name != "_"
		switch {
		case l != r && old:
			blank := &ast.Ident{NamePos: id.NamePos, Name: "_"}
			tuple.Names = append(tuple.Names, blank)
			st.targets = append(st.targets, target{id, blank, s.Rhs[0]})
		case l != r:
			tuple.Names = append(tuple.Names, id)
		case old:
			st.body = append(st.body, &ast.AssignStmt{Lhs: []ast.Expr{id}, TokPos: s.TokPos, Tok: token.ASSIGN, Rhs: s.Rhs[i : i+1]})
		default:
			st.specs = append(st.specs, &ast.ValueSpec{Names: []*ast.Ident{id}, Values: s.Rhs[i : i+1]})
		}
	}
	if l != r {
		st.specs = []*ast.ValueSpec{tuple}
	}
	for _, e := range s.Lhs {
		if id := e.(*ast.Ident); !ck.declared(id.Name) {
			ck.declare(st, id)
		}
	}
}

func (ck *checking) declared(name string) bool {
	_, ok := ck.vars[name]
	return ok
}

// declareBroken declares a variable whose value cannot be told, so that its
// uses are no further errors.
func (ck *checking) declareBroken(st *step, id *ast.Ident) {
	if id.Name == "_" || ck.declared(id.Name) {
		return
	}
	ck.declare(st, id)
	bad := &ast.BadExpr{From: id.Pos(), To: id.End()}
	st.specs = append(st.specs, &ast.ValueSpec{Names: []*ast.Ident{id}, Type: bad})
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
