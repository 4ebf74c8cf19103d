package machine

import (
	"unsafe"

	"interleave/engine/trace"
)

// Locks lie in the learner's memory with the sizes of Go's, and hold who has
// them; only the queues of waiting tasks are the machine's.

// Mutex is sync.Mutex.
type Mutex struct {
	Locked int32
	Owner  uint32 // the task that locked it; any may unlock it
}

// RWMutex is sync.RWMutex.
type RWMutex struct {
	Writer  Mutex
	Waiting uint32 // writers that wait; new readers wait behind them
	_       uint32
	Readers int32
	_       int32
}

// starving is how long a task waits for a mutex until it is handed to it
// before any other may take it, in ns (as in Go's sync.Mutex).
const starving = 1e6

const lockCost = 10 // ns

// queueKey tells the queues of one object apart.
type queueKey struct {
	p    unsafe.Pointer
	kind uint8
}

const (
	mutexQueue uint8 = iota
	readQueue
	writeQueue
	groupQueue
)

func (m *Machine) waiters(p unsafe.Pointer, kind uint8) *waitQueue {
	k := queueKey{p, kind}
	m.keepWaits(k)
	q := m.waits[k]
	if q == nil {
		q = &waitQueue{}
		m.waits[k] = q
	}
	return q
}

func (m *Machine) wakeOne(x *Exec, p unsafe.Pointer, kind uint8) *Task {
	k := queueKey{p, kind}
	q := m.waits[k]
	if q == nil {
		return nil
	}
	m.keepWaits(k)
	w := q.pop()
	if q.empty() {
		delete(m.waits, k)
	}
	if w == nil {
		return nil
	}
	m.Wake(w.task, x.T)
	return w.task
}

// Lock is (*sync.Mutex).Lock.
func (x *Exec) Lock(mu *Mutex) Status {
	if !x.InOrder() {
		return Again
	}
	x.Spend(lockCost)
	if mu.Locked == 0 {
		x.own(mu, 0)
		return Next
	}
	x.lockSlow(mu, x.M.Now(), false)
	return Parked
}

func (x *Exec) lockSlow(mu *Mutex, since int64, front bool) {
	q := x.M.waiters(unsafe.Pointer(mu), mutexQueue)
	w := &waiter{task: x.T}
	if front {
		q.list = append([]*waiter{w}, q.list...)
	} else {
		q.push(w)
	}
	x.Park(&Wait{Why: "sync.Mutex.Lock", Object: unsafe.Pointer(mu)})
	x.T.waiting.Since = since
	x.T.cont = func(x *Exec) Status {
		if mu.Locked == 1 && mu.Owner == uint32(x.T.ID) { // it was handed over
			x.record(trace.Lock, trace.Mutex, unsafe.Pointer(mu), 0)
			return Next
		}
		if mu.Locked == 0 {
			x.own(mu, 0)
			return Next
		}
		x.lockSlow(mu, since, true)
		return Parked
	}
}

// own makes the running task the holder; try is 1 where it would not have waited.
func (x *Exec) own(mu *Mutex, try int64) {
	x.M.keepNumbers(unsafe.Pointer(mu), 1)
	mu.Locked, mu.Owner = 1, uint32(x.T.ID)
	x.T.hold(unsafe.Pointer(mu), mutexQueue)
	x.record(trace.Lock, trace.Mutex, unsafe.Pointer(mu), try)
}

// TryLock is (*sync.Mutex).TryLock; waiting says that the step must be repeated.
func (x *Exec) TryLock(mu *Mutex) (got, waiting bool) {
	if !x.InOrder() {
		return false, true
	}
	x.Spend(lockCost)
	if mu.Locked != 0 {
		return false, false
	}
	x.own(mu, 1)
	return true, false
}

// Unlock is (*sync.Mutex).Unlock.
func (x *Exec) Unlock(mu *Mutex) Status {
	if !x.InOrder() {
		return Again
	}
	x.Spend(lockCost)
	if mu.Locked == 0 {
		return x.ThrowFatal("sync: unlock of unlocked mutex")
	}
	m := x.M
	m.keepNumbers(unsafe.Pointer(mu), 1)
	mu.Locked, mu.Owner = 0, 0
	x.T.drop(unsafe.Pointer(mu), mutexQueue)
	x.record(trace.Unlock, trace.Mutex, unsafe.Pointer(mu), 0)
	if len(m.waits) == 0 {
		return Next
	}
	if q := m.waits[queueKey{unsafe.Pointer(mu), mutexQueue}]; q != nil {
		if first := q.first(); first != nil && m.Now()-first.task.waiting.Since > starving {
			mu.Locked, mu.Owner = 1, uint32(first.task.ID)
			first.task.hold(unsafe.Pointer(mu), mutexQueue)
		}
		m.wakeOne(x, unsafe.Pointer(mu), mutexQueue)
	}
	return Next
}

func (q *waitQueue) first() *waiter {
	for _, w := range q.list {
		if !w.gone && w.task.State != Done {
			return w
		}
	}
	return nil
}

// RLock is (*sync.RWMutex).RLock: a reader waits while a writer holds the lock
// or waits for it.
func (x *Exec) RLock(rw *RWMutex, try bool) (Status, bool) {
	if !x.InOrder() {
		return Again, false
	}
	x.Spend(lockCost)
	x.M.keepNumbers(unsafe.Pointer(rw), 3)
	if rw.Writer.Locked == 0 && rw.Waiting == 0 {
		rw.Readers++
		x.T.hold(unsafe.Pointer(rw), readQueue)
		x.record(trace.RLock, trace.RWMutex, unsafe.Pointer(rw), b2i(try))
		return Next, true
	}
	if try {
		return Next, false
	}
	x.M.waiters(unsafe.Pointer(rw), readQueue).push(&waiter{task: x.T})
	x.Park(&Wait{Why: "sync.RWMutex.RLock", Object: unsafe.Pointer(rw)})
	x.Then(func(x *Exec) Status { // the waker has counted it as a reader
		x.record(trace.RLock, trace.RWMutex, unsafe.Pointer(rw), 0)
		return Next
	})
	return Parked, false
}

// RUnlock is (*sync.RWMutex).RUnlock.
func (x *Exec) RUnlock(rw *RWMutex) Status {
	if !x.InOrder() {
		return Again
	}
	x.Spend(lockCost)
	if rw.Readers == 0 {
		return x.ThrowFatal("sync: RUnlock of unlocked RWMutex")
	}
	x.M.keepNumbers(unsafe.Pointer(rw), 3)
	x.T.drop(unsafe.Pointer(rw), readQueue)
	x.record(trace.RUnlock, trace.RWMutex, unsafe.Pointer(rw), 0)
	if rw.Readers--; rw.Readers == 0 {
		x.admitWriter(rw)
	}
	return Next
}

func (x *Exec) admitReaders(rw *RWMutex) {
	for t := x.M.wakeOne(x, unsafe.Pointer(rw), readQueue); t != nil; t = x.M.wakeOne(x, unsafe.Pointer(rw), readQueue) {
		rw.Readers++
		t.hold(unsafe.Pointer(rw), readQueue)
	}
}

func (x *Exec) admitWriter(rw *RWMutex) {
	if rw.Waiting == 0 {
		return
	}
	if t := x.M.wakeOne(x, unsafe.Pointer(rw), writeQueue); t != nil {
		rw.Waiting--
		rw.Writer = Mutex{1, uint32(t.ID)}
		t.hold(unsafe.Pointer(rw), writeQueue)
	}
}

// WLock is (*sync.RWMutex).Lock.
func (x *Exec) WLock(rw *RWMutex, try bool) (Status, bool) {
	if !x.InOrder() {
		return Again, false
	}
	x.Spend(lockCost)
	x.M.keepNumbers(unsafe.Pointer(rw), 3)
	if rw.Writer.Locked == 0 && rw.Readers == 0 && rw.Waiting == 0 {
		rw.Writer = Mutex{1, uint32(x.T.ID)}
		x.T.hold(unsafe.Pointer(rw), writeQueue)
		x.record(trace.Lock, trace.RWMutex, unsafe.Pointer(rw), b2i(try))
		return Next, true
	}
	if try {
		return Next, false
	}
	rw.Waiting++
	x.M.waiters(unsafe.Pointer(rw), writeQueue).push(&waiter{task: x.T})
	x.Park(&Wait{Why: "sync.RWMutex.Lock", Object: unsafe.Pointer(rw)})
	x.Then(func(x *Exec) Status {
		x.record(trace.Lock, trace.RWMutex, unsafe.Pointer(rw), 0)
		return Next
	})
	return Parked, false
}

// Reason is what a task waits for, as a dump of Go's goroutines says it; empty: it does
// not. A writer behind another waits for the mutex within the RWMutex there.
func (m *Machine) Reason(t *Task) string {
	w := t.waiting
	switch {
	case w == nil:
		return ""
	case w.Why != "sync.RWMutex.Lock":
		return w.Why
	}
	first := m.waits[queueKey{w.Object, writeQueue}].first()
	if (*RWMutex)(w.Object).Writer.Locked != 0 || first == nil || first.task != t {
		return "sync.Mutex.Lock"
	}
	return w.Why
}

// WUnlock is (*sync.RWMutex).Unlock: readers that waited go first, then the
// next writer.
func (x *Exec) WUnlock(rw *RWMutex) Status {
	if !x.InOrder() {
		return Again
	}
	x.Spend(lockCost)
	if rw.Writer.Locked == 0 {
		return x.ThrowFatal("sync: Unlock of unlocked RWMutex")
	}
	x.M.keepNumbers(unsafe.Pointer(rw), 3)
	rw.Writer = Mutex{}
	x.T.drop(unsafe.Pointer(rw), writeQueue)
	x.record(trace.Unlock, trace.RWMutex, unsafe.Pointer(rw), 0)
	x.admitReaders(rw)
	if rw.Readers == 0 {
		x.admitWriter(rw)
	}
	return Next
}

// WaitGroup is sync.WaitGroup.
type WaitGroup struct {
	State uint64 // the count in the upper half, as in Go's
	_     uint64
}

func (wg *WaitGroup) count() int64 { return int64(wg.State) >> 32 }

// AddGroup is (*sync.WaitGroup).Add.
func (x *Exec) AddGroup(wg *WaitGroup, delta int64) Status {
	if !x.InOrder() {
		return Again
	}
	x.Spend(lockCost)
	x.M.keepNumbers(unsafe.Pointer(wg), 2)
	wg.State += uint64(delta) << 32
	x.record(trace.Count, trace.WaitGroup, unsafe.Pointer(wg), wg.count())
	if wg.count() < 0 {
		return x.Throw(x.M.Errors.Text("sync: negative WaitGroup counter"))
	}
	if wg.count() == 0 {
		for x.M.wakeOne(x, unsafe.Pointer(wg), groupQueue) != nil {
		}
	}
	return Next
}

// WaitFor is (*sync.WaitGroup).Wait.
func (x *Exec) WaitFor(wg *WaitGroup) Status {
	if !x.InOrder() {
		return Again
	}
	x.Spend(lockCost)
	if wg.count() == 0 {
		return Next
	}
	x.M.waiters(unsafe.Pointer(wg), groupQueue).push(&waiter{task: x.T})
	x.Park(&Wait{Why: "sync.WaitGroup.Wait", Object: unsafe.Pointer(wg)})
	x.Then(func(x *Exec) Status { // others may have counted again before it came to run
		if wg.count() != 0 || x.M.waits[queueKey{unsafe.Pointer(wg), groupQueue}] != nil {
			return x.Throw(x.M.Errors.Text("sync: WaitGroup is reused before previous Wait has returned"))
		}
		return Next
	})
	return Parked
}

// Cond is the part of sync.Cond that is the machine's: the tasks that have
// entered it, by ticket.
type Cond struct {
	next  uint64
	queue []*ticket
}

type ticket struct {
	n       uint64
	task    *Task // nil until it waits
	release bool  // signalled before it waited
}

// Enter takes a place in the queue; the caller then unlocks and waits.
func (x *Exec) Enter(c *Cond) uint64 {
	x.M.keepCond(c)
	c.next++
	c.queue = append(c.queue, &ticket{n: c.next})
	return c.next
}

// CondWait waits for the ticket's signal.
func (x *Exec) CondWait(c *Cond, at unsafe.Pointer, n uint64) Status {
	if !x.InOrder() {
		return Again
	}
	x.M.keepCond(c)
	for i, t := range c.queue {
		if t.n != n {
			continue
		}
		if t.release {
			c.queue = append(c.queue[:i], c.queue[i+1:]...)
			return Next
		}
		t.task = x.T
		x.Park(&Wait{Why: "sync.Cond.Wait", Object: at})
		return Parked
	}
	return Next
}

// Signal wakes the task that entered first, or all of them.
func (x *Exec) Signal(c *Cond, at unsafe.Pointer, all bool) Status {
	if !x.InOrder() {
		return Again
	}
	x.Spend(lockCost)
	x.M.keepCond(c)
	woken := int64(0)
	for i := 0; i < len(c.queue); {
		t := c.queue[i]
		if t.task != nil && t.task.State == Done { // its cell was stopped
			c.queue = append(c.queue[:i], c.queue[i+1:]...)
			continue
		}
		if t.release {
			i++
			continue
		}
		woken++
		if t.task != nil {
			x.M.Wake(t.task, x.T)
			c.queue = append(c.queue[:i], c.queue[i+1:]...)
		} else {
			t.release = true
			i++
		}
		if !all {
			break
		}
	}
	x.record(trace.Signal, trace.Cond, at, woken)
	return Next
}
