package source

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"sort"
)

// pages are the parsed declarations of one package: exported names only.
type pages struct {
	fset    *token.FileSet
	path    string
	name    string
	doc     string
	funcs   map[string]*ast.FuncDecl
	methods map[string][]*ast.FuncDecl // by receiver's type name
	types   map[string]declared
	values  map[string]declared
}

// declared is one specification and the declaration that holds it.
type declared struct {
	decl *ast.GenDecl
	spec ast.Spec
}

// Lookup describes an exported name of a package; with member, a method or
// field of that type (declared on it, not promoted to it). An empty name is the
// package itself. The package "builtin" describes Go's predeclared names.
func (a *Archive) Lookup(importPath, name, member string) (Entry, bool) {
	p := a.pages(importPath)
	if p == nil {
		return Entry{}, false
	}
	e, ok := p.entry(name, member)
	e.pages = p
	return e, ok
}

// entry is Lookup within the package.
func (p *pages) entry(name, member string) (Entry, bool) {
	switch {
	case name == "":
		text := "package " + p.name + " // import \"" + p.path + "\""
		return Entry{Kind: "package", Signature: text, Full: text, Doc: p.doc}, true
	case member != "":
		return p.member(name, member)
	}
	if d, ok := p.funcs[name]; ok {
		return p.funcEntry(d), true
	}
	if t, ok := p.types[name]; ok {
		return p.typeEntry(t.decl, t.spec.(*ast.TypeSpec), p.methods[name]), true
	}
	if v, ok := p.values[name]; ok {
		return p.valueEntry(v.decl, v.spec.(*ast.ValueSpec), name), true
	}
	return Entry{}, false
}

// has reports whether the package declares a name, or a method of a type.
func (p *pages) has(owner, name string) bool {
	if owner != "" {
		_, ok := p.member(owner, name)
		return ok
	}
	_, f := p.funcs[name]
	_, t := p.types[name]
	_, v := p.values[name]
	return f || t || v
}

// member finds a method or a field of a type.
func (p *pages) member(owner, name string) (Entry, bool) {
	for _, m := range p.methods[owner] {
		if m.Name.Name == name {
			return p.funcEntry(m), true
		}
	}
	t, ok := p.types[owner]
	if !ok {
		return Entry{}, false
	}
	var fields *ast.FieldList
	switch t := t.spec.(*ast.TypeSpec).Type.(type) {
	case *ast.StructType:
		fields = t.Fields
	case *ast.InterfaceType:
		fields = t.Methods
	default:
		return Entry{}, false
	}
	for _, f := range fields.List {
		for _, n := range f.Names {
			if n.Name == name {
				return p.fieldEntry(owner, name, f), true
			}
		}
		if len(f.Names) == 0 && typeName(f.Type) == name {
			return p.fieldEntry(owner, name, f), true
		}
	}
	return Entry{}, false
}

// pages reads a package the first time that it is wanted; nil where there is none.
func (a *Archive) pages(importPath string) *pages {
	a.mu.Lock()
	p, ok := a.packages[importPath]
	a.mu.Unlock()
	if ok {
		return p
	}
	p = a.read(importPath)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.packages[importPath] = p
	return p
}

func (a *Archive) read(importPath string) *pages {
	files, err := a.Files(importPath)
	if err != nil {
		return nil
	}
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	p := &pages{
		fset:    token.NewFileSet(),
		path:    importPath,
		name:    path.Base(importPath),
		funcs:   map[string]*ast.FuncDecl{},
		methods: map[string][]*ast.FuncDecl{},
		types:   map[string]declared{},
		values:  map[string]declared{},
	}
	for _, name := range names {
		const mode = parser.ParseComments | parser.SkipObjectResolution
		f, err := parser.ParseFile(p.fset, name, skeleton(files[name]), mode)
		if err != nil {
			f, err = parser.ParseFile(p.fset, name, files[name], mode)
		}
		if err == nil {
			p.add(f, importPath == "builtin")
		}
	}
	return p
}

// add takes the exported declarations of one file; all of them where the
// package describes the predeclared names, which are in lower case.
func (p *pages) add(f *ast.File, all bool) {
	p.name = f.Name.Name
	if text := f.Doc.Text(); len(text) > len(p.doc) {
		p.doc = text
	}
	if !all {
		ast.FileExports(f)
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				p.funcs[d.Name.Name] = d
			} else if len(d.Recv.List) == 1 {
				owner := typeName(d.Recv.List[0].Type)
				p.methods[owner] = append(p.methods[owner], d)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					p.types[s.Name.Name] = declared{d, s}
				case *ast.ValueSpec:
					for _, n := range s.Names {
						p.values[n.Name] = declared{d, s}
					}
				}
			}
		}
	}
}

// typeName is the bare name of a receiver's or an embedded field's type.
func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.StarExpr:
		return typeName(e.X)
	case *ast.ParenExpr:
		return typeName(e.X)
	case *ast.IndexExpr:
		return typeName(e.X)
	case *ast.IndexListExpr:
		return typeName(e.X)
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}
