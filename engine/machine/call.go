package machine

import (
	"go/token"
	"runtime"
	"unsafe"

	"interleave/engine/policy"
)

// taskBytes is about what a new task takes.
const taskBytes = 600

// maxFrames and maxWords bound the stack of one task. Go's limit of 1 GB holds more small
// frames; here a process must have room for them beside all else that it holds.
const (
	maxFrames = 1 << 20
	maxWords  = 1 << 24
)

// Native is a function of the host that an interpreted program calls. When it
// runs, the Exec's registers are those of its own frame: parameters from the
// base on, as Func.Params says; results go where Func.Results says.
type Native func(x *Exec) Status

func (m *Machine) prepare(fn *Func) {
	if compile := fn.Compile; compile != nil {
		fn.Compile = nil
		compile(fn)
	}
}

// push calls fn whose arguments lie already at its frame's place.
func (m *Machine) push(x *Exec, fn *Func, n, p int32) Status {
	t := x.T
	if fn.Compile != nil {
		m.prepare(fn)
	}
	if need := int(n + fn.N + fn.OutN); need >= len(t.n) {
		m.heapUse += int64(need) * 16
		tidy(len(t.n))
		t.grow(need, 0)
	}
	if need := int(p + fn.P + fn.OutP); need >= len(t.p) {
		m.heapUse += int64(need) * 16
		tidy(len(t.p))
		t.grow(0, need)
	}
	if fn.Native != nil {
		return m.native(x, fn, n, p)
	}
	if len(t.frames) >= maxFrames || len(t.n) > maxWords {
		x.ThrowFatal("stack overflow")
		return Raised
	}
	t.left -= m.cost.Call
	if len(t.frames) == cap(t.frames) {
		tidy(4 * len(t.frames))
	}
	t.frames = append(t.frames, Frame{fn: fn, n: n, p: p})
	return Called
}

// tidy collects garbage before a stack of so many words grows: what its earlier
// growth left behind must not add up to more than the process may have.
func tidy(words int) {
	if words > 1<<20 {
		runtime.GC()
	}
}

func (m *Machine) native(x *Exec, fn *Func, n, p int32) Status {
	x.n, x.p = x.T.base(n), x.T.pbase(p)
	x.at = Base{n, p}
	x.fn = fn
	st := fn.Native(x)
	if st != Again {
		x.T.asked = asked{}
	}
	return st
}

func (m *Machine) pushClosure(x *Exec, c *Closure, n, p int32) Status {
	fn := c.Fn
	if fn.Compile != nil {
		m.prepare(fn)
	}
	if len(c.Free) > 0 {
		t := x.T
		t.grow(int(n+fn.N+fn.OutN), int(p+fn.P+fn.OutP))
		first := len(fn.Params) - fn.Free
		for i, v := range c.Free {
			t.set(n, p, fn.Params[first+i], v)
		}
	}
	return m.push(x, fn, n, p)
}

// CallBack lets a native function, or a step, call fn with args above everything
// in the running frame. When fn has returned, after runs with the Exec at the
// frame that fn had, so that it finds fn's results; what it returns is the
// status of the native function.
func (x *Exec) CallBack(fn *Func, args []Val, after func(*Exec, *Func) Status) Status {
	return x.CallBackOr(fn, args, after, nil)
}

// CallBackOr is CallBack with a last word on what leaves fn otherwise than by a
// return: failed runs in place of after when a panic that fn did not recover, or
// a Goexit, reaches the native function. A panic is then over, and what failed
// returns is the status of the native function; a Goexit goes on.
func (x *Exec) CallBackOr(fn *Func, args []Val, after func(*Exec, *Func) Status, failed func(*Exec, *Panicking) Status) Status {
	t := x.T
	f := &t.frames[len(t.frames)-1]
	n, p := f.n+f.fn.N+f.fn.OutN, f.p+f.fn.P+f.fn.OutP
	if fn.Native != nil && failed != nil { // it needs a frame that a panic can find
		fn = thunk(fn)
	}
	st := x.M.pushArgs(x, fn, n, p, args)
	if st == Called && fn.Native == nil {
		top := &t.frames[len(t.frames)-1]
		top.kind, top.host = hostFrame, &hostCall{after, failed}
		return Called
	}
	if st == Again && t.cont == nil { // a native function that has not begun
		t.cont = func(x *Exec) Status { return x.CallBackOr(fn, args, after, failed) }
		return Again
	}
	return x.chain(st, func(x *Exec) Status {
		x.At(Base{n, p})
		return after(x, fn)
	})
}

// Then sets what the task does, in place of its next instruction, when it is
// scheduled again. A native function that has to wait before it can end does so
// and returns Parked or Again; the Exec is then at the frame of its caller.
func (x *Exec) Then(next func(*Exec) Status) { x.T.cont = then(x.T.cont, next) }

// then is what a woken task does first, and what it does when that has ended.
func then(first, next func(*Exec) Status) func(*Exec) Status {
	if first == nil {
		return next
	}
	return func(x *Exec) Status { return x.chain(first(x), next) }
}

// chain does next when what a native function began, and has come to st with,
// has ended.
func (x *Exec) chain(st Status, next func(*Exec) Status) Status {
	t := x.T
	switch st {
	case Next:
		return next(x)
	case Parked, Again:
		t.cont = then(t.cont, next)
	case Called: // it calls back
		top := &t.frames[len(t.frames)-1]
		after, failed := top.host.after, top.host.failed
		host := &hostCall{after: func(x *Exec, fn *Func) Status { return x.chain(after(x, fn), next) }}
		if failed != nil {
			host.failed = func(x *Exec, p *Panicking) Status {
				if p.Goexit {
					return failed(x, p)
				}
				return x.chain(failed(x, p), next)
			}
		}
		top.host = host
	}
	return st
}

func (m *Machine) pushArgs(x *Exec, fn *Func, n, p int32, args []Val) Status {
	m.prepare(fn)
	t := x.T
	t.grow(int(n+fn.N+fn.OutN), int(p+fn.P+fn.OutP))
	for i, v := range args {
		t.set(n, p, fn.Params[i], v)
	}
	return m.push(x, fn, n, p)
}

// Base is the place of a frame in the register files, in words. It stays right
// when the files move.
type Base struct{ n, p int32 }

// Here is the base of the running native function's frame.
func (x *Exec) Here() Base { return x.at }

// At moves the Exec to a frame's base.
func (x *Exec) At(b Base) {
	x.n, x.p, x.at = x.T.base(b.n), x.T.pbase(b.p), b
}

// Arg reads a parameter of the running native function.
func (x *Exec) Arg(i int) Val { return x.Get(x.fn.Params[i]) }

// Pointer reads a parameter that is a pointer.
func (x *Exec) Pointer(i int) unsafe.Pointer { return x.P(x.fn.Params[i].P) }

// Func is the running native function.
func (x *Exec) Func() *Func { return x.fn }

// Return sets its results.
func (x *Exec) Return(vals ...Val) Status {
	for i, v := range vals {
		x.Set(x.fn.Results[i], v)
	}
	return Next
}

// ClosureArgs gives the function and the whole argument list of a call.
func (c *Closure) ClosureArgs(args []Val) (*Func, []Val) {
	if len(args) == 0 {
		return c.Fn, c.Free
	}
	return c.Fn, append(args[:len(args):len(args)], c.Free...)
}

// Defer adds a deferred call to a frame of the task: the running one, or the
// one a range-over-func body belongs to.
func (x *Exec) Defer(frame int, fn *Func, args []Val) {
	f := &x.T.frames[frame]
	f.defers = &Deferred{fn, args, f.defers}
}

// FrameIndex is the index of the running frame, for Defer.
func (x *Exec) FrameIndex() int { return len(x.T.frames) - 1 }

// RunDefers calls the last deferred function of the running frame; the
// instruction is repeated until there is none.
func (x *Exec) RunDefers() Status {
	t := x.T
	for {
		f := &t.frames[len(t.frames)-1]
		d := f.defers
		if d == nil {
			x.At(Base{f.n, f.p})
			return Next
		}
		f.defers = d.next
		n, p := f.n+f.fn.N+f.fn.OutN, f.p+f.fn.P+f.fn.OutP
		switch st := x.M.pushArgs(x, d.fn, n, p, d.args); st {
		case Next:
		case Called:
			t.frames[len(t.frames)-2].pc -= insSize
			if d.fn.Native == nil {
				t.frames[len(t.frames)-1].kind = deferredFrame
			}
			return Called
		case Parked:
			f.pc -= insSize
			return Parked
		case Again:
			if t.cont != nil { // it has begun
				f.pc -= insSize
				return Again
			}
			f.defers = d
			x.At(Base{f.n, f.p})
			return Again
		default:
			return st
		}
	}
}

const (
	finishedTask Status = 100 + iota
	diedTask
)

// ret leaves the top frame after a return.
func (t *Task) ret(x *Exec) Status {
	top := len(t.frames) - 1
	f := t.frames[top]
	t.frames[top] = Frame{}
	t.frames = t.frames[:top]
	switch f.kind {
	case unwoundFrame:
		return x.M.deferredReturned(x, f.panicky)
	case hostFrame:
		x.At(Base{f.n, f.p})
		return f.host.after(x, f.fn)
	}
	if top == 0 {
		return finishedTask
	}
	return Next
}

// Invoke calls a method whose other arguments lie already behind the frame.
func (x *Exec) Invoke(fn *Func, recv Val) Status {
	t := x.T
	f := &t.frames[len(t.frames)-1]
	x.M.prepare(fn)
	n, p := f.n+f.fn.N, f.p+f.fn.P
	t.grow(int(n+fn.N+fn.OutN), int(p+fn.P+fn.OutP))
	t.set(n, p, fn.Params[0], recv)
	st := x.M.push(x, fn, n, p)
	if st == Next {
		x.At(Base{t.frames[len(t.frames)-1].n, t.frames[len(t.frames)-1].p})
	}
	return st
}

// Go starts a task.
func (x *Exec) Go(fn *Func, args []Val) Status {
	t, st := x.newTask(fn, args)
	if st == Next {
		x.M.start(t, x.T)
	}
	return st
}

// GoAs starts a task with a name, unless that is empty, and with traits.
func (x *Exec) GoAs(name string, traits policy.Traits, fn *Func, args []Val) Status {
	t, st := x.newTask(fn, args)
	if st == Next {
		t.setName(name)
		t.sched.Traits = traits
		x.M.start(t, x.T)
	}
	return st
}

// newTask makes what a go statement starts.
func (x *Exec) newTask(fn *Func, args []Val) (*Task, Status) {
	if fn.Native != nil {
		fn = thunk(fn)
	}
	if st := x.Charge(taskBytes); st != Next {
		return nil, st
	}
	x.Spend(x.M.vary(x.M.cost.Spawn))
	return x.M.newTask(x.T, x.T.Cell, fn, args), Next
}

// thunk gives a native function a frame of its own, for a task to start with.
func thunk(fn *Func) *Func {
	call := func(x *Exec) Status {
		args := make([]Val, len(fn.Params))
		for i, r := range fn.Params {
			args[i] = x.Get(r)
		}
		t := x.T
		f := &t.frames[len(t.frames)-1]
		own, its := Base{f.n, f.p}, Base{f.n + f.fn.N, f.p + f.fn.P}
		st := x.M.pushArgs(x, fn, its.n, its.p, args)
		if st == Again && t.cont == nil { // it has not begun
			return Again
		}
		return x.chain(st, func(x *Exec) Status {
			x.At(its)
			vals := make([]Val, len(fn.Results))
			for i, r := range fn.Results {
				vals[i] = x.Get(r)
			}
			x.At(own)
			for i, r := range fn.Results {
				x.Set(r, vals[i])
			}
			return Next
		})
	}
	return &Func{
		Name: fn.Name, Params: fn.Params, Results: fn.Results, N: fn.N, P: fn.P, OutN: fn.N, OutP: fn.P, Recover: -1, Hidden: true,
		Code: []Ins{{Op: OpStep}, {Op: OpRet}}, Steps: []Step{call}, Lines: make([]token.Pos, 2),
	}
}

// NilCall is what a deferred nil function calls in the end.
var NilCall = &Func{Name: "nil", Recover: -1, Hidden: true, Native: func(x *Exec) Status { return x.ThrowNil() }}
