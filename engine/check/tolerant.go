package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"interleave/engine/syntax"
)

// CheckTolerant checks an unfinished cell as far as it goes, for completing and
// inspecting. The program holds the types of what could be understood; it is not
// for running and not for committing. The cell may be of any file set.
func (s *Session) CheckTolerant(c *syntax.Cell) *Program {
	s.mu.Lock()
	defer s.mu.Unlock()
	ck := newChecking(s, c)
	ck.tolerant = true
	defer ck.before.set()
	return ck.run()
}

// Locals gives the objects that are visible at a position of the cell and do
// not belong to its top level: parameters, variables and constants of the
// enclosing functions and blocks. A name that is shadowed is left out.
func (p *Program) Locals(pos token.Pos) []types.Object {
	if p.Info == nil {
		return nil
	}
	var inner *types.Scope
	var innerNode ast.Node
	for n, sc := range p.Info.Scopes {
		from, to := sc.Pos(), sc.End()
		if _, file := n.(*ast.File); file || pos < from || pos > to {
			continue
		}
		if inner == nil || from > inner.Pos() || from == inner.Pos() && to < inner.End() ||
			from == inner.Pos() && to == inner.End() && innerNode != nil && innerNode.Pos() < n.Pos() {
			inner, innerNode = sc, n
		}
	}
	var out []types.Object
	seen := map[string]bool{}
	for sc := inner; sc != nil && sc != p.Pkg.Scope() && sc != types.Universe; sc = sc.Parent() {
		if sc.Parent() == p.Pkg.Scope() { // of the file: its imports
			break
		}
		for _, name := range sc.Names() {
			obj := sc.Lookup(name)
			if obj.Pos() < pos && !seen[name] && !strings.Contains(name, dot) {
				seen[name] = true
				out = append(out, obj)
			}
		}
	}
	return out
}

// Declared gives the objects that the cell itself declares at its top level, without methods.
func (p *Program) Declared() []types.Object {
	var out []types.Object
	if p.Pkg == nil {
		return nil
	}
	for _, name := range p.Pkg.Scope().Names() {
		obj := p.Pkg.Scope().Lookup(name)
		if obj.Pkg() == p.Pkg && !strings.Contains(name, dot) {
			out = append(out, obj)
		}
	}
	return out
}
