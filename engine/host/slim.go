package host

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// slim lets go of what is known of a package's code once its SSA form is built: go/ssa
// keeps the syntax of each function, and the types of all expressions of a package
// that has a generic function. Only generic functions are looked at again, when they
// are instantiated.
func slim(files []*ast.File, info *types.Info) {
	var generic []ast.Node
	for _, f := range files {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && isGeneric(fn, info) {
				generic = append(generic, fn)
				continue
			}
			empty(d)
		}
	}
	slices.SortFunc(generic, func(a, b ast.Node) int { return int(a.Pos() - b.Pos()) })
	kept := func(p token.Pos) bool {
		i, found := slices.BinarySearchFunc(generic, p, func(n ast.Node, p token.Pos) int { return int(n.Pos() - p) })
		return found || i > 0 && p < generic[i-1].End()
	}
	info.Types, info.Instances, info.Defs, info.Uses = within(info.Types, kept), within(info.Instances, kept), within(info.Defs, kept), within(info.Uses, kept)
	info.Implicits, info.Selections = within(info.Implicits, kept), within(info.Selections, kept)
	info.Scopes, info.InitOrder = nil, nil
}

func isGeneric(fn *ast.FuncDecl, info *types.Info) bool {
	f, ok := info.Defs[fn.Name].(*types.Func)
	return !ok || f.Signature().TypeParams().Len() > 0 || f.Signature().RecvTypeParams().Len() > 0
}

// empty removes the statements of functions; where these end is still known.
func empty(d ast.Decl) {
	var bodies []*ast.BlockStmt
	ast.Inspect(d, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Body != nil {
				bodies = append(bodies, n.Body)
			}
		case *ast.FuncLit:
			bodies = append(bodies, n.Body)
		}
		return true
	})
	for _, b := range bodies {
		b.List = nil
	}
}

// within gives the entries of a map whose keys lie where kept says so.
func within[K interface {
	ast.Node
	comparable
}, V any](m map[K]V, kept func(token.Pos) bool) map[K]V {
	few := map[K]V{}
	for n, v := range m {
		if kept(n.Pos()) {
			few[n] = v
		}
	}
	return few
}
