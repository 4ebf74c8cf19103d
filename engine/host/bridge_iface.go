package host

import (
	"fmt"
	"go/types"
	"io"
	"io/fs"
	"reflect"
	"unsafe"

	"interleave/engine/layout"
	"interleave/engine/machine"
)

// carried is what a native interface holds for a value of the machine.
type carried struct{ val machine.Val }

// wrappedError is a value of the machine as a native error.
type wrappedError struct {
	IValue any
	WError func() string
}

func (e wrappedError) Error() string { return e.WError() }

// fuller lists what native code asks values of an interface for beyond its methods,
// where the answer changes what it does: who decompresses reads a reader without
// ReadByte ahead, and the folder of a file system is listed through its file.
var fuller = map[reflect.Type]struct{ iface, wrapper reflect.Type }{
	reflect.TypeFor[io.Reader](): {reflect.TypeFor[io.ByteReader](), reflect.TypeFor[wrappedByteReader]()},
	reflect.TypeFor[fs.File]():   {reflect.TypeFor[fs.ReadDirFile](), reflect.TypeFor[wrappedReadDirFile]()},
}

type wrappedByteReader struct {
	IValue    any
	WRead     func([]byte) (int, error)
	WReadByte func() (byte, error)
}

func (r wrappedByteReader) Read(p []byte) (int, error) { return r.WRead(p) }
func (r wrappedByteReader) ReadByte() (byte, error)    { return r.WReadByte() }

type wrappedReadDirFile struct {
	IValue   any
	WStat    func() (fs.FileInfo, error)
	WRead    func([]byte) (int, error)
	WClose   func() error
	WReadDir func(int) ([]fs.DirEntry, error)
}

func (f wrappedReadDirFile) Stat() (fs.FileInfo, error)           { return f.WStat() }
func (f wrappedReadDirFile) Read(p []byte) (int, error)           { return f.WRead(p) }
func (f wrappedReadDirFile) Close() error                         { return f.WClose() }
func (f wrappedReadDirFile) ReadDir(n int) ([]fs.DirEntry, error) { return f.WReadDir(n) }

// toNative sets dst, of an interface type, to the value of the interface v.
func (b *bridge) toNative(v machine.Val, dst reflect.Value) {
	if v.P == nil {
		dst.SetZero()
		return
	}
	if b.showing && dst.NumMethod() == 0 {
		dst.Set(reflect.ValueOf(b.show(v)))
		return
	}
	if n, ok := b.known().native[v]; ok {
		dst.Set(reflect.ValueOf(n))
		return
	}
	t, want := (*layout.Type)(v.P), dst.Type()
	if rt := b.reflected(t); rt != nil && rt.Implements(want) {
		if p, _ := b.plan(t, rt); p.plain || p.in != nil && t.Kind == reflect.Slice {
			data := v.Q
			n := reflect.New(rt).Elem()
			p.in(machine.Memory(t, &data), n)
			dst.Set(n)
			return
		}
	}
	w := b.h.lib.Wrapper(want)
	if want == reflect.TypeFor[error]() {
		w = reflect.TypeFor[wrappedError]()
	}
	if f, ok := fuller[want]; ok && types.Implements(t.Go, b.h.lib.TypeOf(f.iface).Underlying().(*types.Interface)) {
		w = f.wrapper
	}
	if w == nil {
		panic(&refusal{fmt.Sprintf("a %s cannot be carried to native code as %s", t, want)})
	}
	dst.Set(b.wrap(v, t, w))
}

// wrap fills a struct of functions, one for each method.
func (b *bridge) wrap(v machine.Val, t *layout.Type, w reflect.Type) reflect.Value {
	b.lent = true
	s := reflect.New(w).Elem()
	for i := range w.NumField() {
		name := w.Field(i).Name
		if name == "IValue" {
			s.Field(i).Set(reflect.ValueOf(&carried{v}))
			continue
		}
		obj, _, _ := types.LookupFieldOrMethod(t.Go, true, nil, name[1:])
		m, ok := obj.(*types.Func)
		if !ok {
			panic(&refusal{fmt.Sprintf("a %s cannot be carried to native code: it has no method %s", t, name[1:])})
		}
		fn := b.h.compiler.Method(t, m)
		s.Field(i).Set(b.callBack(w.Field(i).Type, m.Signature(), func(args []machine.Val) (*machine.Func, []machine.Val) {
			return fn, append([]machine.Val{machine.Unbox(t, v.Q)}, args...)
		}))
	}
	return s
}

// fromNative makes an interface value of what a native interface, or any other
// native value, holds.
func (b *bridge) fromNative(src reflect.Value) machine.Val {
	if src.IsValid() && src.Kind() == reflect.Interface {
		src = src.Elem()
	}
	if !src.IsValid() {
		return machine.Val{}
	}
	rt := src.Type()
	if rt.Kind() == reflect.Struct && rt.NumField() > 0 && rt.Field(0).Name == "IValue" {
		if c, ok := src.Field(0).Interface().(*carried); ok {
			return c.val
		}
	}
	if rt.Kind() == reflect.Pointer && rt.Implements(reflect.TypeFor[error]()) && src.CanInterface() {
		if p := b.known().machine[src.Interface()]; p != nil {
			return machine.Load(b.errorType(), p)
		}
	}
	t := b.h.universe.Of(b.h.lib.TypeOf(rt))
	p, why := b.plan(t, rt)
	if p.out == nil && rt.Kind() == reflect.Pointer && rt.Implements(reflect.TypeFor[error]()) && !src.IsNil() {
		// An error is not written to: a copy tells the same.
		if e, _ := b.plan(t.Elem, rt.Elem()); e.out != nil {
			m := t.Elem.New()
			e.out(src.Elem(), m)
			return machine.Val{P: unsafe.Pointer(t), Q: m}
		}
	}
	if p.out == nil {
		panic(&refusal{fmt.Sprintf("a native %s cannot be carried (%s)", rt, why)})
	}
	m := t.New()
	p.out(src, m)
	return machine.Interface(t, machine.Load(t, m))
}

func (b *bridge) errorType() *layout.Type {
	return b.h.universe.Of(types.Universe.Lookup("error").Type())
}

// sentinels pairs the error values that packages such as io have both as native
// code and from source: io.EOF is one error.
type sentinels struct {
	state   [2]int // how many packages were loaded, and how many not initialised, when this was made
	native  map[machine.Val]any
	machine map[any]unsafe.Pointer // the machine's variable
}

func (b *bridge) known() *sentinels {
	state := b.h.load.state()
	if b.errors != nil && b.errors.state == state {
		return b.errors
	}
	s := &sentinels{state: state, native: map[machine.Val]any{}, machine: map[any]unsafe.Pointer{}}
	for path, pkg := range b.h.load.all() {
		sp := b.h.load.form(pkg)
		if sp == nil {
			continue // it is on its way
		}
		for name, v := range b.h.lib.Symbols(path) {
			if !v.CanAddr() || v.Type() != reflect.TypeFor[error]() || v.IsNil() || v.Elem().Kind() != reflect.Pointer {
				continue
			}
			g := sp.Var(name)
			if g == nil {
				continue
			}
			m := b.h.compiler.Global(g)
			s.machine[v.Interface()] = m
			if val := machine.Load(b.errorType(), m); val.P != nil {
				s.native[val] = v.Interface()
			}
		}
	}
	b.errors = s
	return s
}

// anyError is a native error as the machine's.
func (b *bridge) anyError(err error) machine.Val { return b.fromNative(reflect.ValueOf(err)) }
