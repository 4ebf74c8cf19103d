package check

import (
	"cmp"
	"go/ast"
	"go/types"
	"slices"
)

// assignments checks the values of calls that go to variables declared by an earlier step.
func (ck *checking) assignments() {
	for _, st := range ck.steps {
		for _, t := range st.targets {
			v := ck.pkg.Scope().Lookup(t.name.Name)
			value := ck.info.Defs[t.blank]
			delete(ck.info.Defs, t.blank)
			if v == nil || value == nil {
				continue
			}
			ck.info.Uses[t.name] = v
			if !types.AssignableTo(value.Type(), v.Type()) && valid(v.Type()) && valid(value.Type()) {
				q := types.RelativeTo(ck.pkg)
				ck.fail(t.name, ck.words("cannot use "+types.ExprString(t.value)+" (value of type "+types.TypeString(value.Type(), q)+
					") as "+types.TypeString(v.Type(), q)+" value in assignment"))
			}
		}
	}
}

func valid(t types.Type) bool { return t != types.Typ[types.Invalid] }

// order sorts the steps so that a "var" that refers to a later "var" comes
// after it, as Go initialises packages.
func (ck *checking) order() {
	if ck.cell.Whole {
		ck.orderWhole()
		return
	}
	first := map[types.Object]*step{}
	for _, st := range ck.steps {
		for _, id := range st.names {
			if v := ck.info.Defs[id]; v != nil && st.static {
				first[v] = st
			}
		}
	}
	if len(first) < 2 {
		return
	}
	var out []*step
	placed := map[*step]bool{}
	funcs := map[types.Object]ast.Node{}
	for _, e := range ck.decls {
		if f, ok := e.node.(*ast.FuncDecl); ok {
			funcs[ck.info.Defs[f.Name]] = f
		}
	}
	var place func(st *step)
	var visit func(n ast.Node, seen map[types.Object]bool)
	visit = func(n ast.Node, seen map[types.Object]bool) {
		ast.Inspect(n, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			obj := ck.info.Uses[id]
			if obj == nil || seen[obj] {
				return true
			}
			if dep := first[obj]; dep != nil {
				place(dep)
			} else if body := funcs[obj]; body != nil {
				seen[obj] = true
				visit(body, seen)
			}
			return true
		})
	}
	place = func(st *step) {
		if placed[st] {
			return
		}
		placed[st] = true
		if st.static {
			for _, n := range st.nodes() {
				visit(n, map[types.Object]bool{})
			}
		}
		out = append(out, st)
	}
	for _, st := range ck.steps {
		place(st)
	}
	ck.steps = out
}

// orderWhole takes the order of a whole program's variables from the type checker,
// as the compiler does. Each is a step of its own; those without a value come first.
func (ck *checking) orderWhole() {
	at := map[ast.Expr]int{}
	for i, init := range ck.info.InitOrder {
		at[init.Rhs] = i + 1
	}
	turn := func(st *step) int {
		switch {
		case !st.static:
			return len(at) + 1
		case len(st.specs[0].Values) > 0:
			return at[st.specs[0].Values[0]]
		}
		return 0
	}
	slices.SortStableFunc(ck.steps, func(a, b *step) int { return cmp.Compare(turn(a), turn(b)) })
}

// program gathers what the evaluator needs.
func (ck *checking) program() *Program {
	p := &Program{Cell: ck.cell, Fset: ck.cell.Fset, Pkg: ck.pkg, Info: ck.info}
	if ck.pkg == nil {
		return p
	}
	p.next = changes{stale: ck.stale, imports: ck.imports, dots: ck.dots, links: map[string]map[string]bool{}}
	p.next.methods = methodLists{}
	for named := range ck.before {
		p.next.methods[named] = *methods(named)
	}
	for name := range ck.imports {
		if ck.s.entries[name] != nil {
			p.next.gone = append(p.next.gone, name)
		}
	}
	p.next.entries = append(p.next.entries, ck.lost...)
	as := map[*entry]*types.Signature{}
	for _, o := range ck.outside {
		as[o.entry] = o.as
	}
	for _, e := range slices.Concat(ck.decls, ck.relinks) {
		relinked := slices.Contains(ck.relinks, e)
		e.obj = ck.objectOf(e)
		if e.obj == nil {
			continue
		}
		e.uses, e.imports = ck.uses(e.syntax())
		p.next.entries = append(p.next.entries, e)
		d := &Decl{Object: e.obj, Node: e.node, Relinked: relinked, As: as[e]}
		if old := ck.s.entries[e.key]; old != nil {
			d.Replaces = old.obj
		}
		p.Decls = append(p.Decls, d)
		for key := range e.uses {
			if ck.declared(key) {
				if p.next.links[e.key] == nil {
					p.next.links[e.key] = map[string]bool{}
				}
				p.next.links[e.key][key] = true
			}
		}
		if f, ok := e.obj.(*types.Func); ok && ck.cell.Whole && e.key == "main" && !relinked {
			p.Main = f
		}
	}
	for _, st := range ck.steps {
		item := &Item{Stmt: st.stmt, Result: st.result}
		for _, id := range st.names {
			if v, ok := ck.info.Defs[id].(*types.Var); ok {
				item.Defines = append(item.Defines, v)
			}
		}
		p.Body = append(p.Body, item)
	}
	p.sortDecls()
	return p
}

// syntax is all that says what an entry is.
func (e *entry) syntax() ast.Node {
	if _, ok := e.node.(*ast.ValueSpec); ok {
		return e.in
	}
	return e.node
}

// objectOf finds the object that this check made for an entry.
func (ck *checking) objectOf(e *entry) types.Object {
	switch n := e.node.(type) {
	case *ast.FuncDecl:
		return ck.info.Defs[n.Name]
	case *ast.TypeSpec:
		return ck.info.Defs[n.Name]
	case *ast.ValueSpec:
		for _, id := range n.Names {
			if id.Name == e.key {
				return ck.info.Defs[id]
			}
		}
	}
	return nil
}

// sortDecls puts constants first, then types, each before those that use it, then functions.
func (p *Program) sortDecls() {
	byObj := map[types.Object]*Decl{}
	for _, d := range p.Decls {
		byObj[d.Object] = d
	}
	var out []*Decl
	placed := map[*Decl]bool{}
	var place func(d *Decl)
	place = func(d *Decl) {
		if placed[d] {
			return
		}
		placed[d] = true
		if _, ok := d.Object.(*types.Func); !ok {
			ast.Inspect(d.Node, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok {
					if dep := byObj[p.Info.Uses[id]]; dep != nil {
						if _, ok := dep.Object.(*types.Func); !ok {
							place(dep)
						}
					}
				}
				return true
			})
		}
		out = append(out, d)
	}
	rank := func(d *Decl) int {
		switch d.Object.(type) {
		case *types.Const:
			return 0
		case *types.TypeName:
			return 1
		}
		return 2
	}
	for r := range 3 {
		for _, d := range p.Decls {
			if rank(d) == r {
				place(d)
			}
		}
	}
	p.Decls = out
}
