package display

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
)

// indirect follows pointers and interfaces, and opens what an interpreter has a
// form of its own for; the result of a nil is not valid.
func indirect(v reflect.Value) reflect.Value {
	v = opened(v)
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		v = opened(v.Elem())
	}
	return v
}

func opened(v reflect.Value) reflect.Value {
	if v.IsValid() && v.CanInterface() {
		if i, ok := v.Interface().(interpreted); ok {
			if native := reflect.ValueOf(i.Native()); native.IsValid() {
				return native
			}
		}
	}
	return v
}

func sameType(elems []reflect.Value) bool {
	return !slices.ContainsFunc(elems, func(e reflect.Value) bool { return e.Type() != elems[0].Type() })
}

func isHead(row reflect.Value) bool {
	for v := range values(row) {
		if indirect(v).Kind() != reflect.String {
			return false
		}
	}
	return row.Len() > 0
}

func isNumber(v reflect.Value) bool {
	if v.CanInterface() && hasWords(v.Interface()) {
		return false
	}
	v = indirect(v)
	if v.Kind() < reflect.Int || v.Kind() > reflect.Complex128 || v.Kind() == reflect.Uintptr {
		return false
	}
	return !v.CanInterface() || !hasWords(v.Interface())
}

// hasWords says whether a value prints as words of its own.
func hasWords(x any) bool {
	switch x.(type) {
	case fmt.Stringer, error, fmt.Formatter:
		return true
	}
	return false
}

func values(v reflect.Value) func(yield func(reflect.Value) bool) {
	return func(yield func(reflect.Value) bool) {
		for i := range v.Len() {
			if !yield(v.Index(i)) {
				return
			}
		}
	}
}

func texts(v reflect.Value) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for e := range values(v) {
			if !yield(text(e)) {
				return
			}
		}
	}
}

// text is a value as fmt prints it; a pointer to something without words of
// its own is followed.
func text(v reflect.Value) string {
	if v.Kind() == reflect.Pointer && !v.IsNil() && !(v.CanInterface() && hasWords(v.Interface())) {
		v = v.Elem()
	}
	if v.CanInterface() {
		return fmt.Sprint(v.Interface())
	}
	return fmt.Sprint(v)
}

func sortedKeys(m reflect.Value) []reflect.Value {
	return slices.SortedFunc(slices.Values(m.MapKeys()), compare)
}

// compare orders keys: numbers by size, others by their texts.
func compare(a, b reflect.Value) int {
	a, b = indirect(a), indirect(b)
	switch {
	case a.CanInt() && b.CanInt():
		return cmp.Compare(a.Int(), b.Int())
	case a.CanUint() && b.CanUint():
		return cmp.Compare(a.Uint(), b.Uint())
	case a.CanFloat() && b.CanFloat():
		return cmp.Compare(a.Float(), b.Float())
	}
	return cmp.Compare(text(a), text(b))
}
