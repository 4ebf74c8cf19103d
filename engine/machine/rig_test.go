package machine_test

import (
	"bytes"
	"fmt"
	"go/token"
	"testing"
	"unsafe"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/compile"
	"interleave/engine/layout"
	"interleave/engine/machine"
	"interleave/engine/policy"
	"interleave/engine/trace"
)

// prelude is the part of packages sync, time and runtime that the tests of the
// scheduler need, in their own words.
const prelude = `
type Mutex struct { locked int32; owner uint32 }
func (m *Mutex) Lock()
func (m *Mutex) Unlock()
type WaitGroup struct { n int64; _ uint64 }
func (w *WaitGroup) Add(n int64)
func (w *WaitGroup) Done() { w.Add(-1) }
func (w *WaitGroup) Wait()
func Sleep(ns int64)
func Gosched()
func Compute(ns int64)
func Disk(ns int64)
func Now() int64
func Kill()
func Tick(c chan int, period int64, slow bool)
func send(c chan int) { select { case c <- int(Now()): default: } }
func Work(ns int64) { for i := int64(0); i < ns; i++ {} }
`

// rig is a machine with a program.
type rig struct {
	m   *machine.Machine
	fn  func(name string) *machine.Func
	pkg *ssa.Package
	c   *compile.Compiler
	out bytes.Buffer

	killed *machine.Task // by Kill
}

func newRig(t testing.TB, config machine.Config, src string) *rig {
	return newGuided(t, config, nil, src)
}

// newGuided makes a rig whose policy asks guide; the initialisation takes the first
// answer always.
func newGuided(t testing.TB, config machine.Config, guide *policy.Guide, src string) *rig {
	r := &rig{}
	var u *layout.Universe
	var fset *token.FileSet
	r.m, r.c, r.pkg, u, fset = build(t, config, "package main\n"+src+prelude)
	r.m.Names = names{fset}
	r.m.Print = func(_ *machine.Task, b []byte) { r.out.Write(b) }
	r.m.Report = func(_ *machine.Task, p *machine.Panicking) {
		if p.Value.P == unsafe.Pointer(u.Of(stringType)) {
			fmt.Fprintf(&r.out, "panic: %s\n", machine.String(machine.Unbox((*layout.Type)(p.Value.P), p.Value.Q)))
			return
		}
		fmt.Fprintf(&r.out, "panic %s\n", p.Fatal)
	}
	arg := func(f func(x *machine.Exec, p unsafe.Pointer) machine.Status) machine.Native {
		return func(x *machine.Exec) machine.Status { return f(x, x.Arg(0).P) }
	}
	natives := map[string]machine.Native{
		"(*main.Mutex).Lock":   arg(func(x *machine.Exec, p unsafe.Pointer) machine.Status { return x.Lock((*machine.Mutex)(p)) }),
		"(*main.Mutex).Unlock": arg(func(x *machine.Exec, p unsafe.Pointer) machine.Status { return x.Unlock((*machine.Mutex)(p)) }),
		"(*main.WaitGroup).Add": arg(func(x *machine.Exec, p unsafe.Pointer) machine.Status {
			return x.AddGroup((*machine.WaitGroup)(p), int64(x.Arg(1).N))
		}),
		"(*main.WaitGroup).Wait": arg(func(x *machine.Exec, p unsafe.Pointer) machine.Status { return x.WaitFor((*machine.WaitGroup)(p)) }),
		"main.Gosched":           func(x *machine.Exec) machine.Status { return x.Yield() },
		"main.Compute":           func(x *machine.Exec) machine.Status { return x.Work(int64(x.Arg(0).N)) },
		"main.Disk": func(x *machine.Exec) machine.Status {
			if !x.InOrder() {
				return machine.Again
			}
			return x.Use(x.M.Device("disk"), int64(x.Arg(0).N))
		},
		"main.Kill": func(x *machine.Exec) machine.Status {
			if !x.InOrder() {
				return machine.Again
			}
			x.M.StopTask(r.killed)
			return machine.Next
		},
		"main.Tick": func(x *machine.Exec) machine.Status {
			if !x.InOrder() {
				return machine.Again
			}
			c, period := (*machine.Chan)(x.Arg(0).P), int64(x.Arg(1).N)
			send := func() { x.M.SpawnSend(c, nil, nil, r.fn("send"), []machine.Val{{P: unsafe.Pointer(c)}}) }
			if x.Arg(2).N != 0 {
				x.M.EachTick(c, x.M.Now()+period, period, send)
			} else {
				x.M.Tick(nil, c, x.M.Now()+period, period, send)
			}
			return machine.Next
		},
		"main.Now": func(x *machine.Exec) machine.Status {
			x.Set(x.Func().Results[0], machine.Val{N: uint64(x.M.Now())})
			return machine.Next
		},
		"main.Sleep": func(x *machine.Exec) machine.Status {
			if !x.InOrder() {
				return machine.Again
			}
			x.M.Sleep(x.T, x.M.Now()+int64(x.Arg(0).N))
			x.Park(&machine.Wait{Why: "sleep"})
			return machine.Parked
		},
	}
	r.c.Native = func(_ *ssa.Function, name string) machine.Native { return natives[name] }
	r.fn = func(name string) *machine.Func { return r.c.Func(r.pkg.Func(name)) }
	init := r.m.Spawn(nil, nil, r.fn("init"), nil)
	end := r.m.Until(init, never)
	for ; end == machine.Paused && guide != nil; end = r.m.Until(init, never) {
		guide.Go(0)
	}
	if end != machine.MainDone {
		t.Fatalf("init ended with %d", end)
	}
	return r
}

func never() bool { return false }

// run runs main, with a trace if bound is not negative.
func (r *rig) run(t testing.TB, bound int) *trace.Trace {
	var tr *trace.Trace
	if bound >= 0 {
		tr = trace.New(bound)
		r.m.Record(tr)
	}
	main := r.m.Spawn(nil, &machine.Cell{Name: "cell[1]"}, r.fn("main"), nil)
	switch end := r.m.Until(main, never); end {
	case machine.MainDone:
	case machine.AllAsleep:
		r.out.WriteString("deadlock\n")
	default:
		t.Errorf("main ended with %d", end)
	}
	r.m.Record(nil)
	return tr
}

// number reads a package-level int.
func (r *rig) number(name string) int {
	return int(*(*int64)(r.c.Global(r.pkg.Var(name))))
}

func lines(t testing.TB, tr *trace.Trace) string {
	var b bytes.Buffer
	if err := trace.Lines(&b, tr); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// names are positions and the names that functions have in SSA.
type names struct{ fset *token.FileSet }

func (n names) Place(pos token.Pos) token.Position { return n.fset.Position(pos) }
func (n names) Func(f *machine.Func) string        { return f.Name }
func (n names) Task(t *machine.Task) string        { return t.Start.Name }
func (n names) Gone(uint32) string                 { return "" }

func (n names) Variable(trace.ObjectKind, unsafe.Pointer, *machine.Task, trace.Place) string {
	return ""
}
