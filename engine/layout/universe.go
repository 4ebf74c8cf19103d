package layout

import (
	"fmt"
	"go/types"
	"reflect"
	"unsafe"

	"golang.org/x/tools/go/types/typeutil"
)

// Universe makes and keeps the types of one session. It is not safe for
// concurrent use.
type Universe struct {
	types  typeutil.Map // types.Type → *Type
	native func(*types.Named) reflect.Type

	filling int      // types that are under construction, one within the other
	later   []func() // what types refer to without containing it
}

// NewUniverse returns an empty universe. native gives the reflected form of a
// named type of a package that is called natively, or nil; its memory then has
// exactly that form.
func NewUniverse(native func(*types.Named) reflect.Type) *Universe {
	return &Universe{native: native}
}

var (
	shapePointer   = reflect.TypeFor[unsafe.Pointer]()
	shapeString    = reflect.TypeFor[string]()
	shapeSlice     = reflect.TypeFor[[]byte]()
	shapeInterface = reflect.TypeFor[[2]unsafe.Pointer]()
)

// Of returns the type's descriptor. It panics for a type parameter: the
// compiler instantiates generics first.
func (u *Universe) Of(t types.Type) *Type {
	t = types.Unalias(t)
	if have := u.types.At(t); have != nil {
		return have.(*Type)
	}
	d := &Type{Go: t}
	u.types.Set(t, d)
	u.filling++
	u.fill(d, t.Underlying())
	for u.filling == 1 && len(u.later) > 0 {
		next := u.later[0]
		u.later = u.later[1:]
		next()
	}
	u.filling--
	return d
}

// refer sets what d refers to once no type that contains d is half made: a type
// may contain itself behind a pointer.
func (u *Universe) refer(at **Type, t types.Type) {
	u.later = append(u.later, func() { *at = u.Of(t) })
}

func (u *Universe) fill(d *Type, under types.Type) {
	switch t := under.(type) {
	case *types.Basic:
		u.basic(d, t)
	case *types.Pointer:
		u.word(d, reflect.Pointer)
		u.refer(&d.Elem, t.Elem())
	case *types.Map:
		u.word(d, reflect.Map)
		d.Comparable = false
		u.refer(&d.Key, t.Key())
		u.refer(&d.Elem, t.Elem())
	case *types.Chan:
		u.word(d, reflect.Chan)
		u.refer(&d.Elem, t.Elem())
	case *types.Signature:
		u.word(d, reflect.Func)
		d.Comparable = false
	case *types.Slice:
		d.Kind, d.Class, d.Size, d.Align = reflect.Slice, Slice, 24, 8
		d.Shape, d.Pointers = shapeSlice, []uintptr{0}
		u.refer(&d.Elem, t.Elem())
	case *types.Interface:
		d.Kind, d.Class, d.Size, d.Align = reflect.Interface, Interface, 16, 8
		d.Shape, d.Pointers, d.Comparable = shapeInterface, []uintptr{0, 8}, true
	case *types.Array:
		u.array(d, t)
	case *types.Struct:
		u.structure(d, t)
	case *types.Tuple:
		d.Class = Tuple
	default:
		panic(fmt.Sprintf("layout: no layout for %s (%T)", d.Go, under))
	}
}

func (u *Universe) word(d *Type, k reflect.Kind) {
	d.Kind, d.Class, d.Size, d.Align = k, Pointer, 8, 8
	d.Shape, d.Pointers, d.Comparable = shapePointer, []uintptr{0}, true
}

var basics = map[types.BasicKind]struct {
	shape reflect.Type
	class Class
}{
	types.Bool:           {reflect.TypeFor[bool](), Int},
	types.UntypedBool:    {reflect.TypeFor[bool](), Int},
	types.Int:            {reflect.TypeFor[int](), Int},
	types.UntypedInt:     {reflect.TypeFor[int](), Int},
	types.Int8:           {reflect.TypeFor[int8](), Int},
	types.Int16:          {reflect.TypeFor[int16](), Int},
	types.Int32:          {reflect.TypeFor[int32](), Int},
	types.UntypedRune:    {reflect.TypeFor[int32](), Int},
	types.Int64:          {reflect.TypeFor[int64](), Int},
	types.Uint:           {reflect.TypeFor[uint](), Int},
	types.Uint8:          {reflect.TypeFor[uint8](), Int},
	types.Uint16:         {reflect.TypeFor[uint16](), Int},
	types.Uint32:         {reflect.TypeFor[uint32](), Int},
	types.Uint64:         {reflect.TypeFor[uint64](), Int},
	types.Uintptr:        {reflect.TypeFor[uintptr](), Int},
	types.Float32:        {reflect.TypeFor[float32](), Float},
	types.Float64:        {reflect.TypeFor[float64](), Float},
	types.UntypedFloat:   {reflect.TypeFor[float64](), Float},
	types.Complex64:      {reflect.TypeFor[complex64](), Complex},
	types.Complex128:     {reflect.TypeFor[complex128](), Complex},
	types.UntypedComplex: {reflect.TypeFor[complex128](), Complex},
	types.String:         {shapeString, String},
	types.UntypedString:  {shapeString, String},
	types.UnsafePointer:  {shapePointer, Pointer},
	types.UntypedNil:     {shapePointer, Pointer},
}

func (u *Universe) basic(d *Type, t *types.Basic) {
	b, ok := basics[t.Kind()]
	if !ok {
		panic(fmt.Sprintf("layout: no layout for %s", t))
	}
	d.Shape, d.Class, d.Comparable = b.shape, b.class, true
	d.Kind = b.shape.Kind()
	d.Size, d.Align = b.shape.Size(), uintptr(b.shape.Align())
	if d.Class == Pointer || d.Class == String {
		d.Pointers = []uintptr{0}
	}
}

func (u *Universe) array(d *Type, t *types.Array) {
	e := u.Of(t.Elem())
	d.Kind, d.Class, d.Elem, d.Len = reflect.Array, Aggregate, e, int(t.Len())
	d.Size, d.Align, d.Comparable = e.Size*uintptr(d.Len), e.Align, e.Comparable
	d.Shape = reflect.ArrayOf(d.Len, e.Shape)
	if len(e.Pointers) > 0 {
		for i := range d.Len {
			for _, p := range e.Pointers {
				d.Pointers = append(d.Pointers, uintptr(i)*e.Size+p)
			}
		}
	}
}

func (u *Universe) structure(d *Type, t *types.Struct) {
	d.Kind, d.Class, d.Align, d.Comparable = reflect.Struct, Aggregate, 1, true
	if named, ok := d.Go.(*types.Named); ok && u.native != nil {
		if rt := u.native(named); rt != nil {
			u.nativeStructure(d, t, rt)
			return
		}
	}
	var shape []reflect.StructField
	var off uintptr
	for i := range t.NumFields() {
		f := t.Field(i)
		ft := u.Of(f.Type())
		off = (off + ft.Align - 1) &^ (ft.Align - 1)
		d.Fields = append(d.Fields, Field{f.Name(), ft, off})
		shape = append(shape, reflect.StructField{Name: fmt.Sprintf("F%d", i), Type: ft.Shape})
		for _, p := range ft.Pointers {
			d.Pointers = append(d.Pointers, off+p)
		}
		off += ft.Size
		d.Align = max(d.Align, ft.Align)
		d.Comparable = d.Comparable && ft.Comparable
		// A last field of size zero is padded, so that its address stays inside.
		if i == t.NumFields()-1 && ft.Size == 0 && off > 0 {
			off++
		}
	}
	d.Size = (off + d.Align - 1) &^ (d.Align - 1)
	d.Shape = reflect.StructOf(shape)
}

func (u *Universe) nativeStructure(d *Type, t *types.Struct, rt reflect.Type) {
	d.Shape, d.Size, d.Align = rt, rt.Size(), uintptr(rt.Align())
	d.Comparable = rt.Comparable()
	for i := range t.NumFields() {
		if f, ok := rt.FieldByName(t.Field(i).Name()); ok {
			d.Fields = append(d.Fields, Field{t.Field(i).Name(), u.Of(t.Field(i).Type()), f.Offset})
		} else {
			d.Fields = append(d.Fields, Field{t.Field(i).Name(), u.Of(t.Field(i).Type()), 0})
		}
	}
	d.Pointers = pointerWords(rt, 0, nil)
}

// pointerWords lists the offsets of the pointers in memory of a reflected type.
func pointerWords(t reflect.Type, at uintptr, list []uintptr) []uintptr {
	switch t.Kind() {
	case reflect.Pointer, reflect.UnsafePointer, reflect.Map, reflect.Chan, reflect.Func, reflect.String, reflect.Slice:
		return append(list, at)
	case reflect.Interface:
		return append(list, at, at+8)
	case reflect.Array:
		for i := range t.Len() {
			list = pointerWords(t.Elem(), at+uintptr(i)*t.Elem().Size(), list)
		}
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			list = pointerWords(f.Type, at+f.Offset, list)
		}
	}
	return list
}
