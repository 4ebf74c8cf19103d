package yaegi

import (
	"fmt"
	"go/ast"
	"go/types"
)

// typeID numbers a type; the host knows it by that number. A type that may
// travel in an interface brings the bound forms of its methods along.
func (u *unit) typeID(t types.Type) int { return u.ev.table.id(u.sub(t)) }

// convert turns text of type from into type to, as an assignment does. Into an
// interface a value of a type of the learner's goes in a box with its type.
func (f *fn) convert(text string, from, to types.Type) string {
	u := f.u
	from, to = u.sub(from), u.sub(to)
	if types.Identical(from, to) || text == "nil" {
		return text
	}
	if !types.IsInterface(to) {
		if from == types.Typ[types.UntypedNil] {
			return "nil"
		}
		fe, te := u.erased(from), u.erased(to)
		if fe == te {
			return text
		}
		if _, ok := to.Underlying().(*types.Chan); ok {
			return text
		}
		return te + "(" + text + ")"
	}
	from = types.Default(from)
	if types.IsInterface(from) {
		fu, tu := u.userInterface(from), u.userInterface(to)
		switch {
		case fu && tu:
			return text
		case tu:
			return "h.Norm(" + text + ")"
		}
		return u.as(to) + "(" + text + ")"
	}
	boxed := text
	if !u.ev.faithful(from) {
		u.methods(from)
		boxed = fmt.Sprintf("h.Box(%s, %d)", text, u.typeID(from))
	} else if u.userInterface(to) {
		return "h.I(" + text + ")"
	}
	if u.userInterface(to) {
		return boxed
	}
	return u.as(to) + "(" + boxed + ")"
}

// as is the host function that makes a value of a native interface type.
func (u *unit) as(t types.Type) string {
	name, ok := u.ev.asInterface(t)
	if !ok {
		u.refuse("a value of the interface type "+t.String(), "")
	}
	return "h." + name
}

// methods makes the methods of t, and of what it consists of, callable by the host.
func (u *unit) methods(t types.Type) { u.reach(t, map[types.Type]bool{}) }

func (u *unit) reach(t types.Type, seen map[types.Type]bool) {
	t = u.sub(t)
	if seen[t] {
		return
	}
	seen[t] = true
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		if t.Obj().Pkg() == nil || !u.ev.own(t.Obj()) {
			return
		}
		if u.reached(t) {
			return
		}
		if !types.IsInterface(t) {
			for i := range t.NumMethods() {
				u.bind(t, t.Method(i))
			}
		}
		u.reach(t.Underlying(), seen)
	case *types.Pointer:
		u.reach(t.Elem(), seen)
	case *types.Slice:
		u.reach(t.Elem(), seen)
	case *types.Array:
		u.reach(t.Elem(), seen)
	case *types.Map:
		u.reach(t.Key(), seen)
		u.reach(t.Elem(), seen)
	case *types.Struct:
		for i := range t.NumFields() {
			u.reach(t.Field(i).Type(), seen)
		}
	}
}

// reached reports whether all of t was made callable before.
func (u *unit) reached(t *types.Named) bool {
	for i := range t.NumMethods() {
		key := bindKey(u.typeID(t), t.Method(i))
		if !u.binders[key] && !u.ev.binders[key] {
			return false
		}
	}
	return t.NumMethods() > 0 && u.ev.binders[bindKey(u.typeID(t), t.Method(0))]
}

// conversion is T(e).
func (f *fn) conversion(e ast.Expr, t types.Type) string {
	u := f.u
	tv := u.info.Types[e]
	if tv.IsNil() {
		return f.typedNil("nil", t)
	}
	if tv.Value != nil {
		if types.IsInterface(t) {
			return f.to(e, t)
		}
		from := types.Default(f.typeOf(e))
		if b, ok := t.Underlying().(*types.Basic); ok && b.Info()&types.IsConstType != 0 {
			fb, _ := from.Underlying().(*types.Basic)
			if fb != nil && (fb.Info()&types.IsNumeric != 0) == (b.Info()&types.IsNumeric != 0) {
				return f.typedConstant(tv.Value, t)
			}
		}
		return u.erased(t) + "(" + f.typedConstant(tv.Value, from) + ")"
	}
	from := f.typeOf(e)
	text := f.expr(e)
	if types.IsInterface(t) || types.Identical(from, t) {
		return f.convert(text, from, t)
	}
	fe, te := u.erased(from), u.erased(t)
	if fe == te {
		return text
	}
	if _, ok := t.Underlying().(*types.Chan); ok {
		return text
	}
	if a, ok := t.Underlying().(*types.Array); ok { // of a slice
		n := u.helper(fmt.Sprintf("func %%s(s %s) %s { var a %s; h.ArrayLen(len(s), %d); for i := 0; i < %d; i++ { a[i] = s[i] }; return a }", fe, te, te, a.Len(), a.Len()))
		return n + "(" + text + ")"
	}
	if _, ok := t.Underlying().(*types.Pointer); ok {
		if _, ok := from.Underlying().(*types.Slice); ok {
			u.refuse("a conversion of a slice to a pointer to an array", "")
		}
	}
	if host := numeric(from, t); host != "" {
		return host + "(" + text + ")"
	}
	if te[0] == '*' || te[0] == '<' || te[0] == 'f' && len(te) > 4 && te[:4] == "func" {
		te = "(" + te + ")"
	}
	return te + "(" + text + ")"
}

// zero is the text of a zero value.
func (u *unit) zero(t types.Type) string {
	t = u.sub(t)
	et := u.erased(t)
	switch ut := t.Underlying().(type) {
	case *types.Basic:
		_, named := types.Unalias(t).(*types.Named)
		zero := "0"
		switch {
		case ut.Info()&types.IsString != 0:
			zero = `""`
		case ut.Info()&types.IsBoolean != 0:
			zero = "false"
		case ut.Info()&types.IsFloat != 0:
			zero = "0.0"
		case ut.Info()&types.IsComplex != 0:
			return et + "(0)"
		}
		if named {
			return et + "(" + zero + ")"
		}
		return zero
	case *types.Struct, *types.Array:
		return et + "{}"
	}
	return "nil"
}
