package worker

import "sync"

// queue is a first-in first-out list between goroutines. push never blocks, so
// that whoever reads a pipe can go on reading; the other side of that pipe
// bounds what is pushed.
type queue[T any] struct {
	mu     sync.Mutex
	more   *sync.Cond
	items  []T
	closed bool
}

func newQueue[T any]() *queue[T] {
	q := &queue[T]{}
	q.more = sync.NewCond(&q.mu)
	return q
}

// push reports false when the queue was closed.
func (q *queue[T]) push(item T) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.items = append(q.items, item)
	q.more.Signal()
	return true
}

// pop waits for an item; false means that the queue was closed.
func (q *queue[T]) pop() (item T, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 && !q.closed {
		q.more.Wait()
	}
	if q.closed {
		return item, false
	}
	item = q.items[0]
	var none T
	q.items[0] = none // let it be collected
	q.items = q.items[1:]
	return item, true
}

func (q *queue[T]) len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.items)
}

// close drops what is left and ends every pop.
func (q *queue[T]) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed, q.items = true, nil
	q.more.Broadcast()
}
