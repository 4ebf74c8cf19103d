package library

import (
	"go/token"
	"go/types"
	"reflect"
	"strings"
)

var basic = map[reflect.Kind]types.Type{
	reflect.Bool: types.Typ[types.Bool], reflect.String: types.Typ[types.String],
	reflect.Int: types.Typ[types.Int], reflect.Int8: types.Typ[types.Int8], reflect.Int16: types.Typ[types.Int16],
	reflect.Int32: types.Typ[types.Int32], reflect.Int64: types.Typ[types.Int64],
	reflect.Uint: types.Typ[types.Uint], reflect.Uint8: types.Universe.Lookup("byte").Type(), reflect.Uint16: types.Typ[types.Uint16],
	reflect.Uint32: types.Typ[types.Uint32], reflect.Uint64: types.Typ[types.Uint64], reflect.Uintptr: types.Typ[types.Uintptr],
	reflect.Float32: types.Typ[types.Float32], reflect.Float64: types.Typ[types.Float64],
	reflect.Complex64: types.Typ[types.Complex64], reflect.Complex128: types.Typ[types.Complex128],
	reflect.UnsafePointer: types.Typ[types.UnsafePointer],
}

var errorType = reflect.TypeFor[error]()

// object makes the object of one entry of a symbol table; nil where it has no form in go/types.
func (l *Library) object(pkg *types.Package, name string, v reflect.Value) types.Object {
	if c := l.untyped(pkg, name, v); c != nil {
		return c
	}
	t := v.Type()
	switch {
	case v.CanAddr():
		return types.NewVar(token.NoPos, pkg, name, l.typ(t))
	case t.Kind() == reflect.Pointer && v.IsNil():
		typ := l.typ(t.Elem())
		if named, ok := typ.(*types.Named); ok && named.Obj().Pkg() == pkg && named.Obj().Name() == name {
			return named.Obj()
		}
		return types.NewTypeName(token.NoPos, pkg, name, typ) // an alias, as os.FileInfo
	case t.Kind() == reflect.Func && !v.IsNil():
		return types.NewFunc(token.NoPos, pkg, name, l.signature(t, nil, 0))
	}
	if c := l.typed(pkg, name, v); c != nil {
		return c
	}
	return types.NewVar(token.NoPos, pkg, name, l.typ(t))
}

// typ converts a type; the same type gives the same result, so identity holds. l.mu is held.
func (l *Library) typ(t reflect.Type) types.Type {
	if typ, ok := l.types[t]; ok {
		return typ
	}
	if t == errorType {
		return types.Universe.Lookup("error").Type()
	}
	if t.Name() != "" && t.PkgPath() != "" && t.Kind() != reflect.UnsafePointer {
		// The name of an instance does not give back its type arguments.
		if !strings.Contains(t.Name(), "[") || t.Kind() != reflect.Func {
			return l.named(t)
		}
	}
	typ := l.literal(t)
	if old, ok := l.types[t]; ok { // made meanwhile, inside a cycle
		return old
	}
	l.types[t] = typ
	return typ
}

// literal converts the form of t, whether it has a name or not.
func (l *Library) literal(t reflect.Type) types.Type {
	if b, ok := basic[t.Kind()]; ok {
		return b
	}
	switch t.Kind() {
	case reflect.Pointer:
		return types.NewPointer(l.typ(t.Elem()))
	case reflect.Slice:
		return types.NewSlice(l.typ(t.Elem()))
	case reflect.Array:
		return types.NewArray(l.typ(t.Elem()), int64(t.Len()))
	case reflect.Map:
		return types.NewMap(l.typ(t.Key()), l.typ(t.Elem()))
	case reflect.Chan:
		dir := map[reflect.ChanDir]types.ChanDir{
			reflect.BothDir: types.SendRecv, reflect.SendDir: types.SendOnly, reflect.RecvDir: types.RecvOnly,
		}[t.ChanDir()]
		return types.NewChan(dir, l.typ(t.Elem()))
	case reflect.Func:
		return l.signature(t, nil, 0)
	case reflect.Interface:
		return l.iface(t)
	default:
		return l.structure(t)
	}
}

// signature converts a function type, leaving out its first skip parameters.
func (l *Library) signature(t reflect.Type, recv *types.Var, skip int) *types.Signature {
	var in, out []*types.Var
	for i := skip; i < t.NumIn(); i++ {
		in = append(in, types.NewParam(token.NoPos, nil, "", l.typ(t.In(i))))
	}
	for i := range t.NumOut() {
		v := types.NewParam(token.NoPos, nil, "", l.typ(t.Out(i)))
		v.SetKind(types.ResultVar)
		out = append(out, v)
	}
	return types.NewSignatureType(recv, nil, nil, types.NewTuple(in...), types.NewTuple(out...), t.IsVariadic())
}

func (l *Library) iface(t reflect.Type) types.Type {
	if t.NumMethod() == 0 {
		return types.Universe.Lookup("any").Type()
	}
	var methods []*types.Func
	for i := range t.NumMethod() {
		m := t.Method(i)
		pkg := l.pkg(m.PkgPath, "")
		if m.PkgPath == "" {
			pkg = l.home(t)
		}
		methods = append(methods, types.NewFunc(token.NoPos, pkg, m.Name, l.signature(m.Type, nil, 0)))
	}
	i := types.NewInterfaceType(methods, nil)
	i.Complete()
	return i
}

// home is the package of t; types without a name have none.
func (l *Library) home(t reflect.Type) *types.Package {
	if t.PkgPath() == "" {
		return nil
	}
	return l.pkg(t.PkgPath(), "")
}

func (l *Library) structure(t reflect.Type) types.Type {
	fields := make([]*types.Var, 0, t.NumField())
	tags := make([]string, 0, t.NumField())
	for i := range t.NumField() {
		f := t.Field(i)
		pkg := l.home(t)
		if f.PkgPath != "" {
			pkg = l.pkg(f.PkgPath, "")
		}
		typ := types.Type(nil)
		if f.PkgPath == "" || f.Anonymous { // an embedded field may promote exported names
			typ = l.typ(f.Type)
		} else {
			typ = l.hidden(pkg, f.Type)
		}
		fields = append(fields, types.NewField(token.NoPos, pkg, f.Name, typ, f.Anonymous))
		tags = append(tags, string(f.Tag))
	}
	return types.NewStruct(fields, tags)
}

// hidden stands for the type of an unexported field: of its size and
// alignment, comparable only if it is, and identical to no other type.
func (l *Library) hidden(pkg *types.Package, t reflect.Type) types.Type {
	if typ, ok := l.opaque[t]; ok {
		return typ
	}
	words := func(size uintptr) types.Type {
		unit := map[int]types.BasicKind{1: types.Uint8, 2: types.Uint16, 4: types.Uint32}[t.Align()]
		if unit == types.Invalid {
			unit = types.Uint64
		}
		return types.NewArray(types.Typ[unit], int64(size)/int64(t.Align()))
	}
	form := words(t.Size())
	if !t.Comparable() {
		never := types.NewArray(types.NewSignatureType(nil, nil, nil, nil, nil, false), 0)
		form = types.NewStruct([]*types.Var{
			types.NewField(token.NoPos, pkg, "_", never, false),
			types.NewField(token.NoPos, pkg, "_", form, false),
		}, nil)
	}
	typ := types.NewNamed(types.NewTypeName(token.NoPos, pkg, "unexported", nil), form, nil)
	l.opaque[t] = typ
	return typ
}
