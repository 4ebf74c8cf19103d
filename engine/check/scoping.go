package check

import (
	"go/ast"
	"go/types"
	"strings"
)

// earlier marks a name that means what it meant before this cell. The dot is
// a letter to Go (U+A78F), as the type checker wants it, and on no keyboard.
const earlier = "ꞏearlier"

// scoping gives Go's scopes back to the top level: a variable is visible from
// its definition on, and a name before that, or on its right side, means the
// earlier cell's. Such names are marked while the checker looks at them.
func (ck *checking) scoping() {
	for i, st := range ck.steps {
		for _, n := range st.nodes() {
			ck.mark(n, i)
		}
	}
}

// nodes are the parts of a step that refer to names.
func (st *step) nodes() []ast.Node {
	var out []ast.Node
	for _, spec := range st.specs {
		if spec.Type != nil {
			out = append(out, spec.Type)
		}
		for _, v := range spec.Values {
			out = append(out, v)
		}
	}
	for _, s := range st.body {
		if a, ok := s.(*ast.AssignStmt); ok && st.define {
			for _, v := range a.Rhs { // the left side is declared by an earlier step
				out = append(out, v)
			}
			continue
		}
		out = append(out, s)
	}
	return out
}

func (ck *checking) mark(n ast.Node, at int) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			ck.mark(n.X, at)
			return false
		case *ast.KeyValueExpr:
			// A bare name may be a field; the pass tells, and marks it then.
			if _, bare := n.Key.(*ast.Ident); !bare {
				ck.mark(n.Key, at)
			}
			ck.mark(n.Value, at)
			return false
		case *ast.LabeledStmt:
			ck.mark(n.Stmt, at)
			return false
		case *ast.BranchStmt:
			return false
		case *ast.Ident:
			if n.Obj == nil && !ck.visible(n.Name, at) {
				ck.rename(n)
			}
		}
		return true
	})
}

// markKeys marks those keys of composite literals that the checker took for
// variables that are not visible there. It says whether there were any.
func (ck *checking) markKeys() bool {
	found := false
	for i, st := range ck.steps {
		for _, n := range st.nodes() {
			ast.Inspect(n, func(n ast.Node) bool {
				kv, ok := n.(*ast.KeyValueExpr)
				if !ok {
					return true
				}
				id, ok := kv.Key.(*ast.Ident)
				if !ok || id.Obj != nil || ck.visible(id.Name, i) {
					return true
				}
				if v, ok := ck.info.Uses[id].(*types.Var); ok && !v.IsField() {
					ck.rename(id)
					found = true
				}
				return true
			})
		}
	}
	return found
}

// visible says whether a name of this cell's variables is one at step at.
func (ck *checking) visible(name string, at int) bool {
	k, ok := ck.vars[name]
	if !ok || k < at {
		return true
	}
	return k > at && ck.steps[k].static && ck.steps[at].static
}

func (ck *checking) rename(id *ast.Ident) {
	if _, done := ck.renamed[id]; !done {
		ck.renamed[id] = id.Name
		id.Name += earlier
	}
}

// unmarkAll gives the syntax tree back as it was.
func (ck *checking) unmarkAll() {
	for id, name := range ck.renamed {
		id.Name = name
	}
	clear(ck.renamed)
	for l, elts := range ck.keyed {
		l.Elts = elts
	}
	clear(ck.keyed)
}

func unmark(name string) string { return strings.TrimSuffix(name, earlier) }
