package reflect

import "unsafe"

// flag says of a Value what its type does not; the lowest bits are its Kind.
type flag uintptr

const (
	flagKind     flag = 1<<5 - 1
	flagStickyRO flag = 1 << 5 // reached through an unexported field that is not embedded
	flagEmbedRO  flag = 1 << 6 // reached through an unexported embedded field
	flagIndir    flag = 1 << 7 // ptr is the address of the value, not the value itself
	flagAddr     flag = 1 << 8 // the value is addressable
	flagRO            = flagStickyRO | flagEmbedRO
)

// Value is the reflection interface to a Go value. The zero Value represents no
// value.
type Value struct {
	typ_ *rtype
	ptr  unsafe.Pointer
	flag
}

func (f flag) kind() Kind { return Kind(f & flagKind) }

// ro is what a value taken from one with these flags inherits.
func (f flag) ro() flag {
	if f&flagRO != 0 {
		return flagStickyRO
	}
	return 0
}

func (f flag) mustBe(method string, k Kind) {
	if f.kind() != k {
		panic(&ValueError{"reflect." + method, f.kind()})
	}
}

func (f flag) mustBeExported(method string) {
	if f == 0 {
		panic(&ValueError{"reflect." + method, Invalid})
	}
	if f&flagRO != 0 {
		panic("reflect: reflect." + method + " using value obtained using unexported field")
	}
}

func (f flag) mustBeAssignable(method string) {
	f.mustBeExported(method)
	if f&flagAddr == 0 {
		panic("reflect: reflect." + method + " using unaddressable value")
	}
}

func (v Value) typ() *rtype     { return v.typ_ }
func (v Value) abiType() *rtype { return v.typ_ }

// direct tells whether an interface holds values of t in its data word.
func (t *rtype) direct() bool { return t.size == 8 && pointerLike(t.kind) }

func pointerLike(k Kind) bool {
	return k == Pointer || k == Map || k == Chan || k == Func || k == UnsafePointer
}

func held(t *rtype, data unsafe.Pointer) Value {
	f := flag(t.kind)
	if !t.direct() {
		f |= flagIndir
	}
	return Value{t, data, f}
}

// ValueOf returns a Value of what i holds; ValueOf(nil) is the zero Value.
func ValueOf(i any) Value {
	t, data := unpack(i)
	if t == nil {
		return Value{}
	}
	return held(t, data)
}

// word is the value of a pointer, map, channel or function.
func (v Value) word() unsafe.Pointer {
	if v.flag&flagIndir != 0 {
		return *(*unsafe.Pointer)(v.ptr)
	}
	return v.ptr
}

func (v Value) pointer() unsafe.Pointer { return v.word() }

// address is that of memory that holds the value.
func (v Value) address() unsafe.Pointer {
	if v.flag&flagIndir != 0 {
		return v.ptr
	}
	p := v.ptr
	return unsafe.Pointer(&p)
}

// IsValid reports whether v represents a value.
func (v Value) IsValid() bool { return v.flag != 0 }

// Kind returns v's Kind.
func (v Value) Kind() Kind { return v.kind() }

// Type returns v's type.
func (v Value) Type() Type {
	if v.flag == 0 {
		panic(&ValueError{"reflect.Value.Type", Invalid})
	}
	return v.typ_
}

// CanAddr reports whether the value's address can be obtained with Addr.
func (v Value) CanAddr() bool { return v.flag&flagAddr != 0 }

// CanSet reports whether the value of v can be changed.
func (v Value) CanSet() bool { return v.flag&(flagAddr|flagRO) == flagAddr }

// CanInterface reports whether Interface can be used without panicking.
func (v Value) CanInterface() bool {
	if v.flag == 0 {
		panic(&ValueError{"reflect.Value.CanInterface", Invalid})
	}
	return v.flag&flagRO == 0
}

// Interface returns v's current value as an any.
func (v Value) Interface() any { return valueInterface(v, true) }

func valueInterface(v Value, safe bool) any {
	if v.flag == 0 {
		panic(&ValueError{"reflect.Value.Interface", Invalid})
	}
	if safe && v.flag&flagRO != 0 {
		panic("reflect.Value.Interface: cannot return value obtained from unexported field or method")
	}
	switch {
	case v.kind() == Interface:
		w := (*[2]unsafe.Pointer)(v.ptr)
		if w[0] == nil {
			return nil
		}
		return pack((*rtype)(w[0]), w[1])
	case v.typ_.direct():
		return pack(v.typ_, v.word())
	case v.flag&flagAddr != 0:
		c := newValue(v.typ_)
		copyValue(v.typ_, c, v.ptr)
		return pack(v.typ_, c)
	}
	return pack(v.typ_, v.ptr)
}

// TypeAssert is v.Interface().(T).
func TypeAssert[T any](v Value) (T, bool) {
	if v.flag == 0 {
		panic(&ValueError{"reflect.TypeAssert", Invalid})
	}
	if v.flag&flagRO != 0 {
		panic("reflect.TypeAssert: cannot return value obtained from unexported field or method")
	}
	if t := TypeFor[T](); t.Kind() != Interface && v.kind() != Interface && v.typ_ != t.common() {
		var zero T
		return zero, false
	}
	x, ok := valueInterface(v, false).(T)
	return x, ok
}

// InterfaceData returns the two words of the interface v.
func (v Value) InterfaceData() [2]uintptr {
	v.mustBe("Value.InterfaceData", Interface)
	return *(*[2]uintptr)(v.ptr)
}

// Addr returns a pointer value representing the address of v.
func (v Value) Addr() Value {
	if v.flag&flagAddr == 0 {
		panic("reflect.Value.Addr of unaddressable value")
	}
	return Value{pointerTo(v.typ_), v.ptr, v.flag&flagRO | flag(Pointer)}
}

// UnsafeAddr returns a pointer to v's data.
func (v Value) UnsafeAddr() uintptr {
	if v.typ_ == nil {
		panic(&ValueError{"reflect.Value.UnsafeAddr", Invalid})
	}
	if v.flag&flagAddr == 0 {
		panic("reflect.Value.UnsafeAddr of unaddressable value")
	}
	return uintptr(v.ptr)
}

// Elem returns what the interface v holds or the pointer v points to.
func (v Value) Elem() Value {
	switch v.kind() {
	case Interface:
		w := (*[2]unsafe.Pointer)(v.ptr)
		if w[0] == nil {
			return Value{}
		}
		x := held((*rtype)(w[0]), w[1])
		x.flag |= v.flag.ro()
		return x
	case Pointer:
		p := v.word()
		if p == nil {
			return Value{}
		}
		e := v.typ_.elem
		return Value{e, p, v.flag&flagRO | flagIndir | flagAddr | flag(e.kind)}
	}
	panic(&ValueError{"reflect.Value.Elem", v.kind()})
}

// Indirect returns the value that v points to; v itself where it is no pointer.
func Indirect(v Value) Value {
	if v.kind() != Pointer {
		return v
	}
	return v.Elem()
}

// IsNil reports whether v is nil.
func (v Value) IsNil() bool {
	switch v.kind() {
	case Chan, Func, Map, Pointer, UnsafePointer:
		return v.word() == nil
	case Interface, Slice:
		return *(*unsafe.Pointer)(v.ptr) == nil
	}
	panic(&ValueError{"reflect.Value.IsNil", v.kind()})
}

// IsZero reports whether v is the zero value for its type.
func (v Value) IsZero() bool {
	switch v.kind() {
	case Invalid:
		panic(&ValueError{"reflect.Value.IsZero", Invalid})
	case Chan, Func, Interface, Map, Pointer, Slice, UnsafePointer:
		return v.IsNil()
	case String:
		return v.Len() == 0
	}
	return isZeroMemory(v.typ_, v.ptr)
}

// Pointer returns v's value as a uintptr.
func (v Value) Pointer() uintptr {
	switch v.kind() {
	case Func:
		return funcPC(v.word())
	case Pointer, Chan, Map, UnsafePointer:
		if v.typ_ == typeOfType {
			return typeOrder((*rtype)(v.word()))
		}
		return uintptr(v.word())
	case Slice, String:
		return uintptr(*(*unsafe.Pointer)(v.ptr))
	}
	panic(&ValueError{"reflect.Value.Pointer", v.kind()})
}

// typeOfType is the type of handles. Their addresses are not shown: fmt orders a
// map's keys of several types by them.
var typeOfType, _ = unpack((*rtype)(nil))

// UnsafePointer returns v's value as an unsafe.Pointer.
func (v Value) UnsafePointer() unsafe.Pointer {
	switch v.kind() {
	case Pointer, Chan, Map, UnsafePointer, Func:
		return v.word()
	case Slice, String:
		return *(*unsafe.Pointer)(v.ptr)
	}
	panic(&ValueError{"reflect.Value.UnsafePointer", v.kind()})
}

// New returns a pointer to a new zero value of the type.
func New(typ Type) Value {
	if typ == nil {
		panic("reflect: New(nil)")
	}
	t := typ.common()
	return Value{pointerTo(t), newValue(t), flag(Pointer)}
}

// NewAt returns a pointer to a value of the type at p.
func NewAt(typ Type, p unsafe.Pointer) Value {
	return Value{pointerTo(typ.common()), p, flag(Pointer)}
}

// Zero returns the zero value of the type, which is not addressable.
func Zero(typ Type) Value {
	if typ == nil {
		panic("reflect: Zero(nil)")
	}
	t := typ.common()
	if t.direct() {
		return Value{t, nil, flag(t.kind)}
	}
	return Value{t, newValue(t), flag(t.kind) | flagIndir}
}

// assignTo gives v as a value of type dst.
func (v Value) assignTo(context string, dst *rtype) Value {
	switch {
	case v.typ_ == dst:
		return v
	case dst.kind == Interface && implements(v.typ_, dst):
		i := (*[2]unsafe.Pointer)(newValue(dst))
		if v.kind() != Interface || !v.IsNil() {
			t, data := unpack(valueInterface(v, false))
			i[0], i[1] = unsafe.Pointer(t), data
		}
		return Value{dst, unsafe.Pointer(i), flagIndir | flag(Interface) | v.flag.ro()}
	case dst.kind != Interface && assignable(v.typ_, dst):
		return Value{dst, v.ptr, v.flag&(flagAddr|flagIndir|flagKind) | v.flag.ro()}
	}
	panic(context + ": value of type " + v.typ_.String() + " is not assignable to type " + dst.String())
}

// Comparable reports whether the value v is comparable.
func (v Value) Comparable() bool {
	switch v.kind() {
	case Invalid:
		return true
	case Interface:
		return v.IsNil() || v.Elem().Comparable()
	case Array:
		for i := range v.Len() {
			if !v.Index(i).Comparable() {
				return false
			}
		}
		return v.typ_.equal
	case Struct:
		for i := range v.NumField() {
			if !v.Field(i).Comparable() {
				return false
			}
		}
		return true
	}
	return v.typ_.equal
}

// Equal reports whether v is equal to u, as == of their interfaces does.
func (v Value) Equal(u Value) bool {
	if v.Kind() == Interface {
		v = v.Elem()
	}
	if u.Kind() == Interface {
		u = u.Elem()
	}
	if !v.IsValid() || !u.IsValid() {
		return v.IsValid() == u.IsValid()
	}
	if v.typ_ != u.typ_ {
		return false
	}
	if !v.typ_.equal {
		panic("reflect.Value.Equal: values of type " + v.Type().String() + " are not comparable")
	}
	switch v.kind() { // an interface in it may hold what is not comparable
	case Array:
		for i := range v.Len() {
			if !v.Index(i).Equal(u.Index(i)) {
				return false
			}
		}
		return true
	case Struct:
		for i := range v.NumField() {
			if !v.Field(i).Equal(u.Field(i)) {
				return false
			}
		}
		return true
	}
	return equalMemory(v.typ_, v.address(), u.address())
}
