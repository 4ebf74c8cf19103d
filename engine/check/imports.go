package check

import (
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// importSpec takes over an import declaration of the cell.
func (ck *checking) importSpec(spec *ast.ImportSpec) {
	path, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		ck.fail(spec.Path, "invalid import path: "+spec.Path.Value)
		return
	}
	pkg, err := ck.s.lib.Package(path)
	if err != nil {
		ck.fail(spec.Path, err.Error())
		// Uses of the name are no further errors: the pass imports it and fails once more, silently.
		name := path[strings.LastIndex(path, "/")+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if path == "C" {
			path = "runtime/cgo" // is missing as well, and the checker treats it as any other
		}
		ck.imports[name] = path
		return
	}
	name := pkg.Name()
	if spec.Name != nil {
		name = spec.Name.Name
	}
	switch name {
	case "_":
	case ".":
		if !slices.Contains(ck.s.dots, path) && !slices.Contains(ck.dots, path) {
			ck.dots = append(ck.dots, path)
		}
	default:
		if old, twice := ck.imports[name]; twice && old != path {
			ck.fail(spec, name+" redeclared in this block")
			return
		}
		ck.imports[name] = path
	}
}

// embeds refuses files that a comment asks the compiler to put into variables: they
// would stay empty.
func (ck *checking) embeds() {
	if slices.ContainsFunc(ck.cell.Imports, func(s *ast.ImportSpec) bool { return s.Path.Value == `"embed"` }) {
		return // which is refused
	}
	for _, group := range ck.cell.Comments {
		for _, c := range group.List {
			if strings.HasPrefix(c.Text, "//go:embed ") {
				ck.fail(c, "go:embed only allowed in Go files that import \"embed\"")
				ck.errs[len(ck.errs)-1].Hint = ck.s.lib.Unavailable("embed").Error()
			}
		}
	}
}

// importsFor gives the packages that some nodes may refer to, name → path: what
// this cell imports, what earlier cells imported, and what needs no import because only
// one package has that name and nothing else does.
func (ck *checking) importsFor(idents map[string]bool, selected map[string]bool) map[string]string {
	out := map[string]string{}
	for marked := range idents {
		name := unmark(marked)
		if path, ok := ck.imports[name]; ok {
			out[marked] = path
			continue
		}
		if marked == name && ck.declares(name) {
			continue
		}
		if path, ok := ck.s.imports[name]; ok {
			out[marked] = path
			continue
		}
		if !selected[marked] || ck.s.entries[name] != nil {
			continue
		}
		if paths := ck.s.lib.ByName(name); len(paths) == 1 {
			out[marked] = paths[0]
		}
	}
	return out
}

// declares says whether this cell declares the name at its top level.
func (ck *checking) declares(name string) bool { return ck.declared(name) || ck.keys[name] }

// setDecls sets what the cell declares, but for variables.
func (ck *checking) setDecls(decls []*entry) {
	ck.decls = decls
	ck.keys = make(map[string]bool, len(decls))
	for _, e := range decls {
		ck.keys[e.key] = true
	}
}

// mentions collects the names in some nodes, and which of them stand before a dot.
func mentions(idents, selected map[string]bool, n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			idents[n.Name] = true
		case *ast.SelectorExpr:
			if id, ok := n.X.(*ast.Ident); ok {
				selected[id.Name] = true
			}
		}
		return true
	})
}

// importDecl writes imports as the syntax that the checker reads.
func importDecl(imports map[string]string, dots []string, pos token.Pos) ([]*ast.ImportSpec, ast.Decl) {
	g := &ast.GenDecl{Tok: token.IMPORT, TokPos: pos}
	var specs []*ast.ImportSpec
	add := func(name, path string) {
		spec := &ast.ImportSpec{
			Name: &ast.Ident{NamePos: pos, Name: name},
			Path: &ast.BasicLit{ValuePos: pos, Kind: token.STRING, Value: strconv.Quote(path)},
		}
		specs = append(specs, spec)
		g.Specs = append(g.Specs, spec)
	}
	for name, path := range imports {
		add(name, path)
	}
	for _, path := range dots {
		add(".", path)
	}
	return specs, g
}
