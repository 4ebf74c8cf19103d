package yaegi

import (
	"encoding/json"
	"errors"
	"go/types"
	"reflect"
)

// MarshalJSON implements json.Marshaler for boxes inside what is encoded.
func (b box) MarshalJSON() ([]byte, error) { return json.Marshal(b.open()) }

// MarshalJSON implements json.Marshaler for boxes inside what is encoded.
func (b errorBox) MarshalJSON() ([]byte, error) { return box(b).MarshalJSON() }

// open is the bare value, for functions that look into it by reflection.
func (b box) open() any {
	if !b.t.ev.plain(b.t.typ, map[types.Type]bool{}) {
		refusal("a value of type %s for a function that looks into it by reflection", b.t.ev.typeString(b.t.typ))
	}
	return b.v
}

// jsonError puts the name of the learner's type into a decoding error.
func jsonError(err error, name string) error {
	var e *json.UnmarshalTypeError
	if errors.As(err, &e) && e.Struct == "" && e.Field != "" {
		e.Struct = name
	}
	return err
}

// unboxed is x without boxes in maps, slices and interfaces inside it: the
// same value where there are none, else a copy.
func (ev *Evaluator) unboxed(x any) any {
	if b, ok := asBox(x); ok {
		return b.open()
	}
	v := reflect.ValueOf(x)
	if !v.IsValid() || !hasBox(v, 0) {
		return x
	}
	switch v.Kind() {
	case reflect.Map:
		m := reflect.MakeMap(v.Type())
		for it := v.MapRange(); it.Next(); {
			k, e := ev.opened(it.Key()), ev.opened(it.Value())
			m.SetMapIndex(k, e)
		}
		return m.Interface()
	case reflect.Slice:
		s := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			s.Index(i).Set(ev.opened(v.Index(i)))
		}
		return s.Interface()
	}
	refusal("a value that holds interfaces for a function that looks into it by reflection")
	return nil
}

func (ev *Evaluator) opened(v reflect.Value) reflect.Value {
	x := ev.unboxed(v.Interface())
	if x == nil {
		return reflect.Zero(v.Type())
	}
	return reflect.ValueOf(x)
}

// hasBox looks for boxes as deep as values usually go.
func hasBox(v reflect.Value, depth int) bool {
	if depth > 8 {
		return false
	}
	switch v.Kind() {
	case reflect.Interface:
		if v.IsNil() {
			return false
		}
		if _, ok := asBox(v.Interface()); ok {
			return true
		}
		return hasBox(v.Elem(), depth+1)
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			if hasBox(it.Key(), depth+1) || hasBox(it.Value(), depth+1) {
				return true
			}
		}
	case reflect.Slice, reflect.Array:
		switch v.Type().Elem().Kind() {
		case reflect.Interface, reflect.Map, reflect.Slice, reflect.Array, reflect.Pointer:
			for i := range v.Len() {
				if hasBox(v.Index(i), depth+1) {
					return true
				}
			}
		}
	case reflect.Pointer:
		return !v.IsNil() && hasBox(v.Elem(), depth+1)
	}
	return false
}
