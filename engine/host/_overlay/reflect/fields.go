package reflect

import (
	"errors"
	"iter"
	"unsafe"
)

// NumField returns the number of fields of the struct v.
func (v Value) NumField() int {
	v.mustBe("Value.NumField", Struct)
	return len(v.typ_.fields)
}

// Field returns the i'th field of the struct v.
func (v Value) Field(i int) Value {
	if v.kind() != Struct {
		panic(&ValueError{"reflect.Value.Field", v.kind()})
	}
	if uint(i) >= uint(len(v.typ_.fields)) {
		panic("reflect: Field index out of range")
	}
	f := &v.typ_.fields[i]
	fl := v.flag&(flagStickyRO|flagIndir|flagAddr) | flag(f.typ.kind)
	if c := f.name[0]; c < 'A' || c > 'Z' {
		if path, _, embedded := fieldInfo(v.typ_, i); path != "" {
			if embedded {
				fl |= flagEmbedRO
			} else {
				fl |= flagStickyRO
			}
		}
	}
	return Value{f.typ, unsafe.Add(v.ptr, f.offset), fl}
}

// FieldByIndex returns the nested field.
func (v Value) FieldByIndex(index []int) Value {
	if len(index) == 1 {
		return v.Field(index[0])
	}
	v.mustBe("Value.FieldByIndex", Struct)
	for i, x := range index {
		if i > 0 && v.kind() == Pointer && v.typ_.elem.kind == Struct {
			if v.IsNil() {
				panic("reflect: indirection through nil pointer to embedded struct")
			}
			v = v.Elem()
		}
		v = v.Field(x)
	}
	return v
}

// FieldByIndexErr returns the nested field, or an error where that has to step
// through a nil pointer.
func (v Value) FieldByIndexErr(index []int) (Value, error) {
	if len(index) == 1 {
		return v.Field(index[0]), nil
	}
	v.mustBe("Value.FieldByIndexErr", Struct)
	for i, x := range index {
		if i > 0 && v.kind() == Pointer && v.typ_.elem.kind == Struct {
			if v.IsNil() {
				return Value{}, errors.New("reflect: indirection through nil pointer to embedded struct field " + v.typ_.elem.Name())
			}
			v = v.Elem()
		}
		v = v.Field(x)
	}
	return v, nil
}

// FieldByName returns the field with the name, or the zero Value.
func (v Value) FieldByName(name string) Value {
	v.mustBe("Value.FieldByName", Struct)
	if f, ok := v.typ_.FieldByName(name); ok {
		return v.FieldByIndex(f.Index)
	}
	return Value{}
}

// FieldByNameFunc returns the field whose name matches, or the zero Value.
func (v Value) FieldByNameFunc(match func(string) bool) Value {
	if f, ok := v.typ_.FieldByNameFunc(match); ok {
		return v.FieldByIndex(f.Index)
	}
	return Value{}
}

// Fields ranges over the fields of the struct v.
func (v Value) Fields() iter.Seq2[StructField, Value] {
	t := v.Type()
	if t.Kind() != Struct {
		panic("reflect: Fields of non-struct type " + t.String())
	}
	return func(yield func(StructField, Value) bool) {
		for i := range v.NumField() {
			if !yield(t.Field(i), v.Field(i)) {
				return
			}
		}
	}
}

// NumMethod returns the number of methods in v's method set.
func (v Value) NumMethod() int {
	if v.typ_ == nil {
		panic(&ValueError{"reflect.Value.NumMethod", Invalid})
	}
	return numMethod(v.typ_)
}

// Method returns a function value of v's i'th method, bound to v.
func (v Value) Method(i int) Value {
	if v.typ_ == nil {
		panic(&ValueError{"reflect.Value.Method", Invalid})
	}
	if uint(i) >= uint(numMethod(v.typ_)) {
		panic("reflect: Method index out of range")
	}
	if v.kind() == Interface && v.IsNil() {
		panic("reflect: Method on nil interface value")
	}
	name, hidden, bound := methodInfo(v.typ_, i)
	if hidden != "" { // of an interface: it can be had, and not called
		m := MakeFunc(bound, func([]Value) []Value { panic("reflect: Call of unexported method") })
		m.flag |= v.flag.ro()
		return m
	}
	t, data := unpack(valueInterface(v, false))
	if v.kind() == Interface {
		i = methodIndex(t, name)
	}
	return Value{bound, methodValue(t, data, i), v.flag.ro() | flag(Func)}
}

// MethodByName returns a function value of v's method with the name, or the
// zero Value.
func (v Value) MethodByName(name string) Value {
	if v.typ_ == nil {
		panic(&ValueError{"reflect.Value.MethodByName", Invalid})
	}
	i := methodIndex(v.typ_, name)
	if i < 0 {
		return Value{}
	}
	return v.Method(i)
}

// Methods ranges over v's methods.
func (v Value) Methods() iter.Seq2[Method, Value] {
	return func(yield func(Method, Value) bool) {
		for i := range v.NumMethod() {
			if !yield(v.typ_.Method(i), v.Method(i)) {
				return
			}
		}
	}
}
