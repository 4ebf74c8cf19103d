package check

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"interleave/engine/syntax"
)

// Needed is a declaration of an earlier cell.
type Needed struct {
	Cell *syntax.Cell
	Node ast.Node // *ast.FuncDecl, *ast.TypeSpec, or the *ast.GenDecl of constants
}

// Needs says what p refers to outside of its own cell, and what that refers to: the
// declarations, in the order of their cells; the names of variables, with the cell of
// each; and the packages, name → path, p's own included.
func (s *Session) Needs(p *Program) (decls []Needed, vars [][2]string, imports map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	imports = map[string]string{}
	own := map[string]bool{}
	for _, d := range p.Decls {
		if !d.Relinked {
			own[keyOf(d.Object)] = true
		}
	}
	for _, it := range p.Body {
		for _, v := range it.Defines {
			own[v.Name()] = true
		}
	}
	var queue []string
	from, to := p.Cell.File.Pos(0), p.Cell.File.Pos(p.Cell.File.Size())
	for id, obj := range p.Info.Uses {
		if id.Pos() < from || id.Pos() > to {
			continue
		}
		if pkg, ok := obj.(*types.PkgName); ok {
			imports[pkg.Name()] = pkg.Imported().Path()
		} else if key := keyOf(obj); key != "" {
			queue = append(queue, key)
		}
	}
	seen := map[string]bool{}
	nodes := map[ast.Node]bool{}
	for len(queue) > 0 {
		key := queue[0]
		queue = queue[1:]
		e := s.entries[key]
		if e == nil || seen[key] || own[key] || e.cell == p.Cell {
			continue
		}
		seen[key] = true
		node := e.node
		switch {
		case node == nil:
			vars = append(vars, [2]string{key, e.cell.Name})
			continue
		case e.in != nil:
			node = e.in
		}
		if !nodes[node] {
			nodes[node] = true
			decls = append(decls, Needed{e.cell, node})
		}
		for name, path := range e.imports {
			imports[name] = path
		}
		for name := range e.uses {
			queue = append(queue, name)
		}
		base, _, _ := strings.Cut(key, ".")
		queue = append(queue, base)
		for other := range s.entries { // a type comes with its methods
			if strings.HasPrefix(other, key+".") {
				queue = append(queue, other)
			}
		}
	}
	slices.SortFunc(decls, func(a, b Needed) int { return int(a.Node.Pos() - b.Node.Pos()) })
	slices.SortFunc(vars, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
	return decls, vars, imports
}
