package yaegi

import (
	"fmt"
	"go/ast"
	"go/types"
	"strconv"
	"strings"
)

// nativeCall calls a function or method of the library. The boundary is where
// boxes are made: an argument for an interface parameter goes in one, unless it
// is a native value.
func (f *fn) nativeCall(obj *types.Func, method string, recv *part, sig *types.Signature, x *ast.CallExpr) *call {
	u := f.u
	full := obj.Name()
	if obj.Pkg() != nil {
		full = obj.Pkg().Path() + "." + obj.Name()
	}
	var parts []part
	if recv != nil {
		parts = append(parts, *recv)
	} else if special := f.specialCall(full, sig, x); special != nil {
		return special
	}
	first, mark := len(parts), f.out.Len()
	params := sig.Params()
	var ts []types.Type
	spreadLast := x.Ellipsis.IsValid()
	if t, ok := singleTuple(f, x); ok {
		parts = append(parts, f.spread(t, types.NewSignatureType(nil, nil, nil, expand(sig, t.Len()), nil, false), x.Args[0])...)
	} else {
		for i := range x.Args {
			switch {
			case sig.Variadic() && i >= params.Len()-1 && !spreadLast:
				ts = append(ts, params.At(params.Len()-1).Type().(*types.Slice).Elem())
			default:
				ts = append(ts, params.At(i).Type())
			}
		}
		for i, text := range f.nativeArgs(full, x.Args, ts) {
			parts = append(parts, part{f.typedNil(text, ts[i]), u.erased(ts[i])})
		}
	}
	f.saveBefore(mark, parts[:first])
	ell := ""
	if spreadLast {
		ell = "..."
	}
	name := ""
	if recv == nil {
		if obj.Pkg() == nil {
			u.refuse("this function", "")
			return &call{nil, func([]string) string { return "0" }, resultOf(sig)}
		}
		u.checkSymbol(obj)
		name = u.alias(obj.Pkg().Path()) + "." + obj.Name()
	}
	f.note("native", x)
	if recv != nil {
		f.note("nil", x)
	}
	if target := jsonTarget(full, f, x); target != "" {
		inner := name
		return &call{parts, func(a []string) string {
			if recv != nil {
				return "h.JSONError(" + a[0] + "." + method + "(" + join(a[1:]) + "), " + strconv.Quote(target) + ")"
			}
			return "h.JSONError(" + inner + "(" + join(a) + "), " + strconv.Quote(target) + ")"
		}, resultOf(sig)}
	}
	return &call{parts, func(a []string) string {
		if recv != nil {
			r := a[0]
			if strings.HasPrefix(r, "&") || strings.HasPrefix(r, "*") {
				r = "(" + r + ")"
			}
			return r + "." + method + "(" + join(a[1:]) + ell + ")"
		}
		return name + "(" + join(a) + ell + ")"
	}, resultOf(sig)}
}

// jsonTarget names the learner's type that a call decodes JSON into: errors
// mention it, and the emitted type has no name.
func jsonTarget(full string, f *fn, x *ast.CallExpr) string {
	if full != "encoding/json.Unmarshal" && full != "encoding/json.Decode" || len(x.Args) == 0 {
		return ""
	}
	p, ok := f.typeOf(x.Args[len(x.Args)-1]).Underlying().(*types.Pointer)
	if !ok {
		return ""
	}
	if n, ok := types.Unalias(p.Elem()).(*types.Named); ok && f.u.ev.own(n.Obj()) {
		return n.Obj().Name()
	}
	return ""
}

func singleTuple(f *fn, x *ast.CallExpr) (*types.Tuple, bool) {
	if len(x.Args) != 1 {
		return nil, false
	}
	t, ok := f.u.info.TypeOf(x.Args[0]).(*types.Tuple)
	return t, ok
}

// expand writes out a variadic signature for n arguments.
func expand(sig *types.Signature, n int) *types.Tuple {
	var vars []*types.Var
	for i := range n {
		p := sig.Params()
		if sig.Variadic() && i >= p.Len()-1 {
			vars = append(vars, types.NewParam(0, nil, "", p.At(p.Len()-1).Type().(*types.Slice).Elem()))
		} else {
			vars = append(vars, p.At(i))
		}
	}
	return types.NewTuple(vars...)
}

// nativeArgs evaluates arguments for native parameters.
func (f *fn) nativeArgs(full string, es []ast.Expr, ts []types.Type) []string {
	u := f.u
	raw := reflective(full)
	want := make([]types.Type, len(es))
	open := map[int]bool{}
	for i, e := range es {
		want[i] = ts[i]
		it, ok := u.sub(ts[i]).Underlying().(*types.Interface)
		if !raw || !ok || !it.Empty() {
			continue
		}
		t := types.Default(f.typeOf(e))
		if types.IsInterface(t) || holdsInterfaces(t, map[types.Type]bool{}) {
			open[i] = true // boxes may be inside
		}
		if types.IsInterface(t) {
			continue
		}
		if u.ev.faithful(t) {
			continue
		}
		if strings.HasPrefix(full, "reflect.") || !u.ev.plain(t, map[types.Type]bool{}) {
			u.at(e, func() {
				u.refuse("a value of type "+types.TypeString(t, types.RelativeTo(u.prog.Pkg))+" in "+full+", which looks into it by reflection", "")
			})
		}
		want[i] = t // passed as it is
	}
	texts := f.sequence(es, want)
	for i := range open {
		if texts[i] != "nil" {
			texts[i] = "h.Unboxed(" + texts[i] + ")"
		}
	}
	return texts
}

// holdsInterfaces reports whether values of t can hold interface values.
func holdsInterfaces(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t := t.Underlying().(type) {
	case *types.Interface:
		return true
	case *types.Pointer:
		return holdsInterfaces(t.Elem(), seen)
	case *types.Slice:
		return holdsInterfaces(t.Elem(), seen)
	case *types.Array:
		return holdsInterfaces(t.Elem(), seen)
	case *types.Map:
		return holdsInterfaces(t.Key(), seen) || holdsInterfaces(t.Elem(), seen)
	}
	return false
}

// reflective reports whether a native function looks into its arguments by
// reflection, where the learner's types have lost their names and methods.
func reflective(full string) bool {
	if full == "reflect.DeepEqual" {
		return false
	}
	for _, p := range []string{"encoding/", "reflect.", "text/template", "html/template", "sort.Slice", "database/", "log/slog", "expvar", "testing", "net/rpc"} {
		if strings.HasPrefix(full, p) {
			return true
		}
	}
	return false
}

// plain reports whether the emitted form of t is, for reflection, what it is in
// compiled Go, but for its name: exported fields, no methods, nothing embedded.
func (ev *Evaluator) plain(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] {
		return true
	}
	seen[t] = true
	if ev.faithful(t) {
		return true
	}
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		if !ev.own(t.Obj()) || types.NewMethodSet(types.NewPointer(t)).Len() > 0 {
			return false
		}
		return ev.plain(t.Underlying(), seen)
	case *types.Pointer:
		return ev.plain(t.Elem(), seen)
	case *types.Slice:
		return ev.plain(t.Elem(), seen)
	case *types.Array:
		return ev.plain(t.Elem(), seen)
	case *types.Map:
		return ev.plain(t.Key(), seen) && ev.plain(t.Elem(), seen)
	case *types.Struct:
		for i := range t.NumFields() {
			if f := t.Field(i); f.Embedded() || f.Exported() && !ev.plain(f.Type(), seen) {
				return false
			}
		}
		return true
	}
	return false
}

// checkSymbol refuses what the tables do not have in callable form.
func (u *unit) checkSymbol(obj types.Object) {
	if !u.ev.symbol(obj.Pkg().Path(), obj.Name()).IsValid() {
		u.refuse(obj.Pkg().Name()+"."+obj.Name()+", which is generic", "write the loop")
	}
	if wakes(obj.Pkg().Path(), obj.Name()) {
		u.outside = true
	}
	if why := refusedSymbols[obj.Pkg().Path()+"."+obj.Name()]; why != "" {
		u.refuse(obj.Pkg().Name()+"."+obj.Name()+": "+why, "")
	}
}

var refusedSymbols = map[string]string{
	"unsafe.Sizeof":   "sizes of types differ",
	"runtime.Callers": "it would see the evaluator", "runtime.Caller": "it would see the evaluator",
	"runtime.Stack": "it would see the evaluator", "runtime/debug.Stack": "it would see the evaluator",
	"runtime/debug.PrintStack": "it would see the evaluator",
	"runtime.SetFinalizer":     "the evaluator keeps values longer",
}

// nativeFuncValue wraps a library function, so that a variadic one has its slice.
func (f *fn) nativeFuncValue(obj *types.Func) string {
	f.u.checkSymbol(obj)
	name := f.u.alias(obj.Pkg().Path()) + "." + obj.Name()
	sig := obj.Type().(*types.Signature)
	return f.closure(nil, sig, func(a []string) string { return name + "(" + f.ellipsis(a, sig) + ")" })
}

func (f *fn) nativeVar(obj *types.Var) string {
	if obj.Pkg().Path() == "os" && f.u.ev.streams[obj.Name()].IsValid() {
		return "h." + obj.Name()
	}
	return f.u.alias(obj.Pkg().Path()) + "." + obj.Name()
}

// specialCall lowers library functions that need to know static types.
func (f *fn) specialCall(full string, sig *types.Signature, x *ast.CallExpr) *call {
	u := f.u
	switch full {
	case "errors.As":
		p, ok := f.typeOf(x.Args[1]).Underlying().(*types.Pointer)
		if !ok {
			return nil
		}
		ops := f.sequence(x.Args, []types.Type{sig.Params().At(0).Type(), f.typeOf(x.Args[1])})
		id := u.typeID(p.Elem())
		return &call{[]part{{f.typedNil(ops[0], sig.Params().At(0).Type()), "error"}, {ops[1], u.erased(f.typeOf(x.Args[1]))}}, func(a []string) string {
			return fmt.Sprintf("h.ErrorsAs(%s, %s, %d)", a[0], a[1], id)
		}, types.Typ[types.Bool]}
	}
	return nil
}
