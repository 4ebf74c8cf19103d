package check

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"interleave/engine/syntax"
)

// checking is the check of one cell. Its steps run in the order of run.
type checking struct {
	s        *Session
	cell     *syntax.Cell
	tolerant bool
	replay   bool
	lost     []*entry // of a replay: declarations that do not check

	keys     map[string]bool // of decls
	decls    []*entry        // of this cell, types, constants and functions in source order
	extra    []*ast.FuncDecl // methods of unnamed things, "_": checked for their errors only
	stmts    []ast.Stmt
	steps    []*step        // of the body
	vars     map[string]int // top-level variables of this cell: index of the step that declares them
	imports  map[string]string
	dots     []string
	relinks  []*entry          // earlier declarations that are checked again, copies
	stale    map[string]string // those that no longer check
	renamed  map[*ast.Ident]string
	keyed    map[*ast.CompositeLit][]ast.Expr // literals that were given keys, and their values
	needKeys bool                             // there are literals that want keys
	outside  []*outside
	anew     map[string]bool   // generic types that are made anew, because a method changed
	again    bool              // one of them was found in this pass
	before   methodLists       // of the types that this check adds methods to
	failed   map[string]string // earlier declarations that do not check in this pass, and why
	pkg      *types.Package
	info     *types.Info
	errs     []Error
}

func newChecking(s *Session, c *syntax.Cell) *checking {
	return &checking{
		s:       s,
		cell:    c,
		stmts:   slices.Clone(c.Stmts),
		vars:    map[string]int{},
		imports: map[string]string{},
		stale:   map[string]string{},
		renamed: map[*ast.Ident]string{},
		keyed:   map[*ast.CompositeLit][]ast.Expr{},
		anew:    map[string]bool{},
		before:  methodLists{},
	}
}

// run checks the cell. The program means something only where no errors were noted.
func (ck *checking) run() (p *Program) {
	defer func() {
		if r := recover(); r != nil {
			ck.internal(r)
			p = ck.program()
		}
	}()
	defer ck.unmarkAll()
	ck.collect()
	ck.lift()
	if !ck.tolerant {
		ck.keep()
	}
	ck.scoping()
	if !ck.tolerant {
		ck.affected()
	}
	ck.passes()
	ck.unmarkAll()
	ck.assignments()
	ck.order()
	return ck.program()
}

// collect sorts what the cell declares.
func (ck *checking) collect() {
	for _, spec := range ck.cell.Imports {
		ck.importSpec(spec)
	}
	ck.embeds()
	methods := map[string]*ast.FuncDecl{}
	for _, d := range ck.cell.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			key := declKey(d)
			if d.Body == nil && !isInit(d) { // Go's checker leaves that to the compiler, as assembly may have the body
				ck.fail(d.Name, "missing function body")
			}
			switch {
			case d.Name.Name == "_" || key == "":
				ck.extra = append(ck.extra, d)
			case isInit(d):
				ck.initFunc(d)
			case d.Recv != nil && methods[key] != nil:
				ck.fail(d.Name, "method "+key+" already declared at "+ck.cell.Fset.Position(methods[key].Name.Pos()).String())
			default:
				if d.Recv != nil {
					methods[key] = d
				}
				ck.decls = append(ck.decls, &entry{key: key, node: d, cell: ck.cell})
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					ck.decls = append(ck.decls, &entry{key: spec.Name.Name, node: spec, in: d, cell: ck.cell})
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						ck.decls = append(ck.decls, &entry{key: name.Name, node: spec, in: d, cell: ck.cell})
					}
				}
			}
		}
	}
	ck.setDecls(ck.decls)
	if ck.cell.Whole { // there are only variables, and these come first
		return
	}
	slices.SortStableFunc(ck.stmts, func(a, b ast.Stmt) int { return cmp.Compare(a.Pos(), b.Pos()) })
}

func isInit(d *ast.FuncDecl) bool { return d.Recv == nil && d.Name.Name == "init" }

// initFunc makes "func init() {…}" a step of the body: it runs once and has no name.
func (ck *checking) initFunc(d *ast.FuncDecl) {
	if d.Body == nil || d.Type.Params.NumFields() > 0 || d.Type.Results.NumFields() > 0 || d.Type.TypeParams != nil {
		ck.fail(d.Name, "func init must have no arguments and no return values")
		return
	}
	call := &ast.CallExpr{
		Fun:    &ast.FuncLit{Type: &ast.FuncType{Func: d.Type.Func, Params: d.Type.Params}, Body: d.Body},
		Lparen: d.Body.Rbrace, Rparen: d.Body.Rbrace,
	}
	ck.stmts = append(ck.stmts, &ast.ExprStmt{X: call})
}

// internal turns a panic of the checker into an error of the cell.
func (ck *checking) internal(r any) {
	ck.errs = append(ck.errs, Error{
		Pos:  token.Position{Filename: ck.cell.Name, Line: 1, Column: 1},
		Msg:  "internal error: the type checker failed on this cell",
		Hint: fmt.Sprint(r),
	})
}
