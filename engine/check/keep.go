package check

import (
	"go/ast"
	"go/types"
	"slices"
)

// keep takes out of the cell those types and constants that are declared again exactly
// as they are: they keep their identity, and values of them stay usable when a
// cell is run again.
func (ck *checking) keep() {
	times := map[string]int{}
	for _, e := range ck.decls {
		times[e.key]++
	}
	kept := map[string]bool{}
	for _, e := range ck.decls {
		old := ck.s.entries[e.key]
		_, isFunc := e.node.(*ast.FuncDecl)
		if isFunc || old == nil || old.node == nil || old.stale != "" || old.dirty || times[e.key] > 1 || ck.declared(e.key) {
			continue
		}
		kept[e.key] = e.text() == old.text() && ck.sameImports(e, old)
	}
	// A declaration stays as it is only if all that it refers to does.
	for shrunk := true; shrunk; {
		shrunk = false
		for _, e := range ck.decls {
			if kept[e.key] && !ck.sameUses(e, kept) {
				kept[e.key] = false
				shrunk = true
			}
		}
	}
	// A group of constants stays whole or goes whole.
	broken := map[*ast.GenDecl]bool{}
	for _, e := range ck.decls {
		if _, c := e.node.(*ast.ValueSpec); c && !kept[e.key] {
			broken[e.in] = true
		}
	}
	for _, e := range ck.decls {
		if _, c := e.node.(*ast.ValueSpec); c && broken[e.in] {
			kept[e.key] = false
		}
	}
	ck.setDecls(slices.DeleteFunc(ck.decls, func(e *entry) bool {
		_, isFunc := e.node.(*ast.FuncDecl)
		return !isFunc && kept[e.key]
	}))
}

// text is the source of a declaration; a constant's is its whole group's.
func (e *entry) text() string {
	n := e.syntax()
	return e.cell.Source[e.cell.File.Offset(n.Pos()):e.cell.File.Offset(n.End())]
}

// sameImports says whether the packages that old refers to are the same for e in this cell.
func (ck *checking) sameImports(e, old *entry) bool {
	idents, selected := map[string]bool{}, map[string]bool{}
	mentions(idents, selected, e.syntax())
	now := ck.importsFor(idents, selected)
	for name, path := range old.imports {
		if now[name] != path {
			return false
		}
	}
	return true
}

// sameUses says whether nothing that e refers to is declared by this cell, but for what is kept.
func (ck *checking) sameUses(e *entry, kept map[string]bool) bool {
	for key := range ck.s.entries[e.key].uses {
		if dep := ck.s.entries[key]; dep == nil || dep.stale != "" || ck.declares(key) && !kept[key] {
			return false
		}
	}
	same := true
	ast.Inspect(e.syntax(), func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && types.Universe.Lookup(id.Name) != nil && ck.declares(id.Name) && !kept[id.Name] {
			same = false
		}
		return same
	})
	return same
}
