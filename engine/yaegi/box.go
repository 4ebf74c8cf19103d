package yaegi

import (
	"fmt"
	"go/types"
	"reflect"
	"sync"

	"golang.org/x/tools/go/types/typeutil"
)

// typeTable numbers types; identical types have one number.
type typeTable struct {
	ev   *Evaluator
	mu   sync.RWMutex
	m    typeutil.Map
	list []*dynamic
}

// dynamic is a type as values carry it at run time. Identical types are one
// pointer, so that comparing boxes compares types.
type dynamic struct {
	ev       *Evaluator
	id       int
	typ      types.Type
	faithful bool
	native   reflect.Type // of a faithful type

	mu      sync.Mutex
	binders map[string]reflect.Value // of a type of the learner's: function from receiver to bound method
	isError bool
	many    bool // its Unwrap gives several errors
	known   bool
}

func newTypeTable(ev *Evaluator) *typeTable { return &typeTable{ev: ev} }

func (t *typeTable) id(typ types.Type) int { return t.of(typ).id }

func (t *typeTable) of(typ types.Type) *dynamic {
	t.mu.Lock()
	defer t.mu.Unlock()
	if d, ok := t.m.At(typ).(*dynamic); ok {
		return d
	}
	d := &dynamic{ev: t.ev, id: len(t.list), typ: typ, faithful: t.ev.faithful(typ), binders: map[string]reflect.Value{}}
	if d.faithful {
		d.native = t.ev.reflected(typ)
	}
	t.list = append(t.list, d)
	t.m.Set(typ, d)
	return d
}

func (t *typeTable) get(id int) *dynamic {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.list[id]
}

// box is a value of a type that reflection does not know, in an interface. It
// compares as Go compares: by type, then by value.
type box struct {
	t *dynamic
	v any
}

// errorBox is the box of a value that is an error.
type errorBox box

// looseError is the box of an error that cannot be compared: errors.Is asks.
type looseError struct {
	errorBox
	_ [0]func()
}

func (b box) Format(s fmt.State, verb rune)      { formatBox(b, s, verb) }
func (b errorBox) Format(s fmt.State, verb rune) { formatBox(box(b), s, verb) }

// manyErrors is the box of an error that wraps several.
type manyErrors struct {
	t *dynamic
	v any
}

// boxed puts v in a box of type number id.
func (ev *Evaluator) boxed(v any, id int) any { return ev.boxAs(v, ev.table.get(id)) }

func (ev *Evaluator) boxAs(v any, d *dynamic) any {
	if ev.isError(d) {
		if d.many {
			return manyErrors{d, v}
		}
		if !types.Comparable(d.typ) {
			return looseError{errorBox: errorBox{d, v}}
		}
		return errorBox{d, v}
	}
	return box{d, v}
}

// asBox opens a box, whatever native interface it was made for.
func asBox(x any) (box, bool) {
	switch b := x.(type) {
	case box:
		return b, true
	case errorBox:
		return box(b), true
	case looseError:
		return box(b.errorBox), true
	case manyErrors:
		return box(b), true
	case nil:
		return box{}, false
	}
	// A wrapper of a native interface has the box as its first field.
	v := reflect.ValueOf(x)
	if v.Kind() == reflect.Struct && v.NumField() > 0 && v.Type().Field(0).Name == "IValue" {
		return asBox(v.Field(0).Interface())
	}
	return box{}, false
}

// norm is the form of an interface value that has no trace of the interface.
func norm(x any) any {
	switch x.(type) {
	case box, errorBox, looseError, manyErrors, nil:
		return x
	}
	v := reflect.ValueOf(x)
	if v.Kind() == reflect.Struct && v.NumField() > 0 && v.Type().Field(0).Name == "IValue" {
		return v.Field(0).Interface()
	}
	return x
}

// unwrapsMany is interface{ Unwrap() []error }.
var unwrapsMany = func() *types.Interface {
	result := types.NewVar(0, nil, "", types.NewSlice(types.Universe.Lookup("error").Type()))
	sig := types.NewSignatureType(nil, nil, nil, nil, types.NewTuple(result), false)
	return types.NewInterfaceType([]*types.Func{types.NewFunc(0, nil, "Unwrap", sig)}, nil).Complete()
}()

// isError reports whether values of d are errors.
func (ev *Evaluator) isError(d *dynamic) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.known {
		d.known = true
		d.isError = types.Implements(d.typ, types.Universe.Lookup("error").Type().Underlying().(*types.Interface))
		d.many = types.Implements(d.typ, unwrapsMany)
	}
	return d.isError
}

// bind registers the bound form of a method of the learner's.
func (ev *Evaluator) bind(id int, name string, f any) {
	d := ev.table.get(id)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.binders[name] = reflect.ValueOf(f)
	d.known = false // a later method may make it an error
}

// methodValue is the method of that name of whatever x holds, bound to it;
// invalid where there is none.
func (ev *Evaluator) methodValue(x any, name string) reflect.Value {
	b, ok := asBox(x)
	if !ok {
		if x == nil {
			return reflect.Value{}
		}
		return reflect.ValueOf(x).MethodByName(name)
	}
	return ev.methodOf(reflect.ValueOf(b.v), b.t.typ, name)
}

// methodOf finds a method on a value of type t.
func (ev *Evaluator) methodOf(v reflect.Value, t types.Type, name string) reflect.Value {
	obj, index, _ := types.LookupFieldOrMethod(t, true, mainPackage(t), name)
	m, ok := obj.(*types.Func)
	if !ok {
		return reflect.Value{}
	}
	for _, i := range index[:len(index)-1] {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
			if v.IsNil() {
				panic(&thrown{value: nilDereference})
			}
			v = v.Elem()
		}
		t = t.Underlying().(*types.Struct).Field(i).Type()
		v = v.Field(i)
	}
	if types.IsInterface(t) {
		if v.Kind() == reflect.Interface && v.IsNil() {
			panic(&thrown{value: nilDereference})
		}
		return ev.methodValue(v.Interface(), name)
	}
	_, wants := types.Unalias(m.Type().(*types.Signature).Recv().Type()).(*types.Pointer)
	base, isPtr := t, false
	if p, ok := t.Underlying().(*types.Pointer); ok {
		base, isPtr = p.Elem(), true
	}
	if !ev.own(m) {
		if wants && !isPtr && v.CanAddr() {
			v = v.Addr()
		}
		return v.MethodByName(name)
	}
	switch {
	case wants && !isPtr:
		if !v.CanAddr() {
			p := reflect.New(v.Type())
			p.Elem().Set(v)
			v = p.Elem()
		}
		v = v.Addr()
	case !wants && isPtr:
		if v.IsNil() {
			panic(&thrown{value: nilDereference})
		}
		v = v.Elem()
	}
	d := ev.table.of(base)
	d.mu.Lock()
	binder := d.binders[name]
	d.mu.Unlock()
	if !binder.IsValid() {
		refusal("method %s of %s was not made ready", name, ev.typeString(base))
	}
	return binder.Call([]reflect.Value{v})[0]
}

// mainPackage is the package that unexported methods of t are looked up in.
func mainPackage(t types.Type) *types.Package {
	for {
		switch x := types.Unalias(t).(type) {
		case *types.Pointer:
			t = x.Elem()
			continue
		case *types.Named:
			return x.Obj().Pkg()
		}
		return nil
	}
}

// boundMethod is method for a method value, which reads what a pointer
// points to when it is called.
func (ev *Evaluator) boundMethod(x any, name string, out any) {
	ev.method(x, name, out)
	dst := reflect.ValueOf(out).Elem()
	dst.Set(reflect.MakeFunc(dst.Type(), func(in []reflect.Value) []reflect.Value {
		m := reflect.New(dst.Type())
		ev.method(x, name, m.Interface())
		return m.Elem().Call(in)
	}))
}

// method sets *out, of a function type, to a method of x.
func (ev *Evaluator) method(x any, name string, out any) {
	if x == nil {
		panic(&thrown{value: nilDereference})
	}
	m := ev.methodValue(x, name)
	dst := reflect.ValueOf(out).Elem()
	if !m.IsValid() {
		refusal("no method %s here", name)
	}
	if !m.Type().AssignableTo(dst.Type()) {
		if m.Type().IsVariadic() { // a native one: the caller has a slice
			native := m
			m = reflect.MakeFunc(dst.Type(), func(in []reflect.Value) []reflect.Value { return native.CallSlice(in) })
		} else {
			refusal("method %s of a native value with other types", name)
		}
	}
	dst.Set(m)
}
