package yaegi

import (
	"fmt"
	"go/types"
	"reflect"
	"strings"
)

// erased writes t as yaegi gets to see it: the learner's named types are their
// underlying types, structs keep one emitted name each (they may be recursive),
// interfaces of the learner's are interface{}, native types keep their names.
func (u *unit) erased(t types.Type) string {
	t = u.sub(t)
	text := u.erase(t, nil)
	u.floatsIn(text, t)
	return text
}

func (u *unit) erase(t types.Type, open []*types.Named) string {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		switch t.Kind() {
		case types.Complex64:
			u.refuse("complex64", "use complex128")
		case types.UnsafePointer:
			u.refuse("unsafe.Pointer", "")
		case types.UntypedNil:
			return "interface{}"
		}
		return types.Default(t).String()
	case *types.Named:
		obj := t.Obj()
		if obj.Pkg() == nil {
			return obj.Name() // error; comparable cannot be the type of a value
		}
		if !u.ev.own(obj) {
			if t.TypeArgs().Len() > 0 {
				u.refuse("the generic type "+obj.Pkg().Name()+"."+obj.Name(), "")
				return "int"
			}
			if !obj.Exported() {
				u.refuse("a value of the unexported type "+obj.Pkg().Name()+"."+obj.Name(), "")
				return "int"
			}
			return u.alias(obj.Pkg().Path()) + "." + obj.Name()
		}
		for _, o := range open {
			if o == t {
				u.refuse("the type "+obj.Name()+", which contains itself without a struct", "make it a struct with a field")
				return "int"
			}
		}
		if st, ok := t.Underlying().(*types.Struct); ok && st.NumFields() > 0 {
			return u.structName(t, st)
		}
		return u.erase(t.Underlying(), append(open, t))
	case *types.Pointer:
		return "*" + u.erase(t.Elem(), open)
	case *types.Slice:
		return "[]" + u.erase(t.Elem(), open)
	case *types.Array:
		return fmt.Sprintf("[%d]%s", t.Len(), u.erase(t.Elem(), open))
	case *types.Map:
		return "map[" + u.erase(t.Key(), open) + "]" + u.erase(t.Elem(), open)
	case *types.Chan:
		switch t.Dir() {
		case types.SendOnly:
			return "chan<- " + u.erase(t.Elem(), open)
		case types.RecvOnly:
			return "<-chan " + u.erase(t.Elem(), open)
		}
		if c, ok := t.Elem().Underlying().(*types.Chan); ok && c.Dir() == types.RecvOnly {
			return "chan (" + u.erase(t.Elem(), open) + ")"
		}
		return "chan " + u.erase(t.Elem(), open)
	case *types.Signature:
		return "func" + u.signature(t, open)
	case *types.Struct:
		return u.structText(t, open)
	case *types.Interface:
		return "interface{}"
	case *types.Tuple:
		if t.Len() == 1 {
			return u.erase(t.At(0).Type(), open)
		}
	}
	u.refuse("the type "+t.String(), "")
	return "int"
}

// receiverType is erased for the receiver of a native method, "" where the type
// has no name that emitted code could use.
func (u *unit) receiverType(t types.Type) string {
	base := u.sub(t)
	if p, ok := base.(*types.Pointer); ok {
		base = p.Elem()
	}
	if n, ok := types.Unalias(base).(*types.Named); ok && n.Obj().Pkg() != nil && !u.ev.own(n.Obj()) && !n.Obj().Exported() {
		return ""
	}
	return u.erased(t)
}

// signature writes parameters and results; a variadic parameter of a function
// of the learner's is a slice like any other.
func (u *unit) signature(s *types.Signature, open []*types.Named) string {
	var in, out []string
	for i := range s.Params().Len() {
		in = append(in, u.erase(s.Params().At(i).Type(), open))
	}
	for i := range s.Results().Len() {
		out = append(out, u.erase(s.Results().At(i).Type(), open))
	}
	text := "(" + strings.Join(in, ", ") + ")"
	switch len(out) {
	case 0:
		return text
	case 1:
		return text + " " + out[0]
	}
	return text + " (" + strings.Join(out, ", ") + ")"
}

func (u *unit) structText(s *types.Struct, open []*types.Named) string {
	if s.NumFields() == 0 {
		return "struct{}"
	}
	var b strings.Builder
	b.WriteString("struct { ")
	for i := range s.NumFields() {
		f := s.Field(i)
		fmt.Fprintf(&b, "%s %s", u.fieldName(s, i), u.erase(f.Type(), open))
		switch {
		case !f.Exported():
			b.WriteString(" `json:\"-\" xml:\"-\"`")
		case s.Tag(i) != "":
			b.WriteString(" " + quoteTag(s.Tag(i)))
		}
		b.WriteString("; ")
	}
	return b.String() + "}"
}

func quoteTag(tag string) string {
	if strings.Contains(tag, "`") {
		return fmt.Sprintf("%q", tag)
	}
	return "`" + tag + "`"
}

// fieldName is the emitted name of field i: reflect.StructOf, which yaegi
// builds its structs with, needs exported names.
func (u *unit) fieldName(s *types.Struct, i int) string {
	f := s.Field(i)
	if f.Exported() {
		return f.Name()
	}
	if f.Name() == "_" {
		return fmt.Sprintf("U_%d", i)
	}
	return "U_" + f.Name()
}

// structName names the emitted struct of t and declares it on first use.
func (u *unit) structName(t *types.Named, st *types.Struct) string {
	if name, ok := u.ev.structs.At(t).(string); ok {
		return name
	}
	if name, ok := u.structs.At(t).(string); ok {
		return name
	}
	name := u.fresh("S", t.Obj().Name())
	u.structs.Set(t, name)
	u.types.WriteString("type " + name + " " + u.structText(st, nil) + "\n")
	return name
}

// own reports whether the learner declared obj.
func (ev *Evaluator) own(obj types.Object) bool {
	return obj.Pkg() != nil && obj.Pkg().Path() == "main"
}

// faithful reports whether the reflected type of an emitted value of type t is
// the very type that compiled Go would have there. Only such values travel bare
// in interfaces; others travel in a box together with their type.
func (ev *Evaluator) faithful(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		return true
	case *types.Named:
		if t.Obj().Pkg() == nil {
			return true
		}
		if ev.own(t.Obj()) || t.TypeArgs().Len() > 0 {
			return false
		}
		return !ev.overridden[t.Obj().Pkg().Path()+"."+t.Obj().Name()]
	case *types.Pointer:
		return ev.faithful(t.Elem())
	case *types.Slice:
		return ev.faithful(t.Elem())
	case *types.Array:
		return ev.faithful(t.Elem())
	case *types.Chan:
		return ev.faithful(t.Elem())
	case *types.Map:
		return ev.faithful(t.Key()) && ev.faithful(t.Elem())
	case *types.Signature:
		if t.Variadic() { // emitted with a slice
			return false
		}
		for i := range t.Params().Len() {
			if !ev.faithful(t.Params().At(i).Type()) {
				return false
			}
		}
		for i := range t.Results().Len() {
			if !ev.faithful(t.Results().At(i).Type()) {
				return false
			}
		}
		return true
	case *types.Struct:
		return t.NumFields() == 0
	case *types.Interface:
		return t.Empty()
	}
	return false
}

// reflected returns the reflect.Type of a faithful type, nil where the symbol
// tables do not have it.
func (ev *Evaluator) reflected(t types.Type) reflect.Type {
	elem := func(t types.Type, f func(reflect.Type) reflect.Type) reflect.Type {
		if e := ev.reflected(t); e != nil {
			return f(e)
		}
		return nil
	}
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		return basicTypes[t.Kind()]
	case *types.Named:
		if t.Obj().Pkg() == nil {
			return errorType
		}
		if ev.own(t.Obj()) {
			return nil
		}
		return ev.nativeType(t.Obj().Pkg().Path(), t.Obj().Name())
	case *types.Pointer:
		return elem(t.Elem(), reflect.PointerTo)
	case *types.Slice:
		return elem(t.Elem(), reflect.SliceOf)
	case *types.Array:
		return elem(t.Elem(), func(e reflect.Type) reflect.Type { return reflect.ArrayOf(int(t.Len()), e) })
	case *types.Chan:
		dir := map[types.ChanDir]reflect.ChanDir{types.SendRecv: reflect.BothDir, types.SendOnly: reflect.SendDir, types.RecvOnly: reflect.RecvDir}[t.Dir()]
		return elem(t.Elem(), func(e reflect.Type) reflect.Type { return reflect.ChanOf(dir, e) })
	case *types.Map:
		k := ev.reflected(t.Key())
		if k == nil {
			return nil
		}
		return elem(t.Elem(), func(e reflect.Type) reflect.Type { return reflect.MapOf(k, e) })
	case *types.Signature:
		var in, out []reflect.Type
		for i := range t.Params().Len() {
			in = append(in, ev.reflected(t.Params().At(i).Type()))
		}
		for i := range t.Results().Len() {
			out = append(out, ev.reflected(t.Results().At(i).Type()))
		}
		for _, r := range append(in, out...) {
			if r == nil {
				return nil
			}
		}
		return reflect.FuncOf(in, out, t.Variadic())
	case *types.Struct:
		if t.NumFields() == 0 {
			return reflect.TypeFor[struct{}]()
		}
	case *types.Interface:
		if t.Empty() {
			return reflect.TypeFor[any]()
		}
	}
	return nil
}

// symbol is a name of the library as emitted code meets it.
func (ev *Evaluator) symbol(path, name string) reflect.Value {
	if v, ok := ev.overrides[path][name]; ok {
		return v
	}
	return ev.lib.Symbols(path)[name]
}

func (ev *Evaluator) nativeType(path, name string) reflect.Type {
	v := ev.symbol(path, name)
	if !v.IsValid() || v.Kind() != reflect.Pointer || !v.IsNil() {
		return nil
	}
	return v.Type().Elem()
}

var errorType = reflect.TypeFor[error]()

var basicTypes = map[types.BasicKind]reflect.Type{
	types.Bool: reflect.TypeFor[bool](), types.String: reflect.TypeFor[string](),
	types.Int: reflect.TypeFor[int](), types.Int8: reflect.TypeFor[int8](), types.Int16: reflect.TypeFor[int16](),
	types.Int32: reflect.TypeFor[int32](), types.Int64: reflect.TypeFor[int64](),
	types.Uint: reflect.TypeFor[uint](), types.Uint8: reflect.TypeFor[uint8](), types.Uint16: reflect.TypeFor[uint16](),
	types.Uint32: reflect.TypeFor[uint32](), types.Uint64: reflect.TypeFor[uint64](), types.Uintptr: reflect.TypeFor[uintptr](),
	types.Float32: reflect.TypeFor[float32](), types.Float64: reflect.TypeFor[float64](),
	types.Complex64: reflect.TypeFor[complex64](), types.Complex128: reflect.TypeFor[complex128](),
}
