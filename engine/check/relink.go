package check

import (
	"go/ast"
	"maps"
	"slices"
	"strings"
)

// affected finds the earlier declarations that refer, directly or not, to a
// name that this cell declares again. They are checked with it.
func (ck *checking) affected() {
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
		ck.renew(e.key, changed)
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
				ck.renew(key, changed)
			}
		}
	}
	slices.SortFunc(ck.relinks, func(a, b *entry) int { return strings.Compare(a.key, b.key) })
}

// renew makes a generic type anew where one of its methods is declared again:
// its instances, once they were used, cannot gain any.
func (ck *checking) renew(key string, changed map[string]bool) {
	name, _, ok := strings.Cut(key, ".")
	if !ok {
		return
	}
	if t := ck.s.entries[name]; t != nil {
		if spec, ok := t.node.(*ast.TypeSpec); ok && spec.TypeParams != nil {
			changed[name] = true
		}
	}
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
