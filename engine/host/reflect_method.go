package host

import (
	"go/types"
	"slices"
	"strings"
	"unsafe"

	"interleave/engine/layout"
	"interleave/engine/machine"
)

// set lists a type's methods as reflect numbers them. A type of a cell may get
// methods later, so its list is not kept.
func (r *mirror) set(t *layout.Type) []*types.Selection {
	if list, ok := r.methods[t]; ok {
		return list
	}
	var list []*types.Selection
	all := types.NewMethodSet(t.Go)
	for s := range all.Methods() {
		if s.Obj().Exported() || types.IsInterface(t.Go) {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b *types.Selection) int { return strings.Compare(a.Obj().Name(), b.Obj().Name()) })
	if !r.growing(t.Go) {
		r.methods[t] = list
	}
	return list
}

func (r *mirror) growing(t types.Type) bool {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := t.(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "main"
}

func bare(s *types.Selection) *types.Signature {
	sig := s.Obj().(*types.Func).Signature()
	return types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic())
}

// code is the function that a method's selection calls, receiver first.
func (r *mirror) code(s *types.Selection) *machine.Func {
	return r.h.compiler.Func(r.h.prog.MethodValue(s))
}

// methodSets are Type.Method, Value.Method and what belongs to them.
func (r *mirror) methodSets() map[string]machine.Native {
	return map[string]machine.Native{
		"numMethod": func(x *machine.Exec) machine.Status { return x.Return(number(len(r.set(typ(x.Arg(0)))))) },
		"methodInfo": func(x *machine.Exec) machine.Status {
			s := r.set(typ(x.Arg(0)))[x.Arg(1).N]
			path := ""
			if !s.Obj().Exported() {
				path = s.Obj().Pkg().Path()
			}
			return x.Return(machine.StringVal(s.Obj().Name()), machine.StringVal(path), r.of(bare(s)))
		},
		"methodIndex": func(x *machine.Exec) machine.Status {
			name := machine.String(x.Arg(1))
			return x.Return(number(slices.IndexFunc(r.set(typ(x.Arg(0))), func(s *types.Selection) bool { return s.Obj().Name() == name })))
		},
		"methodExpr": func(x *machine.Exec) machine.Status {
			t := typ(x.Arg(0))
			s := r.set(t)[x.Arg(1).N]
			b := bare(s)
			vars := []*types.Var{types.NewParam(0, nil, "", t.Go)}
			for v := range b.Params().Variables() {
				vars = append(vars, v)
			}
			sig := types.NewSignatureType(nil, nil, nil, types.NewTuple(vars...), b.Results(), b.Variadic())
			target := r.code(s)
			f := r.h.compiler.Frame(target.Name, sig)
			f.Hidden = true
			f.Native = func(x *machine.Exec) machine.Status { return r.forward(x, target, arguments(x, len(vars))) }
			return x.Return(r.of(sig), address(unsafe.Pointer(&machine.Closure{Fn: f})))
		},
		"methodValue": func(x *machine.Exec) machine.Status {
			t, data := typ(x.Arg(0)), x.Arg(1).P
			s := r.set(t)[x.Arg(2).N]
			target := r.code(s)
			b := bare(s)
			f := r.h.compiler.Frame(target.Name, b)
			f.Hidden = true
			f.Native = func(x *machine.Exec) machine.Status {
				return r.forward(x, target, append([]machine.Val{machine.Unbox(t, data)}, arguments(x, b.Params().Len())...))
			}
			return x.Return(address(unsafe.Pointer(&machine.Closure{Fn: f})))
		},
	}
}

func arguments(x *machine.Exec, n int) []machine.Val {
	args := make([]machine.Val, n)
	for i := range args {
		args[i] = x.Arg(i)
	}
	return args
}

// forward makes the running native function return what fn returns.
func (r *mirror) forward(x *machine.Exec, fn *machine.Func, args []machine.Val) machine.Status {
	own, base := x.Func(), x.Here()
	return x.CallBack(fn, args, func(x *machine.Exec, fn *machine.Func) machine.Status {
		vals := outcome(x, fn)
		x.At(base)
		for i, v := range vals {
			x.Set(own.Results[i], v)
		}
		return machine.Next
	})
}

// outcome reads the results of a function that has just returned.
func outcome(x *machine.Exec, fn *machine.Func) []machine.Val {
	vals := make([]machine.Val, len(fn.Results))
	for i, reg := range fn.Results {
		vals[i] = x.Get(reg)
	}
	return vals
}

// calls are Value.Call and MakeFunc.
func (r *mirror) calls() map[string]machine.Native {
	return map[string]machine.Native{
		"call": func(x *machine.Exec) machine.Status {
			sig := signature(typ(x.Arg(0)))
			c := (*machine.Closure)(x.Arg(1).P)
			in, out := addresses(x.Arg(2)), addresses(x.Arg(3))
			args := make([]machine.Val, len(in))
			for i, p := range in {
				args[i] = machine.Load(r.h.universe.Of(sig.Params().At(i).Type()), p)
			}
			fn, args := c.ClosureArgs(args)
			base := x.Here()
			return x.CallBack(fn, args, func(x *machine.Exec, fn *machine.Func) machine.Status {
				for i, v := range outcome(x, fn) {
					machine.Store(r.h.universe.Of(sig.Results().At(i).Type()), out[i], v)
				}
				x.At(base)
				return machine.Next
			})
		},
		"makeFunc": func(x *machine.Exec) machine.Status {
			t := typ(x.Arg(0))
			c := (*machine.Closure)(x.Arg(1).P)
			return x.Return(address(unsafe.Pointer(&machine.Closure{Fn: r.made(t, c)})))
		},
	}
}

// made is a function of type t that hands its arguments and places for its
// results to c.
func (r *mirror) made(t *layout.Type, c *machine.Closure) *machine.Func {
	sig := signature(t)
	f := r.h.compiler.Frame("reflect.makeFuncStub", sig)
	f.Hidden, c.Fn.Hidden = true, true
	f.Native = func(x *machine.Exec) machine.Status {
		in := make([]unsafe.Pointer, sig.Params().Len())
		for i := range in {
			in[i] = f.Params[i].T.New()
			machine.Store(f.Params[i].T, in[i], x.Arg(i))
		}
		out := make([]unsafe.Pointer, len(f.Results))
		for i := range out {
			out[i] = f.Results[i].T.New()
		}
		fn, args := c.ClosureArgs([]machine.Val{list(in), list(out)})
		base := x.Here()
		return x.CallBack(fn, args, func(x *machine.Exec, _ *machine.Func) machine.Status {
			x.At(base)
			for i, reg := range f.Results {
				x.Set(reg, machine.Load(reg.T, out[i]))
			}
			return machine.Next
		})
	}
	return f
}

func list(p []unsafe.Pointer) machine.Val {
	return machine.Val{P: unsafe.Pointer(unsafe.SliceData(p)), N: uint64(len(p)), M: uint64(cap(p))}
}
