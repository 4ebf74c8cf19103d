package assist

import (
	"go/token"
	"go/types"
	"strings"
)

// names lists what a bare name at pos may mean: locals, names of the session,
// imported packages, predeclared names and, once something is typed, packages
// that a use would import.
func (a *Assistant) names(p probe, pos token.Pos, prefix string) []candidate {
	var all []candidate
	inner := p.innermost(pos)
	for s := inner; s != nil && s != types.Universe; s = s.Parent() {
		for _, name := range s.Names() {
			if name == "_" || strings.Contains(name, placeholder) {
				continue
			}
			obj := s.Lookup(name)
			if s != p.scope && pos.IsValid() {
				// A local is there only from its declaration on.
				if _, obj = inner.LookupParent(name, pos); obj == nil {
					continue
				}
			}
			group := groupLocal
			switch {
			case isPackage(obj):
				group = groupImported
			case s == p.scope:
				group = groupSession
			}
			all = append(all, a.describe(obj, group))
		}
	}
	if p.scope != nil && inner != p.scope {
		for _, name := range p.scope.Names() {
			if name != "_" && !strings.Contains(name, placeholder) {
				all = append(all, a.describe(p.scope.Lookup(name), groupSession))
			}
		}
	}
	for _, name := range a.cfg.Session.Names() {
		if obj := a.cfg.Session.Lookup(name); obj != nil {
			all = append(all, a.describe(obj, groupSession))
		}
	}
	for name, path := range a.cfg.Session.Imports() {
		c := candidate{group: groupImported}
		c.Text, c.Type, c.Signature = name, "module", "import \""+path+"\""
		all = append(all, c)
	}
	for _, name := range types.Universe.Names() {
		all = append(all, a.describe(types.Universe.Lookup(name), groupUniverse))
	}
	if prefix != "" {
		all = append(all, a.importable()...)
	}
	return all
}

func isPackage(obj types.Object) bool {
	_, ok := obj.(*types.PkgName)
	return ok
}
