package real

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"interleave/engine/check"
	"interleave/engine/syntax"
)

// Source is the text of a program that does what a cell does, with the declarations of
// earlier cells that it needs. Positions stay the cells' own, by line directives. The
// value of a last expression is printed. Error says what a program of its own cannot
// have: the variables of earlier cells.
func Source(s *check.Session, p *check.Program) (string, error) {
	needed, vars, imports := s.Needs(p)
	if len(vars) > 0 {
		var list []string
		for _, v := range vars {
			list = append(list, fmt.Sprintf("%s (of %s)", v[0], v[1]))
		}
		return "", fmt.Errorf("a program of its own does not have the variables of earlier cells: %s\ndeclare them in this cell, too", strings.Join(list, ", "))
	}
	for _, name := range slices.Sorted(maps.Keys(imports)) {
		first, _, _ := strings.Cut(imports[name], "/")
		if strings.Contains(first, ".") || first == "interleave" {
			return "", fmt.Errorf("a program of its own has the standard library only, not package %s (%q)", name, imports[name])
		}
	}
	w := &writer{p: p, imports: imports}
	for _, n := range needed {
		w.decl(n.Cell, n.Node)
	}
	if p.Cell.Whole {
		w.whole()
	} else if err := w.cell(); err != nil {
		return "", err
	}
	return w.head() + w.b.String(), nil
}

type writer struct {
	p       *check.Program
	b       strings.Builder
	imports map[string]string // name → path
	shows   bool
}

// show is the name under which a program that shows a value has package fmt.
const show = "ꞏfmt"

func (w *writer) head() string {
	var b strings.Builder
	b.WriteString("package main\n")
	for _, spec := range w.p.Cell.Imports {
		if spec.Name != nil && (spec.Name.Name == "_" || spec.Name.Name == ".") {
			fmt.Fprintf(&b, "import %s %s\n", spec.Name.Name, spec.Path.Value)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(w.imports)) {
		fmt.Fprintf(&b, "import %s %q\n", name, w.imports[name])
	}
	if w.shows {
		fmt.Fprintf(&b, "import %s \"fmt\"\n", show)
	}
	return b.String()
}

// at writes a line directive.
func (w *writer) at(c *syntax.Cell, pos token.Pos) {
	at := c.File.Position(pos)
	fmt.Fprintf(&w.b, "\n//line %s:%d:%d\n", at.Filename, at.Line, at.Column)
}

func text(c *syntax.Cell, from, to token.Pos) string {
	return c.Source[c.File.Offset(from):c.File.Offset(to)]
}

func (w *writer) decl(c *syntax.Cell, n ast.Node) {
	if spec, ok := n.(*ast.TypeSpec); ok {
		w.b.WriteString("\ntype (")
		defer w.b.WriteString("\n)")
		n = spec
	}
	w.at(c, n.Pos())
	w.b.WriteString(text(c, n.Pos(), n.End()))
}

// whole writes a program as it stands, without its imports.
func (w *writer) whole() {
	c := w.p.Cell
	body := c.Go()
	for _, it := range c.Items {
		if it.Kind == syntax.Import || it.Kind == syntax.Package {
			for i := it.Start; i < it.End; i++ {
				if body[i] != '\n' && body[i] != '\r' {
					body[i] = ' '
				}
			}
		}
	}
	w.at(c, c.File.Pos(0))
	w.b.Write(body)
}

// cell writes declarations, variables, and a main function of the statements.
func (w *writer) cell() error {
	c := w.p.Cell
	main := false
	var inits []*ast.FuncDecl // they run in the body, in their turn
	for _, d := range c.Decls {
		f, ok := d.(*ast.FuncDecl)
		if ok && f.Recv == nil && f.Name.Name == "init" {
			inits = append(inits, f)
			continue
		}
		w.decl(c, d)
		main = main || ok && f.Recv == nil && f.Name.Name == "main"
	}
	for _, it := range w.p.Body {
		for _, v := range it.Defines {
			t, err := w.typ(v)
			if err != nil {
				return err
			}
			w.at(c, v.Pos())
			fmt.Fprintf(&w.b, "var %s %s", v.Name(), t)
		}
	}
	if main {
		for _, it := range w.p.Body {
			if it.Stmt != nil || it.Result != nil {
				return fmt.Errorf("func main and statements beside it: one of them is too many in a program of its own")
			}
		}
		return nil
	}
	w.b.WriteString("\nfunc main() {")
	for _, it := range w.p.Body {
		switch {
		case it.Stmt != nil && len(it.Defines) > 0:
			w.assign(it.Stmt.(*ast.AssignStmt))
		case it.Stmt != nil:
			pos := it.Stmt.Pos()
			if i := slices.IndexFunc(inits, func(f *ast.FuncDecl) bool { return f.Pos() <= pos && pos < f.End() }); i >= 0 {
				body := inits[i].Body
				w.at(c, body.Pos())
				w.b.WriteString("func() " + text(c, body.Pos(), body.End()) + "()")
				continue
			}
			w.at(c, pos)
			w.b.WriteString(text(c, pos, it.Stmt.End()))
		case it.Result != nil:
			w.result(it.Result)
		}
	}
	w.b.WriteString("\n}\n")
	return nil
}

// typ writes the type of a variable, and imports what it names.
func (w *writer) typ(v *types.Var) (string, error) {
	var err error
	t := types.TypeString(v.Type(), func(pkg *types.Package) string {
		if pkg.Path() == "main" {
			return ""
		}
		for name, path := range w.imports {
			if path == pkg.Path() {
				return name
			}
		}
		if other, ok := w.imports[pkg.Name()]; ok {
			err = fmt.Errorf("the type of %s is of package %q, whose name means %q here", v.Name(), pkg.Path(), other)
		}
		w.imports[pkg.Name()] = pkg.Path()
		return pkg.Name()
	})
	return t, err
}

// assign writes the definition of variables that are declared outside of main.
func (w *writer) assign(a *ast.AssignStmt) {
	c := w.p.Cell
	w.at(c, a.Lhs[0].Pos())
	list := func(exprs []ast.Expr) string {
		var texts []string
		for _, e := range exprs {
			texts = append(texts, text(c, e.Pos(), e.End()))
		}
		return strings.Join(texts, ", ")
	}
	w.b.WriteString(list(a.Lhs) + " = " + list(a.Rhs))
}

// result writes the last expression: a call stays a statement where it has no value
// or prints by itself.
func (w *writer) result(e ast.Expr) {
	c := w.p.Cell
	plain := w.p.Info.Types[e].IsVoid()
	if call, ok := ast.Unparen(e).(*ast.CallExpr); ok && !plain {
		if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
			f, ok := w.p.Info.Uses[sel.Sel].(*types.Func)
			plain = ok && f.Pkg() != nil && f.Pkg().Path() == "fmt" && (strings.HasPrefix(f.Name(), "Print") || strings.HasPrefix(f.Name(), "Fprint"))
		}
		if t, ok := w.p.Info.TypeOf(e).(*types.Tuple); ok && t.Len() == 0 {
			plain = true
		}
	}
	w.at(c, e.Pos())
	if plain {
		w.b.WriteString(text(c, e.Pos(), e.End()))
		return
	}
	w.shows = true
	fmt.Fprintf(&w.b, "%s.Println(%s)", show, text(c, e.Pos(), e.End()))
}
