package host

import (
	"fmt"
	"go/types"
	"reflect"
	"slices"
	"strings"
	"unsafe"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/layout"
	"interleave/engine/machine"
)

// bridge calls the functions, methods and variables of packages that are not
// interpreted. What has one meaning on both sides is shared in place; interfaces,
// functions and maps are converted; the rest is refused in words.
type bridge struct {
	h       *Host
	plans   map[planKey]*plan
	native  map[*layout.Type]reflect.Type // the native form of the machine's types; nil: none
	mayCall map[reflect.Type]bool
	errors  *sentinels
	lent    bool      // native code was given a function of the program, which it may still have
	showing bool      // values are on their way to a function that shows them
	current *crossing // the native call that is running; nil: none that can call back
}

func newBridge(h *Host) *bridge {
	return &bridge{h: h, plans: map[planKey]*plan{}, native: map[*layout.Type]reflect.Type{}, mayCall: map[reflect.Type]bool{}}
}

// hostOnly lists packages whose functions concern the native program, or start
// goroutines that would call back at any time.
var hostOnly = map[string]bool{"runtime/pprof": true, "runtime/trace": true, "runtime/metrics": true, "net/http/pprof": true}

// labels are the functions of runtime/pprof that yaegi cannot call either: it cannot carry
// a LabelSet.
var labels = []string{"Do", "ForLabels", "Label", "Labels", "SetGoroutineLabels", "WithLabels"}

// refusal is raised, by panic, when a value cannot go to the other side.
type refusal struct{ msg string }

// function gives a function or method of the symbol tables; nil: there is none.
func (b *bridge) function(fn *ssa.Function) machine.Native {
	if fn.Pkg != nil && hostOnly[fn.Pkg.Pkg.Path()] {
		msg := fn.String() + " is not available on the machine: it would look at the host's own goroutines"
		if fn.Pkg.Pkg.Path() != "runtime/pprof" || !slices.Contains(labels, fn.Name()) {
			msg += "; %evaluator yaegi runs it"
		}
		return func(x *machine.Exec) machine.Status { return x.ThrowFatal(msg) }
	}
	v := b.find(fn)
	if !v.IsValid() {
		return nil
	}
	f := b.h.compiler.Func(fn)
	return b.call(fn.String(), v, f.Params, f.Results)
}

func (b *bridge) find(fn *ssa.Function) reflect.Value {
	recv := fn.Signature.Recv()
	if recv == nil {
		v := b.h.lib.Symbols(fn.Pkg.Pkg.Path())[fn.Name()]
		if !v.IsValid() || v.Kind() != reflect.Func {
			return reflect.Value{}
		}
		return v
	}
	rt := b.reflected(b.h.universe.Of(recv.Type()))
	if rt == nil {
		return reflect.Value{}
	}
	m, ok := rt.MethodByName(fn.Name())
	if !ok {
		return reflect.Value{}
	}
	return m.Func
}

// call makes a native function of the machine that calls v.
func (b *bridge) call(name string, v reflect.Value, params, results []machine.Reg) machine.Native {
	if n := quick(v, params, results); n != nil {
		return n
	}
	rt := v.Type()
	c := &callee{b: b, name: name, v: v, params: params, results: results, variadic: rt.IsVariadic()}
	c.shows = b.h.showing != "" && strings.Contains(name, b.h.showing+".") // methods, too
	back := false
	for i := range rt.NumIn() {
		p, why := b.plan(params[i].T, rt.In(i))
		if p.in == nil {
			return unavailable(name, params[i].T, why)
		}
		c.in = append(c.in, p)
		back = back || !p.plain || b.callsBack(rt.In(i))
	}
	for i := range rt.NumOut() {
		p, why := b.plan(results[i].T, rt.Out(i))
		if p.out == nil {
			return unavailable(name, results[i].T, why)
		}
		c.out = append(c.out, p)
	}
	if back {
		return c.cross
	}
	for i := range rt.NumIn() {
		c.room = append(c.room, reflect.New(rt.In(i)).Elem())
	}
	return c.direct
}

// elsewhere is where to go with what cannot be carried: yaegi's values are native ones,
// but for those of a learner's types.
const elsewhere = "%evaluator yaegi may run it"

func unavailable(name string, t *layout.Type, why string) machine.Native {
	msg := fmt.Sprintf("%s is not available on the machine: %s; %s", name, because(t, why), elsewhere)
	return func(x *machine.Exec) machine.Status { return x.ThrowFatal(msg) }
}

func because(t *layout.Type, why string) string {
	if why == "" {
		why = "its values have no native form"
	}
	return fmt.Sprintf("it takes or gives a %s (%s)", t, why)
}

// callee is a native function with what converts its arguments and results.
type callee struct {
	b               *bridge
	name            string
	v               reflect.Value
	params, results []machine.Reg
	in, out         []*plan
	variadic        bool
	shows           bool            // see Host.Shows
	room            []reflect.Value // for the arguments of direct calls: none of those calls back
}

const nativeCost = 60 // ns of virtual time

// direct calls a function that cannot come back to interpreted code.
func (c *callee) direct(x *machine.Exec) machine.Status {
	x.Spend(nativeCost)
	for i, r := range c.params {
		machine.Store(r.T, c.room[i].Addr().UnsafePointer(), x.Get(r))
	}
	out, thrown := c.invoke(c.room)
	for _, r := range c.room {
		r.SetZero()
	}
	if thrown != nil {
		return c.b.raise(x, thrown)
	}
	return c.finish(x, out)
}

func (c *callee) finish(x *machine.Exec, out []reflect.Value) (st machine.Status) {
	defer c.b.refused(x, c.name, &st)
	for i, o := range out {
		r := c.results[i]
		x.Set(r, c.out[i].value(r.T, o))
	}
	return machine.Next
}

// refused makes the program's fatal error of a refusal. It is to be deferred.
func (b *bridge) refused(x *machine.Exec, name string, st *machine.Status) {
	switch r := recover().(type) {
	case nil:
	case *refusal:
		*st = x.ThrowFatal(name + ": " + r.msg + "; " + elsewhere)
	default:
		panic(r)
	}
}

// thrown is a panic of native code.
type thrown struct{ value any }

func (c *callee) invoke(args []reflect.Value) (out []reflect.Value, th *thrown) {
	th = catch(func() {
		if c.variadic {
			out = c.v.CallSlice(args)
		} else {
			out = c.v.Call(args)
		}
	})
	return out, th
}

// catch gives the panic of f; nil: it had none.
func catch(f func()) (th *thrown) {
	done := false
	defer func() {
		if !done {
			th = &thrown{recover()}
		}
	}()
	f()
	done = true
	return nil
}

// raise goes on with a native panic as one of the program.
func (b *bridge) raise(x *machine.Exec, th *thrown) (st machine.Status) {
	switch v := th.value.(type) {
	case *refusal:
		return x.ThrowFatal(v.msg)
	case *passing: // it began in interpreted code
		return x.Throw(v.value)
	case interface{ RuntimeError() }:
		msg := v.(error).Error()
		if rest, ok := strings.CutPrefix(msg, "runtime error: "); ok {
			return x.ThrowRuntime(rest)
		}
		return x.ThrowPlain(msg)
	case string:
		return x.Throw(x.M.Errors.Text(v))
	}
	defer b.refused(x, "panic", &st)
	return x.Throw(b.fromNative(reflect.ValueOf(th.value)))
}

// quick are the signatures that make up packages such as math.
func quick(v reflect.Value, p, r []machine.Reg) machine.Native {
	switch f := v.Interface().(type) {
	case func(float64) float64:
		return func(x *machine.Exec) machine.Status {
			x.Spend(5)
			x.SetF(r[0].N, f(x.F(p[0].N)))
			return machine.Next
		}
	case func(float64, float64) float64:
		return func(x *machine.Exec) machine.Status {
			x.Spend(5)
			x.SetF(r[0].N, f(x.F(p[0].N), x.F(p[1].N)))
			return machine.Next
		}
	case func(float64) bool:
		return func(x *machine.Exec) machine.Status {
			x.Spend(2)
			x.SetBool(r[0].N, f(x.F(p[0].N)))
			return machine.Next
		}
	case func(float64, int) bool:
		return func(x *machine.Exec) machine.Status {
			x.Spend(2)
			x.SetBool(r[0].N, f(x.F(p[0].N), int(x.I(p[1].N))))
			return machine.Next
		}
	case func(float64) uint64:
		return func(x *machine.Exec) machine.Status {
			x.Spend(2)
			x.SetU(r[0].N, f(x.F(p[0].N)))
			return machine.Next
		}
	case func(uint64) float64:
		return func(x *machine.Exec) machine.Status {
			x.Spend(2)
			x.SetF(r[0].N, f(x.U(p[0].N)))
			return machine.Next
		}
	}
	return nil
}

// global gives the memory of a native package's variable; nil: it is the
// machine's own. A variable that has another form there is copied when it is
// first looked at.
func (b *bridge) global(g *ssa.Global) unsafe.Pointer {
	if b.h.load.loaded(g.Pkg.Pkg.Path()) != nil {
		return nil
	}
	v := b.h.lib.Symbols(g.Pkg.Pkg.Path())[g.Name()]
	if !v.IsValid() {
		return nil
	}
	t := b.h.universe.Of(g.Type().(*types.Pointer).Elem())
	p, _ := b.plan(t, v.Type())
	if p.plain && v.CanAddr() {
		return v.Addr().UnsafePointer()
	}
	if p.out == nil {
		panic(&refusal{fmt.Sprintf("%s.%s: %s", g.Pkg.Pkg.Path(), g.Name(), because(t, ""))})
	}
	m := b.h.machine.Alloc(t)
	p.out(v, m)
	return m
}
