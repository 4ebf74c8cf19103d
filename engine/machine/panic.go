package machine

import (
	"fmt"
	"unsafe"

	"interleave/engine/trace"
)

// Throw starts a panic with an interface value.
func (x *Exec) Throw(v Val) Status {
	x.thrown = &Thrown{Value: v}
	return Raised
}

// ThrowRuntime starts a panic with a runtime.Error whose text is "runtime
// error: " and msg.
func (x *Exec) ThrowRuntime(msg string) Status {
	return x.Throw(x.M.Errors.Runtime(msg))
}

// ThrowPlain starts a panic with a runtime.Error whose text is msg alone.
func (x *Exec) ThrowPlain(msg string) Status {
	return x.Throw(x.M.Errors.Plain(msg))
}

// Null tells whether a pointer leads to the first page of memory, which no program has: a
// nil dereference, also where an address was made of a number.
func Null(p unsafe.Pointer) bool { return uintptr(p) < 4096 }

// ThrowNil is the panic of a nil dereference.
func (x *Exec) ThrowNil() Status {
	return x.through(x.ThrowRuntime("invalid memory address or nil pointer dereference"), "runtime.panicmem", "runtime.sigpanic")
}

// ThrowIndex is the panic of an index out of range; unsigned: index is the bits of a
// uint64.
func (x *Exec) ThrowIndex(index, length int64, unsigned bool) Status {
	if unsigned {
		return x.through(x.ThrowRuntime(fmt.Sprintf("index out of range [%d] with length %d", uint64(index), length)), "runtime.goPanicIndexU")
	}
	msg := fmt.Sprintf("index out of range [%d]", index)
	if index >= 0 {
		msg += fmt.Sprintf(" with length %d", length)
	}
	return x.through(x.ThrowRuntime(msg), "runtime.goPanicIndex")
}

// ThrowDivide is the panic of an integer division by zero.
func (x *Exec) ThrowDivide() Status {
	return x.through(x.ThrowRuntime("integer divide by zero"), "runtime.panicdivide")
}

// through notes which functions of Go's runtime raise the panic that was thrown.
func (x *Exec) through(st Status, names ...string) Status {
	x.thrown.Through = names
	return st
}

// ThrowFrom starts a panic that has come from elsewhere: from another task.
func (x *Exec) ThrowFrom(v Val, earlier []Position) Status {
	x.thrown = &Thrown{Value: v, Earlier: earlier}
	return Raised
}

// ThrowFatal starts what ends a Go program whatever it defers.
func (x *Exec) ThrowFatal(msg string) Status {
	x.thrown = &Thrown{Fatal: msg}
	return Raised
}

// Exit ends the program: os.Exit.
func (x *Exec) Exit(code int) Status {
	x.thrown = &Thrown{Exit: &code}
	return Raised
}

// Goexit ends the task after its deferred calls.
func (x *Exec) Goexit() Status {
	x.thrown = &Thrown{Goexit: true}
	return Raised
}

// Recover is the built-in function, called in the running frame: that of a
// deferred function, which a wrapper may have called.
func (x *Exec) Recover() Val {
	at := len(x.T.frames) - 1
	for at > 0 && x.T.frames[at].kind == plainFrame && x.T.frames[at-1].fn.Hidden {
		at--
	}
	f := &x.T.frames[at]
	// Only what the last panic called can stop it, and no other.
	if p := f.panicky; p == nil || p.Recovered || p.Goexit || p != x.T.panic {
		return Val{}
	}
	f.panicky.Recovered = true
	return f.panicky.Value
}

// unwind starts the thrown panic, and goes on unwinding until a deferred
// function is to be called or the task is at its end.
func (m *Machine) unwind(x *Exec) Status {
	t := x.T
	th := x.thrown
	x.thrown = nil
	p := t.panicked(*th)
	p.below, t.panic = t.panic, p
	if m.rec != nil && !th.Goexit {
		m.emit(t, trace.Event{Kind: trace.Panic})
	}
	if th.Fatal != "" || th.Exit != nil {
		return diedTask
	}
	return m.unwinding(x)
}

func (m *Machine) unwinding(x *Exec) Status {
	t := x.T
	p := t.panic
	for len(t.frames) > 0 {
		top := len(t.frames) - 1
		f := &t.frames[top]
		if d := f.defers; d != nil && t.ending != stopped {
			f.defers = d.next
			n, pb := f.n+f.fn.N+f.fn.OutN, f.p+f.fn.P+f.fn.OutP
			switch st := m.pushArgs(x, d.fn, n, pb, d.args); st {
			case Called:
				nf := &t.frames[len(t.frames)-1]
				if d.fn.Native == nil {
					nf.kind, nf.panicky = unwoundFrame, p
					return Called
				}
				if d.fn.Hidden { // it stands for the function that it calls
					nf.panicky = p
					return x.chain(Called, func(x *Exec) Status { return m.deferredReturned(x, p) })
				}
				return x.chain(Called, m.unwinding)
			case Raised:
				return m.unwind(x)
			case Next:
				continue
			default: // a native that waits has no frame of its own to come back to
				if st == Again && t.cont == nil { // it has not begun
					f.defers = d
				}
				t.cont = then(t.cont, m.unwinding)
				return st
			}
		}
		if f.panicky != nil && f.panicky != p {
			f.panicky.Aborted = true
		}
		var failed func(*Exec, *Panicking) Status
		if f.host != nil {
			failed = f.host.failed
		}
		base := Base{f.n, f.p}
		t.frames[top] = Frame{}
		t.frames = t.frames[:top]
		if failed == nil {
			continue
		}
		if p.Goexit || t.ending == stopped {
			failed(x, p)
			continue
		}
		if !m.recovered(x) {
			return m.unwinding(x)
		}
		x.At(base)
		if st := failed(x, p); st != Raised {
			return st
		}
		return m.unwind(x)
	}
	if p.Goexit {
		return finishedTask
	}
	return diedTask
}

// deferredReturned goes on after a deferred function that the unwinding of p
// called: with the unwinding, or, where it recovered p, with a return of the
// frame that deferred it.
func (m *Machine) deferredReturned(x *Exec, p *Panicking) Status {
	t := x.T
	if !p.Recovered {
		return m.unwinding(x)
	}
	if !m.recovered(x) {
		return m.unwinding(x)
	}
	f := &t.frames[len(t.frames)-1]
	f.pc = f.fn.Recover
	return Called
}

// recovered ends the last panic and those that it replaced; false: a Goexit among
// them goes on, which no recovery stops.
func (m *Machine) recovered(x *Exec) bool {
	t := x.T
	t.panic = t.panic.below
	for q := t.panic; q != nil && q.Aborted; q = t.panic {
		if q.Goexit {
			q.Aborted = false
			return false
		}
		t.panic = q.below
	}
	return true
}

// Errors makes the values that run-time panics carry. The evaluator sets them:
// their types are those of its package runtime.
type Errors struct {
	Runtime   func(msg string) Val // an Error whose text is "runtime error: " + msg
	Plain     func(msg string) Val // an Error whose text is msg
	Assertion func(msg string) Val // a *TypeAssertionError
	NilPanic  func() Val           // a *PanicNilError
	Text      func(msg string) Val // a string, as panic("…") of a library function
}
