package yaegi

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// asIndex is an index or a bound of a slice as an int.
func (f *fn) asIndex(e ast.Expr) string {
	if f.u.info.Types[e].Value == nil {
		if t := types.Default(f.typeOf(e)); wide(t) {
			return f.index64(f.expr(e), e)
		}
	}
	return f.asInt(e)
}

// index64 is an index of an unsigned type that may be beyond what an int holds.
func (f *fn) index64(text string, e ast.Expr) string {
	return fmt.Sprintf("h.Index(uint64(%s), %d)", text, f.u.position(e))
}

// wide reports whether t has integers that are no int.
func wide(t types.Type) bool {
	switch b, _ := t.Underlying().(*types.Basic); {
	case b == nil:
		return false
	case b.Kind() == types.Uint, b.Kind() == types.Uint64, b.Kind() == types.Uintptr:
		return true
	}
	return false
}

func (f *fn) asInt(e ast.Expr) string {
	t := types.Default(f.typeOf(e))
	if tv := f.u.info.Types[e]; tv.Value != nil {
		return tv.Value.ExactString()
	}
	if b, ok := t.(*types.Basic); ok && b.Kind() == types.Int {
		return f.expr(e)
	}
	return "int(" + f.expr(e) + ")"
}

func (f *fn) index(e *ast.IndexExpr) string {
	u := f.u
	t := f.typeOf(e.X)
	if m, ok := t.Underlying().(*types.Map); ok {
		ops := f.sequence([]ast.Expr{e.X, e.Index}, []types.Type{t, m.Key()})
		if looksIntoKeys(m) {
			ops[0] = f.save(t, ops[0])
			ops[1] = f.hashable("len("+ops[0]+") > 0", ops[1], m, e)
		}
		return ops[0] + "[" + f.typedNil(ops[1], m.Key()) + "]"
	}
	it := types.Type(types.Typ[types.Int])
	if b, ok := types.Default(f.typeOf(e.Index)).Underlying().(*types.Basic); ok && b.Kind() != types.Int {
		it = types.Default(f.typeOf(e.Index))
	}
	isConst := u.info.Types[e.Index].Value != nil
	if isConst {
		it = types.Typ[types.Int]
	}
	ops := f.sequence([]ast.Expr{e.X, e.Index}, []types.Type{types.Default(t), it})
	x, i := ops[0], ops[1]
	if wide(it) {
		i = f.index64(i, e.Index)
	} else if !types.Identical(it, types.Typ[types.Int]) {
		i = "int(" + i + ")"
	}
	elem := ""
	var array *types.Array
	switch ut := t.Underlying().(type) {
	case *types.Pointer:
		array = ut.Elem().Underlying().(*types.Array)
		x = "(*" + x + ")"
		elem = u.erased(array.Elem())
	case *types.Array:
		array = ut
		elem = u.erased(ut.Elem())
	case *types.Slice:
		elem = u.erased(ut.Elem())
	case *types.Basic:
		elem = "uint8"
	}
	if array != nil && isConst {
		return x + "[" + i + "]"
	}
	if array != nil {
		return fmt.Sprintf("%s[h.Ix(%s, %d, %d)]", x, i, array.Len(), u.position(e))
	}
	if pure(e.X) {
		return fmt.Sprintf("%s[h.Ix(%s, len(%s), %d)]", x, i, x, u.position(e))
	}
	if f.hoist {
		x = f.save(types.Default(t), x)
		return fmt.Sprintf("%s[h.Ix(%s, len(%s), %d)]", x, i, x, u.position(e))
	}
	name := u.helper(fmt.Sprintf("func %%s(a %s, i int, site int) %s { h.Ix(i, len(a), site); return a[i] }", u.erased(types.Default(t)), elem))
	return fmt.Sprintf("%s(%s, %s, %d)", name, x, i, u.position(e))
}

// looksIntoKeys reports whether keys of m may turn out to have no hash.
func looksIntoKeys(m *types.Map) bool { return hasInterfaces(m.Key()) }

func hasInterfaces(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Interface:
		return true
	case *types.Array:
		return hasInterfaces(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if hasInterfaces(f.Type()) {
				return true
			}
		}
	}
	return false
}

// hashable saves a key of m and checks that it has a hash; filled is the text of
// a condition, see Evaluator.hashable.
func (f *fn) hashable(filled, key string, m *types.Map, at ast.Node) string {
	k := f.save(m.Key(), f.typedNil(key, m.Key()))
	f.line("h.Hashable(%s, %s, %d)", k, filled, f.u.position(at))
	return k
}

func (f *fn) slice(e *ast.SliceExpr) string {
	u := f.u
	t := types.Default(f.typeOf(e.X))
	result := f.typeOf(e)
	arg := u.erased(t)
	inner := "a"
	bt := t
	switch t.Underlying().(type) {
	case *types.Array:
		bt = types.NewPointer(t)
		arg = "*" + u.erased(t)
		inner = "(*a)"
	case *types.Pointer:
		inner = "(*a)"
	}
	mask := 0
	operands := []ast.Expr{e.X, e.Low, e.High, e.Max}
	number := types.Type(types.Typ[types.Int])
	texts := f.ordered([]types.Type{bt, number, number, number}, func(i int) string {
		switch {
		case i == 0 && bt != t:
			return f.address(e.X)
		case i == 0:
			return f.to(e.X, t)
		case operands[i] == nil:
			return []string{"0", "-1", "-1"}[i-1]
		}
		mask |= 1 << (i - 1)
		return f.asIndex(operands[i])
	})
	capacity := "cap(" + inner + ")"
	expr := inner + "[lo:hi]"
	if _, slice := t.Underlying().(*types.Slice); !slice { // strings and arrays have a length only
		capacity = "-1"
	}
	pre := ""
	if mask&2 == 0 {
		pre = "hi = len(" + inner + "); "
	}
	if e.Slice3 {
		expr = inner + "[lo:hi:max]"
	}
	name := u.helper(fmt.Sprintf("func %%s(a %s, lo, hi, max, site int) %s { %sh.Bounds(lo, hi, max, len(%s), %s, %d, site); return %s }",
		arg, u.erased(result), pre, inner, capacity, mask, expr))
	return fmt.Sprintf("%s(%s, %s, %s, %s, %d)", name, texts[0], texts[1], texts[2], texts[3], u.position(e))
}

func (f *fn) composite(lit *ast.CompositeLit, t types.Type) string {
	u := f.u
	if p, ok := t.Underlying().(*types.Pointer); ok { // &T elided inside another literal
		et := u.erased(p.Elem())
		name := u.helper("func %s(v " + et + ") *" + et + " { p := new(" + et + "); *p = v; return p }")
		return name + "(" + f.passed([]part{{f.composite(lit, p.Elem()), et}}, lit)[0].text + ")"
	}
	var ts []types.Type
	var es []ast.Expr
	elem := func(i int) string {
		e, t := es[i], ts[i]
		if inner, ok := e.(*ast.CompositeLit); ok && inner.Type == nil {
			return f.composite(inner, t)
		}
		return f.typedNil(f.to(e, t), t)
	}
	add := func(e ast.Expr, t types.Type) { es, ts = append(es, e), append(ts, t) }
	var parts, keys []string
	switch ut := t.Underlying().(type) {
	case *types.Struct:
		for i, e := range lit.Elts {
			k := i
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				for j := range ut.NumFields() {
					if ut.Field(j).Name() == kv.Key.(*ast.Ident).Name {
						k = j
					}
				}
				e = kv.Value
			}
			name := ut.Field(k).Name()
			if u.ownStruct(t, ut) {
				name = u.fieldName(ut, k)
			}
			keys = append(keys, name+": ")
			add(e, ut.Field(k).Type())
		}
	case *types.Map:
		for _, e := range lit.Elts {
			kv := e.(*ast.KeyValueExpr)
			add(kv.Key, ut.Key())
			add(kv.Value, ut.Elem())
		}
	default:
		var et types.Type
		switch ut := ut.(type) {
		case *types.Slice:
			et = ut.Elem()
		case *types.Array:
			et = ut.Elem()
		}
		for _, e := range lit.Elts {
			key := ""
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				key = u.info.Types[kv.Key].Value.ExactString() + ": "
				e = kv.Value
			}
			keys = append(keys, key)
			add(e, et)
		}
	}
	vals := f.ordered(ts, elem)
	if slices.ContainsFunc(vals, func(v string) bool { return strings.Contains(v, "(*") }) {
		// yaegi takes a pointer that is followed inside a literal for its target's type.
		for i, v := range vals {
			if !isLiteral(v) && !isTemp(v) {
				vals[i] = f.save(ts[i], v)
			}
		}
	}
	for i := range keys {
		parts = append(parts, keys[i]+vals[i])
	}
	if m, ok := t.Underlying().(*types.Map); ok {
		for i := 0; i < len(vals); i += 2 {
			if looksIntoKeys(m) {
				vals[i+1] = f.save(m.Elem(), f.typedNil(vals[i+1], m.Elem()))
				vals[i] = f.hashable("true", vals[i], m, es[i])
			}
			parts = append(parts, vals[i]+": "+vals[i+1])
		}
	}
	text := u.erased(t) + "{" + strings.Join(parts, ", ") + "}"
	if _, floats := u.floats[u.erased(t)]; !f.hoist && !floats {
		// yaegi stores a literal straight into the place it is assigned to, which
		// goes wrong for a place behind a pointer; a function's result is copied.
		return f.literalHelper(u.erased(t), text)
	}
	return f.save(t, text)
}

// literalHelper keeps a composite literal away from what surrounds it.
func (f *fn) literalHelper(typ, text string) string {
	n := f.u.helper("func %s(v " + typ + ") " + typ + " { return v }")
	return n + "(" + text + ")"
}
