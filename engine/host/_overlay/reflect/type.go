package reflect

import (
	"iter"
	"unsafe"
)

// Type is the representation of a Go type. Types are comparable.
type Type interface {
	Align() int
	FieldAlign() int
	Method(int) Method
	Methods() iter.Seq[Method]
	MethodByName(string) (Method, bool)
	NumMethod() int
	Name() string
	PkgPath() string
	Size() uintptr
	String() string
	Kind() Kind
	Implements(u Type) bool
	AssignableTo(u Type) bool
	ConvertibleTo(u Type) bool
	Comparable() bool
	Bits() int
	ChanDir() ChanDir
	IsVariadic() bool
	Elem() Type
	Field(i int) StructField
	Fields() iter.Seq[StructField]
	FieldByIndex(index []int) StructField
	FieldByName(name string) (StructField, bool)
	FieldByNameFunc(match func(string) bool) (StructField, bool)
	In(i int) Type
	Ins() iter.Seq[Type]
	Key() Type
	Len() int
	NumField() int
	NumIn() int
	NumOut() int
	Out(i int) Type
	Outs() iter.Seq[Type]
	OverflowComplex(x complex128) bool
	OverflowFloat(x float64) bool
	OverflowInt(x int64) bool
	OverflowUint(x uint64) bool
	CanSeq() bool
	CanSeq2() bool

	common() *rtype
}

// rtype lies over the host's descriptor of a type.
type rtype struct {
	_      [2]unsafe.Pointer
	kind   Kind
	class  uint8
	size   uintptr
	align  uintptr
	elem   *rtype
	key    *rtype
	length int
	fields []field
	_      [2]unsafe.Pointer
	_      []uintptr
	equal  bool
}

type field struct {
	name   string
	typ    *rtype
	offset uintptr
}

func toType(t *rtype) Type {
	if t == nil {
		return nil
	}
	return t
}

// TypeOf returns the dynamic type of i, or nil for a nil interface.
func TypeOf(i any) Type {
	t, _ := unpack(i)
	return toType(t)
}

// TypeFor returns the Type of T.
func TypeFor[T any]() Type {
	t, _ := unpack((*T)(nil))
	return t.elem
}

func (t *rtype) common() *rtype   { return t }
func (t *rtype) Align() int       { return int(t.align) }
func (t *rtype) FieldAlign() int  { return int(t.align) }
func (t *rtype) Size() uintptr    { return t.size }
func (t *rtype) String() string   { return typeString(t) }
func (t *rtype) Name() string     { return typeName(t) }
func (t *rtype) PkgPath() string  { return typePath(t) }
func (t *rtype) Kind() Kind       { return t.kind }
func (t *rtype) Comparable() bool { return t.equal }

// Pointers is what deepequal.go asks of a pointer's type.
func (t *rtype) Pointers() bool { return true }

func (t *rtype) must(what string, k Kind, name string) {
	if t.kind != k {
		panic("reflect: " + what + " of non-" + name + " type " + t.String())
	}
}

func (t *rtype) Bits() int {
	if t.kind < Int || t.kind > Complex128 {
		panic("reflect: Bits of non-arithmetic Type " + t.String())
	}
	return int(t.size) * 8
}

func (t *rtype) ChanDir() ChanDir {
	t.must("ChanDir", Chan, "chan")
	return chanDir(t)
}

func (t *rtype) Elem() Type {
	if t.elem == nil {
		panic("reflect: Elem of invalid type " + t.String())
	}
	return t.elem
}

func (t *rtype) Key() Type {
	t.must("Key", Map, "map")
	return t.key
}

func (t *rtype) Len() int {
	t.must("Len", Array, "array")
	return t.length
}

func (t *rtype) IsVariadic() bool {
	t.must("IsVariadic", Func, "func")
	return variadic(t)
}

func (t *rtype) NumIn() int {
	t.must("NumIn", Func, "func")
	return numIn(t)
}

func (t *rtype) NumOut() int {
	t.must("NumOut", Func, "func")
	return numOut(t)
}

func (t *rtype) In(i int) Type {
	t.must("In", Func, "func")
	return in(t, i)
}

func (t *rtype) Out(i int) Type {
	t.must("Out", Func, "func")
	return out(t, i)
}

func (t *rtype) Ins() iter.Seq[Type] {
	t.must("Ins", Func, "func")
	return each(numIn(t), t.In)
}

func (t *rtype) Outs() iter.Seq[Type] {
	t.must("Outs", Func, "func")
	return each(numOut(t), t.Out)
}

func each[T any](n int, at func(int) T) iter.Seq[T] {
	return func(yield func(T) bool) {
		for i := range n {
			if !yield(at(i)) {
				return
			}
		}
	}
}

func (t *rtype) Implements(u Type) bool {
	if u == nil {
		panic("reflect: nil type passed to Type.Implements")
	}
	if u.Kind() != Interface {
		panic("reflect: non-interface type passed to Type.Implements")
	}
	return implements(t, u.common())
}

func (t *rtype) AssignableTo(u Type) bool {
	if u == nil {
		panic("reflect: nil type passed to Type.AssignableTo")
	}
	return t == u.common() || assignable(t, u.common())
}

func (t *rtype) ConvertibleTo(u Type) bool {
	if u == nil {
		panic("reflect: nil type passed to Type.ConvertibleTo")
	}
	return convertible(t, u.common())
}

func (t *rtype) OverflowComplex(x complex128) bool {
	switch t.kind {
	case Complex64:
		return overflowFloat32(real(x)) || overflowFloat32(imag(x))
	case Complex128:
		return false
	}
	panic("reflect: OverflowComplex of non-complex type " + t.String())
}

func (t *rtype) OverflowFloat(x float64) bool {
	switch t.kind {
	case Float32:
		return overflowFloat32(x)
	case Float64:
		return false
	}
	panic("reflect: OverflowFloat of non-float type " + t.String())
}

func (t *rtype) OverflowInt(x int64) bool {
	if t.kind < Int || t.kind > Int64 {
		panic("reflect: OverflowInt of non-int type " + t.String())
	}
	shift := 64 - t.size*8
	return x != x<<shift>>shift
}

func (t *rtype) OverflowUint(x uint64) bool {
	if t.kind < Uint || t.kind > Uintptr {
		panic("reflect: OverflowUint of non-uint type " + t.String())
	}
	shift := 64 - t.size*8
	return x != x<<shift>>shift
}

func overflowFloat32(x float64) bool {
	if x < 0 {
		x = -x
	}
	const most = 0x1p127 * (1 + (1 - 0x1p-23))
	return most < x && x <= 0x1p1023*(1+(1-0x1p-52))
}

func (t *rtype) CanSeq() bool {
	switch t.kind {
	case Int8, Int16, Int32, Int64, Int, Uint8, Uint16, Uint32, Uint64, Uint, Uintptr, Array, Slice, Chan, String, Map:
		return true
	case Func:
		return canRangeFunc(t)
	case Pointer:
		return t.elem.kind == Array
	}
	return false
}

func (t *rtype) CanSeq2() bool {
	switch t.kind {
	case Array, Slice, String, Map:
		return true
	case Func:
		return canRangeFunc2(t)
	case Pointer:
		return t.elem.kind == Array
	}
	return false
}

func canRangeFunc(t *rtype) bool  { return yields(t, 1) }
func canRangeFunc2(t *rtype) bool { return yields(t, 2) }

// yields tells whether t is func(yield func(…) bool), with n parameters.
func yields(t *rtype, n int) bool {
	if t.kind != Func || numIn(t) != 1 || numOut(t) != 0 {
		return false
	}
	y := in(t, 0)
	return y.kind == Func && numIn(y) == n && numOut(y) == 1 && out(y, 0).kind == Bool
}
