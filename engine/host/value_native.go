package host

import (
	"go/token"
	"go/types"
	"reflect"
	"time"
	"unsafe"

	"interleave/engine/layout"
	"interleave/engine/machine"
)

// nativeForm copies values of the machine into values of native Go: basic types
// without their names, slices, arrays, maps, exported fields of structs, what
// pointers and interfaces hold.
type nativeForm struct {
	h    *Host
	busy []*layout.Type
}

// shape is the native type that values of t become; nil: they have no native form.
func (n *nativeForm) shape(t *layout.Type) reflect.Type {
	for _, b := range n.busy {
		if b == t { // a type that contains itself has no name to be known by
			return nil
		}
	}
	n.busy = append(n.busy, t)
	defer func() { n.busy = n.busy[:len(n.busy)-1] }()
	switch typePath(t) + "." + typeName(t) {
	case "time.Time":
		return reflect.TypeFor[time.Time]()
	case "time.Duration":
		return reflect.TypeFor[time.Duration]()
	}
	switch t.Kind {
	case reflect.Interface:
		return reflect.TypeFor[any]()
	case reflect.Slice, reflect.Array, reflect.Pointer:
		e := n.shape(t.Elem)
		switch {
		case e == nil:
			return nil
		case t.Kind == reflect.Slice:
			return reflect.SliceOf(e)
		case t.Kind == reflect.Array:
			return reflect.ArrayOf(t.Len, e)
		}
		return reflect.PointerTo(e)
	case reflect.Map:
		k, e := n.shape(t.Key), n.shape(t.Elem)
		if k == nil || e == nil {
			return nil
		}
		return reflect.MapOf(k, e)
	case reflect.Struct:
		return n.structure(t)
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return nil
	}
	return t.Shape
}

func (n *nativeForm) structure(t *layout.Type) reflect.Type {
	st := t.Go.Underlying().(*types.Struct)
	var fields []reflect.StructField
	for i, f := range t.Fields {
		ft := n.shape(f.Type)
		if ft == nil {
			return nil
		}
		field := reflect.StructField{Name: f.Name, Type: ft, Tag: reflect.StructTag(st.Tag(i))}
		if !token.IsExported(f.Name) {
			field.PkgPath = "main"
		}
		fields = append(fields, field)
	}
	return reflect.StructOf(fields)
}

// value copies the value of type t at p.
func (n *nativeForm) value(t *layout.Type, p unsafe.Pointer, rt reflect.Type) reflect.Value {
	out := reflect.New(rt).Elem()
	switch {
	case rt == reflect.TypeFor[time.Time]() || rt == reflect.TypeFor[time.Duration]():
		out.Set(reflect.NewAt(rt, p).Elem())
		return out
	}
	switch t.Kind {
	case reflect.Interface:
		if d, at := dynamic(p); d != nil {
			if s := n.shape(d); s != nil {
				out.Set(n.value(d, at, s))
			}
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
			to = reflect.NewAt(to.Type(), unsafe.Pointer(to.UnsafeAddr())).Elem() // it may be unexported
			to.Set(n.value(f.Type, unsafe.Add(p, f.Offset), to.Type()))
		}
	default:
		out.Set(reflect.NewAt(rt, p).Elem())
	}
	return out
}

func (n *nativeForm) items(elem *layout.Type, p unsafe.Pointer, out reflect.Value) {
	for i := range out.Len() {
		out.Index(i).Set(n.value(elem, unsafe.Add(p, uintptr(i)*elem.Size), out.Type().Elem()))
	}
}
