package library

import (
	"go/token"
	"go/types"
	"reflect"
)

// named converts a defined type: first its name, so that it may mention itself,
// then its form, and its methods when the queue is drained.
func (l *Library) named(t reflect.Type) types.Type {
	if from := l.override[t.PkgPath()]; from != nil {
		l.mu.Unlock()
		pkg, err := from()
		l.mu.Lock()
		if err == nil {
			if obj := pkg.Scope().Lookup(t.Name()); obj != nil {
				l.types[t] = obj.Type()
				return obj.Type()
			}
		}
	}
	pkg := l.home(t)
	named := types.NewNamed(types.NewTypeName(token.NoPos, pkg, t.Name(), nil), nil, nil)
	l.types[t] = named
	l.reflected[named.Obj()] = t
	named.SetUnderlying(l.literal(t).Underlying())
	if t.Kind() != reflect.Interface {
		l.queue = append(l.queue, func() { l.methods(named, t) })
	}
	return named
}

// drain adds the methods of all types converted since; adding some may convert more.
func (l *Library) drain() {
	for len(l.queue) > 0 {
		next := l.queue[0]
		l.queue = l.queue[1:]
		next()
	}
}

// methods adds the method sets of T and *T as reflection lists them, promoted
// ones included, and the unexported methods of interfaces that T implements.
func (l *Library) methods(named *types.Named, t reflect.Type) {
	pkg := named.Obj().Pkg()
	add := func(from reflect.Type, recv types.Type) {
		for i := range from.NumMethod() {
			m := from.Method(i)
			v := types.NewVar(token.NoPos, pkg, "", recv)
			v.SetKind(types.RecvVar)
			// A method that is there already (of T, seen again at *T) is left alone.
			named.AddMethod(types.NewFunc(token.NoPos, pkg, m.Name, l.signature(m.Type, v, 1)))
		}
	}
	add(t, named)
	add(reflect.PointerTo(t), types.NewPointer(named))

	for _, i := range l.sealedIn(t.PkgPath()) {
		recv := types.Type(named)
		if !t.Implements(i) {
			if !reflect.PointerTo(t).Implements(i) {
				continue
			}
			recv = types.NewPointer(named)
		}
		for j := range i.NumMethod() {
			if m := i.Method(j); m.PkgPath != "" && m.PkgPath == t.PkgPath() {
				v := types.NewVar(token.NoPos, pkg, "", recv)
				v.SetKind(types.RecvVar)
				named.AddMethod(types.NewFunc(token.NoPos, pkg, m.Name, l.signature(m.Type, v, 0)))
			}
		}
	}
}

// sealedIn lists the exported interfaces of a package that have unexported
// methods: reflection lists those methods for the interface, not for the types
// that have them.
func (l *Library) sealedIn(path string) []reflect.Type {
	if list, ok := l.sealed[path]; ok {
		return list
	}
	var list []reflect.Type
	for _, v := range l.symbols[path] {
		t := v.Type()
		if t.Kind() != reflect.Pointer || v.CanAddr() || !v.IsNil() || t.Elem().Kind() != reflect.Interface {
			continue
		}
		t = t.Elem()
		for i := range t.NumMethod() {
			if t.Method(i).PkgPath != "" {
				list = append(list, t)
				break
			}
		}
	}
	l.sealed[path] = list
	return list
}
