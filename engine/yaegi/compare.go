package yaegi

import (
	"go/types"
	"reflect"
)

// equal is == of two interface values, or of two values of one type. Of what
// cannot be compared it panics with the name that its type has for the learner.
func equal(x, y any) bool {
	bx, okx := asBox(x)
	by, oky := asBox(y)
	if okx != oky {
		return false
	}
	if !okx {
		x, y = norm(x), norm(y)
		if reflect.TypeOf(x) != reflect.TypeOf(y) {
			return false
		}
		return equalParts(x, y)
	}
	if bx.t != by.t {
		return false
	}
	if !types.Comparable(bx.t.typ) {
		panic(&thrown{value: runtimeError("comparing uncomparable type " + bx.t.ev.typeString(bx.t.typ))})
	}
	return equalParts(bx.v, by.v)
}

// equalParts compares values of one type; interfaces in them may hold boxes.
func equalParts(x, y any) bool {
	v := reflect.ValueOf(x)
	if k := v.Kind(); k != reflect.Struct && k != reflect.Array || !v.Comparable() && !v.Type().Comparable() {
		return x == y
	}
	return equalValues(v, reflect.ValueOf(y))
}

// equalValues compares from left to right until a part differs.
func equalValues(x, y reflect.Value) bool {
	switch x.Kind() {
	case reflect.Interface:
		return equal(x.Interface(), y.Interface())
	case reflect.Struct:
		for i := range x.NumField() {
			if !equalValues(x.Field(i), y.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Array:
		for i := range x.Len() {
			if !equalValues(x.Index(i), y.Index(i)) {
				return false
			}
		}
		return true
	}
	return x.Equal(y)
}

// hashable panics where a map cannot have the key k; filled is false for a read
// of a map without entries, of which the runtime speaks in other words.
func (ev *Evaluator) hashable(k any, filled bool, site int) {
	name := ev.unhashable(reflect.ValueOf(&k).Elem())
	switch {
	case name == "":
	case filled:
		panic(&thrown{value: runtimeError("hash of unhashable type " + name), site: site})
	default:
		panic(&thrown{value: plainError("hash of unhashable type: " + name), site: site})
	}
}

// unhashable names the first type in v that has no hash, "" where all have one.
func (ev *Evaluator) unhashable(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Interface:
		x := v.Interface()
		if x == nil {
			return ""
		}
		if b, ok := asBox(x); ok {
			if !types.Comparable(b.t.typ) {
				return ev.typeString(b.t.typ)
			}
			return ev.unhashable(reflect.ValueOf(b.v))
		}
		if t := reflect.TypeOf(x); !t.Comparable() {
			return t.String()
		}
		return ev.unhashable(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.CanInterface() {
				if name := ev.unhashable(f); name != "" {
					return name
				}
			}
		}
	case reflect.Array:
		for i := range v.Len() {
			if name := ev.unhashable(v.Index(i)); name != "" {
				return name
			}
		}
	}
	return ""
}
