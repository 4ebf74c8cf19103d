package host

import (
	"encoding/binary"
	"go/token"
	"go/types"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"
	"unsafe"

	"interleave/engine/layout"
	"interleave/engine/machine"
)

// mirror is package reflect: what its own source leaves to the host.
type mirror struct {
	h       *Host
	methods map[*layout.Type][]*types.Selection // exported ones by name; of an interface all
}

// reflection lists the natives of package reflect.
func (h *Host) reflection() map[string]machine.Native {
	r := &mirror{h: h, methods: map[*layout.Type][]*types.Selection{}}
	all := map[string]machine.Native{}
	for _, list := range []map[string]machine.Native{r.memory(), r.typeInfo(), r.typeMakers(), r.methodSets(), r.maps(), r.channels(), r.calls()} {
		for name, n := range list {
			all["reflect."+name] = n
		}
	}
	maps.Copy(all, h.lite())
	all["maps.clone"] = cloneMap
	return all
}

func typ(v machine.Val) *layout.Type            { return (*layout.Type)(v.P) }
func handle(t *layout.Type) machine.Val         { return machine.Val{P: unsafe.Pointer(t)} }
func address(p unsafe.Pointer) machine.Val      { return machine.Val{P: p} }
func (r *mirror) of(t types.Type) machine.Val   { return handle(r.h.universe.Of(t)) }
func handles(v machine.Val) []*layout.Type      { return unsafe.Slice((**layout.Type)(v.P), int(v.N)) }
func addresses(v machine.Val) []unsafe.Pointer  { return unsafe.Slice((*unsafe.Pointer)(v.P), int(v.N)) }
func texts(v machine.Val) []string              { return unsafe.Slice((*string)(v.P), int(v.N)) }
func flags(v machine.Val) []bool                { return unsafe.Slice((*bool)(v.P), int(v.N)) }
func signature(t *layout.Type) *types.Signature { return t.Go.Underlying().(*types.Signature) }

// memory are allocation and copies.
func (r *mirror) memory() map[string]machine.Native {
	return map[string]machine.Native{
		"unpack": func(x *machine.Exec) machine.Status {
			v := x.Arg(0)
			return x.Return(address(v.P), address(v.Q))
		},
		"pack": func(x *machine.Exec) machine.Status {
			return x.Return(machine.Val{P: x.Arg(0).P, Q: x.Arg(1).P})
		},
		"newValue": func(x *machine.Exec) machine.Status {
			t := typ(x.Arg(0))
			if st := x.Charge(int(t.Size)); st != machine.Next {
				return st
			}
			return x.Return(address(t.New()))
		},
		"newArray": func(x *machine.Exec) machine.Status {
			t, n := typ(x.Arg(0)), int(x.Arg(1).N)
			if !fits(t, n) {
				return x.ThrowPlain("runtime: allocation size out of range")
			}
			if st := x.Charge(int(t.Size) * n); st != machine.Next {
				return st
			}
			return x.Return(address(t.NewArray(n)))
		},
		"copyValue": func(x *machine.Exec) machine.Status {
			t, dst, src := typ(x.Arg(0)), x.Arg(1).P, x.Arg(2).P
			if x.Watch(src, t.Size, false) || x.Watch(dst, t.Size, true) {
				return machine.Again
			}
			x.Overwrite(t, dst, 1)
			t.Copy(dst, src)
			return machine.Next
		},
		"copyArray": func(x *machine.Exec) machine.Status {
			t, dst, src, n := typ(x.Arg(0)), x.Arg(1).P, x.Arg(2).P, int(x.Arg(3).N)
			if x.Watch(src, t.Size*uintptr(n), false) || x.Watch(dst, t.Size*uintptr(n), true) {
				return machine.Again
			}
			x.Overwrite(t, dst, n)
			t.CopyArray(dst, src, n)
			return machine.Next
		},
		"clearValue": func(x *machine.Exec) machine.Status {
			t, p := typ(x.Arg(0)), x.Arg(1).P
			if x.Watch(p, t.Size, true) {
				return machine.Again
			}
			x.Overwrite(t, p, 1)
			t.Clear(p)
			return machine.Next
		},
		"isZeroMemory": func(x *machine.Exec) machine.Status {
			return x.Return(truth(isZero(typ(x.Arg(0)), x.Arg(1).P)))
		},
		"growSlice": func(x *machine.Exec) machine.Status {
			t, p, n := typ(x.Arg(0)), x.Arg(1).P, int(x.Arg(4).N)
			if !fits(t, n) {
				return x.ThrowRuntime("growslice: len out of range")
			}
			if st := x.Charge(int(t.Size) * n); st != machine.Next {
				return st
			}
			p, c := t.Grow(p, int(x.Arg(2).N), int(x.Arg(3).N), n)
			return x.Return(address(p), number(c))
		},
		"equalMemory": func(x *machine.Exec) (st machine.Status) {
			defer x.Comparing(&st)
			return x.Return(truth(machine.EqualMemory(typ(x.Arg(0)), x.Arg(1).P, x.Arg(2).P)))
		},
	}
}

// fits tells whether so many values of a type could lie in the memory of any computer.
func fits(t *layout.Type, n int) bool {
	const most = 1 << 48
	return n >= 0 && uintptr(n) <= most/max(t.Size, 1)
}

// isZero tells whether a value is zero as reflect sees it: floating-point
// numbers by ==, all else word by word.
func isZero(t *layout.Type, p unsafe.Pointer) bool {
	switch t.Kind {
	case reflect.Array:
		for i := range t.Len {
			if !isZero(t.Elem, unsafe.Add(p, uintptr(i)*t.Elem.Size)) {
				return false
			}
		}
		return true
	case reflect.Struct:
		for _, f := range t.Fields {
			if f.Name != "_" && !isZero(f.Type, unsafe.Add(p, f.Offset)) {
				return false
			}
		}
		return true
	}
	v := machine.Load(t, p)
	switch t.Class {
	case layout.Float:
		return machine.Float(v) == 0
	case layout.Complex:
		return machine.Float(v) == 0 && machine.Float(machine.Val{N: v.M}) == 0
	case layout.String:
		return v.N == 0
	}
	return v.P == nil && v.N == 0
}

func typePath(t *layout.Type) string {
	if n, ok := t.Go.(*types.Named); ok && n.Obj().Pkg() != nil {
		return n.Obj().Pkg().Path()
	}
	if t.Go == types.Typ[types.UnsafePointer] {
		return "unsafe"
	}
	return ""
}

func typeName(t *layout.Type) string {
	switch g := t.Go.(type) {
	case *types.Named:
		s := layout.TypeString(g)
		if g.Obj().Pkg() != nil {
			s = strings.TrimPrefix(s, g.Obj().Pkg().Name()+".")
		}
		return s
	case *types.Basic:
		return basicName(g)
	}
	return ""
}

func basicName(t *types.Basic) string {
	if t.Kind() == types.UnsafePointer {
		return "Pointer"
	}
	return layout.TypeString(t)
}

// typeOrder is a number for each type that is the same in every run, in the order
// in which types mostly lie in a compiled program: pointers, named basic types,
// basic ones, all others; among equals by name.
func typeOrder(t *layout.Type) uint64 {
	basic, isBasic := t.Go.(*types.Basic)
	_, hasBasic := t.Go.Underlying().(*types.Basic)
	group, place := uint64(4), uint64(0)
	switch {
	case t.Kind == reflect.Pointer:
		group = 1
	case isBasic:
		order := []string{
			"string", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "int", "uint", "uintptr",
			"complex64", "complex128", "float32", "float64", "bool", "Pointer",
		}
		group, place = 3, uint64(slices.Index(order, basicName(basic)))
	case hasBasic && types.NewMethodSet(t.Go).Len() == 0:
		group = 2
	}
	name := t.String()
	if n, ok := t.Go.(*types.Named); ok {
		name = n.Obj().Name()
	}
	var start [8]byte
	copy(start[3:], name)
	return group<<52 | place<<44 | binary.BigEndian.Uint64(start[:])
}

// typeInfo is what a type's descriptor does not show by itself.
func (r *mirror) typeInfo() map[string]machine.Native {
	text := func(f func(t *layout.Type) string) machine.Native {
		return func(x *machine.Exec) machine.Status { return x.Return(machine.StringVal(f(typ(x.Arg(0))))) }
	}
	two := func(f func(t, u types.Type) bool) machine.Native {
		return func(x *machine.Exec) machine.Status {
			return x.Return(truth(f(typ(x.Arg(0)).Go, typ(x.Arg(1)).Go)))
		}
	}
	return map[string]machine.Native{
		"typeString": text((*layout.Type).String),
		"typeName":   text(typeName),
		"typePath":   text(typePath),
		"typeOrder":  func(x *machine.Exec) machine.Status { return x.Return(machine.Val{N: typeOrder(typ(x.Arg(0)))}) },
		"fieldInfo": func(x *machine.Exec) machine.Status {
			st := typ(x.Arg(0)).Go.Underlying().(*types.Struct)
			i := int(x.Arg(1).N)
			f := st.Field(i)
			path := ""
			if !f.Exported() && f.Pkg() != nil {
				path = f.Pkg().Path()
			}
			return x.Return(machine.StringVal(path), machine.StringVal(st.Tag(i)), truth(f.Embedded()))
		},
		"numIn": func(x *machine.Exec) machine.Status { return x.Return(number(signature(typ(x.Arg(0))).Params().Len())) },
		"numOut": func(x *machine.Exec) machine.Status {
			return x.Return(number(signature(typ(x.Arg(0))).Results().Len()))
		},
		"in":  func(x *machine.Exec) machine.Status { return r.part(x, signature(typ(x.Arg(0))).Params()) },
		"out": func(x *machine.Exec) machine.Status { return r.part(x, signature(typ(x.Arg(0))).Results()) },
		"variadic": func(x *machine.Exec) machine.Status {
			return x.Return(truth(signature(typ(x.Arg(0))).Variadic()))
		},
		"chanDir": func(x *machine.Exec) machine.Status {
			dir := map[types.ChanDir]int{types.RecvOnly: 1, types.SendOnly: 2, types.SendRecv: 3}
			return x.Return(number(dir[typ(x.Arg(0)).Go.Underlying().(*types.Chan).Dir()]))
		},
		"implements": func(x *machine.Exec) machine.Status {
			return x.Return(truth(r.h.compiler.Implements(typ(x.Arg(0)), typ(x.Arg(1)))))
		},
		"assignable":     two(types.AssignableTo),
		"convertible":    two(convertible),
		"identicalUnder": two(func(t, u types.Type) bool { return types.IdenticalIgnoreTags(t.Underlying(), u.Underlying()) }),
	}
}

func (r *mirror) part(x *machine.Exec, list *types.Tuple) machine.Status {
	i := x.Arg(1).N
	if i >= uint64(list.Len()) {
		return x.ThrowIndex(int64(i), int64(list.Len()), false)
	}
	return x.Return(r.of(list.At(int(i)).Type()))
}

// convertible is Go's rule without package unsafe's.
func convertible(t, u types.Type) bool {
	unsafely := func(t types.Type) bool {
		b, ok := t.Underlying().(*types.Basic)
		return ok && b.Kind() == types.UnsafePointer
	}
	if unsafely(t) != unsafely(u) {
		return false
	}
	return types.ConvertibleTo(t, u)
}

// typeMakers make types of types.
func (r *mirror) typeMakers() map[string]machine.Native {
	one := func(f func(t types.Type) types.Type) machine.Native {
		return func(x *machine.Exec) machine.Status { return x.Return(r.of(f(typ(x.Arg(0)).Go))) }
	}
	tuple := func(v machine.Val) *types.Tuple {
		var vars []*types.Var
		for _, t := range handles(v) {
			vars = append(vars, types.NewParam(token.NoPos, nil, "", t.Go))
		}
		return types.NewTuple(vars...)
	}
	return map[string]machine.Native{
		"pointerTo": one(func(t types.Type) types.Type { return types.NewPointer(t) }),
		"sliceOf":   one(func(t types.Type) types.Type { return types.NewSlice(t) }),
		"arrayOf": func(x *machine.Exec) machine.Status {
			return x.Return(r.of(types.NewArray(typ(x.Arg(1)).Go, int64(x.Arg(0).N))))
		},
		"mapOf": func(x *machine.Exec) machine.Status {
			return x.Return(r.of(types.NewMap(typ(x.Arg(0)).Go, typ(x.Arg(1)).Go)))
		},
		"chanOf": func(x *machine.Exec) machine.Status {
			dir := []types.ChanDir{types.RecvOnly, types.SendOnly, types.SendRecv}[x.Arg(0).N-1]
			return x.Return(r.of(types.NewChan(dir, typ(x.Arg(1)).Go)))
		},
		"funcOf": func(x *machine.Exec) machine.Status {
			return x.Return(r.of(types.NewSignatureType(nil, nil, nil, tuple(x.Arg(0)), tuple(x.Arg(1)), x.Arg(2).N != 0)))
		},
		"structOf": func(x *machine.Exec) machine.Status {
			names, paths, tags, embedded := texts(x.Arg(0)), texts(x.Arg(1)), texts(x.Arg(2)), flags(x.Arg(4))
			var fields []*types.Var
			for i, t := range handles(x.Arg(3)) {
				fields = append(fields, types.NewField(token.NoPos, packageOf(paths[i]), names[i], t.Go, embedded[i]))
			}
			return x.Return(r.of(types.NewStruct(fields, slices.Clone(tags))))
		},
	}
}

// packageOf is the package of a struct's unexported field, which only its path
// identifies; nil for "".
func packageOf(p string) *types.Package {
	if p == "" {
		return nil
	}
	return types.NewPackage(p, path.Base(p))
}
