package yaegi

import (
	"fmt"
	"go/types"
	"reflect"
)

// dynamicType is the type of what an interface holds: a types.Type for a box,
// a reflect.Type for a native value.
func dynamicType(x any) (*dynamic, reflect.Type) {
	if b, ok := asBox(x); ok {
		return b.t, nil
	}
	return nil, reflect.TypeOf(x)
}

// is reports whether x, of any interface type, holds a value of type number id.
func (ev *Evaluator) is(x any, id int) bool {
	if x == nil {
		return false
	}
	want := ev.table.get(id)
	have, native := dynamicType(x)
	if iface, ok := want.typ.Underlying().(*types.Interface); ok {
		return ev.missing(have, native, want.typ, iface) == ""
	}
	if have != nil {
		return have == want
	}
	return want.faithful && want.native == native
}

// missing is the first method that keeps a type from an interface, "" where it has all.
func (ev *Evaluator) missing(have *dynamic, native reflect.Type, t types.Type, iface *types.Interface) string {
	if have != nil {
		if m, _ := types.MissingMethod(have.typ, iface, true); m != nil {
			return m.Name()
		}
		return ""
	}
	if r := ev.reflected(t); r != nil && r.Kind() == reflect.Interface {
		if native.Implements(r) {
			return ""
		}
	}
	for i := range iface.NumMethods() {
		m := iface.Method(i)
		nm, ok := native.MethodByName(m.Name())
		if !ok || !m.Exported() {
			return m.Name()
		}
		sig := m.Type().(*types.Signature)
		want := ev.reflected(types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic()))
		if want == nil || !sameSignature(nm.Type, want) {
			return m.Name()
		}
	}
	return ""
}

// sameSignature compares a method's type, receiver first, with a function's.
func sameSignature(m, f reflect.Type) bool {
	if m.NumIn() != f.NumIn()+1 || m.NumOut() != f.NumOut() || m.IsVariadic() != f.IsVariadic() {
		return false
	}
	for i := range f.NumIn() {
		if m.In(i+1) != f.In(i) {
			return false
		}
	}
	for i := range f.NumOut() {
		if m.Out(i) != f.Out(i) {
			return false
		}
	}
	return true
}

// assertOk sets *out where x is of type number id.
func (ev *Evaluator) assertOk(x any, id int, out any) bool {
	if !ev.is(x, id) {
		return false
	}
	ev.take(x, ev.table.get(id), reflect.ValueOf(out).Elem())
	return true
}

// assert is assertOk for an assertion that must hold.
func (ev *Evaluator) assert(x any, id int, out any, site int, fromID int) {
	if ev.assertOk(x, id, out) {
		return
	}
	want := ev.table.get(id)
	text := "interface conversion: "
	from := ev.table.get(fromID).typ
	name := ev.typeString(from)
	if iface, ok := want.typ.Underlying().(*types.Interface); ok {
		if x == nil {
			text += "interface is nil, not " + ev.typeString(want.typ)
		} else {
			have, native := dynamicType(x)
			text += fmt.Sprintf("%s is not %s: missing method %s", ev.nameOf(x), ev.typeString(want.typ), ev.missing(have, native, want.typ, iface))
		}
	} else if x == nil {
		text += name + " is nil, not " + ev.typeString(want.typ)
	} else {
		text += name + " is " + ev.nameOf(x) + ", not " + ev.typeString(want.typ)
	}
	panic(&thrown{value: assertionError(text), site: site})
}

// assertionError is the text of a failed type assertion.
type assertionError string

func (e assertionError) Error() string { return string(e) }
func (assertionError) RuntimeError()   {}

// nameOf is what %T prints for x.
func (ev *Evaluator) nameOf(x any) string {
	have, native := dynamicType(x)
	switch {
	case have != nil:
		return ev.typeString(have.typ)
	case native == nil:
		return "<nil>"
	}
	return native.String()
}

// take sets dst to what x holds, as type want.
func (ev *Evaluator) take(x any, want *dynamic, dst reflect.Value) {
	if types.IsInterface(want.typ) {
		if dst.Kind() == reflect.Interface && dst.NumMethod() > 0 {
			dst.Set(reflect.ValueOf(ev.as(norm(x), dst.Type())))
			return
		}
		dst.Set(reflect.ValueOf(norm(x)))
		return
	}
	v := x
	if b, ok := asBox(x); ok {
		v = b.v
	}
	rv := reflect.ValueOf(v)
	if !rv.IsValid() {
		dst.SetZero()
		return
	}
	if !rv.Type().AssignableTo(dst.Type()) && rv.Type().ConvertibleTo(dst.Type()) {
		rv = rv.Convert(dst.Type())
	}
	dst.Set(rv)
}

// as makes of x a value that implements the native interface type t: itself,
// or yaegi's wrapper around a box with the methods bound.
func (ev *Evaluator) as(x any, t reflect.Type) any {
	if x == nil {
		return nil
	}
	x = norm(x)
	if reflect.TypeOf(x).Implements(t) {
		return x
	}
	w := ev.wrapper(t)
	if w == nil {
		refusal("a value of the learner's as %s", t)
	}
	v := reflect.New(w).Elem()
	v.Field(0).Set(reflect.ValueOf(x))
	for i := 1; i < w.NumField(); i++ {
		name := w.Field(i).Name[1:]
		if !ev.methodValue(x, name).IsValid() {
			continue
		}
		// A method with a value receiver reads what a pointer points to at the time
		// of the call, not of the conversion.
		m := reflect.MakeFunc(w.Field(i).Type, func(in []reflect.Value) []reflect.Value {
			m := ev.methodValue(x, name)
			if m.Type().IsVariadic() {
				return m.CallSlice(in)
			}
			return m.Call(in)
		})
		v.Field(i).Set(m)
	}
	return v.Interface()
}

// wrapper finds yaegi's wrapper struct of a native interface type.
func (ev *Evaluator) wrapper(t reflect.Type) reflect.Type {
	if t.PkgPath() == "" {
		return nil
	}
	for _, table := range ev.tables {
		if v, ok := table[t.PkgPath()+"/"+base(t.PkgPath())]["_"+t.Name()]; ok {
			return v.Type().Elem()
		}
	}
	return nil
}

// asInterface names the host function that converts to a native interface type.
func (ev *Evaluator) asInterface(t types.Type) (string, bool) {
	rt := ev.reflected(t)
	if rt == nil || rt.Kind() != reflect.Interface {
		return "Missing", false
	}
	if n, ok := ev.ifaces[rt]; ok {
		return n, true
	}
	n := fmt.Sprintf("As%d", len(ev.ifaces))
	ev.ifaces[rt] = n
	ft := reflect.FuncOf([]reflect.Type{reflect.TypeFor[any]()}, []reflect.Type{rt}, false)
	ev.host[n] = reflect.MakeFunc(ft, func(in []reflect.Value) []reflect.Value {
		out := reflect.New(rt).Elem()
		if x := ev.as(in[0].Interface(), rt); x != nil {
			out.Set(reflect.ValueOf(x))
		}
		return []reflect.Value{out}
	})
	return n, true
}

// Error implements error for boxes of errors.
func (b errorBox) Error() string {
	m := b.t.ev.methodValue(b, "Error")
	return m.Call(nil)[0].String()
}

// Unwrap implements what errors.Is and errors.As look for.
func (b errorBox) Unwrap() error {
	if m := b.t.ev.methodValue(b, "Unwrap"); m.IsValid() {
		if f, ok := m.Interface().(func() error); ok {
			return f()
		}
	}
	return nil
}

// Error implements error.
func (b manyErrors) Error() string { return errorBox(b).Error() }

// Is implements what errors.Is looks for.
func (b manyErrors) Is(target error) bool { return errorBox(b).Is(target) }

// Format implements fmt.Formatter.
func (b manyErrors) Format(s fmt.State, verb rune) { formatBox(box(b), s, verb) }

// Unwrap implements what errors.Is and errors.As look for.
func (b manyErrors) Unwrap() []error {
	m := b.t.ev.methodValue(b, "Unwrap").Call(nil)[0]
	errs := make([]error, m.Len())
	for i := range errs {
		errs[i], _ = m.Index(i).Interface().(error)
	}
	return errs
}

// Is implements what errors.Is looks for.
func (b errorBox) Is(target error) bool {
	if m := b.t.ev.methodValue(b, "Is"); m.IsValid() {
		if f, ok := m.Interface().(func(error) bool); ok {
			return f(target)
		}
	}
	return false
}

// errorsAs is errors.As for a target whose element is of type number id.
func (ev *Evaluator) errorsAs(err error, target any, id int) bool {
	if reflect.ValueOf(target).IsNil() {
		panic(&thrown{value: "errors: target must be a non-nil pointer"})
	}
	for err != nil {
		if ev.assertOk(err, id, target) {
			return true
		}
		switch x := err.(type) {
		case interface{ Unwrap() error }:
			err = x.Unwrap()
		case interface{ Unwrap() []error }:
			for _, e := range x.Unwrap() {
				if ev.errorsAs(e, target, id) {
					return true
				}
			}
			return false
		default:
			return false
		}
	}
	return false
}
