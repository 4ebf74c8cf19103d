package yaegi

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"interleave/engine/check"
)

// unit is the emission of one cell: from checked syntax to the source text that
// yaegi gets. It changes nothing of the evaluator until it is committed.
type unit struct {
	ev    *Evaluator
	prog  *check.Program
	info  *types.Info // of the declaration being emitted; of an earlier cell for a generic one
	fset  *token.FileSet
	node  ast.Node                        // what is being emitted: where refusals point
	from  *check.Program                  // the program that info belongs to
	targs map[*types.TypeParam]types.Type // of the instance being emitted

	types   strings.Builder // type declarations
	vars    strings.Builder
	funcs   strings.Builder
	inits   strings.Builder
	imports map[string]string // path → alias, of those used
	structs typeutil.Map      // *types.Named → emitted name, declared by this unit
	names   map[types.Object]string
	helpers map[string]string // text that identifies it → name
	insts   map[string]string // instances of generic functions → name
	floats  map[string]string // emitted types that may hold a -0; see floatsIn
	binders map[string]bool
	queue   []func() // instances and binders still to emit
	sources map[*types.Func]source
	passing []string // emitted functions that no later cell calls by name
	errors  []check.Error
	body    string // name of the emitted function of the body
	outside bool   // something that is called may wake goroutines from outside
	main    string // name of the emitted main function
}

// source is where the declaration of a function of the learner's is found.
type source struct {
	decl *ast.FuncDecl
	prog *check.Program
}

// otherEvaluator is the way out that every refusal names.
const otherEvaluator = "%evaluator machine runs it"

// refuse notes one thing that this evaluator does not carry; instead says how to
// write it otherwise, and is empty where there is no other way to write it.
func (u *unit) refuse(what, instead string) {
	if instead != "" {
		instead += ", or "
	}
	e := check.Error{Msg: "the yaegi evaluator does not carry " + what, Hint: instead + otherEvaluator}
	node := u.node
	if node != nil {
		e.Pos, e.End = u.fset.Position(node.Pos()), u.fset.Position(node.End())
	}
	for _, old := range u.errors {
		if old.Pos == e.Pos && old.Msg == e.Msg {
			return
		}
	}
	u.errors = append(u.errors, e)
}

// at runs f with refusals pointing at n.
func (u *unit) at(n ast.Node, f func()) {
	old := u.node
	if n != nil && n.Pos().IsValid() {
		u.node = n
	}
	f()
	u.node = old
}

func (u *unit) fresh(kind, name string) string {
	u.ev.counter++
	name = strings.Map(func(r rune) rune {
		if r == '_' || r < 128 && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') {
			return r
		}
		return 'u'
	}, name)
	n := fmt.Sprintf("%s%d_%s", kind, u.ev.counter, name)
	if kind == "L" || kind == "C" {
		u.passing = append(u.passing, n)
	}
	return n
}

// alias is the name under which a native package is imported.
func (u *unit) alias(path string) string {
	a := u.ev.aliases[path]
	if a == "" {
		a = fmt.Sprintf("p%d_%s", len(u.ev.aliases), strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
				return r
			}
			return '_'
		}, path))
		u.ev.aliases[path] = a
	}
	u.imports[path] = a
	return a
}

// emit translates p. Afterwards errors says what was refused.
func (ev *Evaluator) emit(p *check.Program) *unit {
	u := &unit{
		ev: ev, prog: p, from: p, info: p.Info, fset: p.Fset,
		imports: map[string]string{hostPath: "h"}, names: map[types.Object]string{}, helpers: map[string]string{},
		insts: map[string]string{}, binders: map[string]bool{}, sources: map[*types.Func]source{},
		floats: map[string]string{},
	}
	for _, d := range p.Decls {
		if f, ok := d.Object.(*types.Func); ok {
			if decl, ok := d.Node.(*ast.FuncDecl); ok {
				u.sources[f.Origin()] = source{decl, p}
				if !generic(f) {
					u.names[f] = u.fresh("F", f.Name())
				}
			}
		}
	}
	for _, item := range p.Body {
		for _, v := range item.Defines {
			u.names[v] = u.fresh("V", v.Name())
			u.at(&ast.Ident{NamePos: v.Pos(), Name: v.Name()}, func() {
				fmt.Fprintf(&u.vars, "var %s %s\n", u.names[v], u.erased(v.Type()))
			})
		}
	}
	for _, d := range p.Decls {
		f, ok := d.Object.(*types.Func)
		decl, isDecl := d.Node.(*ast.FuncDecl)
		if ok && isDecl && !generic(f) {
			u.at(decl.Name, func() { u.function(u.names[f], f, decl) })
		}
	}
	u.emitBody()
	if p.Main != nil {
		u.main = u.name(p.Main)
	}
	for len(u.queue) > 0 {
		next := u.queue[0]
		u.queue = u.queue[1:]
		next()
	}
	return u
}

// generic reports whether f has type parameters, its own or its receiver's.
func generic(f *types.Func) bool {
	s := f.Type().(*types.Signature)
	return s.TypeParams().Len() > 0 || s.RecvTypeParams().Len() > 0
}

// name is the emitted name of a function or package-level variable.
func (u *unit) name(obj types.Object) string {
	if n := u.names[obj]; n != "" {
		return n
	}
	if n := u.ev.names[obj]; n != "" {
		return n
	}
	u.refuse("a reference to "+obj.Name()+", which has no emitted form", "")
	return "missing"
}

// instance is the emitted name of a function, generic or not, at type arguments.
func (u *unit) instance(f *types.Func, targs []types.Type) string {
	if len(targs) == 0 {
		return u.name(f)
	}
	key := fmt.Sprintf("%p", f)
	for _, t := range targs {
		key += fmt.Sprintf(",%d", u.typeID(t))
	}
	if n := u.insts[key]; n != "" {
		return n
	}
	if n := u.ev.insts[key]; n != "" {
		return n
	}
	src, ok := u.sources[f]
	if !ok {
		src, ok = u.ev.sources[f]
	}
	if !ok {
		u.refuse("the generic function "+f.Name()+" here", "")
		return "missing"
	}
	if len(u.insts) > 500 {
		u.refuse("an endless chain of instances of "+f.Name(), "")
		return "missing"
	}
	n := u.fresh("F", f.Name())
	u.insts[key] = n
	sig := f.Type().(*types.Signature)
	params := sig.TypeParams()
	if params.Len() == 0 {
		params = sig.RecvTypeParams()
	}
	m := map[*types.TypeParam]types.Type{}
	for i := range params.Len() {
		m[params.At(i)] = targs[i]
	}
	node := u.node
	u.queue = append(u.queue, func() {
		old := *u
		u.info, u.fset, u.from, u.targs, u.node = src.prog.Info, src.prog.Fset, src.prog, m, node
		u.function(n, f, src.decl)
		u.info, u.fset, u.from, u.targs, u.node = old.info, old.fset, old.from, old.targs, old.node
	})
	return n
}

// helper emits a small function once in a session: what an expression needs
// that is not one expression. text has %s where its name stands.
func (u *unit) helper(text string) string {
	if n := u.helpers[text]; n != "" {
		return n
	}
	if n := u.ev.helpers[text]; n != "" {
		return n
	}
	n := u.fresh("H", "")
	u.helpers[text] = n
	u.funcs.WriteString(strings.Replace(text, "%s", n, 1) + "\n")
	return n
}

// text is the complete text for yaegi. The order of parts is of no matter to
// it, but types first keep it from retrying.
func (u *unit) text() string {
	var b strings.Builder
	b.WriteString("package main\n")
	b.WriteString(u.types.String())
	b.WriteString(u.vars.String())
	b.WriteString(u.funcs.String())
	b.WriteString("func init() {\n" + u.inits.String())
	if u.body != "" {
		b.WriteString("\th.Body(" + u.body + ")\n")
	}
	if u.main != "" {
		b.WriteString("\th.Main(" + u.main + ")\n")
	}
	b.WriteString("}\n")
	return b.String()
}

// commit makes what u emitted known to later cells.
func (u *unit) commit() {
	for k, v := range u.names {
		u.ev.names[k] = v
	}
	if u.outside {
		u.ev.waiting.mu.Lock()
		u.ev.waiting.outside = true
		u.ev.waiting.mu.Unlock()
	}
	for k, v := range u.helpers {
		u.ev.helpers[k] = v
	}
	for k, v := range u.insts {
		u.ev.insts[k] = v
	}
	for k := range u.binders {
		u.ev.binders[k] = true
	}
	for k, v := range u.sources {
		u.ev.sources[k] = v
	}
	u.structs.Iterate(func(t types.Type, name any) { u.ev.structs.Set(t, name) })
}

// position numbers a place in the learner's code, for the emitted text.
func (u *unit) position(n ast.Node) int {
	p := u.fset.Position(n.Pos())
	return u.ev.sites.add(p)
}
