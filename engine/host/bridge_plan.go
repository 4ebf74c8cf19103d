package host

import (
	"fmt"
	"go/types"
	"reflect"
	"slices"
	"strings"
	"unsafe"

	"interleave/engine/layout"
	"interleave/engine/machine"
)

type planKey struct {
	t  *layout.Type
	rt reflect.Type
}

// plan carries values between a type of the machine and its native form.
type plan struct {
	plain bool // memory means the same on both sides: it is shared
	// in makes dst of the machine's memory at p; out is its inverse. Nil: that
	// way is closed. They raise a *refusal.
	in  func(p unsafe.Pointer, dst reflect.Value)
	out func(src reflect.Value, p unsafe.Pointer)
	// back takes over what native code changed in dst; nil: nothing can have.
	back func(p unsafe.Pointer, dst reflect.Value)
}

// value is a native value as one of the machine.
func (p *plan) value(t *layout.Type, src reflect.Value) machine.Val {
	switch src.Kind() {
	case reflect.Bool:
		return truth(src.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return machine.Val{N: uint64(src.Int())}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return machine.Val{N: src.Uint()}
	case reflect.Float32, reflect.Float64:
		return machine.FloatVal(src.Float())
	case reflect.String:
		return machine.StringVal(src.String())
	}
	m := t.New()
	p.out(src, m)
	return machine.Load(t, m)
}

// plan tells how a pair of types is carried, and if it is not, why.
func (b *bridge) plan(t *layout.Type, rt reflect.Type) (*plan, string) {
	key := planKey{t, rt}
	if p := b.plans[key]; p != nil {
		return p, ""
	}
	if b.same(t, rt, map[planKey]bool{}) {
		p := &plan{
			plain: true,
			in:    func(p unsafe.Pointer, dst reflect.Value) { dst.Set(reflect.NewAt(rt, p).Elem()) },
			out:   func(src reflect.Value, p unsafe.Pointer) { reflect.NewAt(rt, p).Elem().Set(src) },
		}
		b.plans[key] = p
		return p, ""
	}
	p := &plan{}
	b.plans[key] = p // of a type that contains itself; its functions are set below
	why := ""
	if t.Kind != rt.Kind() {
		why = fmt.Sprintf("natively it is a %s", rt)
	} else {
		why = b.make(p, t, rt)
	}
	return p, why
}

// same tells whether values of t in the machine's memory are values of rt.
func (b *bridge) same(t *layout.Type, rt reflect.Type, open map[planKey]bool) bool {
	key := planKey{t, rt}
	if open[key] {
		return true // of a type that contains itself: nothing else speaks against it
	}
	open[key] = true
	if n, ok := t.Go.(*types.Named); ok && t.Kind == reflect.Struct && b.h.lib.Reflected(n) == rt {
		return true // it lies in memory as native code has it, and nobody else looks inside
	}
	if t.Kind != rt.Kind() || t.Size != rt.Size() {
		return false
	}
	switch t.Kind {
	case reflect.Interface, reflect.Map, reflect.Chan, reflect.Func:
		return false
	case reflect.Pointer, reflect.Slice:
		return b.same(t.Elem, rt.Elem(), open)
	case reflect.Array:
		return t.Len == rt.Len() && b.same(t.Elem, rt.Elem(), open)
	case reflect.Struct:
		if len(t.Fields) != rt.NumField() {
			return false
		}
		for i, f := range t.Fields {
			if rf := rt.Field(i); f.Offset != rf.Offset || !b.same(f.Type, rf.Type, open) {
				return false
			}
		}
	}
	return true
}

func (b *bridge) make(p *plan, t *layout.Type, rt reflect.Type) string {
	switch t.Kind {
	case reflect.Interface:
		p.in = func(m unsafe.Pointer, dst reflect.Value) { b.toNative(machine.Load(t, m), dst) }
		p.out = func(src reflect.Value, m unsafe.Pointer) { machine.Store(t, m, b.fromNative(src)) }
		return ""
	case reflect.Func:
		return b.funcs(p, t, rt)
	case reflect.Slice, reflect.Array:
		e, why := b.plan(t.Elem, rt.Elem())
		if e.in != nil {
			b.sequence(p, e, t, rt)
		}
		return why
	case reflect.Map:
		return b.mapping(p, t, rt)
	case reflect.Struct:
		return b.fields(p, t, rt)
	case reflect.Pointer:
		return "native code would see other memory behind the pointer"
	}
	return "channels stay on their side"
}

func (b *bridge) sequence(p, e *plan, t *layout.Type, rt reflect.Type) {
	at := func(m unsafe.Pointer, i int) unsafe.Pointer { return unsafe.Add(m, uintptr(i)*t.Elem.Size) }
	if t.Kind == reflect.Array {
		p.in = func(m unsafe.Pointer, dst reflect.Value) {
			for i := range t.Len {
				e.in(at(m, i), dst.Index(i))
			}
		}
		p.out = func(src reflect.Value, m unsafe.Pointer) {
			for i := range t.Len {
				e.out(src.Index(i), at(m, i))
			}
		}
		return
	}
	p.in = func(m unsafe.Pointer, dst reflect.Value) {
		s := machine.Load(t, m)
		if s.P == nil {
			dst.SetZero()
			return
		}
		dst.Set(reflect.MakeSlice(rt, int(s.N), int(s.N)))
		for i := range int(s.N) {
			e.in(at(s.P, i), dst.Index(i))
		}
	}
	if e.out == nil {
		return
	}
	p.out = func(src reflect.Value, m unsafe.Pointer) {
		if src.IsNil() {
			t.Clear(m)
			return
		}
		n := src.Len()
		data := t.Elem.NewArray(n)
		for i := range n {
			e.out(src.Index(i), at(data, i))
		}
		machine.Store(t, m, machine.Val{P: data, N: uint64(n), M: uint64(n)})
	}
	p.back = func(m unsafe.Pointer, dst reflect.Value) {
		s := machine.Load(t, m)
		for i := range min(int(s.N), dst.Len()) {
			e.out(dst.Index(i), at(s.P, i))
		}
	}
}

// mapping copies maps.
func (b *bridge) mapping(p *plan, t *layout.Type, rt reflect.Type) string {
	k, why := b.plan(t.Key, rt.Key())
	if why != "" {
		return why
	}
	e, why := b.plan(t.Elem, rt.Elem())
	if why != "" {
		return why
	}
	p.in = func(m unsafe.Pointer, dst reflect.Value) {
		h := (*machine.Map)(*(*unsafe.Pointer)(m))
		if h == nil {
			dst.SetZero()
			return
		}
		if b.showing && rt.PkgPath() == b.h.showing {
			dst.Set(reflect.ValueOf(b.forms(machine.Load(t, m))).Convert(rt))
			return
		}
		dst.Set(reflect.MakeMapWithSize(rt, h.Len()))
		it := h.Iterate(&machine.Rand{})
		for key, val, ok := it.Next(); ok; key, val, ok = it.Next() {
			nk, nv := reflect.New(rt.Key()).Elem(), reflect.New(rt.Elem()).Elem()
			k.in(put(t.Key, key), nk)
			e.in(put(t.Elem, val), nv)
			dst.SetMapIndex(nk, nv)
		}
	}
	p.out = func(src reflect.Value, m unsafe.Pointer) {
		if src.IsNil() {
			t.Clear(m)
			return
		}
		h := b.h.machine.NewMap(t.Key, t.Elem, src.Len())
		keys := src.MapKeys()
		slices.SortFunc(keys, func(x, y reflect.Value) int { return strings.Compare(fmt.Sprint(x), fmt.Sprint(y)) })
		for _, key := range keys {
			h.Put(k.value(t.Key, key), e.value(t.Elem, src.MapIndex(key)))
		}
		*(*unsafe.Pointer)(m) = unsafe.Pointer(h)
	}
	return ""
}

// fields carries a struct field by field.
func (b *bridge) fields(p *plan, t *layout.Type, rt reflect.Type) string {
	if len(t.Fields) != rt.NumField() {
		return fmt.Sprintf("natively it is a %s", rt)
	}
	plans := make([]*plan, len(t.Fields))
	for i, f := range t.Fields {
		var why string
		if plans[i], why = b.plan(f.Type, rt.Field(i).Type); why != "" {
			return "its field " + f.Name + ": " + why
		}
	}
	// Fields that are not exported are reached by their address.
	field := func(v reflect.Value, i int) reflect.Value {
		f := v.Field(i)
		return reflect.NewAt(f.Type(), f.Addr().UnsafePointer()).Elem()
	}
	p.in = func(m unsafe.Pointer, dst reflect.Value) {
		for i, f := range t.Fields {
			plans[i].in(unsafe.Add(m, f.Offset), field(dst, i))
		}
	}
	p.out = func(src reflect.Value, m unsafe.Pointer) {
		if !src.CanAddr() {
			v := reflect.New(rt).Elem()
			v.Set(src)
			src = v
		}
		for i, f := range t.Fields {
			plans[i].out(field(src, i), unsafe.Add(m, f.Offset))
		}
	}
	return ""
}

// callsBack tells whether values of a type may hold functions of the program:
// a native function that has one may call them.
func (b *bridge) callsBack(rt reflect.Type) bool {
	if is, ok := b.mayCall[rt]; ok {
		return is
	}
	b.mayCall[rt] = false // of a type that contains itself
	is := false
	switch rt.Kind() {
	case reflect.Interface, reflect.Func, reflect.Map, reflect.Chan:
		is = rt != reflect.TypeFor[error]()
	case reflect.Pointer, reflect.Slice, reflect.Array:
		is = b.callsBack(rt.Elem())
	case reflect.Struct:
		for i := range rt.NumField() {
			is = is || b.callsBack(rt.Field(i).Type)
		}
	}
	b.mayCall[rt] = is
	return is
}

// reflected gives the native form of a type; nil: it has none.
func (b *bridge) reflected(t *layout.Type) reflect.Type {
	if rt, ok := b.native[t]; ok {
		return rt
	}
	b.native[t] = nil // of a type that contains itself
	rt := b.form(t)
	b.native[t] = rt
	return rt
}

func (b *bridge) form(t *layout.Type) reflect.Type {
	switch g := types.Unalias(t.Go).(type) {
	case *types.Named:
		return b.namedForm(t, g)
	case *types.Basic:
		if t.Class == layout.String {
			return reflect.TypeFor[string]()
		}
		return t.Shape
	case *types.Interface:
		if g.Empty() {
			return reflect.TypeFor[any]()
		}
		return nil
	case *types.Struct:
		if len(t.Fields) == 0 {
			return reflect.TypeFor[struct{}]()
		}
		return nil
	}
	var e reflect.Type
	if t.Elem != nil {
		if e = b.reflected(t.Elem); e == nil {
			return nil
		}
	}
	switch t.Kind {
	case reflect.Pointer:
		return reflect.PointerTo(e)
	case reflect.Slice:
		return reflect.SliceOf(e)
	case reflect.Array:
		return reflect.ArrayOf(t.Len, e)
	case reflect.Map:
		if k := b.reflected(t.Key); k != nil {
			return reflect.MapOf(k, e)
		}
	}
	return nil
}

func (b *bridge) namedForm(t *layout.Type, n *types.Named) reflect.Type {
	if rt := b.h.lib.Reflected(n); rt != nil {
		return rt
	}
	if n.Obj().Pkg() == nil {
		return reflect.TypeFor[error]()
	}
	// A type of a package that runs from source may be compiled in as well.
	v := b.h.lib.Symbols(n.Obj().Pkg().Path())[n.Obj().Name()]
	if !v.IsValid() || v.Kind() != reflect.Pointer || v.CanAddr() || n.TypeArgs().Len() > 0 {
		return nil
	}
	rt := v.Type().Elem()
	if t.Kind == reflect.Interface || rt.Name() == n.Obj().Name() && b.same(t, rt, map[planKey]bool{}) {
		return rt
	}
	return nil
}

// closed says why interpreted code cannot reach a field: it lies in memory as
// native code has it, and that is not how the machine has it.
func (b *bridge) closed(t *layout.Type, field int) string {
	n, ok := t.Go.(*types.Named)
	if !ok {
		return ""
	}
	rt := b.h.lib.Reflected(n)
	if rt == nil || rt.Kind() != reflect.Struct || field >= rt.NumField() || !rt.Field(field).IsExported() {
		return ""
	}
	f := rt.Field(field)
	if b.same(t.Fields[field].Type, f.Type, map[planKey]bool{}) {
		return ""
	}
	return fmt.Sprintf("field %s of the native type %s, a %s, is not available on the machine; %%evaluator yaegi has it", f.Name, t, f.Type)
}

// owns tells whether values of a type lie in memory as native code has them.
func (b *bridge) owns(t *layout.Type) bool {
	n, ok := types.Unalias(t.Go).(*types.Named)
	return ok && b.h.lib.Reflected(n) != nil
}
