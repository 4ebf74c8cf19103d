package async

import (
	"unsafe"
)

// A Future is a result that somebody will give later. (Lib/asyncio/futures.py)
type Future[T any] struct {
	core
	value T
}

// core is a future but for its result.
type core struct {
	loop      *eventLoop
	state     state
	err       error
	stack     unsafe.Pointer // where that was raised; nil: it was not
	what      string         // "task", "gather", …
	of        unsafe.Pointer // what a trace says its waiters wait for; nil: nothing with a name
	callbacks []*callback
	log       bool          // its exception has not been retrieved
	task      *task         // whose future it is; nil: of none
	cancelBy  func() bool   // cancels in its own way; nil: the plain one
	text      func() string // its result as text
}

type state uint8

const (
	pending state = iota
	isCancelled
	finished
)

// callback is a function to call, or a task to go on, when a future is done.
type callback struct {
	label string
	f     func()
	wakes *task
}

// NewFuture makes a future of the running loop.
func NewFuture[T any]() *Future[T] {
	f := newFuture[T](running("async.NewFuture").loop, "future")
	f.of = unsafe.Pointer(f)
	return f
}

func newFuture[T any](l *eventLoop, what string) *Future[T] {
	f := &Future[T]{}
	f.core = core{loop: l, what: what}
	return f
}

// Done tells whether it has a result, an exception, or was cancelled.
func (c *core) Done() bool { return c.state != pending }

// Cancelled tells whether it was cancelled.
func (c *core) Cancelled() bool { return c.state == isCancelled }

// Result gives the result, or raises the exception. It raises InvalidStateError where
// there is none yet.
func (f *Future[T]) Result() T {
	f.check()
	return f.value
}

func (c *core) check() {
	switch {
	case c.state == isCancelled:
		panic(CancelledError)
	case c.state != finished:
		throw(InvalidStateError, "Result is not set.")
	}
	c.log = false
	if c.err != nil {
		raise(c.err, c.stack)
	}
}

// Exception gives the exception; nil: there is none. It raises where there is no
// result yet, or it was cancelled.
func (c *core) Exception() error {
	switch {
	case c.state == isCancelled:
		panic(CancelledError)
	case c.state != finished:
		throw(InvalidStateError, "Exception is not set.")
	}
	c.log = false
	return c.err
}

// SetResult gives the result; who awaits it goes on in the loop's next turn.
func (f *Future[T]) SetResult(v T) {
	if f.task != nil {
		throw(RuntimeError, "Task does not support set_result operation")
	}
	f.set(v)
}

func (f *Future[T]) set(v T) {
	f.settle(finished, nil)
	f.value = v
}

// SetException gives an exception in place of a result.
func (c *core) SetException(err error) {
	if c.task != nil {
		throw(RuntimeError, "Task does not support set_exception operation")
	}
	c.fail(err)
}

func (c *core) fail(err error) {
	c.settle(finished, err)
	c.log = true
	c.loop.failed = append(c.loop.failed, c)
}

// Cancel cancels the future; false: it is done already.
func (c *core) Cancel() bool {
	if c.cancelBy != nil {
		return c.cancelBy()
	}
	return c.cancelPlain()
}

func (c *core) cancelPlain() bool {
	c.log = false
	if c.state != pending {
		return false
	}
	c.settle(isCancelled, nil)
	return true
}

// settle makes it done and has the loop call the callbacks.
func (c *core) settle(s state, err error) {
	if c.state != pending {
		throw(InvalidStateError, "invalid state")
	}
	c.state, c.err = s, err
	list := c.callbacks
	c.callbacks = nil
	for _, b := range list {
		c.call(b)
	}
}

func (c *core) call(b *callback) {
	if b.wakes != nil {
		wake(b.wakes.goroutine)
		return
	}
	c.loop.callSoon(b.label, b.f)
}

// AddDoneCallback has the loop call f, in a turn of its own, when it is done; at once
// if it is.
func (c *core) AddDoneCallback(f func()) { c.then("callback", f) }

func (c *core) then(label string, f func()) *callback {
	if c.task != nil {
		label += " (" + c.task.name + " is done)"
	}
	b := &callback{label: label, f: f}
	if c.state != pending {
		c.call(b)
	} else {
		c.callbacks = append(c.callbacks, b)
	}
	return b
}

func (c *core) remove(b *callback) {
	for i, o := range c.callbacks {
		if o == b {
			c.callbacks = append(c.callbacks[:i:i], c.callbacks[i+1:]...)
			return
		}
	}
}

// block has the running task wait until it is done. (Future.__await__, Task.__step)
func (c *core) block() {
	if c.state != pending {
		return
	}
	t := awaiting()
	if c.task == t {
		throw(RuntimeError, "Task cannot await on itself: "+t.String())
	}
	c.callbacks = append(c.callbacks, &callback{wakes: t})
	t.waiter = c
	if t.mustCancel && c.Cancel() {
		t.mustCancel = false
	}
	t.suspend(func() {
		if c.state == pending {
			park(c.reason(), c.of)
		} else { // the wake-up came before the wait
			yield()
		}
	})
	t.waiter = nil
	t.resumed()
}

// mostNamed bounds the tasks whose names are reasons of waits: a trace has room for
// some 200 reasons.
const mostNamed = 100

// reason is what a trace says of those who await it.
func (c *core) reason() string {
	switch {
	case c.what == "sleep":
		return "sleep"
	case c.task != nil && c.loop.tasks <= mostNamed:
		return "await " + c.task.name
	}
	return "await " + c.what
}

func (f *Future[T]) await() T {
	f.block()
	f.check()
	return f.value
}

func (f *Future[T]) ensure() *Future[T] { return f }

// String describes the future.
func (f *Future[T]) String() string { return "<Future " + f.stateText() + ">" }

func (c *core) stateText() string {
	switch {
	case c.state == pending:
		return "pending"
	case c.state == isCancelled:
		return "cancelled"
	case c.err != nil:
		return "finished exception=" + c.err.Error()
	}
	return "finished"
}
