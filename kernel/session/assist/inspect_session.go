package assist

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"interleave/engine/syntax"
)

// sessionArticle describes a name that the learner declared, in this text or in
// an earlier cell: as it was written, with its doc comment.
func (a *Assistant) sessionArticle(p probe, obj types.Object, detail int) article {
	cell, note := a.declaredIn(p, obj)
	if cell == nil {
		return article{code: objectCode(obj)}
	}
	for _, d := range cell.Decls {
		if d.Pos() > obj.Pos() || obj.Pos() >= d.End() {
			continue
		}
		art, ok := article{}, false
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.Pos() == obj.Pos() {
				art, ok = funcArticle(cell, d, detail), true
			}
		case *ast.GenDecl:
			art, ok = a.genArticle(cell, d, obj, detail)
		}
		if ok {
			art.note = note
			return art
		}
	}
	art := article{code: objectCode(obj), note: note}
	for _, s := range cell.Stmts {
		if s.Pos() > obj.Pos() || obj.Pos() >= s.End() {
			continue
		}
		if d, ok := s.(*ast.DeclStmt); ok {
			if g, ok := d.Decl.(*ast.GenDecl); ok {
				art.text = g.Doc.Text()
			}
		}
		if detail > 0 {
			art.code += "\n\n" + written(cell, s)
		}
	}
	return art
}

// declaredIn finds the cell that declares an object, and says so in words.
func (a *Assistant) declaredIn(p probe, obj types.Object) (*syntax.Cell, string) {
	if f := p.cell.File; int(obj.Pos()) >= f.Base() && int(obj.Pos()) <= f.Base()+f.Size() {
		if obj.Parent() != nil && p.scope != nil && obj.Parent() != p.scope && obj.Parent() != types.Universe {
			if v, ok := obj.(*types.Var); ok && !v.IsField() {
				return p.cell, "local variable"
			}
		}
		return p.cell, "declared in this cell"
	}
	candidates := []types.Object{obj}
	if owner := a.owner(obj); owner != nil {
		candidates = append(candidates, owner, a.cfg.Session.Lookup(owner.Name()))
	}
	candidates = append(candidates, a.cfg.Session.Lookup(obj.Name()))
	var cell *syntax.Cell
	for _, top := range candidates {
		if top == nil || cell != nil {
			continue
		}
		cell, _ = a.cfg.Session.Source(top)
	}
	if cell == nil {
		return nil, ""
	}
	return cell, "declared in " + cell.Name
}

// funcArticle shows a function or method: its header, and its body where detail is wanted.
func funcArticle(cell *syntax.Cell, d *ast.FuncDecl, detail int) article {
	art := article{code: written(cell, d), text: d.Doc.Text()}
	if d.Body != nil && detail == 0 {
		art.code = strings.TrimSpace(between(cell, d.Pos(), d.Body.Lbrace))
	}
	return art
}

// genArticle shows a type, constant or variable of a declaration, or a field of a type.
func (a *Assistant) genArticle(cell *syntax.Cell, d *ast.GenDecl, obj types.Object, detail int) (article, bool) {
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if spec.Name.Pos() == obj.Pos() {
				art := article{code: "type " + written(cell, spec), text: docOf(d, spec.Doc, spec.Comment)}
				if detail > 0 {
					art.code += methodLines(obj.Type())
				}
				return art, true
			}
			if f := fieldAt(spec, obj.Pos()); f != nil {
				kind := "field "
				if isFunc(obj) {
					kind = "method "
				}
				code := kind + obj.Name() + " " + types.TypeString(obj.Type(), qualifier)
				return article{code: code, text: docOf(nil, f.Doc, f.Comment)}, true
			}
		case *ast.ValueSpec:
			for _, n := range spec.Names {
				if n.Pos() == obj.Pos() {
					return article{code: objectCode(obj), text: docOf(d, spec.Doc, spec.Comment)}, true
				}
			}
		}
	}
	return article{}, false
}

// objectCode writes an object's declaration from what the checker knows.
func objectCode(obj types.Object) string {
	t := types.TypeString(obj.Type(), qualifier)
	switch obj := obj.(type) {
	case *types.Const:
		return "const " + obj.Name() + " " + t + " = " + obj.Val().String()
	case *types.Var:
		if obj.IsField() {
			return "field " + obj.Name() + " " + t
		}
		return "var " + obj.Name() + " " + t
	}
	return types.ObjectString(obj, qualifier)
}

// methodLines lists the headers of a type's methods, each on a line.
func methodLines(t types.Type) string {
	n := namedType(t)
	if n == nil || n.NumMethods() == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteByte('\n')
	for m := range n.Methods() {
		sig := m.Signature()
		b.WriteString("\nfunc (" + types.TypeString(sig.Recv().Type(), qualifier) + ") " + m.Name())
		b.WriteString(strings.TrimPrefix(types.TypeString(sig, qualifier), "func"))
	}
	return b.String()
}

func isFunc(obj types.Object) bool {
	_, ok := obj.(*types.Func)
	return ok
}

// fieldAt finds the field, or the method of an interface, whose name is at pos.
func fieldAt(spec *ast.TypeSpec, pos token.Pos) *ast.Field {
	var found *ast.Field
	ast.Inspect(spec.Type, func(n ast.Node) bool {
		if f, ok := n.(*ast.Field); ok {
			for _, name := range f.Names {
				if name.Pos() == pos {
					found = f
				}
			}
			if len(f.Names) == 0 && f.Pos() <= pos && pos < f.End() {
				found = f
			}
		}
		return found == nil
	})
	return found
}

// docOf is the doc comment of a specification: its own, or that of a
// declaration that holds nothing else, or the comment at the end of its line.
func docOf(d *ast.GenDecl, doc, line *ast.CommentGroup) string {
	if doc == nil && d != nil && len(d.Specs) == 1 {
		doc = d.Doc
	}
	if doc == nil {
		doc = line
	}
	return doc.Text()
}

// written is the text of a node as the learner typed it.
func written(cell *syntax.Cell, n ast.Node) string { return between(cell, n.Pos(), n.End()) }

func between(cell *syntax.Cell, from, to token.Pos) string {
	i, j := cell.File.Offset(from), cell.File.Offset(to)
	i = min(max(i, 0), len(cell.Source))
	return cell.Source[i:min(max(j, i), len(cell.Source))]
}
