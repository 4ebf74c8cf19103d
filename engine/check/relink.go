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
	// A method of an earlier type makes that type anew.
	for _, e := range ck.decls {
		if t, _, ok := strings.Cut(e.key, "."); ok {
			changed[t] = true
		}
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
				if t, _, ok := strings.Cut(key, "."); ok {
					changed[t] = true
				}
			}
		}
	}
	slices.SortFunc(ck.relinks, func(a, b *entry) int { return strings.Compare(a.key, b.key) })
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
