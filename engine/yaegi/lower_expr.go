package yaegi

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

func (f *fn) typeOf(e ast.Expr) types.Type {
	t := f.u.info.TypeOf(e)
	if t == nil {
		f.u.refuse("this expression", "")
		return types.Typ[types.Int]
	}
	return f.u.sub(t)
}

func (f *fn) useOf(id *ast.Ident) *types.Var {
	if v, ok := f.u.info.Uses[id].(*types.Var); ok {
		return v
	}
	if v, ok := f.u.info.Defs[id].(*types.Var); ok {
		return v
	}
	f.u.refuse("this use of "+id.Name, "")
	return types.NewVar(id.Pos(), nil, id.Name, types.Typ[types.Int])
}

// to evaluates e as a value of type t.
func (f *fn) to(e ast.Expr, t types.Type) (text string) {
	f.u.at(e, func() {
		t = f.u.sub(t)
		tv := f.u.info.Types[e]
		switch {
		case tv.IsNil():
			text = "nil"
		case tv.Value != nil:
			if types.IsInterface(t) {
				d := types.Default(f.typeOf(e))
				text = f.convert(f.typedConstant(tv.Value, d), d, t)
			} else {
				text = f.constant(tv.Value, t)
			}
		default:
			text = f.expr(e)
			if isStream(text) && !types.IsInterface(t) {
				f.u.refuse("a standard stream as a variable of type *os.File", "use io.Writer or io.Reader")
			}
			text = f.convert(text, f.typeOf(e), t)
		}
	})
	return
}

// expr is the text of e. What needs statements of its own is put before, where
// that is possible, or into a helper function.
func (f *fn) expr(e ast.Expr) (text string) {
	f.u.at(e, func() { text = f.expression(e) })
	return
}

func (f *fn) expression(e ast.Expr) string {
	u := f.u
	if t := f.done[e]; t != "" {
		return t
	}
	if tv := u.info.Types[e]; tv.Value != nil {
		return f.constant(tv.Value, u.sub(tv.Type))
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return f.expression(e.X)
	case *ast.Ident:
		switch obj := u.info.ObjectOf(e).(type) {
		case *types.Var:
			return f.variable(obj)
		case *types.Func:
			return f.funcValue(obj, f.instanceArgs(e))
		case *types.Nil:
			return "nil"
		}
	case *ast.FuncLit:
		return f.literal(e)
	case *ast.CompositeLit:
		return f.composite(e, f.typeOf(e))
	case *ast.SelectorExpr:
		return f.selector(e)
	case *ast.IndexExpr:
		if obj, id := f.genericFunc(e.X); obj != nil {
			return f.funcValue(obj, f.instanceArgs(id))
		}
		return f.index(e)
	case *ast.IndexListExpr:
		if obj, id := f.genericFunc(e.X); obj != nil {
			return f.funcValue(obj, f.instanceArgs(id))
		}
	case *ast.SliceExpr:
		return f.slice(e)
	case *ast.StarExpr:
		f.note("nil", e)
		return "(*" + f.expr(e.X) + ")"
	case *ast.UnaryExpr:
		return f.unary(e)
	case *ast.BinaryExpr:
		return f.binary(e)
	case *ast.CallExpr:
		text, _ := f.callText(e)
		return text
	case *ast.TypeAssertExpr:
		t := f.typeOf(e.Type)
		name := u.helper(fmt.Sprintf("func %%s(x interface{}, site int) %s { var v %s; h.Assert(x, %d, &v, site, %d); return v }", u.erased(t), u.erased(t), u.typeID(t), u.typeID(f.typeOf(e.X))))
		return fmt.Sprintf("%s(%s, %d)", name, f.anyOf(f.expr(e.X), f.typeOf(e.X)), u.position(e))
	}
	u.refuse("this expression", "")
	return "0"
}

// anyOf is an interface value as emitted interface{}.
func (f *fn) anyOf(text string, t types.Type) string {
	return f.convert(text, t, types.NewInterfaceType(nil, nil))
}

func (f *fn) genericFunc(e ast.Expr) (*types.Func, *ast.Ident) {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		fn, _ := f.u.info.Uses[e].(*types.Func)
		return fn, e
	case *ast.SelectorExpr:
		fn, _ := f.u.info.Uses[e.Sel].(*types.Func)
		if fn != nil && f.u.info.Selections[e] != nil {
			return nil, nil
		}
		return fn, e.Sel
	}
	return nil, nil
}

func (f *fn) instanceArgs(id *ast.Ident) []types.Type {
	inst, ok := f.u.info.Instances[id]
	if !ok {
		return nil
	}
	var list []types.Type
	for i := range inst.TypeArgs.Len() {
		list = append(list, f.u.sub(inst.TypeArgs.At(i)))
	}
	return list
}

func (f *fn) unary(e *ast.UnaryExpr) string {
	u := f.u
	switch e.Op {
	case token.AND:
		if lit, ok := ast.Unparen(e.X).(*ast.CompositeLit); ok {
			return f.addressOfLiteral(lit)
		}
		return f.address(e.X)
	case token.ARROW:
		elem := f.typeOf(e.X).Underlying().(*types.Chan).Elem()
		et := u.erased(elem)
		name := u.helper("func %s(c interface{}) " + et + " { var v " + et + "; h.Recv(c, &v, nil); return v }")
		return name + "(" + f.expr(e.X) + ")"
	case token.NOT:
		return "(" + f.expr(e.X) + " == false)"
	case token.SUB:
		t := f.typeOf(e)
		if b, ok := t.Underlying().(*types.Basic); ok && b.Info()&types.IsInteger != 0 {
			return "(0 - " + f.to(e.X, t) + ")"
		}
		return "(-" + f.to(e.X, t) + ")"
	case token.ADD:
		return f.to(e.X, f.typeOf(e))
	case token.XOR:
		return "(^" + f.to(e.X, f.typeOf(e)) + ")"
	}
	u.refuse("this operator", "")
	return "0"
}

// address is the pointer to a place. Variables whose address is taken live in
// cells, so the cell itself is the pointer.
func (f *fn) address(e ast.Expr) string {
	e = ast.Unparen(e)
	switch x := e.(type) {
	case *ast.Ident:
		name, cell := f.place(f.useOf(x))
		if cell {
			return name
		}
		return "&" + name
	case *ast.StarExpr:
		return f.expr(x.X)
	case *ast.CompositeLit:
		return f.addressOfLiteral(x)
	}
	return "&" + f.expr(e)
}

func (f *fn) addressOfLiteral(lit *ast.CompositeLit) string {
	t := f.typeOf(lit)
	et := f.u.erased(t)
	name := f.u.helper("func %s(v " + et + ") *" + et + " { p := new(" + et + "); *p = v; return p }")
	if len(lit.Elts) == 0 {
		if _, ok := t.Underlying().(*types.Struct); ok {
			return "new(" + et + ")"
		}
	}
	return name + "(" + f.passed([]part{{f.composite(lit, t), et}}, lit)[0].text + ")"
}

func (f *fn) binary(e *ast.BinaryExpr) string {
	switch e.Op {
	case token.LAND, token.LOR:
		// yaegi's own && and || take wrong branches beside a negation.
		f.earlyPart(e.X)
		t := f.save(types.Typ[types.Bool], f.expr(e.X))
		cond := t
		if e.Op == token.LOR {
			cond = t + " == false"
		}
		f.line("if %s {", cond)
		f.nested(func() { f.earlyPart(e.Y); f.line("%s = %s", t, f.expr(e.Y)) })
		f.line("}")
		return t
	case token.EQL:
		return f.equality(e.X, e.Y)
	case token.NEQ:
		return "(" + f.equality(e.X, e.Y) + " == false)"
	}
	xt, yt := f.typeOf(e.X), f.typeOf(e.Y)
	if e.Op == token.SHL || e.Op == token.SHR {
		t := f.typeOf(e)
		ops := f.sequence([]ast.Expr{e.X, e.Y}, []types.Type{t, types.Default(yt)})
		return f.arith(e.Op, t, ops[0], ops[1], e.Y)
	}
	t := xt
	if b, ok := xt.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
		t = yt
	}
	t = types.Default(t)
	ops := f.sequence([]ast.Expr{e.X, e.Y}, []types.Type{t, t})
	return f.arith(e.Op, t, ops[0], ops[1], e.Y)
}

// sequence evaluates operands from left to right.
func (f *fn) sequence(es []ast.Expr, ts []types.Type) []string {
	return f.ordered(ts, func(i int) string { return f.to(es[i], ts[i]) })
}

// ordered evaluates operands of the given types from left to right: where a
// later one needs statements of its own, the earlier ones are saved before these.
func (f *fn) ordered(ts []types.Type, eval func(i int) string) []string {
	texts := make([]string, len(ts))
	for i := range ts {
		mark := f.out.Len()
		texts[i] = eval(i)
		if f.out.Len() == mark {
			continue
		}
		extra := f.cut(mark)
		for j := range i {
			if !isLiteral(texts[j]) && !isTemp(texts[j]) && !isStream(texts[j]) {
				texts[j] = f.save(ts[j], texts[j])
			}
		}
		f.out.WriteString(extra)
	}
	return texts
}

// isTemp reports whether text names a temporary, which nothing changes any more.
func isTemp(text string) bool { return strings.HasPrefix(text, "t") && pureName(text) }

// cut takes away what was written since mark.
func (f *fn) cut(mark int) string {
	all := f.out.String()
	f.out.Reset()
	f.out.WriteString(all[:mark])
	return all[mark:]
}

func (f *fn) arith(op token.Token, t types.Type, x, y string, ye ast.Expr) string {
	if op == token.SHL || op == token.SHR {
		if f.u.info.Types[ye].Value == nil {
			if b, ok := f.typeOf(ye).Underlying().(*types.Basic); ok && b.Info()&types.IsUnsigned == 0 {
				y = fmt.Sprintf("h.Shift(int(%s), %d)", y, f.u.position(ye))
			} else {
				y = "uint(" + y + ")"
			}
		}
		return "(" + x + " " + op.String() + " " + y + ")"
	}
	if op == token.QUO || op == token.REM {
		f.note("divide", ye)
	}
	if op == token.AND_NOT {
		return "(" + x + " &^ " + y + ")"
	}
	return "(" + x + " " + op.String() + " " + y + ")"
}

func (f *fn) equality(x, y ast.Expr) string {
	if f.u.info.Types[x].IsNil() {
		x, y = y, x
	}
	xt := types.Default(f.typeOf(x))
	if f.u.info.Types[y].IsNil() {
		return "(" + f.expr(x) + " == nil)"
	}
	yt := types.Default(f.typeOf(y))
	t := xt
	switch {
	case f.u.info.Types[x].Value != nil && !types.IsInterface(yt):
		t = yt
	case types.IsInterface(xt) || types.IsInterface(yt):
		t = types.NewInterfaceType(nil, nil)
	}
	ops := f.sequence([]ast.Expr{x, y}, []types.Type{t, t})
	return f.equalText(ops[0], ops[1], t)
}

// equal compares a saved switch tag with a case.
func (f *fn) equal(tag string, tagType types.Type, e ast.Expr) string {
	if f.u.info.Types[e].IsNil() {
		return tag + " == nil"
	}
	t := tagType
	if types.IsInterface(t) || types.IsInterface(f.typeOf(e)) {
		t = types.NewInterfaceType(nil, nil)
	}
	return f.equalText(f.convert(tag, tagType, t), f.to(e, t), t)
}

func (f *fn) equalText(x, y string, t types.Type) string {
	switch t.Underlying().(type) {
	case *types.Interface, *types.Struct, *types.Array:
		return "h.Eq(" + x + ", " + y + ")"
	}
	return "(" + x + " == " + y + ")"
}

// selector is a package member, a field or a bound method.
func (f *fn) selector(e *ast.SelectorExpr) string {
	u := f.u
	sel := u.info.Selections[e]
	if sel == nil {
		obj := u.info.Uses[e.Sel]
		switch obj := obj.(type) {
		case *types.Func:
			if u.ev.own(obj) {
				return f.funcValue(obj, f.instanceArgs(e.Sel))
			}
			return f.nativeFuncValue(obj)
		case *types.Var:
			return f.nativeVar(obj)
		}
		u.refuse("this", "")
		return "0"
	}
	if sel.Kind() == types.FieldVal {
		index := sel.Index()
		if len(u.targs) > 0 {
			if _, i, _ := types.LookupFieldOrMethod(f.typeOf(e.X), true, u.prog.Pkg, e.Sel.Name); i != nil {
				index = i
			}
		}
		if _, ok := f.typeOf(e.X).Underlying().(*types.Pointer); ok || len(index) > 1 {
			f.note("nil", e.Sel)
		}
		text, _ := f.path(f.expr(e.X), f.typeOf(e.X), index)
		return text
	}
	return f.methodValue(e, sel)
}

// path follows field indices from a value; pointers on the way are followed by yaegi.
func (f *fn) path(base string, t types.Type, index []int) (string, types.Type) {
	for _, i := range index {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		st, ok := t.Underlying().(*types.Struct)
		if !ok {
			f.u.refuse("this field", "")
			return base, t
		}
		name := st.Field(i).Name()
		if f.u.ownStruct(t, st) {
			name = f.u.fieldName(st, i)
		}
		base += "." + name
		t = st.Field(i).Type()
	}
	return base, t
}

// ownStruct reports whether a struct's emitted fields are renamed.
func (u *unit) ownStruct(t types.Type, st *types.Struct) bool {
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return u.ev.own(n.Obj())
	}
	return true
}

func join(list []string) string { return strings.Join(list, ", ") }

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
