package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// passes checks the cell with the earlier declarations it touches, again and
// again until those that no longer fit are out: at most once for each of them.
func (ck *checking) passes() {
	own := ck.errs
	for {
		ck.errs = slices.Clone(own)
		ck.pass()
		if ck.again {
			ck.again = false
			ck.affected()
			continue
		}
		if ck.markKeys() || ck.needKeys && ck.key() {
			continue
		}
		if len(ck.failed) == 0 {
			return
		}
		ck.relinks = slices.DeleteFunc(ck.relinks, ck.gone)
		if ck.replay {
			ck.setDecls(slices.DeleteFunc(ck.decls, func(e *entry) bool {
				if !ck.gone(e) {
					return false
				}
				e.stale = ck.stale[e.key]
				ck.lost = append(ck.lost, e)
				return true
			}))
		}
	}
}

// pass runs go/types once.
func (ck *checking) pass() {
	ck.before.set()
	clear(ck.before)
	ck.detach()
	ck.pkg = types.NewPackage("main", "main")
	ck.info = &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Instances:  map[*ast.Ident]types.Instance{},
		Defs:       map[*ast.Ident]types.Object{},
		Uses:       map[*ast.Ident]types.Object{},
		Implicits:  map[ast.Node]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
		Scopes:     map[ast.Node]*types.Scope{},
	}
	ck.failed = map[string]string{}
	var found []types.Error
	conf := types.Config{
		GoVersion:                "go1.26",
		Importer:                 ck.s.lib,
		Sizes:                    types.SizesFor("gc", "amd64"),
		DisableUnusedImportCheck: true,
		Error: func(err error) {
			switch e, ok := err.(types.Error); {
			case !ok:
			case e.Msg == "undefined: "+attach:
				ck.attach()
			default:
				found = append(found, e)
			}
		},
	}
	files, idents := ck.files()
	ck.fillScope(idents)
	types.NewChecker(&conf, ck.cell.Fset, ck.pkg, ck.info).Files(files)
	ck.resolveEarlier()
	ck.attached()

	ck.needKeys = slices.ContainsFunc(found, func(e types.Error) bool {
		return strings.HasPrefix(e.Msg, "implicit assignment to unexported field")
	})
	for len(found) > 0 {
		// What continues an error follows it, each part with its own position.
		n := 1
		for n < len(found) && strings.HasPrefix(found[n].Msg, "\t") {
			n++
		}
		parts := found[:n]
		found = found[n:]
		if ck.ignore(parts) {
			continue
		}
		if old := ck.owner(parts[0].Pos); old == nil {
			ck.note(parts)
		} else if ck.failed[old.key] == "" {
			ck.failed[old.key] = ck.cell.Fset.Position(parts[0].Pos).String() + ": " + firstLine(ck.words(parts[0].Msg))
		}
	}
	ck.countValues()
}

// gone says whether a declaration failed in the last pass, and remembers why.
func (ck *checking) gone(e *entry) bool {
	why, bad := ck.failed[e.key]
	if bad {
		ck.stale[e.key] = why
	}
	return bad
}

// owner is the declaration around pos whose failure is no error of the cell:
// an earlier one that is checked again, or any of a replay. Nil for others.
func (ck *checking) owner(pos token.Pos) *entry {
	list := ck.relinks
	if ck.replay {
		list = slices.Concat(ck.relinks, ck.decls)
	}
	for _, e := range list {
		node := ast.Node(e.node)
		if e.in != nil {
			node = e.in
		}
		if node.Pos() <= pos && pos <= node.End() {
			return e
		}
	}
	return nil
}

// files builds the package: one file of the cell's own, and one for each earlier
// declaration, because imports belong to files. It also gives all names in them.
func (ck *checking) files() ([]*ast.File, map[string]bool) {
	pos := ck.cell.File.Pos(0)
	idents, selected := map[string]bool{}, map[string]bool{}

	var own, early []ast.Decl
	var groups []*ast.GenDecl
	ck.outside = nil
	for _, e := range ck.decls {
		if o := ck.outsider(e); o != nil {
			ck.outside = append(ck.outside, o)
			early = append(early, o.fn)
			continue
		}
		switch n := e.node.(type) {
		case *ast.FuncDecl:
			own = append(own, n)
		case *ast.TypeSpec:
			own = append(own, &ast.GenDecl{Tok: token.TYPE, TokPos: n.Pos(), Specs: []ast.Spec{n}})
		case *ast.ValueSpec:
			if !slices.Contains(groups, e.in) {
				groups = append(groups, e.in)
				own = append(own, e.in)
			}
		}
	}
	for _, d := range ck.extra {
		own = append(own, d)
	}
	own = append(own, ck.body(pos)...)

	var first, rest []*ast.File
	for _, e := range ck.relinks {
		var d ast.Decl
		list := &rest
		switch n := e.node.(type) {
		case *ast.FuncDecl:
			d = n
			if o := ck.outsider(e); o != nil {
				ck.outside = append(ck.outside, o)
				d, list = o.fn, &first
			}
		case *ast.TypeSpec:
			d = &ast.GenDecl{Tok: token.TYPE, TokPos: n.Pos(), Specs: []ast.Spec{n}}
		case *ast.ValueSpec:
			d = constGroup(e)
		}
		mentions(idents, selected, d)
		*list = append(*list, file([]ast.Decl{d}, e.imports, ck.s.dots, e.node.Pos()))
	}

	names, before := map[string]bool{}, map[string]bool{}
	if len(ck.outside) > 0 {
		early = append(early, hook(pos))
	}
	own = slices.Concat(early, own)
	for _, d := range own {
		mentions(names, before, d)
	}
	for name := range names {
		idents[name] = true
	}
	cell := file(own, ck.importsFor(names, before), slices.Concat(ck.s.dots, ck.dots), pos)
	return slices.Concat(first, []*ast.File{cell}, rest), idents
}

// body is the cell's variables and its statements, these as one function.
func (ck *checking) body(pos token.Pos) []ast.Decl {
	var decls []ast.Decl
	block := &ast.BlockStmt{Lbrace: pos, Rbrace: ck.cell.File.Pos(len(ck.cell.Source))}
	for _, st := range ck.steps {
		for _, spec := range st.specs {
			decls = append(decls, &ast.GenDecl{Tok: token.VAR, TokPos: spec.Pos(), Specs: []ast.Spec{spec}})
		}
		block.List = append(block.List, st.body...)
	}
	if len(block.List) == 0 {
		return decls
	}
	return append(decls, &ast.FuncDecl{
		Name: &ast.Ident{NamePos: pos, Name: "_"},
		Type: &ast.FuncType{Func: pos, Params: &ast.FieldList{Opening: pos, Closing: pos}},
		Body: block,
	})
}

func file(decls []ast.Decl, imports map[string]string, dots []string, pos token.Pos) *ast.File {
	f := &ast.File{Package: pos, Name: &ast.Ident{NamePos: pos, Name: "main"}, FileStart: pos, FileEnd: pos}
	if len(imports)+len(dots) > 0 {
		var d ast.Decl
		f.Imports, d = importDecl(imports, dots, pos)
		f.Decls = append(f.Decls, d)
	}
	f.Decls = append(f.Decls, decls...)
	return f
}

// constGroup is the group of an earlier constant with all other names blank:
// iota and repeated values need the whole group.
func constGroup(e *entry) ast.Decl {
	g := *e.in
	g.Specs = nil
	for _, s := range e.in.Specs {
		spec := *s.(*ast.ValueSpec)
		spec.Names = slices.Clone(spec.Names)
		for i, id := range spec.Names {
			if id.Name != e.key {
				spec.Names[i] = &ast.Ident{NamePos: id.NamePos, Name: "_"}
			}
		}
		g.Specs = append(g.Specs, &spec)
	}
	return &g
}

// fillScope makes the earlier objects visible that the files mention and do not declare.
func (ck *checking) fillScope(idents map[string]bool) {
	again := map[string]bool{}
	for _, e := range ck.relinks {
		again[e.key] = true
	}
	for marked := range idents {
		name := unmark(marked)
		e := ck.s.entries[name]
		if e == nil || e.obj == nil || e.stale != "" || ck.stale[name] != "" {
			continue
		}
		if marked != name {
			ck.pkg.Scope().Insert(ck.alias(marked, e.obj))
			continue
		}
		if _, imported := ck.imports[name]; imported || again[name] || ck.declares(name) {
			continue
		}
		ck.pkg.Scope().Insert(e.obj)
	}
}

// alias stands for an earlier object under a marked name.
func (ck *checking) alias(name string, obj types.Object) types.Object {
	switch obj := obj.(type) {
	case *types.Const:
		return types.NewConst(obj.Pos(), ck.pkg, name, obj.Type(), obj.Val())
	case *types.TypeName:
		return types.NewTypeName(obj.Pos(), ck.pkg, name, obj.Type())
	case *types.Func:
		return types.NewFunc(obj.Pos(), ck.pkg, name, obj.Signature())
	default:
		return types.NewVar(obj.Pos(), ck.pkg, name, obj.Type())
	}
}

// resolveEarlier replaces what stood for earlier objects by those themselves.
func (ck *checking) resolveEarlier() {
	for id, name := range ck.renamed {
		if obj := ck.info.Uses[id]; obj != nil && obj.Pkg() == ck.pkg {
			if e := ck.s.entries[name]; e != nil {
				ck.info.Uses[id] = e.obj
			}
		}
	}
}
