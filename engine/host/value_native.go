package host

import (
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strconv"
	"unsafe"

	"interleave/engine/layout"
	"interleave/engine/machine"
)

// nativeForm copies values of the machine into values of native Go: basic types
// without their names, slices, arrays, maps, fields of structs, what pointers and
// interfaces hold. Inside of a value, what fmt writes in a way of its own, and what
// native Go has no type for, become words.
type nativeForm struct {
	h    *Host
	ask  asking
	busy []*layout.Type
	deep int // interfaces around
	said int
}

// whole copies the value of type t at p; nil: it has no native form.
func (n *nativeForm) whole(t *layout.Type, p unsafe.Pointer) any {
	if t.Kind == reflect.Map && t.Key.Kind == reflect.String && t.Elem.Kind == reflect.Interface {
		return n.forms(machine.Load(t, p))
	}
	if t.Kind == reflect.Interface {
		if t, p = dynamic(p); t == nil {
			return nil
		}
		return n.whole(t, p)
	}
	rt := n.shape(t)
	if rt == reflect.TypeFor[spoken]() {
		return nil
	}
	return n.value(t, p, rt).Interface()
}

// shape is the native type that values of t become.
func (n *nativeForm) shape(t *layout.Type) reflect.Type {
	if t.Kind == reflect.Interface {
		return reflect.TypeFor[any]()
	}
	if rt := n.h.bridge.reflected(t); rt != nil && rt.PkgPath() != "" {
		if p, _ := n.h.bridge.plan(t, rt); p.plain {
			return rt
		}
	}
	if len(n.busy) > 0 && hasWords(t) {
		return reflect.TypeFor[spoken]()
	}
	return n.shapeOf(t)
}

// shapeOf is the shape of a type as if it had no words.
func (n *nativeForm) shapeOf(t *layout.Type) reflect.Type {
	if slices.Contains(n.busy, t) { // a type that contains itself has no name to be known by
		return reflect.TypeFor[spoken]()
	}
	n.busy = append(n.busy, t)
	defer func() { n.busy = n.busy[:len(n.busy)-1] }()
	switch t.Kind {
	case reflect.Slice:
		return reflect.SliceOf(n.shape(t.Elem))
	case reflect.Array:
		return reflect.ArrayOf(t.Len, n.shape(t.Elem))
	case reflect.Pointer:
		if e := n.shape(t.Elem); e != reflect.TypeFor[spoken]() {
			return reflect.PointerTo(e)
		}
		return reflect.TypeFor[spoken]()
	case reflect.Map:
		return reflect.MapOf(n.shape(t.Key), n.shape(t.Elem))
	case reflect.Struct:
		return n.structure(t)
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return reflect.TypeFor[spoken]()
	}
	return t.Shape
}

func (n *nativeForm) structure(t *layout.Type) reflect.Type {
	st := t.Go.Underlying().(*types.Struct)
	var fields []reflect.StructField
	for i, f := range t.Fields {
		name := f.Name
		if !token.IsExported(name) { // so that reflection may see it
			name = "U_" + name
		}
		if f.Name == "_" {
			name += strconv.Itoa(i)
		}
		fields = append(fields, reflect.StructField{Name: name, Type: n.shape(f.Type), Tag: reflect.StructTag(st.Tag(i))})
	}
	return reflect.StructOf(fields)
}

// value copies the value of type t at p.
func (n *nativeForm) value(t *layout.Type, p unsafe.Pointer, rt reflect.Type) reflect.Value {
	out := reflect.New(rt).Elem()
	switch {
	case rt == reflect.TypeFor[spoken]():
		out.Set(reflect.ValueOf(n.say(t, p)))
		return out
	case rt.PkgPath() != "":
		out.Set(reflect.NewAt(rt, p).Elem())
		return out
	}
	switch t.Kind {
	case reflect.Interface:
		if d, at := dynamic(p); d != nil {
			out.Set(n.inside(d, at))
		}
	case reflect.Slice:
		if s := machine.Load(t, p); s.P != nil {
			out.Set(reflect.MakeSlice(rt, int(s.N), int(s.N)))
			n.items(t.Elem, s.P, out)
		}
	case reflect.Array:
		n.items(t.Elem, p, out)
	case reflect.Pointer:
		if q := *(*unsafe.Pointer)(p); q != nil {
			out.Set(reflect.New(rt.Elem()))
			out.Elem().Set(n.value(t.Elem, q, rt.Elem()))
		}
	case reflect.Map:
		if m := (*machine.Map)(*(*unsafe.Pointer)(p)); m != nil {
			out.Set(reflect.MakeMap(rt))
			for k, v := range m.Keys() {
				out.SetMapIndex(n.value(t.Key, put(t.Key, k), rt.Key()), n.value(t.Elem, put(t.Elem, v), rt.Elem()))
			}
		}
	case reflect.Struct:
		for i, f := range t.Fields {
			to := out.Field(i)
			to.Set(n.value(f.Type, unsafe.Add(p, f.Offset), to.Type()))
		}
	default:
		out.Set(reflect.NewAt(rt, p).Elem())
	}
	return out
}

// inside copies what an interface within a value holds.
func (n *nativeForm) inside(t *layout.Type, p unsafe.Pointer) reflect.Value {
	if n.deep > maxDepth {
		return reflect.ValueOf(n.say(t, p))
	}
	busy := n.busy
	n.busy = []*layout.Type{nil}
	n.deep++
	defer func() {
		n.busy = busy
		n.deep--
	}()
	return n.value(t, p, n.shape(t))
}

func (n *nativeForm) items(elem *layout.Type, p unsafe.Pointer, out reflect.Value) {
	for i := range out.Len() {
		out.Index(i).Set(n.value(elem, unsafe.Add(p, uintptr(i)*elem.Size), out.Type().Elem()))
	}
}
