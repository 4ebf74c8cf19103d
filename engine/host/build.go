package host

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/check"
)

const bodyName = "cellꞏbody"

// unit is a cell as SSA.
type unit struct {
	body    *ssa.Function
	done    *ssa.Global // how many items are completed
	results []*ssa.Global
}

// build makes one file of a checked cell, whose body is a function, and turns
// it into SSA.
func (h *Host) build(p *check.Program) (*unit, error) {
	b := &builder{p: p}
	file := &ast.File{Name: ast.NewIdent("main")}
	for _, d := range p.Decls {
		switch n := d.Node.(type) {
		case *ast.FuncDecl:
			file.Decls = append(file.Decls, n)
		case *ast.TypeSpec:
			file.Decls = append(file.Decls, &ast.GenDecl{Tok: token.TYPE, Specs: []ast.Spec{n}})
		}
	}
	for _, d := range p.Decls {
		b.lengthsOnly(d.Node)
		h.noteConstants(d.Node, p.Info)
	}
	done := b.variable("ꞏdone", types.Typ[types.Int], token.NoPos)
	var stmts []ast.Stmt
	var results []*types.Var
	for i, it := range p.Body {
		for _, v := range it.Defines {
			b.declare(v)
		}
		switch {
		case it.Result != nil:
			b.lengthsOnly(it.Result)
			h.noteConstants(it.Result, p.Info)
			s, vars := b.result(it.Result)
			stmts = append(stmts, s)
			results = vars
		case it.Stmt != nil:
			b.lengthsOnly(it.Stmt)
			h.noteConstants(it.Stmt, p.Info)
			stmts = append(stmts, it.Stmt)
		}
		stmts = append(stmts, b.assign(done, b.number(i+1)))
	}
	file.Decls = append(file.Decls, b.vars...)
	file.Decls = append(file.Decls, b.function(stmts))
	if p.Info.FileVersions == nil {
		p.Info.FileVersions = map[*ast.File]string{}
	}
	p.Info.FileVersions[file] = "go1.26"
	h.load.create()
	for _, imp := range p.Pkg.Imports() {
		h.load.need(imp)
	}
	h.load.needAll(p.Info)
	if err := h.loadShown(p); err != nil {
		return nil, err
	}
	h.notePlaces(p)
	p.Info.InitOrder = nil // all variables are set by the body
	pkg := h.prog.CreatePackage(p.Pkg, []*ast.File{file}, p.Info, false)
	h.load.setForm(p.Pkg, pkg)
	h.rebody(pkg, p.Decls)
	pkg.Build()
	pkg.Func("init").Blocks = nil // it never runs: the body sets all variables
	if slices.ContainsFunc(p.Decls, isMethod) {
		h.compiler.MethodsChanged()
		h.forgetTypes()
	}
	h.names.declared(pkg, p)
	u := &unit{body: pkg.Func(bodyName), done: pkg.Var("ꞏdone")}
	for _, v := range results {
		u.results = append(u.results, pkg.Var(v.Name()))
	}
	return u, nil
}

// typeCaches are variables, each a sync.Map, in which packages keep what they know
// of types: a type that got a method is to be looked at again.
var typeCaches = map[string][]string{"encoding/json": {"encoderCache", "fieldCache"}, "encoding/xml": {"tinfoMap"}}

func (h *Host) forgetTypes() {
	for path, names := range typeCaches {
		sp := h.load.form(h.load.loaded(path))
		if sp == nil {
			continue
		}
		for _, name := range names {
			if g := sp.Var(name); g != nil {
				h.universe.Of(g.Type().(*types.Pointer).Elem()).Clear(h.compiler.Global(g))
			}
		}
	}
}

func isMethod(d *check.Decl) bool {
	f, ok := d.Node.(*ast.FuncDecl)
	return ok && f.Recv != nil
}

func (h *Host) done(u *unit) int { return int(*(*int64)(h.compiler.Global(u.done))) }

// builder makes typed syntax.
type builder struct {
	p    *check.Program
	vars []ast.Decl
}

func (b *builder) variable(name string, t types.Type, pos token.Pos) *types.Var {
	v := types.NewVar(pos, b.p.Pkg, name, t)
	b.declare(v)
	return v
}

// declare writes "var v T" for a variable that the check made.
func (b *builder) declare(v *types.Var) {
	id := &ast.Ident{Name: v.Name(), NamePos: v.Pos()}
	b.p.Info.Defs[id] = v
	b.vars = append(b.vars, &ast.GenDecl{Tok: token.VAR, Specs: []ast.Spec{&ast.ValueSpec{Names: []*ast.Ident{id}}}})
}

func (b *builder) use(v *types.Var) *ast.Ident {
	id := &ast.Ident{Name: v.Name(), NamePos: v.Pos()}
	b.p.Info.Uses[id] = v
	return id
}

func (b *builder) assign(v *types.Var, e ast.Expr) ast.Stmt {
	return &ast.AssignStmt{Lhs: []ast.Expr{b.use(v)}, Tok: token.ASSIGN, Rhs: []ast.Expr{e}}
}

func (b *builder) number(n int) ast.Expr {
	e := &ast.BasicLit{Kind: token.INT, Value: strconv.Itoa(n)}
	b.p.Info.Types[e] = intConstant(n)
	return e
}

func intConstant(n int) types.TypeAndValue {
	return types.TypeAndValue{Type: types.Typ[types.Int], Value: constant.MakeInt64(int64(n))}
}

// result keeps the values of the last expression in variables.
func (b *builder) result(e ast.Expr) (ast.Stmt, []*types.Var) {
	t := b.p.Info.TypeOf(e)
	tuple, ok := t.(*types.Tuple)
	if !ok {
		if b.p.Info.Types[e].IsVoid() {
			return &ast.ExprStmt{X: e}, nil
		}
		v := b.variable("ꞏresult0", types.Default(t), e.Pos())
		return b.assign(v, e), []*types.Var{v}
	}
	if tuple.Len() == 0 {
		return &ast.ExprStmt{X: e}, nil
	}
	s := &ast.AssignStmt{Tok: token.ASSIGN, Rhs: []ast.Expr{e}}
	var vars []*types.Var
	for i := range tuple.Len() {
		v := b.variable(fmt.Sprintf("ꞏresult%d", i), tuple.At(i).Type(), e.Pos())
		vars = append(vars, v)
		s.Lhs = append(s.Lhs, b.use(v))
	}
	return s, vars
}

func (b *builder) function(stmts []ast.Stmt) *ast.FuncDecl {
	id := ast.NewIdent(bodyName)
	sig := types.NewSignatureType(nil, nil, nil, nil, nil, false)
	b.p.Info.Defs[id] = types.NewFunc(token.NoPos, b.p.Pkg, bodyName, sig)
	return &ast.FuncDecl{Name: id, Type: &ast.FuncType{Params: &ast.FieldList{}}, Body: &ast.BlockStmt{List: stmts}}
}
