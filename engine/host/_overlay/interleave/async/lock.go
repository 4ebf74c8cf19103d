package async

import "unsafe"

// waiters is the queue of those who wait for a lock and its like, first come first
// served.
type waiters struct{ list []*Future[bool] }

// add makes a place in the queue of what lies at of.
func (w *waiters) add(t *task, what string, of unsafe.Pointer) *Future[bool] {
	f := newFuture[bool](t.loop, what)
	f.of = of
	w.list = append(w.list, f)
	return f
}

func (w *waiters) remove(f *Future[bool]) bool {
	for i, o := range w.list {
		if o == f {
			w.list = append(w.list[:i:i], w.list[i+1:]...)
			return true
		}
	}
	return false
}

// wait awaits in the queue, and leaves it whatever happens.
func (w *waiters) wait(f *Future[bool]) *raised {
	defer w.remove(f)
	return catch(func() { f.await() })
}

// all tells whether something is so of all who wait.
func (w *waiters) all(so func(f *Future[bool]) bool) bool {
	for _, f := range w.list {
		if !so(f) {
			return false
		}
	}
	return true
}

func wasCancelled(f *Future[bool]) bool { return f.Cancelled() }

// A Lock is held by one task at a time; its zero value is not held. (locks.Lock)
type Lock struct {
	held bool
	w    waiters
}

// Locked tells whether some task holds it.
func (l *Lock) Locked() bool { return l.held }

// Acquire waits until it is free and takes it.
func (l *Lock) Acquire() *Coroutine[None] {
	return library("Lock.acquire", func() (none None) {
		t := awaiting()
		if !l.held && l.w.all(wasCancelled) {
			l.held = true
			return none
		}
		if r := l.w.wait(l.w.add(t, "Lock.acquire", unsafe.Pointer(l))); r != nil {
			if r.cancelled() && !l.held {
				l.wakeFirst()
			}
			r.again()
		}
		l.held = true
		return none
	})
}

// Release gives it back; who waits longest gets it. It raises RuntimeError where
// nobody holds it.
func (l *Lock) Release() {
	if !l.held {
		throw(RuntimeError, "Lock is not acquired.")
	}
	l.held = false
	l.wakeFirst()
}

func (l *Lock) wakeFirst() {
	if len(l.w.list) > 0 && !l.w.list[0].Done() {
		l.w.list[0].set(true)
	}
}

// With calls f while it holds the lock: "async with lock:".
func (l *Lock) With(f func()) {
	Await(l.Acquire())
	defer l.Release()
	f()
}

// An Event is something that happens once, until Clear. (locks.Event)
type Event struct {
	set bool
	w   waiters
}

// IsSet tells whether it has happened.
func (e *Event) IsSet() bool { return e.set }

// Set makes it happen: all who wait go on.
func (e *Event) Set() {
	if e.set {
		return
	}
	e.set = true
	for _, f := range e.w.list {
		if !f.Done() {
			f.set(true)
		}
	}
}

// Clear takes it back.
func (e *Event) Clear() { e.set = false }

// Wait waits for it.
func (e *Event) Wait() *Coroutine[None] {
	return library("Event.wait", func() (none None) {
		t := awaiting()
		if !e.set {
			if r := e.w.wait(e.w.add(t, "Event.wait", unsafe.Pointer(e))); r != nil {
				r.again()
			}
		}
		return none
	})
}

// A Condition lets tasks that hold its lock wait for others to change something.
// (locks.Condition)
type Condition struct {
	Lock
	c waiters
}

// Wait gives the lock back, waits for a Notify, and takes the lock again. It raises
// RuntimeError where nobody holds the lock.
func (c *Condition) Wait() *Coroutine[None] {
	return library("Condition.wait", func() (none None) {
		t := awaiting()
		if !c.Locked() {
			throw(RuntimeError, "cannot wait on un-acquired lock")
		}
		c.Release()
		r := c.c.wait(c.c.add(t, "Condition.wait", unsafe.Pointer(c)))
		for {
			other := catch(func() { Await(c.Acquire()) })
			if other == nil {
				break
			}
			if !other.cancelled() {
				other.again()
			}
			r = other
		}
		if r != nil {
			r.again()
		}
		return none
	})
}

// WaitFor waits until something is so.
func (c *Condition) WaitFor(so func() bool) *Coroutine[None] {
	return library("Condition.wait_for", func() (none None) {
		for !so() {
			Await(c.Wait())
		}
		return none
	})
}

// Notify wakes up to n of those who wait; each goes on when it has the lock.
func (c *Condition) Notify(n int) {
	if !c.Locked() {
		throw(RuntimeError, "cannot notify on un-acquired lock")
	}
	for _, f := range c.c.list {
		if n <= 0 {
			return
		}
		if !f.Done() {
			n--
			f.set(false)
		}
	}
}

// NotifyAll wakes them all.
func (c *Condition) NotifyAll() { c.Notify(len(c.c.list)) }

// A Semaphore lets so many tasks in at a time. (locks.Semaphore)
type Semaphore struct {
	free int
	w    waiters
}

// NewSemaphore makes one for n tasks; n is not negative.
func NewSemaphore(n int) *Semaphore {
	if n < 0 {
		throw(ValueError, "Semaphore initial value must be >= 0")
	}
	return &Semaphore{free: n}
}

// Locked tells whether Acquire would wait.
func (s *Semaphore) Locked() bool { return s.free == 0 || !s.w.all(wasCancelled) }

// Acquire waits until there is room, and goes in.
func (s *Semaphore) Acquire() *Coroutine[None] {
	return library("Semaphore.acquire", func() (none None) {
		t := awaiting()
		if !s.Locked() {
			s.free--
			return none
		}
		f := s.w.add(t, "Semaphore.acquire", unsafe.Pointer(s))
		if r := s.w.wait(f); r != nil {
			if r.cancelled() && !f.Cancelled() {
				s.free++
				s.wakeNext()
			}
			r.again()
		}
		if s.free > 0 {
			s.wakeNext()
		}
		return none
	})
}

// Release makes room for one more.
func (s *Semaphore) Release() {
	s.free++
	s.wakeNext()
}

func (s *Semaphore) wakeNext() {
	for _, f := range s.w.list {
		if !f.Done() {
			s.free--
			f.set(true)
			return
		}
	}
}

// With calls f while it is in: "async with semaphore:".
func (s *Semaphore) With(f func()) {
	Await(s.Acquire())
	defer s.Release()
	f()
}
