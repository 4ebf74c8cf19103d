package check

import "go/types"

// eachNamed visits the defined types that t is written with, not what is
// inside of those but for their type arguments. It stops when visit says no.
func eachNamed(t types.Type, visit func(*types.Named) bool) bool {
	rec := func(t types.Type) bool { return eachNamed(t, visit) }
	switch t := t.(type) {
	case *types.Alias:
		return rec(t.Rhs())
	case *types.Named:
		for arg := range t.TypeArgs().Types() {
			if !rec(arg) {
				return false
			}
		}
		return visit(t)
	case *types.Pointer:
		return rec(t.Elem())
	case *types.Slice:
		return rec(t.Elem())
	case *types.Array:
		return rec(t.Elem())
	case *types.Chan:
		return rec(t.Elem())
	case *types.Map:
		return rec(t.Key()) && rec(t.Elem())
	case *types.Signature:
		return eachVar(t.Params(), rec) && eachVar(t.Results(), rec)
	case *types.Struct:
		for f := range t.Fields() {
			if !rec(f.Type()) {
				return false
			}
		}
	case *types.Interface:
		for m := range t.ExplicitMethods() {
			if !rec(m.Type()) {
				return false
			}
		}
		for e := range t.EmbeddedTypes() {
			if !rec(e) {
				return false
			}
		}
	case *types.Union:
		for term := range t.Terms() {
			if !rec(term.Type()) {
				return false
			}
		}
	}
	return true
}

func eachVar(tuple *types.Tuple, rec func(types.Type) bool) bool {
	for v := range tuple.Variables() {
		if !rec(v.Type()) {
			return false
		}
	}
	return true
}
