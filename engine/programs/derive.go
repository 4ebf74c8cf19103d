package programs

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"sort"
	"strings"
)

// Derive gives the compiled form of p: one main package whose imports and
// declarations are those of all cells, whose package-level variables are the
// top-level ones of the cells, and whose main function runs the statements of
// the cells in order, each cell in a function of its own (its defers run when
// the cell ends). Positions stay the cells' own, by line directives.
//
// A program of the chapter "rejected" keeps its top-level definitions as they
// are, so that the compiler speaks of them as the learner wrote them.
//
// Derive fails where one package cannot say what the cells say: a name declared
// twice. Such a program brings its own main.go.
func Derive(p *Program, importer types.Importer) (string, error) {
	if p.Main != "" {
		return p.Main, nil
	}
	d := derivation{vars: map[string]string{}, imports: map[string]bool{}, asWritten: p.Chapter() == "rejected"}
	for i, cell := range p.Cells {
		chunks := split(cell)
		if len(chunks) > 0 && strings.HasPrefix(chunks[0].text, "package ") {
			if len(p.Cells) > 1 {
				return "", fmt.Errorf("programs: %s: a whole program beside other cells needs main.go", p.Name)
			}
			return fmt.Sprintf("//line cell[1]:1:1\n%s", cell), nil
		}
		if err := d.add(fmt.Sprintf("cell[%d]", i+1), chunks); err != nil {
			return "", fmt.Errorf("programs: %s: %w", p.Name, err)
		}
	}
	if err := d.infer(importer); err != nil {
		return "", fmt.Errorf("programs: %s: %w", p.Name, err)
	}
	return d.file(), nil
}

// derivation collects the parts of the compiled form.
type derivation struct {
	imports map[string]bool   // import specifications as written
	decls   strings.Builder   // with line directives
	bodies  []string          // one a cell: statements with top-level definitions turned into assignments
	scopes  []string          // the same statements as written, for type inference
	vars    map[string]string // top-level variables and their types; "" until inferred

	asWritten bool // no variable moves to package level
}

func (d *derivation) add(cell string, chunks []chunk) error {
	var body, scope strings.Builder
	for i, c := range chunks {
		at := fmt.Sprintf("/*line %s:%d:%d*/", cell, c.line, c.col)
		switch c.kind {
		case importChunk:
			if err := d.addImports(c.text); err != nil {
				return err
			}
		case declChunk:
			fmt.Fprintf(&d.decls, "%s%s\n\n", at, c.text)
		default:
			text, err := d.hoist(c.text, i == len(chunks)-1)
			if err != nil {
				return fmt.Errorf("%s:%d: %w", cell, c.line, err)
			}
			fmt.Fprintf(&body, "\t%s%s\n", at, text)
			fmt.Fprintln(&scope, c.text)
		}
	}
	if body.Len() > 0 {
		d.bodies = append(d.bodies, body.String())
		d.scopes = append(d.scopes, scope.String())
	}
	return nil
}

func (d *derivation) addImports(text string) error {
	f, err := parser.ParseFile(token.NewFileSet(), "", "package main;"+text, parser.ImportsOnly)
	if err != nil {
		return err
	}
	for _, spec := range f.Imports {
		line := spec.Path.Value
		if spec.Name != nil {
			line = spec.Name.Name + " " + line
		}
		d.imports[line] = true
	}
	return nil
}

// hoist makes a top-level definition an assignment of the same width, and notes
// its variables. A last expression is evaluated, as a cell does to show it. A
// statement that does not parse is left to the compiler, whose words we want.
func (d *derivation) hoist(text string, last bool) (string, error) {
	const prefix = "package main;func _(){"
	f, err := parser.ParseFile(token.NewFileSet(), "", prefix+text+"\n}", parser.SkipObjectResolution)
	if err != nil || len(f.Decls[0].(*ast.FuncDecl).Body.List) != 1 {
		return text, nil
	}
	offset := func(pos token.Pos) int { return int(pos) - 1 - len(prefix) }
	switch stmt := f.Decls[0].(*ast.FuncDecl).Body.List[0].(type) {
	case *ast.AssignStmt:
		if stmt.Tok == token.DEFINE {
			for _, left := range stmt.Lhs {
				d.define(left)
			}
			if d.asWritten {
				break
			}
			at := offset(stmt.TokPos)
			return text[:at] + " =" + text[at+2:], nil
		}
	case *ast.ExprStmt:
		if _, call := stmt.X.(*ast.CallExpr); last && !call {
			return "_ = " + text, nil
		}
	case *ast.DeclStmt:
		decl := stmt.Decl.(*ast.GenDecl)
		if decl.Tok != token.VAR {
			break
		}
		var assigns []string
		for _, s := range decl.Specs {
			spec := s.(*ast.ValueSpec)
			if spec.Names[0].Name == "_" { // its type is all that it says
				return text, nil
			}
			for _, name := range spec.Names {
				d.define(name)
			}
			if d.asWritten {
				return text, nil
			}
			if len(spec.Values) > 0 {
				names := text[offset(spec.Names[0].Pos()):offset(spec.Names[len(spec.Names)-1].End())]
				values := text[offset(spec.Values[0].Pos()):offset(spec.Values[len(spec.Values)-1].End())]
				assigns = append(assigns, names+" = "+values)
			}
		}
		return strings.Join(assigns, "; "), nil
	}
	return text, nil
}

func (d *derivation) define(left ast.Expr) {
	if id, ok := left.(*ast.Ident); ok && id.Name != "_" {
		d.vars[id.Name] = ""
	}
}

// infer finds the types of the top-level variables: it checks the statements as
// they are written, each cell as a block inside the block of the one before.
// Errors (an earlier function names a variable that is not yet at package
// level) do not matter here; the compiler judges the result.
func (d *derivation) infer(importer types.Importer) error {
	if len(d.vars) == 0 || d.asWritten {
		return nil
	}
	var src strings.Builder
	fmt.Fprintf(&src, "package main\n%s%s\nfunc _() {\n", d.importDecl(), d.decls.String())
	for _, scope := range d.scopes {
		fmt.Fprintf(&src, "{\n%s", scope)
	}
	src.WriteString(strings.Repeat("}", len(d.scopes)+1))
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", src.String(), parser.SkipObjectResolution)
	if err != nil {
		return nil // the compiler says it better
	}
	info := &types.Info{Defs: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: importer, Error: func(error) {}}
	pkg, _ := config.Check("main", fset, []*ast.File{f}, info)

	qualify := func(other *types.Package) string {
		if other == pkg {
			return ""
		}
		if d.imports[fmt.Sprintf("%q", other.Path())] {
			return other.Name()
		}
		for spec := range d.imports {
			if name, ok := strings.CutSuffix(spec, fmt.Sprintf(" %q", other.Path())); ok && name != "_" {
				return name
			}
		}
		d.imports[fmt.Sprintf("%q", other.Path())] = true
		return other.Name()
	}
	for _, list := range topLevel(f, len(d.scopes)) {
		for _, id := range defined(list) {
			v, ok := info.Defs[id].(*types.Var)
			if !ok || v.Name() == "_" {
				continue
			}
			typ := types.TypeString(v.Type(), qualify)
			if before := d.vars[id.Name]; before != "" && before != typ {
				return fmt.Errorf("%s is a %s and later a %s: give main.go", id.Name, before, typ)
			}
			d.vars[id.Name] = typ
		}
	}
	return nil
}

// topLevel lists the statements of each cell in the nested blocks of infer.
func topLevel(f *ast.File, cells int) [][]ast.Stmt {
	block := f.Decls[len(f.Decls)-1].(*ast.FuncDecl).Body
	var lists [][]ast.Stmt
	for range cells {
		block = block.List[len(block.List)-1].(*ast.BlockStmt)
		lists = append(lists, block.List)
	}
	return lists
}

// defined lists the names that statements define in their own block.
func defined(list []ast.Stmt) []*ast.Ident {
	var names []*ast.Ident
	for _, stmt := range list {
		switch stmt := stmt.(type) {
		case *ast.AssignStmt:
			for _, left := range stmt.Lhs {
				if id, ok := left.(*ast.Ident); ok && stmt.Tok == token.DEFINE {
					names = append(names, id)
				}
			}
		case *ast.DeclStmt:
			for _, s := range stmt.Decl.(*ast.GenDecl).Specs {
				if spec, ok := s.(*ast.ValueSpec); ok {
					names = append(names, spec.Names...)
				}
			}
		}
	}
	return names
}

func (d *derivation) importDecl() string {
	var specs []string
	for spec := range d.imports {
		specs = append(specs, "import "+spec+"\n")
	}
	sort.Strings(specs)
	return strings.Join(specs, "")
}

func (d *derivation) file() string {
	var vars []string
	for name, typ := range d.vars {
		if typ != "" && typ != "invalid type" {
			vars = append(vars, "var "+name+" "+typ+"\n")
		}
	}
	sort.Strings(vars)
	var src strings.Builder
	fmt.Fprintf(&src, "package main\n\n%s\n%s\n%s", d.importDecl(), strings.Join(vars, ""), d.decls.String())
	src.WriteString("func main() {\n")
	for _, body := range d.bodies {
		if d.asWritten {
			fmt.Fprintf(&src, "{\n%s", body)
		} else if len(d.bodies) > 1 {
			fmt.Fprintf(&src, "\tfunc() {\n%s\t}()\n", body)
		} else {
			src.WriteString(body)
		}
	}
	if d.asWritten {
		for name := range d.vars { // unused is fine at the top of a cell
			fmt.Fprintf(&src, "_ = %s\n", name)
		}
		src.WriteString(strings.Repeat("}", len(d.bodies)))
	}
	src.WriteString("}\n")
	return src.String()
}
