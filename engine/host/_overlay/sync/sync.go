package sync

import (
	isync "internal/sync"
	"sync/atomic"
	"unsafe"
)

// The locks are the machine's own: it knows who holds and who waits. The
// layouts are Go's, and so are the fields' names and types: fmt shows them.

type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// A Locker represents an object that can be locked and unlocked.
type Locker interface {
	Lock()
	Unlock()
}

// A Mutex is a mutual exclusion lock; its zero value is unlocked.
type Mutex struct {
	_  noCopy
	mu isync.Mutex
}

func (m *Mutex) Lock()
func (m *Mutex) TryLock() bool
func (m *Mutex) Unlock()

// A RWMutex is a lock that many readers or one writer can hold.
type RWMutex struct {
	w           Mutex
	writerSem   uint32 // writers that wait
	readerSem   uint32
	readerCount atomic.Int32
	readerWait  atomic.Int32
}

func (rw *RWMutex) Lock()
func (rw *RWMutex) TryLock() bool
func (rw *RWMutex) Unlock()
func (rw *RWMutex) RLock()
func (rw *RWMutex) TryRLock() bool
func (rw *RWMutex) RUnlock()

// RLocker returns a Locker whose methods are rw's RLock and RUnlock.
func (rw *RWMutex) RLocker() Locker { return (*rlocker)(rw) }

type rlocker RWMutex

func (r *rlocker) Lock()   { (*RWMutex)(r).RLock() }
func (r *rlocker) Unlock() { (*RWMutex)(r).RUnlock() }

// A WaitGroup waits for a number of tasks.
type WaitGroup struct {
	noCopy noCopy
	state  atomic.Uint64 // the count, in the upper half
	sema   uint32
}

func (wg *WaitGroup) Add(delta int)
func (wg *WaitGroup) Done() { wg.Add(-1) }
func (wg *WaitGroup) Wait()

// Go calls f in a new goroutine that the group waits for.
func (wg *WaitGroup) Go(f func()) {
	wg.Add(1)
	go func() {
		defer func() {
			if x := recover(); x != nil {
				panic(x) // nobody is to go on before the program ends
			}
			wg.Done()
		}()
		f()
	}()
}

// A Cond is a condition variable.
type Cond struct {
	noCopy noCopy
	L      Locker
	queue  unsafe.Pointer
	self   *Cond
}

// NewCond returns a Cond with lock l.
func NewCond(l Locker) *Cond { return &Cond{L: l} }

func (c *Cond) check() {
	if c.self == nil {
		c.self = c
	}
	if c.self != c {
		panic("sync.Cond is copied")
	}
}

func condEnter(c *Cond) int
func condWait(c *Cond, ticket int)
func condSignal(c *Cond, all bool)

// Wait unlocks c.L, waits for a Signal or Broadcast, and locks c.L again.
func (c *Cond) Wait() {
	c.check()
	t := condEnter(c)
	c.L.Unlock()
	condWait(c, t)
	c.L.Lock()
}

// Signal wakes one waiter, if there is any.
func (c *Cond) Signal() { c.check(); condSignal(c, false) }

// Broadcast wakes all waiters.
func (c *Cond) Broadcast() { c.check(); condSignal(c, true) }

// A Pool keeps values for reuse. Here the last one put is the first one got.
type Pool struct {
	noCopy noCopy
	top    *pooled
	New    func() any
}

type pooled struct {
	x     any
	below *pooled
}

func poolPush(top **pooled, p *pooled)
func poolPop(top **pooled) *pooled

// Put adds x.
func (p *Pool) Put(x any) {
	if x != nil {
		poolPush(&p.top, &pooled{x: x})
	}
}

// Get takes a value out, or makes one.
func (p *Pool) Get() any {
	if v := poolPop(&p.top); v != nil {
		return v.x
	}
	if p.New != nil {
		return p.New()
	}
	return nil
}
