package yaegi

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// builtin takes a call of a predeclared function apart.
func (f *fn) builtin(name string, x *ast.CallExpr) *call {
	u := f.u
	anyType := types.NewInterfaceType(nil, nil)
	simple := func(format string, result types.Type, parts ...part) *call {
		return &call{parts, func(a []string) string {
			vals := make([]any, len(a))
			for i := range a {
				vals[i] = a[i]
			}
			return fmt.Sprintf(format, vals...)
		}, result}
	}
	// args evaluates the arguments from left to right, each as the type that as gives it.
	args := func(as func(i int, own types.Type) types.Type) []part {
		ts := make([]types.Type, len(x.Args))
		for i, e := range x.Args {
			ts[i] = as(i, types.Default(f.typeOf(e)))
		}
		var parts []part
		for i, text := range f.sequence(x.Args, ts) {
			parts = append(parts, part{f.typedNil(text, ts[i]), u.erased(ts[i])})
		}
		return parts
	}
	own := func(_ int, own types.Type) types.Type { return own }
	switch name {
	case "len", "cap":
		a := args(own)
		if p, ok := f.typeOf(x.Args[0]).Underlying().(*types.Pointer); ok {
			return simple(itoa(p.Elem().Underlying().(*types.Array).Len()), types.Typ[types.Int])
		}
		return simple(name+"(%s)", types.Typ[types.Int], a...)
	case "append":
		return f.appendCall(x)
	case "copy":
		return simple("copy(%s, %s)", types.Typ[types.Int], args(own)...)
	case "delete":
		m := f.typeOf(x.Args[0]).Underlying().(*types.Map)
		parts := args(func(i int, own types.Type) types.Type {
			if i == 1 {
				return m.Key()
			}
			return own
		})
		if looksIntoKeys(m) {
			parts[0].text = f.save(f.typeOf(x.Args[0]), parts[0].text)
			parts[1].text = f.hashable("len("+parts[0].text+") > 0", parts[1].text, m, x)
		}
		return simple("delete(%s, %s)", nil, parts...)
	case "clear":
		return simple("h.Clear(%s)", nil, args(own)...)
	case "close":
		f.note("native", x)
		return simple("h.CloseChan(%s)", nil, args(own)...)
	case "make":
		t := f.typeOf(x.Args[0])
		et := u.erased(t)
		if c, ok := t.Underlying().(*types.Chan); ok {
			et = u.erased(types.NewChan(types.SendRecv, c.Elem()))
		}
		ts := slices.Repeat([]types.Type{types.Typ[types.Int]}, len(x.Args)-1)
		var parts []part
		for _, text := range f.ordered(ts, func(i int) string { return f.asInt(x.Args[i+1]) }) {
			parts = append(parts, part{text, "int"})
		}
		if _, ok := t.Underlying().(*types.Slice); ok {
			if len(parts) == 1 {
				return simple("make("+et+", h.Len(%s, 0))", t, parts...)
			}
			n := u.helper("func %s(n, c int) " + et + " { h.Len(n, c); return make(" + et + ", n, c) }")
			return simple(n+"(%s, %s)", t, parts...)
		}
		if _, ok := t.Underlying().(*types.Chan); ok && len(parts) == 1 {
			return simple("make("+et+", h.ChanLen(%s))", t, parts...)
		}
		if len(parts) == 1 { // of a map: a hint only
			return simple("make("+et+", %s)", t, parts...)
		}
		return simple("make("+et+")", t)
	case "new":
		if tv := u.info.Types[x.Args[0]]; !tv.IsType() { // new(expression)
			t := types.Default(f.typeOf(x.Args[0]))
			et := u.erased(t)
			n := u.helper("func %s(v " + et + ") *" + et + " { p := new(" + et + "); *p = v; return p }")
			return simple(n+"(%s)", types.NewPointer(t), f.passed(args(own), x)...)
		}
		t := f.typeOf(x.Args[0])
		return simple("new("+u.erased(t)+")", types.NewPointer(t))
	case "panic":
		v := f.to(x.Args[0], anyType)
		return simple("h.Panic(%s, "+itoa(int64(u.position(x)))+")", nil, part{f.typedNil(v, anyType), "interface{}"})
	case "recover":
		return simple("%s.Recover()", anyType, part{f.use("recovery"), "*h.Recovery"})
	case "print", "println":
		parts := args(func(int, types.Type) types.Type { return anyType })
		format := strings.TrimSuffix(strings.Repeat("%s, ", len(parts)), ", ")
		return simple("h."+map[string]string{"print": "Print", "println": "Println"}[name]+"("+format+")", nil, parts...)
	case "min", "max":
		t := types.Default(f.typeOf(x))
		et := u.erased(t)
		op := map[string]string{"min": "<", "max": ">"}[name]
		n := ""
		if b, ok := t.Underlying().(*types.Basic); ok && b.Info()&types.IsFloat != 0 {
			n = map[string]string{"minfloat32": "h.Min32", "minfloat64": "h.Min64", "maxfloat32": "h.Max32", "maxfloat64": "h.Max64"}[name+et]
		} else {
			n = u.helper("func %s(a, b " + et + ") " + et + " { if b " + op + " a { return b }; return a }")
		}
		ts := make([]types.Type, len(x.Args))
		for i := range ts {
			ts[i] = t
		}
		texts := f.sequence(x.Args, ts)
		text := texts[0]
		for _, y := range texts[1:] {
			text = n + "(" + text + ", " + y + ")"
		}
		return simple("%s", t, part{text, et})
	case "real", "imag", "complex":
		t := types.Default(f.typeOf(x))
		parts := args(func(_ int, own types.Type) types.Type {
			if name == "complex" {
				return types.Typ[types.Float64]
			}
			return own
		})
		if b, ok := t.Underlying().(*types.Basic); ok && name == "complex" && b.Kind() == types.Complex64 {
			u.refuse("complex64", "use complex128")
		}
		format := strings.TrimSuffix(strings.Repeat("%s, ", len(parts)), ", ")
		return simple(map[string]string{"real": "h.Real", "imag": "h.Imag", "complex": "h.Complex"}[name]+"("+format+")", t, parts...)
	}
	u.refuse("the builtin "+name, "")
	return simple("0", types.Typ[types.Int])
}

func (f *fn) appendCall(x *ast.CallExpr) *call {
	u := f.u
	t := f.typeOf(x)
	st := t.Underlying().(*types.Slice)
	et := u.erased(t)
	if len(x.Args) == 1 {
		return &call{[]part{{f.to(x.Args[0], t), et}}, func(a []string) string { return a[0] }, t}
	}
	es, ts := x.Args, []types.Type{t}
	for i := range x.Args[1:] {
		switch {
		case !x.Ellipsis.IsValid():
			ts = append(ts, st.Elem())
		case types.IsInterface(f.typeOf(x.Args[1])):
			ts = append(ts, t)
		default:
			ts = append(ts, types.Default(f.typeOf(x.Args[i+1])))
		}
	}
	texts := f.sequence(es, ts)
	texts[0] = f.typedNil(texts[0], t)
	if x.Ellipsis.IsValid() {
		if texts[1] == "nil" {
			return &call{[]part{{texts[0], et}}, func(a []string) string { return a[0] }, t}
		}
		at := u.erased(ts[1])
		y := texts[1]
		if b, ok := ts[1].Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
			y = "[]uint8(" + y + ")"
			at = "[]uint8"
		}
		n := u.helper("func %s(s " + et + ", t " + at + ") " + et + " { return append(s, t...) }")
		return &call{[]part{{texts[0], et}, {y, at}}, func(a []string) string { return n + "(" + join(a) + ")" }, t}
	}
	parts := []part{{texts[0], et}}
	for i, y := range texts[1:] {
		parts = append(parts, part{f.typedNil(y, ts[i+1]), u.erased(st.Elem())})
	}
	return &call{parts, func(a []string) string { return "append(" + join(a) + ")" }, t}
}
