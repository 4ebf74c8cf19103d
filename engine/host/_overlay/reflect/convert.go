package reflect

import "unsafe"

// CanConvert reports whether v can be converted to type t.
func (v Value) CanConvert(t Type) bool {
	if !v.Type().ConvertibleTo(t) {
		return false
	}
	switch {
	case v.kind() == Slice && t.Kind() == Array:
		return t.Len() <= v.Len()
	case v.kind() == Slice && t.Kind() == Pointer && t.Elem().Kind() == Array:
		return t.Elem().Len() <= v.Len()
	}
	return true
}

// Convert returns v converted to type t.
func (v Value) Convert(t Type) Value {
	if v.flag == 0 {
		panic(&ValueError{"reflect.Value.Convert", Invalid})
	}
	dst := t.common()
	if !convertible(v.typ_, dst) {
		panic("reflect.Value.Convert: value of type " + v.typ_.String() + " cannot be converted to type " + t.String())
	}
	ro := v.flag.ro()
	if dst.kind == Interface {
		x := v.assignTo("reflect.Value.Convert", dst)
		if x.flag&flagAddr != 0 {
			x = copied(dst, x.ptr)
		}
		x.flag |= ro
		return x
	}
	if identicalUnder(v.typ_, dst) {
		x := Value{dst, v.ptr, v.flag&(flagIndir|flagKind) | ro}
		if v.flag&flagAddr != 0 {
			x = copied(dst, v.ptr)
			x.flag |= ro
		}
		return x
	}
	x := New(dst).Elem()
	v.flag &^= flagRO
	from, to := v.kind(), dst.kind
	switch {
	case v.CanInt() && x.CanInt():
		x.SetInt(v.Int())
	case v.CanInt() && x.CanUint():
		x.SetUint(uint64(v.Int()))
	case v.CanInt() && x.CanFloat():
		x.SetFloat(float64(v.Int()))
	case v.CanInt() && to == String:
		s := "\uFFFD"
		if i := v.Int(); int64(rune(i)) == i {
			s = string(rune(i))
		}
		x.SetString(s)
	case v.CanUint() && x.CanInt():
		x.SetInt(int64(v.Uint()))
	case v.CanUint() && x.CanUint():
		x.SetUint(v.Uint())
	case v.CanUint() && x.CanFloat():
		x.SetFloat(float64(v.Uint()))
	case v.CanUint() && to == String:
		s := "\uFFFD"
		if u := v.Uint(); uint64(rune(u)) == u {
			s = string(rune(u))
		}
		x.SetString(s)
	case v.CanFloat() && x.CanInt():
		x.SetInt(int64(v.Float()))
	case v.CanFloat() && x.CanUint():
		x.SetUint(uint64(v.Float()))
	case v.CanFloat() && x.CanFloat():
		x.SetFloat(v.Float())
	case v.CanComplex() && x.CanComplex():
		x.SetComplex(v.Complex())
	case from == String && to == Slice && dst.elem.kind == Uint8:
		*(*[]byte)(x.ptr) = []byte(v.String())
	case from == String && to == Slice:
		*(*[]rune)(x.ptr) = []rune(v.String())
	case from == Slice && to == String && v.typ_.elem.kind == Uint8:
		x.SetString(string(*(*[]byte)(v.ptr)))
	case from == Slice && to == String:
		x.SetString(string(*(*[]rune)(v.ptr)))
	case from == Slice && to == Pointer:
		s, n := (*slice)(v.ptr), dst.elem.length
		if n > s.len {
			panic("reflect: cannot convert slice with length " + itoa(s.len) + " to pointer to array with length " + itoa(n))
		}
		*(*unsafe.Pointer)(x.ptr) = s.data
	case from == Slice && to == Array:
		s, n := (*slice)(v.ptr), dst.length
		if n > s.len {
			panic("reflect: cannot convert slice with length " + itoa(s.len) + " to array with length " + itoa(n))
		}
		copyArray(dst.elem, x.ptr, s.data, n)
	default: // pointers of identical base types, channels that lose a direction
		copyValue(dst, x.ptr, v.address())
	}
	x.flag = x.flag&^flagAddr | ro
	return x
}

// copied gives a copy of the value of type t at p.
func copied(t *rtype, p unsafe.Pointer) Value {
	c := newValue(t)
	copyValue(t, c, p)
	return of(t, c, 0)
}
