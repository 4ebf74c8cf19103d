package syntax

import "go/ast"

// maxDepth bounds the height of a syntax tree. Programs that people write stay
// below 100; a chain of a million operators would overflow the checker's stack.
const maxDepth = 5000

// tooDeep refuses a tree that is too high for those who walk it by recursion.
func (p *parse) tooDeep() {
	found := ast.Node(nil)
	check := func(n ast.Node) {
		if found == nil {
			ast.Walk(depth{0, &found}, n)
		}
	}
	for _, d := range p.cell.Decls {
		check(d)
	}
	for _, s := range p.cell.Stmts {
		check(s)
	}
	if p.cell.Result != nil {
		check(p.cell.Result)
	}
	if found != nil {
		p.fail(p.cell.File.Offset(found.Pos()), "expression is nested too deeply")
		p.cell.Decls, p.cell.Stmts, p.cell.Result = nil, nil, nil
	}
}

type depth struct {
	n     int
	found *ast.Node
}

func (d depth) Visit(n ast.Node) ast.Visitor {
	if n == nil || *d.found != nil {
		return nil
	}
	if d.n > maxDepth {
		*d.found = n
		return nil
	}
	return depth{d.n + 1, d.found}
}
