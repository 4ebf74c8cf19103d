package reflectlite

import "unsafe"

// The host knows every type; a rtype is its handle.
type rtype struct{ p unsafe.Pointer }

type Kind uint

const (
	Interface Kind = 20
	Ptr       Kind = 22
	Slice     Kind = 23
	String    Kind = 24
	Struct    Kind = 25
)

type Type interface {
	Name() string
	String() string
	Kind() Kind
	Elem() Type
	Implements(u Type) bool
	AssignableTo(u Type) bool
	Comparable() bool
}

func typeOf(v any) unsafe.Pointer
func name(t unsafe.Pointer) string
func text(t unsafe.Pointer) string
func kind(t unsafe.Pointer) Kind
func elem(t unsafe.Pointer) unsafe.Pointer
func implements(t, u unsafe.Pointer) bool
func assignable(t, u unsafe.Pointer) bool
func comparable(t unsafe.Pointer) bool
func length(v any) int
func setElem(ptr, v any)
func swap(v any, i, j int)
func isNil(v any) bool

func wrap(p unsafe.Pointer) Type {
	if p == nil {
		return nil
	}
	return rtype{p}
}

func TypeOf(v any) Type { return wrap(typeOf(v)) }

func (t rtype) Name() string             { return name(t.p) }
func (t rtype) String() string           { return text(t.p) }
func (t rtype) Kind() Kind               { return kind(t.p) }
func (t rtype) Elem() Type               { return wrap(elem(t.p)) }
func (t rtype) Implements(u Type) bool   { return implements(t.p, u.(rtype).p) }
func (t rtype) AssignableTo(u Type) bool { return assignable(t.p, u.(rtype).p) }
func (t rtype) Comparable() bool         { return comparable(t.p) }

// A Value is what errors.As, sort.Slice and context need of one.
type Value struct {
	v    any
	elem bool
}

func ValueOf(v any) Value { return Value{v: v} }

func (v Value) Type() Type {
	if v.elem {
		return TypeOf(v.v).Elem()
	}
	return TypeOf(v.v)
}
func (v Value) Kind() Kind  { return v.Type().Kind() }
func (v Value) Len() int    { return length(v.v) }
func (v Value) IsNil() bool { return isNil(v.v) }
func (v Value) Elem() Value { return Value{v.v, true} }
func (v Value) Set(x Value) { setElem(v.v, x.v) }

func Swapper(slice any) func(i, j int) {
	return func(i, j int) { swap(slice, i, j) }
}
