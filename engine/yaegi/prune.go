package yaegi

import (
	"reflect"
	"unsafe"

	"github.com/traefik/yaegi/interp"
)

// prune lets the memory of a cell's own functions go once they are made ready
// to run: yaegi keeps the tree of everything it ever compiled, about 100 KB a
// cell, and hangs each function on the tree of its whole file. Functions that
// later cells may call by name stay; running ones hold what they need.
//
// There is no call for this, so it reaches into yaegi's structures by name. With
// a version that has none of those names nothing is pruned.
func (ev *Evaluator) prune(p *interp.Program, names []string) {
	in := reflect.ValueOf(ev.interp).Elem()
	if roots := field(in, "roots"); roots.IsValid() {
		roots.SetZero()
	}
	if root := field(reflect.ValueOf(p).Elem(), "root"); root.IsValid() && root.Kind() == reflect.Pointer && !root.IsNil() {
		if child := field(root.Elem(), "child"); child.IsValid() {
			child.SetZero()
		}
	}
	scopes := field(in, "scopes")
	if !scopes.IsValid() || scopes.Kind() != reflect.Map {
		return
	}
	scope := scopes.MapIndex(reflect.ValueOf("main"))
	if !scope.IsValid() || scope.IsNil() {
		return
	}
	if child := field(scope.Elem(), "child"); child.IsValid() {
		child.SetZero()
	}
	if sym := field(scope.Elem(), "sym"); sym.IsValid() && sym.Kind() == reflect.Map {
		for _, n := range names {
			sym.SetMapIndex(reflect.ValueOf(n), reflect.Value{})
		}
	}
}

// field is an unexported field as a settable value; invalid where there is none.
func field(v reflect.Value, name string) reflect.Value {
	f := v.FieldByName(name)
	if !f.IsValid() || !f.CanAddr() {
		return reflect.Value{}
	}
	return reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem()
}
