package check

import (
	"go/ast"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// affected finds the earlier declarations that refer, directly or not, to a
// name that this cell declares again. They are checked with it.
func (ck *checking) affected() {
	ck.relinks = nil
	changed := map[string]bool{}
	for _, e := range ck.decls {
		changed[e.key] = true
	}
	for name := range ck.vars {
		changed[name] = true
	}
	for name := range ck.imports {
		if ck.s.entries[name] != nil {
			changed[name] = true
		}
	}
	done := maps.Clone(changed) // declared by the cell itself, or taken in
	for _, e := range ck.decls {
		ck.renew(e, changed)
	}
	// What uses a changed name changes: walk to the end.
	for grew := true; grew; {
		grew = false
		for key, e := range ck.s.entries {
			if e.node == nil || done[key] {
				continue
			}
			touched := changed[key] || e.dirty || e.stale != ""
			for name := range e.uses {
				touched = touched || changed[name]
			}
			if touched {
				again := *e
				again.obj, again.stale, again.dirty = nil, "", false
				ck.relinks = append(ck.relinks, &again)
				changed[key], done[key], grew = true, true, true
				ck.renew(e, changed)
			}
		}
	}
	slices.SortFunc(ck.relinks, func(a, b *entry) int { return strings.Compare(a.key, b.key) })
}

// renew makes a generic type anew where it gets another method, or one of
// another signature: its instances, once they were used, cannot gain any.
func (ck *checking) renew(e *entry, changed map[string]bool) {
	d, ok := e.node.(*ast.FuncDecl)
	if !ok || d.Recv == nil {
		return
	}
	name, _, _ := strings.Cut(e.key, ".")
	t := ck.s.entries[name]
	if t == nil {
		return
	}
	if spec, ok := t.node.(*ast.TypeSpec); ok && spec.TypeParams != nil && (ck.anew[name] || !ck.sameMethod(e, spec)) {
		changed[name] = true
	}
}

// sameMethod says whether a method of a generic type has the receiver and the
// signature, as written, of one that the type has.
func (ck *checking) sameMethod(e *entry, spec *ast.TypeSpec) bool {
	old := ck.s.entries[e.key]
	if old == nil || old.obj == nil || ck.stale[e.key] != "" || old.stale != "" {
		return false
	}
	d, before := e.node.(*ast.FuncDecl), old.node.(*ast.FuncDecl)
	var params []string
	for _, f := range spec.TypeParams.List {
		for _, id := range f.Names {
			params = append(params, id.Name)
		}
	}
	return types.ExprString(d.Recv.List[0].Type) == types.ExprString(before.Recv.List[0].Type) &&
		types.ExprString(d.Type) == types.ExprString(before.Type) &&
		strings.HasSuffix(types.ExprString(d.Recv.List[0].Type), "["+strings.Join(params, ", ")+"]")
}

// uses gives the keys of the declarations and the packages that a checked
// declaration refers to.
func (ck *checking) uses(n ast.Node) (keys map[string]bool, imports map[string]string) {
	keys, imports = map[string]bool{}, map[string]string{}
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		obj := ck.info.Uses[id]
		if path := pkgPath(obj); path != "" {
			imports[id.Name] = path
		} else if key := keyOf(obj); key != "" {
			keys[key] = true
		}
		return true
	})
	return keys, imports
}
