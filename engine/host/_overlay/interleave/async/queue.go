package async

import "unsafe"

// A Queue passes values from task to task, in order. (Lib/asyncio/queues.py)
type Queue[T any] struct {
	most       int
	list       []T
	getters    waiters
	putters    waiters
	unfinished int
	done       Event
}

// NewQueue makes a queue for that many values; 0: any number.
func NewQueue[T any](most int) *Queue[T] { return &Queue[T]{most: most, done: Event{set: true}} }

// Size is the number of values in it.
func (q *Queue[T]) Size() int { return len(q.list) }

// Empty tells whether there is none.
func (q *Queue[T]) Empty() bool { return len(q.list) == 0 }

// Full tells whether Put would wait.
func (q *Queue[T]) Full() bool { return q.most > 0 && len(q.list) >= q.most }

// Put waits until there is room, and adds v.
func (q *Queue[T]) Put(v T) *Coroutine[None] {
	return library("Queue.put", func() (none None) {
		t := awaiting()
		for q.Full() {
			q.wait(&q.putters, t, "Queue.put", func() bool { return !q.Full() })
		}
		q.PutNowait(v)
		return none
	})
}

// PutNowait adds v; where there is no room, it raises QueueFull.
func (q *Queue[T]) PutNowait(v T) {
	if q.Full() {
		panic(QueueFull)
	}
	q.list = append(q.list, v)
	q.unfinished++
	q.done.Clear()
	q.getters.wakeNext()
}

// Get waits until there is a value, and takes the oldest.
func (q *Queue[T]) Get() *Coroutine[T] {
	return library("Queue.get", func() T {
		t := awaiting()
		for q.Empty() {
			q.wait(&q.getters, t, "Queue.get", func() bool { return !q.Empty() })
		}
		return q.GetNowait()
	})
}

// GetNowait takes the oldest value; where there is none, it raises QueueEmpty.
func (q *Queue[T]) GetNowait() T {
	if q.Empty() {
		panic(QueueEmpty)
	}
	v := q.list[0]
	q.list = q.list[1:]
	q.putters.wakeNext()
	return v
}

// wait awaits a place at one end. Who is cancelled after it was woken passes that on.
func (q *Queue[T]) wait(w *waiters, t *task, what string, passOn func() bool) {
	f := w.add(t, what, unsafe.Pointer(q))
	if r := catch(func() { f.await() }); r != nil {
		f.Cancel()
		w.remove(f)
		if passOn() && !f.Cancelled() {
			w.wakeNext()
		}
		r.again()
	}
}

// wakeNext takes out those who wait, up to the first who still does, and wakes that.
func (w *waiters) wakeNext() {
	for len(w.list) > 0 {
		f := w.list[0]
		w.list = w.list[1:]
		if !f.Done() {
			f.set(true)
			return
		}
	}
}

// TaskDone says that what was taken out has been dealt with. It raises ValueError
// where that was said for all.
func (q *Queue[T]) TaskDone() {
	if q.unfinished <= 0 {
		throw(ValueError, "task_done() called too many times")
	}
	if q.unfinished--; q.unfinished == 0 {
		q.done.Set()
	}
}

// Join waits until all that was put in has been dealt with.
func (q *Queue[T]) Join() *Coroutine[None] {
	return library("Queue.join", func() (none None) {
		if q.unfinished > 0 {
			Await(q.done.Wait())
		}
		return none
	})
}
