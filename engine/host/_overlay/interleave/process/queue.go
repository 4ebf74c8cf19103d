package process

import "sync"

// Queue carries values between processes: what is put in is pickled, and who takes it out
// gets a copy. A process may hold it as a captured variable.
type Queue[T any] struct{ id int }

// NewQueue makes a queue for so many values; 0: for any number.
func NewQueue[T any](capacity int) *Queue[T] { return &Queue[T]{newQueue(capacity)} }

// Put adds a value; it waits while the queue is full.
func (q *Queue[T]) Put(v T) {
	sent, n, problem := copyOf(&v)
	if problem != "" {
		panic("process.Queue.Put: " + problem)
	}
	c := prices()
	work(int(c.Syscall) + bytes(n, c.Pickle+c.Byte))
	put(q.id, parcel{sent, n})
}

// parcel is a value on its way.
type parcel struct {
	v any
	n int // bytes
}

// Get takes the value that was put in first; it waits while there is none.
func (q *Queue[T]) Get() T {
	p := get(q.id).(parcel)
	c := prices()
	work(int(c.Syscall) + bytes(p.n, c.Pickle+c.Byte))
	return *p.v.(*T)
}

// Shared is memory that several processes have: what one writes, the others see. Put no
// pointers into it.
type Shared[T any] struct{ Value *T }

// Share makes shared memory that holds v.
func Share[T any](v T) *Shared[T] { return &Shared[T]{&v} }

// Lock is a lock for several processes.
type Lock struct{ mu sync.Mutex }

// NewLock makes one.
func NewLock() *Lock { return &Lock{} }

// Lock waits until no other process has the lock, and takes it.
func (l *Lock) Lock() { work(int(prices().Syscall)); l.mu.Lock() }

// Unlock gives it back.
func (l *Lock) Unlock() { l.mu.Unlock() }
