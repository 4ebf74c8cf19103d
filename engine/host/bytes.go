package host

import (
	"bytes"
	"go/types"
	"reflect"
	"unsafe"

	"interleave/engine/layout"
	"interleave/engine/machine"
)

func slice(v machine.Val) []byte { return unsafe.Slice((*byte)(v.P), int(v.N)) }

func bytesVal(p []byte) machine.Val {
	return machine.Val{P: unsafe.Pointer(unsafe.SliceData(p)), N: uint64(len(p)), M: uint64(cap(p))}
}

func number(n int) machine.Val { return machine.Val{N: uint64(int64(n))} }

func truth(b bool) machine.Val {
	if b {
		return machine.Val{N: 1}
	}
	return machine.Val{}
}

// byteSearch is package internal/bytealg.
func byteSearch() map[string]machine.Native {
	two := func(f func(a, b []byte) int) machine.Native {
		return func(x *machine.Exec) machine.Status {
			a, b := slice(x.Arg(0)), slice(x.Arg(1))
			x.Spend(int64(len(a)) / 16)
			return x.Return(number(f(a, b)))
		}
	}
	one := func(f func(a []byte, c byte) int) machine.Native {
		return func(x *machine.Exec) machine.Status {
			a := slice(x.Arg(0))
			x.Spend(int64(len(a)) / 16)
			return x.Return(number(f(a, byte(x.Arg(1).N))))
		}
	}
	count := func(a []byte, c byte) int { return bytes.Count(a, []byte{c}) }
	return map[string]machine.Native{
		"internal/bytealg.Compare":             two(bytes.Compare),
		"internal/bytealg.CompareString":       two(bytes.Compare),
		"internal/bytealg.Count":               one(count),
		"internal/bytealg.CountString":         one(count),
		"internal/bytealg.Index":               two(bytes.Index),
		"internal/bytealg.IndexString":         two(bytes.Index),
		"internal/bytealg.IndexByte":           one(bytes.IndexByte),
		"internal/bytealg.IndexByteString":     one(bytes.IndexByte),
		"internal/bytealg.LastIndexByte":       one(bytes.LastIndexByte),
		"internal/bytealg.LastIndexByteString": one(bytes.LastIndexByte),
	}
}

// lite is package internal/reflectlite.
func (h *Host) lite() map[string]machine.Native {
	typ := func(v machine.Val) *layout.Type { return (*layout.Type)(v.P) }
	handle := func(t *layout.Type) machine.Val { return machine.Val{P: unsafe.Pointer(t)} }
	under := func(t *layout.Type) *types.Interface {
		i, _ := t.Go.Underlying().(*types.Interface)
		return i
	}
	return map[string]machine.Native{
		"internal/reflectlite.typeOf": func(x *machine.Exec) machine.Status { return x.Return(machine.Val{P: x.Arg(0).P}) },
		"internal/reflectlite.name": func(x *machine.Exec) machine.Status {
			t := typ(x.Arg(0))
			s := ""
			switch g := t.Go.(type) {
			case *types.Named:
				s = g.Obj().Name()
			case *types.Basic:
				s = g.Name()
			}
			return x.Return(machine.StringVal(s))
		},
		"internal/reflectlite.text": func(x *machine.Exec) machine.Status { return x.Return(machine.StringVal(typ(x.Arg(0)).String())) },
		"internal/reflectlite.kind": func(x *machine.Exec) machine.Status { return x.Return(machine.Val{N: uint64(typ(x.Arg(0)).Kind)}) },
		"internal/reflectlite.elem": func(x *machine.Exec) machine.Status {
			t := typ(x.Arg(0))
			if t.Elem == nil {
				return x.ThrowPlain("reflect: Elem of invalid type " + t.String())
			}
			return x.Return(handle(t.Elem))
		},
		"internal/reflectlite.implements": func(x *machine.Exec) machine.Status {
			return x.Return(truth(types.Implements(typ(x.Arg(0)).Go, under(typ(x.Arg(1))))))
		},
		"internal/reflectlite.assignable": func(x *machine.Exec) machine.Status {
			return x.Return(truth(types.AssignableTo(typ(x.Arg(0)).Go, typ(x.Arg(1)).Go)))
		},
		"internal/reflectlite.comparable": func(x *machine.Exec) machine.Status { return x.Return(truth(typ(x.Arg(0)).Comparable)) },
		"internal/reflectlite.length": func(x *machine.Exec) machine.Status {
			v := x.Arg(0)
			return x.Return(machine.Val{N: machine.Load(typ(v), v.Q).N})
		},
		"internal/reflectlite.isNil": func(x *machine.Exec) machine.Status {
			v := x.Arg(0)
			return x.Return(truth(v.P == nil || machine.Unbox(typ(v), v.Q).P == nil))
		},
		"internal/reflectlite.setElem": func(x *machine.Exec) machine.Status {
			ptr, v := x.Arg(0), x.Arg(1)
			t := typ(ptr).Elem
			x.Overwrite(t, ptr.Q, 1)
			if t.Kind == reflect.Interface {
				machine.Store(t, ptr.Q, v)
			} else {
				machine.Store(t, ptr.Q, machine.Unbox(typ(v), v.Q))
			}
			return machine.Next
		},
		"internal/reflectlite.swap": func(x *machine.Exec) machine.Status {
			v := x.Arg(0)
			s := machine.Load(typ(v), v.Q)
			e := typ(v).Elem
			i, j := x.Arg(1).N, x.Arg(2).N
			if i >= s.N || j >= s.N {
				return x.ThrowPlain("reflect: slice index out of range")
			}
			a, b := unsafe.Add(s.P, uintptr(i)*e.Size), unsafe.Add(s.P, uintptr(j)*e.Size)
			x.Overwrite(e, a, 1)
			x.Overwrite(e, b, 1)
			va, vb := machine.Load(e, a), machine.Load(e, b)
			machine.Store(e, a, vb)
			machine.Store(e, b, va)
			return machine.Next
		},
	}
}
