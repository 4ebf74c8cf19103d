package yaegi

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// fn is one emitted function: a declared one, a function literal, or the body
// of either where it has to be one so that its defers can run around it.
//
// yaegi keeps the locals of a function in slots that its closures share, and
// writes to them at odd moments. So no emitted closure shares any: a variable
// that a literal captures or whose address is taken lives in a cell, x = new(T),
// and each literal is made by a function of its own that gets the cells.
type fn struct {
	u      *unit
	parent *fn    // the function whose syntax surrounds this one
	title  string // as Go's tracebacks call it
	lits   int    // literals in it so far
	body   *fn    // the function that this is the body of, where it has defers
	lit    bool
	sig    *types.Signature

	shared  map[*types.Var]bool // variables that need a cell; of the outermost function
	locals  map[*types.Var]string
	owned   map[string]bool // names of cells declared here
	caps    []string        // cells of outer functions used here, in order
	capType map[string]string
	plain   strings.Builder // declarations of the plain locals
	out     *strings.Builder
	indent  int

	results  []string // names of result cells or locals, where results are named or there are defers
	defers   bool
	recovers bool
	hoist    bool                // statements may still be put before the expression being emitted
	done     map[ast.Expr]string // operands of the statement being emitted that are evaluated already
	yields   *loopExit
	notes    map[string][]token.Position // where this function may panic, by kind, and where it calls which function
	label    string
}

func (f *fn) line(format string, args ...any) {
	f.out.WriteString(strings.Repeat("\t", f.indent))
	fmt.Fprintf(f.out, format, args...)
	f.out.WriteByte('\n')
}

// temp declares a plain local of an emitted type.
func (f *fn) temp(typ string) string {
	n := f.u.fresh("t", "")
	fmt.Fprintf(&f.plain, "\tvar %s %s\n", n, typ)
	return n
}

// save evaluates text into a temporary of t and returns its name.
func (f *fn) save(t types.Type, text string) string {
	n := f.temp(f.u.erased(t))
	f.line("%s = %s", n, text)
	return n
}

// declare gives v a place in f and zeroes it: the same statement may run again.
func (f *fn) declare(v *types.Var, zero bool) {
	typ := f.u.erased(v.Type())
	if f.isShared(v) {
		n := f.u.fresh("c", v.Name())
		f.locals[v] = n
		f.owned[n] = true
		fmt.Fprintf(&f.plain, "\tvar %s *%s\n", n, typ)
		f.capType[n] = "*" + typ
		f.line("%s = new(%s)", n, typ)
		return
	}
	n := f.u.fresh("x", v.Name())
	f.locals[v] = n
	fmt.Fprintf(&f.plain, "\tvar %s %s\n", n, typ)
	if zero {
		f.line("%s = %s", n, f.u.zero(v.Type()))
	}
}

// isShared reports whether v lives in a cell.
func (f *fn) isShared(v *types.Var) bool {
	for g := f; g != nil; g = g.parent {
		if g.shared != nil {
			return g.shared[v]
		}
	}
	return false
}

// variable is the text that stands for v, as a value and as a place.
func (f *fn) variable(v *types.Var) string {
	name, cell := f.place(v)
	if cell {
		return "(*" + name + ")"
	}
	return name
}

// place finds v's emitted name and whether it is a cell, capturing it in every
// function between here and its owner.
func (f *fn) place(v *types.Var) (string, bool) {
	for g := f; g != nil; g = g.parent {
		if n, ok := g.locals[v]; ok {
			if g != f && !g.isShared(v) {
				f.u.refuse("this use of "+v.Name()+" in a function literal", "")
			}
			for c := f; c != g; c = c.parent {
				c.capture(n, g.capType[n])
			}
			return n, g.isShared(v)
		}
	}
	return f.u.name(v), false
}

func (f *fn) capture(name, typ string) {
	if f.owned[name] {
		return
	}
	for _, c := range f.caps {
		if c == name {
			return
		}
	}
	f.caps = append(f.caps, name)
	f.capType[name] = typ
}

// use captures an emitted cell by name, for cells that are no variable.
func (f *fn) use(name string) string {
	for g := f; g != nil; g = g.parent {
		if g.owned[name] {
			for c := f; c != g; c = c.parent {
				c.capture(name, g.capType[name])
			}
			break
		}
	}
	return name
}

func newFn(u *unit, parent *fn, sig *types.Signature) *fn {
	return &fn{u: u, parent: parent, sig: sig, locals: map[*types.Var]string{}, owned: map[string]bool{},
		capType: map[string]string{}, out: &strings.Builder{}, indent: 1}
}

// note remembers that this function may panic, in one of a few ways, at n; or
// calls an emitted function there.
func (f *fn) note(kind string, n ast.Node) {
	if f.notes == nil {
		f.notes = map[string][]token.Position{}
	}
	f.notes[kind] = append(f.notes[kind], f.u.fset.Position(n.Pos()))
}

// function emits a declared function or method; a receiver is the first parameter.
func (u *unit) function(name string, obj *types.Func, decl *ast.FuncDecl) {
	if decl.Body == nil {
		u.refuse("a function without a body", "")
		return
	}
	sig := obj.Type().(*types.Signature)
	f := newFn(u, nil, sig)
	f.shared = u.shared(decl.Body, sig)
	var params []*types.Var
	if r := sig.Recv(); r != nil {
		params = append(params, r)
	}
	for i := range sig.Params().Len() {
		params = append(params, sig.Params().At(i))
	}
	f.title = u.title(obj)
	u.funcs.WriteString("func " + name + f.emit(params, decl.Body) + "\n")
	u.ev.functions.add(name, functionInfo{title: f.title, pos: u.fset.Position(decl.Pos()), notes: f.notes})
}

// title is what Go's tracebacks call the function.
func (u *unit) title(f *types.Func) string {
	r := f.Type().(*types.Signature).Recv()
	if r == nil {
		return "main." + f.Name()
	}
	t, star := r.Type(), ""
	if p, ok := t.(*types.Pointer); ok {
		t, star = p.Elem(), "*"
	}
	name := "?"
	if n, ok := types.Unalias(t).(*types.Named); ok {
		name = n.Obj().Name()
	}
	if star != "" {
		return "main.(*" + name + ")." + f.Name()
	}
	return "main." + name + "." + f.Name()
}

// emit writes "(params) results { body }".
func (f *fn) emit(params []*types.Var, body *ast.BlockStmt) string {
	u := f.u
	f.defers, f.recovers = scanBody(u.info, body)
	var head []string
	for _, p := range params {
		head = append(head, f.param(p))
	}
	return f.finish(head, func(g *fn) { g.block(body.List) })
}

// param declares a parameter and returns its text in the parameter list.
func (f *fn) param(p *types.Var) string {
	u := f.u
	typ := u.erased(p.Type())
	if p.Name() == "" || p.Name() == "_" {
		return u.fresh("x", "") + " " + typ
	}
	if f.isShared(p) || f.defers {
		f.share(p)
		in := u.fresh("a", p.Name())
		n := u.fresh("c", p.Name())
		f.locals[p] = n
		f.owned[n] = true
		f.capType[n] = "*" + typ
		fmt.Fprintf(&f.plain, "\tvar %s *%s\n", n, typ)
		f.line("%s = new(%s)", n, typ)
		f.line("*%s = %s", n, in)
		return in + " " + typ
	}
	n := u.fresh("x", p.Name())
	f.locals[p] = n
	return n + " " + typ
}

// share marks v as living in a cell.
func (f *fn) share(v *types.Var) {
	for g := f; g != nil; g = g.parent {
		if g.shared != nil {
			g.shared[v] = true
			return
		}
	}
}

// finish declares results, emits the statements, around them the defers, and
// puts all of it together.
func (f *fn) finish(head []string, statements func(*fn)) string {
	u := f.u
	var resultTypes []string
	for i := range f.sig.Results().Len() {
		r := f.sig.Results().At(i)
		resultTypes = append(resultTypes, u.erased(r.Type()))
		if r.Name() == "" && !f.defers {
			continue
		}
		if f.defers {
			f.share(r)
		}
	}
	f.hoist = true
	f.line("if stop { h.Poll() }")
	named := f.sig.Results().Len() > 0 && (f.defers || f.sig.Results().At(0).Name() != "")
	if named {
		for i := range f.sig.Results().Len() {
			r := f.sig.Results().At(i)
			if f.defers && !f.isShared(r) {
				f.share(r)
			}
			f.declare(r, true)
			f.results = append(f.results, f.locals[r])
		}
	}
	if f.defers {
		g := newFn(u, f, f.sig)
		g.title, g.body = f.title, f
		g.lit, g.defers, g.results, g.recovers = true, true, f.results, f.recovers
		if g.recovers {
			g.own("recovery", "*h.Recovery")
			g.line("recovery = h.Token()")
		}
		g.own("defers", "*h.Defers")
		statements(g)
		maker := u.fresh("L", "")
		fmt.Fprintf(&u.funcs, "func %s(%s) func(*h.Defers) { return func(defers *h.Defers) {\n%s%s} }\n",
			maker, g.capParams(), strings.Replace(g.plain.String(), "\tvar defers *h.Defers\n", "", 1), g.out.String())
		f.notes = g.notes
		f.line("h.RunDefers(%s(%s))", maker, f.capArgs(g))
		f.line("%s", f.returnResults())
	} else {
		if f.recovers {
			f.own("recovery", "*h.Recovery")
			f.line("recovery = h.Token()")
		}
		statements(f)
		if len(resultTypes) > 0 {
			f.line("panic(\"unreachable\")")
		}
	}
	result := ""
	switch len(resultTypes) {
	case 0:
	case 1:
		result = " " + resultTypes[0]
	default:
		result = " (" + strings.Join(resultTypes, ", ") + ")"
	}
	return "(" + strings.Join(head, ", ") + ")" + result + " {\n" + f.plain.String() + f.out.String() + "}"
}

// own declares a variable of the emitter's that literals inside may capture.
func (f *fn) own(name, typ string) {
	f.owned[name] = true
	f.capType[name] = typ
	fmt.Fprintf(&f.plain, "\tvar %s %s\n", name, typ)
}

func (f *fn) returnResults() string {
	if len(f.results) == 0 {
		return "return"
	}
	var vals []string
	for i, r := range f.results {
		if f.isShared(f.sig.Results().At(i)) {
			vals = append(vals, "*"+r)
		} else {
			vals = append(vals, r)
		}
	}
	return "return " + strings.Join(vals, ", ")
}

func (f *fn) capParams() string {
	var list []string
	for _, c := range f.caps {
		list = append(list, c+" "+f.capType[c])
	}
	return strings.Join(list, ", ")
}

// capArgs are the cells that a literal of f's needs, as f names them.
func (f *fn) capArgs(lit *fn) string {
	for _, c := range lit.caps {
		f.use(c)
	}
	return strings.Join(lit.caps, ", ")
}

// literal emits a function literal and returns the expression that makes it.
func (f *fn) literal(lit *ast.FuncLit) string {
	u := f.u
	syntactic := u.info.TypeOf(lit).(*types.Signature)
	g := newFn(u, f, syntactic)
	g.lit = true
	counting := f
	for counting.body != nil {
		counting = counting.body
	}
	counting.lits++
	g.title = fmt.Sprintf("%s.func%d", f.title, counting.lits)
	if f.lit && f.body == nil {
		g.title = fmt.Sprintf("%s.%d", f.title, counting.lits)
	}
	var params []*types.Var
	for i := range syntactic.Params().Len() {
		params = append(params, syntactic.Params().At(i))
	}
	text := g.emit(params, lit.Body)
	return f.make(g, u.erased(syntactic), text, u.fset.Position(lit.Pos()))
}

// make emits the function that makes a literal and returns the call of it.
func (f *fn) make(g *fn, typ, text string, pos token.Position) string {
	u := f.u
	maker := u.fresh("L", "")
	fmt.Fprintf(&u.funcs, "func %s(%s) %s { return func%s }\n", maker, g.capParams(), typ, text)
	u.ev.functions.add(maker, functionInfo{title: g.title, pos: pos, notes: g.notes})
	return maker + "(" + f.capArgs(g) + ")"
}

// scanBody says whether the body itself, without its literals, defers and recovers.
func scanBody(info *types.Info, body ast.Node) (defers, recovers bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return n == body
		case *ast.DeferStmt:
			defers = true
		case *ast.CallExpr:
			if id, ok := ast.Unparen(n.Fun).(*ast.Ident); ok {
				if b, ok := info.Uses[id].(*types.Builtin); ok && b.Name() == "recover" {
					recovers = true
				}
			}
		}
		return true
	})
	return
}
