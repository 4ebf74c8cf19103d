package syntax

import (
	"go/ast"
	"go/token"
	"slices"
)

// Path gives the nodes of the cell around a position, innermost first; a node
// also holds the position right behind it. Imports are not among them.
func (c *Cell) Path(pos token.Pos) []ast.Node {
	var path []ast.Node
	visit := func(root ast.Node) {
		if root == nil || path != nil {
			return
		}
		ast.Inspect(root, func(n ast.Node) bool {
			if n == nil || pos < n.Pos() || pos > n.End() {
				return false
			}
			// Of two neighbours that touch, the one that begins here.
			for len(path) > 0 && path[len(path)-1].End() <= n.Pos() {
				path = path[:len(path)-1]
			}
			path = append(path, n)
			return true
		})
	}
	for _, d := range c.Decls {
		visit(d)
	}
	for _, s := range c.Stmts {
		visit(s)
	}
	if c.Result != nil {
		visit(c.Result)
	}
	slices.Reverse(path)
	return path
}
