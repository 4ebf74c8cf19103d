package host

import (
	"fmt"
	"go/types"
	"iter"
	"reflect"
	"unsafe"

	"interleave/engine/layout"
	"interleave/engine/machine"
)

// crossing is one call of a native function that may call interpreted code. The
// native side runs as a coroutine: either it runs or the machine does, never
// both, so it is part of the task that called it. A call back stops it until the
// interpreted function has returned, however long that function waits.
type crossing struct {
	b     *bridge
	next  func() (request, bool)
	stop  func()
	yield func(request) bool
	outer *crossing // the one in whose callback this one began

	out    []reflect.Value
	thrown *thrown
	reply  reply
}

// request asks the machine to call a function.
type request struct {
	fn   *machine.Func
	args []machine.Val
}

// reply is how that ended.
type reply struct {
	vals   []machine.Val
	thrown *passing
}

// passing is a panic of interpreted code on its way through native frames.
type passing struct{ value machine.Val }

// Error tells native code that prints what it recovers.
func (p *passing) Error() string { return "a panic of the program" }

// abandoned unwinds the native side of a crossing whose task has gone.
type abandoned struct{}

// cross calls a function that may call back.
func (c *callee) cross(x *machine.Exec) (st machine.Status) {
	x.Spend(nativeCost)
	defer c.b.refused(x, c.name, &st)
	args, mem := make([]reflect.Value, len(c.in)), make([]machine.Val, len(c.in))
	rt := c.v.Type()
	for i, r := range c.params {
		args[i] = reflect.New(rt.In(i)).Elem()
		mem[i].P = put(r.T, x.Get(r))
	}
	carry := func() {
		c.b.showing = c.shows
		defer func() { c.b.showing = false }()
		for i, p := range c.in {
			p.in(mem[i].P, args[i])
		}
	}
	if !c.shows {
		carry()
	}
	s := &crossing{b: c.b}
	s.next, s.stop = iter.Pull(func(yield func(request) bool) {
		s.yield = yield
		if c.shows { // what is to be shown may be asked on its way
			if s.thrown = catch(carry); s.thrown != nil {
				return
			}
		}
		s.out, s.thrown = c.invoke(args)
	})
	base := x.Here()
	return s.resume(x, func(x *machine.Exec) (st machine.Status) {
		x.At(base)
		if s.thrown != nil {
			return c.b.raise(x, s.thrown)
		}
		defer c.b.refused(x, c.name, &st)
		for i, p := range c.in {
			if p.back != nil && !(c.variadic && i == len(c.in)-1) {
				p.back(mem[i].P, args[i])
			}
		}
		return c.finish(x, s.out)
	})
}

// resume lets the native side go on until it ends or calls back.
func (s *crossing) resume(x *machine.Exec, end func(*machine.Exec) machine.Status) machine.Status {
	s.outer, s.b.current = s.b.current, s
	req, more := s.next()
	s.b.current = s.outer
	if !more {
		return end(x)
	}
	return x.CallBackOr(req.fn, req.args, func(x *machine.Exec, fn *machine.Func) machine.Status {
		s.reply = reply{vals: outcome(x, fn)}
		return s.resume(x, end)
	}, func(x *machine.Exec, p *machine.Panicking) machine.Status {
		if p.Goexit || p.Fatal != "" {
			s.stop()
			return machine.Next
		}
		s.reply = reply{thrown: &passing{p.Value}}
		return s.resume(x, end)
	})
}

// back is how the native side calls an interpreted function.
func (s *crossing) back(fn *machine.Func, args []machine.Val) []machine.Val {
	showing := s.b.showing
	s.b.showing = false
	if !s.yield(request{fn, args}) {
		panic(abandoned{})
	}
	s.b.showing = showing
	if s.reply.thrown != nil {
		panic(s.reply.thrown)
	}
	return s.reply.vals
}

// callBack makes a native function of type rt that calls what target gives for
// the arguments.
func (b *bridge) callBack(rt reflect.Type, sig *types.Signature, target func([]machine.Val) (*machine.Func, []machine.Val)) reflect.Value {
	b.lent = true
	params, results := b.tuple(sig.Params()), b.tuple(sig.Results())
	in, out := make([]*plan, len(params)), make([]*plan, len(results))
	for i, t := range params {
		p, why := b.plan(t, rt.In(i))
		if p.out == nil {
			panic(&refusal{"a function cannot be called from native code: " + because(t, why)})
		}
		in[i] = p
	}
	for i, t := range results {
		p, why := b.plan(t, rt.Out(i))
		if p.in == nil {
			panic(&refusal{"a function cannot be called from native code: " + because(t, why)})
		}
		out[i] = p
	}
	return reflect.MakeFunc(rt, func(native []reflect.Value) []reflect.Value {
		if b.current == nil {
			panic(&refusal{"a function of the program was called from outside of a call by the program"})
		}
		args := make([]machine.Val, len(native))
		for i, v := range native {
			args[i] = in[i].value(params[i], v)
		}
		vals := b.current.back(target(args))
		list := make([]reflect.Value, len(vals))
		for i, v := range vals {
			list[i] = reflect.New(rt.Out(i)).Elem()
			out[i].in(put(results[i], v), list[i])
		}
		return list
	})
}

func (b *bridge) tuple(t *types.Tuple) []*layout.Type {
	var list []*layout.Type
	for v := range t.Variables() {
		list = append(list, b.h.universe.Of(v.Type()))
	}
	return list
}

// funcs carries functions.
func (b *bridge) funcs(p *plan, t *layout.Type, rt reflect.Type) string {
	sig := signature(t)
	if sig.Params().Len() != rt.NumIn() || sig.Results().Len() != rt.NumOut() {
		return fmt.Sprintf("natively it is a %s", rt)
	}
	p.in = func(m unsafe.Pointer, dst reflect.Value) {
		c := (*machine.Closure)(*(*unsafe.Pointer)(m))
		if c == nil {
			dst.SetZero()
			return
		}
		dst.Set(b.callBack(rt, sig, c.ClosureArgs))
	}
	p.out = func(src reflect.Value, m unsafe.Pointer) {
		if src.IsNil() {
			*(*unsafe.Pointer)(m) = nil
			return
		}
		f := b.h.compiler.Frame(rt.String(), sig)
		f.Native = b.call(rt.String(), src, f.Params, f.Results)
		*(*unsafe.Pointer)(m) = unsafe.Pointer(&machine.Closure{Fn: f})
	}
	return ""
}
