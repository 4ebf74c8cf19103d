package yaegi

import (
	"runtime"
	"sync"
	"sync/atomic"

	"interleave/engine"
)

// The types of package sync, with two differences: whoever waits can be
// interrupted, and misuse that ends a Go process ends the cell.

// queue is a list of goroutines that wait for their turn.
type queue struct{ waiters []*waiter }

type waiter struct {
	turn  chan struct{}
	write bool
}

// wait parks the calling goroutine until its turn. mu is held at entry and not
// at exit. gone is called, with mu held, where the cell was cancelled after the
// turn had been given.
func (q *queue) wait(mu *sync.Mutex, w *waiter, gone func()) {
	ev := evaluatorOf()
	q.waiters = append(q.waiters, w)
	mu.Unlock()
	var done chan struct{}
	if ev != nil {
		done = ev.done
		ev.ev.waiting.enter()
		defer ev.ev.waiting.leave()
	}
	select {
	case <-w.turn:
		return
	case <-done:
	}
	mu.Lock()
	for i, x := range q.waiters {
		if x == w {
			q.waiters = append(q.waiters[:i:i], q.waiters[i+1:]...)
			mu.Unlock()
			runtime.Goexit()
		}
	}
	gone() // the turn came at the same moment: pass it on
	mu.Unlock()
	runtime.Goexit()
}

// evaluatorOf is the run of the calling goroutine; nil outside of cells.
func evaluatorOf() *run {
	if p := runtimeGetProfLabel(); p != nil {
		return (*goroutine)(p).run
	}
	return nil
}

// Mutex is sync.Mutex.
type Mutex struct {
	mu     sync.Mutex
	locked bool
	q      queue
}

// Lock waits until m is unlocked and locks it.
func (m *Mutex) Lock() {
	m.mu.Lock()
	if !m.locked {
		m.locked = true
		m.mu.Unlock()
		return
	}
	m.q.wait(&m.mu, &waiter{turn: make(chan struct{})}, m.pass)
}

// TryLock locks m if nobody has.
func (m *Mutex) TryLock() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.locked {
		return false
	}
	m.locked = true
	return true
}

// Unlock unlocks m. It is a fatal error if m is not locked.
func (m *Mutex) Unlock() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.locked {
		fatal("sync: unlock of unlocked mutex")
	}
	m.pass()
}

func (m *Mutex) pass() {
	if len(m.q.waiters) == 0 {
		m.locked = false
		return
	}
	w := m.q.waiters[0]
	m.q.waiters = m.q.waiters[1:]
	close(w.turn) // it stays locked, for w
}

// fatal ends the cell as a fatal error ends a Go program: nothing recovers it.
func fatal(text string) {
	if r := evaluatorOf(); r != nil {
		r.fail(&engine.Fatal{Message: text})
		runtime.Goexit()
	}
	panic(text)
}

// RWMutex is sync.RWMutex. A waiting writer keeps new readers out.
type RWMutex struct {
	mu      sync.Mutex
	readers int
	writer  bool
	q       queue
}

// Lock locks for writing.
func (m *RWMutex) Lock() {
	m.mu.Lock()
	if !m.writer && m.readers == 0 && len(m.q.waiters) == 0 {
		m.writer = true
		m.mu.Unlock()
		return
	}
	m.q.wait(&m.mu, &waiter{turn: make(chan struct{}), write: true}, func() { m.writer = false; m.next() })
}

// TryLock locks for writing if nobody has locked.
func (m *RWMutex) TryLock() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.writer || m.readers > 0 {
		return false
	}
	m.writer = true
	return true
}

// Unlock undoes Lock.
func (m *RWMutex) Unlock() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.writer {
		fatal("sync: Unlock of unlocked RWMutex")
	}
	m.writer = false
	// Readers that waited for the writer come first, as in package sync.
	var rest []*waiter
	for _, w := range m.q.waiters {
		if w.write {
			rest = append(rest, w)
			continue
		}
		m.readers++
		close(w.turn)
	}
	m.q.waiters = rest
	m.next()
}

// RLock locks for reading.
func (m *RWMutex) RLock() {
	m.mu.Lock()
	if !m.writer && len(m.q.waiters) == 0 {
		m.readers++
		m.mu.Unlock()
		return
	}
	m.q.wait(&m.mu, &waiter{turn: make(chan struct{})}, func() { m.readers--; m.next() })
}

// TryRLock locks for reading if no writer has locked or waits.
func (m *RWMutex) TryRLock() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.writer || len(m.q.waiters) > 0 {
		return false
	}
	m.readers++
	return true
}

// RUnlock undoes RLock.
func (m *RWMutex) RUnlock() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.readers == 0 {
		fatal("sync: RUnlock of unlocked RWMutex")
	}
	m.readers--
	m.next()
}

// RLocker is a Locker over RLock and RUnlock.
func (m *RWMutex) RLocker() sync.Locker { return rlocker{m} }

type rlocker struct{ m *RWMutex }

func (r rlocker) Lock()   { r.m.RLock() }
func (r rlocker) Unlock() { r.m.RUnlock() }

// next gives the lock to whoever waits first, and to the readers behind a reader.
func (m *RWMutex) next() {
	for len(m.q.waiters) > 0 && !m.writer {
		w := m.q.waiters[0]
		if w.write {
			if m.readers > 0 {
				return
			}
			m.writer = true
		} else {
			m.readers++
		}
		m.q.waiters = m.q.waiters[1:]
		close(w.turn)
	}
}

// WaitGroup is sync.WaitGroup.
type WaitGroup struct {
	mu sync.Mutex
	n  int
	q  queue
}

// Add adds n, which may be negative; a negative counter panics.
func (wg *WaitGroup) Add(n int) {
	wg.mu.Lock()
	defer wg.mu.Unlock()
	wg.n += n
	if wg.n < 0 {
		panic(&thrown{value: "sync: negative WaitGroup counter"})
	}
	if wg.n == 0 {
		for _, w := range wg.q.waiters {
			close(w.turn)
		}
		wg.q.waiters = nil
	}
}

// Done is Add(-1).
func (wg *WaitGroup) Done() { wg.Add(-1) }

// Go runs f in a new goroutine that wg waits for.
func (wg *WaitGroup) Go(f func()) {
	wg.Add(1)
	r := evaluatorOf()
	r.start(func() {
		defer func() {
			if x := recover(); x != nil { // nobody is to go on before the program ends
				t := r.ev.caught(x)
				t.recovered = true
				panic(&thrown{value: t.value, site: t.site, frames: t.frames, previous: t})
			}
			wg.Done()
		}()
		f()
	}, nil)
}

// Wait waits until the counter is zero.
func (wg *WaitGroup) Wait() {
	wg.mu.Lock()
	if wg.n == 0 {
		wg.mu.Unlock()
		return
	}
	wg.q.wait(&wg.mu, &waiter{turn: make(chan struct{})}, func() {})
}

// Cond is sync.Cond.
type Cond struct {
	L  sync.Locker
	mu sync.Mutex
	q  queue
}

// Wait unlocks c.L, waits for a signal, and locks c.L.
func (c *Cond) Wait() {
	c.mu.Lock()
	w := &waiter{turn: make(chan struct{})}
	// In the queue before the lock is given up, so that no signal is missed.
	c.q.waiters = append(c.q.waiters, w)
	c.mu.Unlock()
	c.L.Unlock()
	var done chan struct{}
	r := evaluatorOf()
	if r != nil {
		done = r.done
		r.ev.waiting.enter()
	}
	stopped := false
	select {
	case <-w.turn:
	case <-done:
		stopped = true
	}
	if r != nil {
		r.ev.waiting.leave()
	}
	if stopped {
		runtime.Goexit()
	}
	c.L.Lock()
}

// Signal wakes the one that waits longest.
func (c *Cond) Signal() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.q.waiters) > 0 {
		close(c.q.waiters[0].turn)
		c.q.waiters = c.q.waiters[1:]
	}
}

// Broadcast wakes all.
func (c *Cond) Broadcast() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, w := range c.q.waiters {
		close(w.turn)
	}
	c.q.waiters = nil
}

// Once is sync.Once.
type Once struct {
	done atomic.Bool
	m    Mutex
}

// Do calls f the first time it is called; others wait until that call is over.
func (o *Once) Do(f func()) {
	if o.done.Load() {
		return
	}
	o.m.Lock()
	defer o.m.Unlock()
	if !o.done.Load() {
		defer o.done.Store(true)
		f()
	}
}
