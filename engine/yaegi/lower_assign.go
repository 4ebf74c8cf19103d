package yaegi

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

func (f *fn) assignStmt(s *ast.AssignStmt) {
	switch s.Tok {
	case token.DEFINE:
		f.define(s.Lhs, s.Rhs)
	case token.ASSIGN:
		f.assign(s.Lhs, s.Rhs)
	default: // x op= y
		op := map[token.Token]token.Token{
			token.ADD_ASSIGN: token.ADD, token.SUB_ASSIGN: token.SUB, token.MUL_ASSIGN: token.MUL,
			token.QUO_ASSIGN: token.QUO, token.REM_ASSIGN: token.REM, token.AND_ASSIGN: token.AND,
			token.OR_ASSIGN: token.OR, token.XOR_ASSIGN: token.XOR, token.SHL_ASSIGN: token.SHL,
			token.SHR_ASSIGN: token.SHR, token.AND_NOT_ASSIGN: token.AND_NOT,
		}[s.Tok]
		t := f.typeOf(s.Lhs[0])
		p, check := f.lvalue(s.Lhs[0])
		yt := t
		if op == token.SHL || op == token.SHR {
			yt = types.Default(f.typeOf(s.Rhs[0]))
		}
		y := f.late(s.Rhs[0], yt, s.Lhs[0])
		f.put(p, check, f.arith(op, t, p, y, s.Rhs[0]))
	}
}

// define declares the new variables of the left side after the right side was evaluated.
func (f *fn) define(left, right []ast.Expr) {
	target := func(i int) (*types.Var, bool) {
		id := ast.Unparen(left[i]).(*ast.Ident)
		if id.Name == "_" {
			return nil, false
		}
		if v, ok := f.u.info.Defs[id].(*types.Var); ok && v != nil {
			return v, true
		}
		return f.useOf(id), false
	}
	typeOf := func(i int) types.Type {
		if v, _ := target(i); v != nil {
			return v.Type()
		}
		if len(right) == len(left) {
			return types.Default(f.u.info.TypeOf(right[i]))
		}
		return nil
	}
	put := func(i int, text string) {
		v, isNew := target(i)
		if v == nil {
			return
		}
		if isNew {
			f.declare(v, false)
		}
		f.line("%s = %s", f.variable(v), text)
	}
	if len(right) == len(left) {
		if len(left) == 1 {
			t := typeOf(0)
			text := f.to(right[0], t)
			if v, _ := target(0); v == nil {
				f.save(t, text)
				return
			}
			put(0, f.funcResult(t, text))
			return
		}
		var vals []string
		for i := range right {
			vals = append(vals, f.save(typeOf(i), f.typedNil(f.to(right[i], typeOf(i)), typeOf(i))))
		}
		for i := range left {
			put(i, vals[i])
		}
		return
	}
	want := make([]types.Type, len(left))
	for i := range left {
		want[i] = typeOf(i)
	}
	vals := f.multi(right[0], want)
	for i := range left {
		put(i, vals[i])
	}
}

func (f *fn) assign(left, right []ast.Expr) {
	if len(left) == 1 {
		if isBlank(left[0]) {
			if f.u.info.Types[right[0]].IsNil() {
				return
			}
			t := types.Default(f.typeOf(right[0]))
			f.save(t, f.to(right[0], t))
			return
		}
		t := f.typeOf(left[0])
		f.noteMap(left[0])
		if pure(left[0]) && !f.looksIntoKey(left[0]) {
			text := f.late(right[0], t, left[0])
			place := f.expr(ast.Unparen(left[0]))
			if strings.HasPrefix(place, "h.") {
				f.u.refuse("an assignment to a standard stream", "use fmt.Fprint with a writer of your own")
			}
			f.line("%s = %s", place, f.typedNil(text, t))
			return
		}
		p, check := f.lvalue(left[0])
		f.put(p, check, f.typedNil(f.late(right[0], t, left[0]), t))
		return
	}
	// Operands of the left side first, then the right side, then the assignments in order.
	places, checks := make([]string, len(left)), make([]string, len(left))
	want := make([]types.Type, len(left))
	for i, l := range left {
		if isBlank(l) {
			if len(left) == len(right) {
				want[i] = types.Default(f.typeOf(right[i]))
			}
			continue
		}
		want[i] = f.typeOf(l)
		places[i], checks[i] = f.fixedPlace(l)
	}
	var vals []string
	if len(right) == len(left) {
		for i, r := range right {
			vals = append(vals, f.save(want[i], f.typedNil(f.to(r, want[i]), want[i])))
		}
	} else {
		vals = f.multi(right[0], want)
	}
	for i, p := range places {
		if p != "" {
			f.put(p, checks[i], vals[i])
		}
	}
}

// put assigns to a place that lvalue or fixedPlace gave; only now its index may panic.
func (f *fn) put(place, check, text string) {
	if check != "" {
		f.line("%s", check)
	}
	f.line("%s = %s", place, text)
}

// late evaluates the right side of an assignment to the place left so that all
// of it happens before left panics: of a nil pointer, a nil map, a wrong index.
func (f *fn) late(right ast.Expr, t types.Type, left ast.Expr) string {
	text := f.funcResult(t, f.to(right, t))
	if _, variable := ast.Unparen(left).(*ast.Ident); variable || f.calm(right) || text == "nil" {
		return text
	}
	return f.save(t, text)
}

// calm reports whether evaluating e has no effect and cannot panic.
func (f *fn) calm(e ast.Expr) bool {
	if f.u.info.Types[e].Value != nil {
		return true
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return true
	case *ast.BinaryExpr:
		switch e.Op {
		case token.ADD, token.SUB, token.MUL, token.AND, token.OR, token.XOR, token.AND_NOT:
			return f.calm(e.X) && f.calm(e.Y)
		}
	case *ast.UnaryExpr:
		return (e.Op == token.SUB || e.Op == token.XOR || e.Op == token.NOT) && f.calm(e.X)
	}
	return false
}

func isBlank(e ast.Expr) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	return ok && id.Name == "_"
}

// noteMap remembers an assignment to a map entry.
func (f *fn) noteMap(e ast.Expr) {
	if x, ok := ast.Unparen(e).(*ast.IndexExpr); ok {
		if _, ok := f.typeOf(x.X).Underlying().(*types.Map); ok {
			f.note("map", x)
		}
	}
}

// lvalue is the text of a place that can be written twice: operands with
// effects are evaluated first, once. check is the statement, if any, that checks
// its index.
func (f *fn) lvalue(e ast.Expr) (place, check string) {
	e = ast.Unparen(e)
	f.noteMap(e)
	if pure(e) && !f.looksIntoKey(e) {
		return f.expr(e), ""
	}
	return f.fixedPlace(e)
}

// looksIntoKey reports whether e is an entry of a map whose key may have no hash.
func (f *fn) looksIntoKey(e ast.Expr) bool {
	x, ok := ast.Unparen(e).(*ast.IndexExpr)
	if !ok {
		return false
	}
	m, ok := f.typeOf(x.X).Underlying().(*types.Map)
	return ok && looksIntoKeys(m)
}

// fixedPlace is the text of a place whose operands are all evaluated already,
// and the statement, if any, that checks its index.
func (f *fn) fixedPlace(e ast.Expr) (place, check string) {
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		return f.expr(x), ""
	case *ast.StarExpr:
		t := f.typeOf(x.X)
		return "(*" + f.save(t, f.expr(x.X)) + ")", ""
	case *ast.SelectorExpr:
		sel := f.u.info.Selections[x]
		if sel == nil {
			return f.expr(x), ""
		}
		base := ""
		if _, ok := f.typeOf(x.X).Underlying().(*types.Pointer); ok {
			base = f.save(f.typeOf(x.X), f.expr(x.X))
		} else {
			base, check = f.fixedPlace(x.X)
		}
		place, _ = f.path(base, f.typeOf(x.X), sel.Index())
		return place, check
	case *ast.IndexExpr:
		t := f.typeOf(x.X)
		base := ""
		switch u := t.Underlying().(type) {
		case *types.Map:
			m := f.save(t, f.expr(x.X))
			k := f.save(u.Key(), f.typedNil(f.to(x.Index, u.Key()), u.Key()))
			if looksIntoKeys(u) {
				check = fmt.Sprintf("if %s == nil { h.NilMap(%d) }; h.Hashable(%s, true, %d)", m, f.u.position(x), k, f.u.position(x))
			}
			return m + "[" + k + "]", check
		case *types.Array:
			base, check = f.fixedPlace(x.X)
		default:
			base = f.save(t, f.expr(x.X))
		}
		i := f.save(types.Typ[types.Int], f.asIndex(x.Index))
		if _, ok := t.Underlying().(*types.Pointer); ok {
			base = "(*" + base + ")"
		}
		if check != "" {
			check += "; "
		}
		return base + "[" + i + "]", check + fmt.Sprintf("h.Ix(%s, len(%s), %d)", i, base, f.u.position(x))
	}
	f.u.refuse("an assignment to this", "assign to a variable first")
	return "_", ""
}

// pure reports whether evaluating e has no effect, so that it can be written twice.
func pure(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident, *ast.BasicLit:
		return true
	case *ast.SelectorExpr:
		return pure(e.X)
	case *ast.StarExpr:
		return pure(e.X)
	case *ast.IndexExpr:
		return pure(e.X) && pure(e.Index)
	case *ast.BinaryExpr:
		return pure(e.X) && pure(e.Y)
	case *ast.UnaryExpr:
		return e.Op != token.ARROW && e.Op != token.AND && pure(e.X)
	}
	return false
}

// multi evaluates an expression with several results into temporaries of the
// wanted types (nil: the expression's own).
func (f *fn) multi(e ast.Expr, want []types.Type) []string {
	var have []types.Type
	text := ""
	var names []string
	switch x := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		var typ types.Type
		text, typ = f.callText(x)
		have = tupleTypes(typ.(*types.Tuple))
		for _, h := range have {
			names = append(names, f.temp(f.u.erased(h)))
		}
		f.line("%s = %s", join(names), text)
	case *ast.IndexExpr: // v, ok := m[k]
		m := f.typeOf(x.X).Underlying().(*types.Map)
		have = []types.Type{m.Elem(), types.Typ[types.Bool]}
		names = []string{f.temp(f.u.erased(m.Elem())), f.temp("bool")}
		mt := f.save(f.typeOf(x.X), f.expr(x.X))
		k := f.typedNil(f.to(x.Index, m.Key()), m.Key())
		if looksIntoKeys(m) {
			k = f.hashable("len("+mt+") > 0", k, m, x)
		}
		f.line("%s, %s = %s[%s]", names[0], names[1], mt, k)
	case *ast.TypeAssertExpr:
		t := f.typeOf(x.Type)
		have = []types.Type{t, types.Typ[types.Bool]}
		v, ok := f.temp(f.u.erased(t)), f.temp("bool")
		names = []string{v, ok}
		f.line("%s = %s", v, f.u.zero(t))
		f.line("%s = h.AssertOk(%s, %d, &%s)", ok, f.expr(x.X), f.u.typeID(t), v)
	case *ast.UnaryExpr: // v, ok := <-c
		t := f.typeOf(x.X).Underlying().(*types.Chan).Elem()
		have = []types.Type{t, types.Typ[types.Bool]}
		v, ok := f.temp(f.u.erased(t)), f.temp("bool")
		names = []string{v, ok}
		f.line("h.Recv(%s, &%s, &%s)", f.expr(x.X), v, ok)
	default:
		f.u.refuse("several values from this expression", "")
		for range want {
			names = append(names, "0")
		}
		return names
	}
	for i, w := range want {
		if w != nil && i < len(have) && !types.Identical(f.u.sub(w), f.u.sub(have[i])) {
			names[i] = f.save(w, f.convert(names[i], have[i], w))
		}
	}
	return names
}

// funcResult saves a function that a call returned: yaegi loses one of the library's on
// its way into a cell.
func (f *fn) funcResult(t types.Type, text string) string {
	if _, ok := t.Underlying().(*types.Signature); !ok || pureName(text) || text == "nil" {
		return text
	}
	return f.save(t, text)
}
