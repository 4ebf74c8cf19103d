package yaegi

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// call is a call taken apart: operands that are evaluated when the statement
// runs, and the text of the call made of them. go and defer evaluate the
// operands at once and make the call later.
type call struct {
	parts  []part
	render func(args []string) string
	result types.Type // a tuple for none or several; nil for a builtin without a value
}

type part struct{ text, typ string }

func (c *call) text() string {
	args := make([]string, len(c.parts))
	for i, p := range c.parts {
		args[i] = p.text
	}
	return c.render(args)
}

func (f *fn) callText(x *ast.CallExpr) (string, types.Type) {
	c := f.call(x)
	return c.text(), c.result
}

// deferredCall is an expression of type func() that makes the call later with
// the operands of now.
func (f *fn) deferredCall(x *ast.CallExpr) string {
	if lit, ok := ast.Unparen(x.Fun).(*ast.FuncLit); ok && len(x.Args) == 0 && f.typeOf(lit).(*types.Signature).Results().Len() == 0 {
		return f.literal(lit)
	}
	c := f.call(x)
	var params, names, args []string
	for i, p := range f.passed(c.parts, x) {
		if p.typ == "" {
			f.u.refuse("a method of an unexported type called later", "call it in a function literal")
		}
		names = append(names, fmt.Sprintf("a%d", i))
		params = append(params, fmt.Sprintf("a%d %s", i, p.typ))
		args = append(args, p.text)
	}
	name := f.u.helper("func %s(" + join(params) + ") func() { return func() { " + c.render(names) + " } }")
	return name + "(" + join(args) + ")"
}

func (f *fn) deferStmt(s *ast.DeferStmt) {
	can := "true" // the function may recover
	if lit, ok := ast.Unparen(s.Call.Fun).(*ast.FuncLit); ok {
		if _, recovers := scanBody(f.u.info, lit.Body); !recovers {
			can = "false"
		}
	}
	text := f.deferredCall(s.Call)
	f.line("%s.Push(%s, %s)", f.use("defers"), text, can)
}

func (f *fn) call(x *ast.CallExpr) *call {
	u := f.u
	fun := ast.Unparen(x.Fun)
	if tv := u.info.Types[fun]; tv.IsType() {
		t := f.typeOf(fun)
		text := f.conversion(x.Args[0], t)
		return &call{[]part{{text, u.erased(t)}}, func(a []string) string { return a[0] }, t}
	}
	if id, ok := fun.(*ast.Ident); ok {
		if b, ok := u.info.Uses[id].(*types.Builtin); ok {
			return f.builtin(b.Name(), x)
		}
	}
	sig := f.typeOf(fun).Underlying().(*types.Signature)
	if obj, id := f.genericFunc(calleeOf(fun)); obj != nil {
		if u.ev.own(obj) {
			name := u.instance(obj, f.instanceArgs(id))
			return f.ownCall(name, nil, sig, x)
		}
		return f.nativeCall(obj, "", nil, sig, x)
	}
	if s, ok := fun.(*ast.SelectorExpr); ok {
		if sel := u.info.Selections[s]; sel != nil && sel.Kind() == types.MethodVal {
			return f.methodCall(s, sig, x)
		}
	}
	return f.valueCall(part{f.expr(fun), u.erased(sig)}, sig, x)
}

// calleeOf strips explicit type arguments.
func calleeOf(fun ast.Expr) ast.Expr {
	switch e := fun.(type) {
	case *ast.IndexExpr:
		return e.X
	case *ast.IndexListExpr:
		return e.X
	}
	return fun
}

// arguments evaluates the arguments for a function of the learner's, whose
// variadic parameter is a slice.
func (f *fn) arguments(sig *types.Signature, x *ast.CallExpr) []part {
	u := f.u
	params := sig.Params()
	if len(x.Args) == 1 && (params.Len() > 1 || sig.Variadic()) {
		if t, ok := f.typeOf(x.Args[0]).(*types.Tuple); ok {
			return f.spread(t, sig, x.Args[0])
		}
	}
	fixed := params.Len()
	if sig.Variadic() && !x.Ellipsis.IsValid() {
		fixed--
	}
	es, ts := x.Args, make([]types.Type, len(x.Args))
	for i := range es {
		if i < fixed {
			ts[i] = params.At(i).Type()
		} else {
			ts[i] = params.At(params.Len() - 1).Type().Underlying().(*types.Slice).Elem()
		}
	}
	texts := f.sequence(es, ts)
	var parts []part
	for i := range fixed {
		parts = append(parts, part{f.typedNil(texts[i], ts[i]), u.erased(ts[i])})
	}
	if fixed < params.Len() {
		st := u.erased(params.At(params.Len() - 1).Type())
		if len(texts) == fixed {
			parts = append(parts, part{f.typedNil("nil", params.At(params.Len()-1).Type()), st})
		} else {
			parts = append(parts, part{st + "{" + join(texts[fixed:]) + "}", st})
		}
	}
	return parts
}

// typedNil keeps a bare nil from meeting yaegi's guesses about its type.
func (f *fn) typedNil(text string, t types.Type) string {
	if text != "nil" {
		return text
	}
	et := f.u.erased(t)
	return f.u.helper("func %s() "+et+" { var z "+et+"; return z }") + "()"
}

// spread passes the results of one call as the arguments of another.
func (f *fn) spread(t *types.Tuple, sig *types.Signature, e ast.Expr) []part {
	u := f.u
	var want []types.Type
	for i := range t.Len() {
		if sig.Variadic() && i >= sig.Params().Len()-1 {
			want = append(want, sig.Params().At(sig.Params().Len()-1).Type().(*types.Slice).Elem())
		} else {
			want = append(want, sig.Params().At(i).Type())
		}
	}
	vals := f.multi(e, want)
	var parts []part
	for i, v := range vals {
		parts = append(parts, part{v, u.erased(want[i])})
	}
	if sig.Variadic() {
		n := sig.Params().Len() - 1
		st := u.erased(sig.Params().At(n).Type())
		parts = append(parts[:n:n], part{st + "{" + join(vals[n:]) + "}", st})
	}
	return parts
}

func resultOf(sig *types.Signature) types.Type {
	if sig.Results().Len() == 1 {
		return sig.Results().At(0).Type()
	}
	return sig.Results()
}

// ownCall calls an emitted function by name; recv is its first argument.
func (f *fn) ownCall(name string, recv []part, sig *types.Signature, x *ast.CallExpr) *call {
	f.note("call "+name, x)
	parts := f.passed(f.withArguments(recv, sig, x), x)
	return &call{parts, func(a []string) string { return name + "(" + join(a) + ")" }, resultOf(sig)}
}

func (f *fn) valueCall(fun part, sig *types.Signature, x *ast.CallExpr) *call {
	if f.hoist && !pureName(fun.text) {
		n := f.temp(fun.typ)
		f.line("%s = %s", n, fun.text)
		fun.text = n
	}
	f.note("nil", x)
	parts := f.withArguments([]part{fun}, sig, x)
	f.passed(parts[1:], x)
	return &call{parts, func(a []string) string { return a[0] + "(" + join(a[1:]) + ")" }, resultOf(sig)}
}

// withArguments evaluates the arguments after what is there already: where they
// need statements of their own, that is saved before these.
func (f *fn) withArguments(first []part, sig *types.Signature, x *ast.CallExpr) []part {
	mark := f.out.Len()
	args := f.arguments(sig, x)
	f.saveBefore(mark, first)
	return append(first, args...)
}

// saveBefore saves parts before the statements that were written since mark.
func (f *fn) saveBefore(mark int, parts []part) {
	if f.out.Len() == mark {
		return
	}
	later := f.cut(mark)
	for i, p := range parts {
		if !pureName(p.text) && p.typ != "" && p.text[0] != '&' && !isStream(p.text) {
			parts[i].text = f.temp(p.typ)
			f.line("%s = %s", parts[i].text, p.text)
		}
	}
	f.out.WriteString(later)
}

// isStream tells the host's standard streams, which have no type that yaegi's Go can
// name.
func isStream(text string) bool { return strings.HasPrefix(text, "h.Std") }

func pureName(s string) bool { return !strings.ContainsAny(s, "()[]. ") }

// funcValue makes a function value of a declared function.
func (f *fn) funcValue(obj *types.Func, targs []types.Type) string {
	if !f.u.ev.own(obj) {
		return f.nativeFuncValue(obj)
	}
	sig := obj.Type().(*types.Signature)
	if len(targs) > 0 {
		m := map[*types.TypeParam]types.Type{}
		for i, t := range targs {
			m[sig.TypeParams().At(i)] = t
		}
		sig = types.NewSignatureType(nil, nil, nil, substituteTuple(sig.Params(), m), substituteTuple(sig.Results(), m), sig.Variadic())
	}
	name := f.u.instance(obj, targs)
	return f.closure(nil, sig, func(a []string) string { return name + "(" + join(a) + ")" })
}

// closure makes a function value of type sig that calls what render says with
// bound values first.
func (f *fn) closure(bound []part, sig *types.Signature, render func([]string) string) string {
	u := f.u
	var params, outer, names, args []string
	for i, b := range f.passed(bound, u.node) {
		if b.typ == "" {
			u.refuse("a method value of an unexported type", "write a function literal")
		}
		n := fmt.Sprintf("b%d", i)
		outer = append(outer, n+" "+b.typ)
		names = append(names, n)
		args = append(args, b.text)
	}
	look := ""
	for i := range sig.Params().Len() {
		n, t := fmt.Sprintf("a%d", i), u.erased(sig.Params().At(i).Type())
		params = append(params, n+" "+t)
		names = append(names, n)
		if check := u.negative(part{n, t}, u.node); check != "" {
			look += check + "; "
		}
	}
	result := ""
	if n := sig.Results().Len(); n > 0 {
		var list []string
		for i := range n {
			list = append(list, u.erased(sig.Results().At(i).Type()))
		}
		result = "(" + join(list) + ")"
	}
	ret := "return "
	if result == "" {
		ret = ""
	}
	text := fmt.Sprintf("func %%s(%s) %s { return func(%s) %s { %s%s%s } }", join(outer), u.erased(sig), join(params), result, look, ret, render(names))
	return u.helper(text) + "(" + join(args) + ")"
}
