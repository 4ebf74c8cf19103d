package check

import (
	"go/ast"
	"go/types"
)

// Go lets only the package of a struct write its unexported fields without
// their names. Cells are packages to go/types and one program to the learner: while
// the checker looks at such a literal of an earlier cell's type, its values have keys.

// key writes the field names into literals of earlier cells' structs. It says
// whether it found any that had none.
func (ck *checking) key() bool {
	found := false
	for _, root := range ck.roots() {
		ast.Inspect(root, func(n ast.Node) bool {
			l, ok := n.(*ast.CompositeLit)
			if !ok || len(l.Elts) == 0 || ck.keyed[l] != nil {
				return true
			}
			if _, has := l.Elts[0].(*ast.KeyValueExpr); has {
				return true
			}
			s := ck.earlierStruct(l)
			if s == nil {
				return true
			}
			ck.keyed[l] = l.Elts
			var elts []ast.Expr
			for i, e := range l.Elts {
				if _, has := e.(*ast.KeyValueExpr); has || i >= s.NumFields() {
					elts = append(elts, e)
					continue
				}
				name := &ast.Ident{NamePos: e.Pos(), Name: s.Field(i).Name()}
				elts = append(elts, &ast.KeyValueExpr{Key: name, Colon: e.Pos(), Value: e})
			}
			l.Elts = elts[:min(len(elts), s.NumFields())]
			found = true
			return true
		})
	}
	return found
}

// earlierStruct is the type of a literal where it is a struct of an earlier cell with unexported fields.
func (ck *checking) earlierStruct(l *ast.CompositeLit) *types.Struct {
	t := ck.info.TypeOf(l)
	if t == nil {
		return nil
	}
	t = t.Underlying()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem().Underlying()
	}
	s, ok := t.(*types.Struct)
	if !ok {
		return nil
	}
	for f := range s.Fields() {
		if !f.Exported() && f.Pkg() != ck.pkg && f.Pkg() != nil && f.Pkg().Path() == "main" {
			return s
		}
	}
	return nil
}

// countValues checks the number of values in literals that were given keys.
func (ck *checking) countValues() {
	for _, e := range ck.relinks {
		ck.countIn(e, e.syntax())
	}
	for _, root := range ck.own() {
		ck.countIn(nil, root)
	}
}

func (ck *checking) countIn(e *entry, root ast.Node) {
	if len(ck.keyed) == 0 {
		return
	}
	ast.Inspect(root, func(n ast.Node) bool {
		l, ok := n.(*ast.CompositeLit)
		if !ok || ck.keyed[l] == nil {
			return true
		}
		s := ck.earlierStruct(l)
		if s == nil {
			return true
		}
		name := types.TypeString(ck.info.TypeOf(l), types.RelativeTo(ck.pkg))
		switch elts := ck.keyed[l]; {
		case len(elts) > s.NumFields():
			ck.failOf(e, elts[s.NumFields()], ck.words("too many values in struct literal of type "+name))
		case len(elts) < s.NumFields():
			ck.failOf(e, &ast.Ident{NamePos: l.Rbrace, Name: "}"}, ck.words("too few values in struct literal of type "+name))
		}
		return true
	})
}

// own lists the cell's parts as the checker sees them.
func (ck *checking) own() []ast.Node {
	var roots []ast.Node
	for _, e := range ck.decls {
		roots = append(roots, e.node)
	}
	for _, d := range ck.extra {
		roots = append(roots, d)
	}
	for _, st := range ck.steps {
		roots = append(roots, st.nodes()...)
	}
	return roots
}

// roots lists all syntax of a pass.
func (ck *checking) roots() []ast.Node {
	roots := ck.own()
	for _, e := range ck.relinks {
		roots = append(roots, e.syntax())
	}
	return roots
}
