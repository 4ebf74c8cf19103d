package reflect

import (
	"strconv"
	"unsafe"
)

// slice is how a slice lies in memory.
type slice struct {
	data     unsafe.Pointer
	len, cap int
}

// SliceHeader is the runtime representation of a slice.
type SliceHeader struct {
	Data uintptr
	Len  int
	Cap  int
}

// StringHeader is the runtime representation of a string.
type StringHeader struct {
	Data uintptr
	Len  int
}

// Len returns v's length.
func (v Value) Len() int {
	switch v.kind() {
	case Slice:
		return (*slice)(v.ptr).len
	case String:
		return len(*(*string)(v.ptr))
	case Array:
		return v.typ_.length
	case Map:
		return mapLen(v.word())
	case Chan:
		return chanLen(v.word())
	case Pointer:
		if v.typ_.elem.kind == Array {
			return v.typ_.elem.length
		}
		panic("reflect: call of reflect.Value.Len on ptr to non-array Value")
	}
	panic(&ValueError{"reflect.Value.Len", v.kind()})
}

// Cap returns v's capacity.
func (v Value) Cap() int {
	switch v.kind() {
	case Slice:
		return (*slice)(v.ptr).cap
	case Array:
		return v.typ_.length
	case Chan:
		return chanCap(v.word())
	case Pointer:
		if v.typ_.elem.kind == Array {
			return v.typ_.elem.length
		}
		panic("reflect: call of reflect.Value.Cap on ptr to non-array Value")
	}
	panic(&ValueError{"reflect.Value.Cap", v.kind()})
}

// Index returns v's i'th element.
func (v Value) Index(i int) Value {
	switch v.kind() {
	case Slice:
		s := (*slice)(v.ptr)
		if uint(i) >= uint(s.len) {
			panic("reflect: slice index out of range")
		}
		e := v.typ_.elem
		return Value{e, unsafe.Add(s.data, uintptr(i)*e.size), flagAddr | flagIndir | v.flag.ro() | flag(e.kind)}
	case Array:
		if uint(i) >= uint(v.typ_.length) {
			panic("reflect: array index out of range")
		}
		e := v.typ_.elem
		return Value{e, unsafe.Add(v.ptr, uintptr(i)*e.size), v.flag&(flagIndir|flagAddr) | v.flag.ro() | flag(e.kind)}
	case String:
		s := *(*string)(v.ptr)
		if uint(i) >= uint(len(s)) {
			panic("reflect: string index out of range")
		}
		x := ValueOf(s[i])
		x.flag |= v.flag.ro()
		return x
	}
	panic(&ValueError{"reflect.Value.Index", v.kind()})
}

// part makes a slice value of the type.
func part(t *rtype, data unsafe.Pointer, length, capacity int, ro flag) Value {
	s := (*slice)(newValue(t))
	s.data, s.len, s.cap = data, length, capacity
	return Value{t, unsafe.Pointer(s), ro | flagIndir | flag(Slice)}
}

// Slice returns v[i:j].
func (v Value) Slice(i, j int) Value {
	switch v.kind() {
	case String:
		s := *(*string)(v.ptr)
		if i < 0 || j < i || j > len(s) {
			panic("reflect.Value.Slice: string slice index out of bounds")
		}
		p := (*string)(newValue(v.typ_))
		*p = s[i:j]
		return Value{v.typ_, unsafe.Pointer(p), v.flag &^ flagAddr}
	case Array, Slice:
		t, data, n := v.backing("Value.Slice")
		if i < 0 || j < i || j > n {
			panic("reflect.Value.Slice: slice index out of bounds")
		}
		return v.cut(t, data, i, j, n)
	}
	panic(&ValueError{"reflect.Value.Slice", v.kind()})
}

// Slice3 returns v[i:j:k].
func (v Value) Slice3(i, j, k int) Value {
	if v.kind() != Array && v.kind() != Slice {
		panic(&ValueError{"reflect.Value.Slice3", v.kind()})
	}
	t, data, n := v.backing("Value.Slice3")
	if i < 0 || j < i || k < j || k > n {
		panic("reflect.Value.Slice3: slice index out of bounds")
	}
	return v.cut(t, data, i, j, k)
}

func (v Value) backing(method string) (t *rtype, data unsafe.Pointer, n int) {
	if v.kind() == Slice {
		s := (*slice)(v.ptr)
		return v.typ_, s.data, s.cap
	}
	if v.flag&flagAddr == 0 {
		panic("reflect." + method + ": slice of unaddressable array")
	}
	return sliceOf(v.typ_.elem), v.ptr, v.typ_.length
}

func (v Value) cut(t *rtype, data unsafe.Pointer, i, j, k int) Value {
	if k > i {
		data = unsafe.Add(data, uintptr(i)*t.elem.size)
	}
	return part(t, data, j-i, k-i, v.flag.ro())
}

// SliceAt returns a slice of n elements of the type at p.
func SliceAt(typ Type, p unsafe.Pointer, n int) Value {
	return part(sliceOf(typ.common()), p, n, n, 0)
}

// MakeSlice creates a new slice.
func MakeSlice(typ Type, len, cap int) Value {
	switch {
	case typ.Kind() != Slice:
		panic("reflect.MakeSlice of non-slice type")
	case len < 0:
		panic("reflect.MakeSlice: negative len")
	case cap < 0:
		panic("reflect.MakeSlice: negative cap")
	case len > cap:
		panic("reflect.MakeSlice: len > cap")
	}
	t := typ.common()
	return part(t, newArray(t.elem, cap), len, cap, 0)
}

// SetLen sets v's length to n.
func (v Value) SetLen(n int) {
	v.mustBeAssignable("Value.SetLen")
	v.mustBe("Value.SetLen", Slice)
	s := (*slice)(v.ptr)
	if uint(n) > uint(s.cap) {
		panic("reflect: slice length out of range in SetLen")
	}
	s.len = n
}

// SetCap sets v's capacity to n.
func (v Value) SetCap(n int) {
	v.mustBeAssignable("Value.SetCap")
	v.mustBe("Value.SetCap", Slice)
	s := (*slice)(v.ptr)
	if n < s.len || n > s.cap {
		panic("reflect: slice capacity out of range in SetCap")
	}
	s.cap = n
}

// Grow makes room for n more elements.
func (v Value) Grow(n int) {
	v.mustBeAssignable("Value.Grow")
	v.mustBe("Value.Grow", Slice)
	if n < 0 {
		panic("reflect.Value.Grow: negative len")
	}
	s := (*slice)(v.ptr)
	if s.len+n < 0 {
		panic("reflect.Value.Grow: slice overflow")
	}
	if s.len+n > s.cap {
		s.data, s.cap = growSlice(v.typ_.elem, s.data, s.len, s.cap, s.len+n)
	}
}

// extend gives a copy of the slice value s with n more elements.
func extend(s Value, n int) Value {
	old := (*slice)(s.ptr)
	v := part(s.typ_, old.data, old.len, old.cap, 0)
	v.flag |= flagAddr
	v.Grow(n)
	(*slice)(v.ptr).len = old.len + n
	v.flag &^= flagAddr
	return v
}

// Append appends the values x to a slice s.
func Append(s Value, x ...Value) Value {
	s.mustBe("Append", Slice)
	s.mustBeExported("Append")
	n := s.Len()
	s = extend(s, len(x))
	for i, v := range x {
		s.Index(n + i).Set(v)
	}
	return s
}

// AppendSlice appends a slice t to a slice s.
func AppendSlice(s, t Value) Value {
	s.mustBe("AppendSlice", Slice)
	t.mustBe("AppendSlice", Slice)
	if s.typ_ != t.typ_ {
		panic("reflect.AppendSlice: " + s.typ_.String() + " != " + t.typ_.String())
	}
	s.mustBeExported("AppendSlice")
	t.mustBeExported("AppendSlice")
	n, more := s.Len(), t.Len()
	s = extend(s, more)
	Copy(s.Slice(n, n+more), t)
	return s
}

// Copy copies elements from src to dst and returns their number.
func Copy(dst, src Value) int {
	dk := dst.kind()
	if dk != Array && dk != Slice {
		panic(&ValueError{"reflect.Copy", dk})
	}
	if dk == Array {
		dst.mustBeAssignable("Copy")
	}
	dst.mustBeExported("Copy")
	sk := src.kind()
	text := sk == String && dst.typ_.elem.kind == Uint8
	if sk != Array && sk != Slice && !text {
		panic(&ValueError{"reflect.Copy", sk})
	}
	src.mustBeExported("Copy")
	e := dst.typ_.elem
	if !text && e != src.typ_.elem {
		panic("reflect.Copy: " + e.String() + " != " + src.typ_.elem.String())
	}
	n := min(dst.Len(), src.Len())
	copyArray(e, dst.data(), src.data(), n)
	return n
}

func (v Value) data() unsafe.Pointer {
	if v.kind() == Array {
		return v.ptr
	}
	return *(*unsafe.Pointer)(v.ptr)
}

// Clear clears a map, or zeroes the elements of a slice.
func (v Value) Clear() {
	switch v.kind() {
	case Slice:
		for i := range v.Len() {
			clearValue(v.typ_.elem, v.Index(i).ptr)
		}
	case Map:
		mapClear(v.word())
	default:
		panic(&ValueError{"reflect.Value.Clear", v.kind()})
	}
}

// Swapper returns a function that swaps elements of the slice.
func Swapper(slice any) func(i, j int) {
	v := ValueOf(slice)
	if v.Kind() != Slice {
		panic(&ValueError{Method: "Swapper", Kind: v.Kind()})
	}
	e := v.typ_.elem
	tmp := newValue(e)
	return func(i, j int) {
		a, b := v.Index(i), v.Index(j)
		copyValue(e, tmp, a.ptr)
		copyValue(e, a.ptr, b.ptr)
		copyValue(e, b.ptr, tmp)
	}
}

func itoa(n int) string { return strconv.Itoa(n) }
