package policy

import "slices"

// Queue holds tasks, first in first out. The zero Queue is empty.
type Queue struct {
	list []*Task
	head int
}

// Len is the number of tasks.
func (q *Queue) Len() int { return len(q.list) - q.head }

// Push adds a task at the end.
func (q *Queue) Push(t *Task) {
	if q.head > 32 && q.head*2 > len(q.list) {
		n := copy(q.list, q.list[q.head:])
		clear(q.list[n:])
		q.list, q.head = q.list[:n], 0
	}
	if n := len(q.list); n == cap(q.list) && n > 256 { // append adds a quarter to a long list
		q.list = slices.Grow(q.list, n)
	}
	q.list = append(q.list, t)
}

// PushFront adds a task before all others.
func (q *Queue) PushFront(t *Task) {
	if q.head == 0 {
		q.list = slices.Insert(q.list, 0, t)
		return
	}
	q.head--
	q.list[q.head] = t
}

// Pop takes the first task; nil: there is none.
func (q *Queue) Pop() *Task {
	if q.head == len(q.list) {
		return nil
	}
	t := q.list[q.head]
	q.list[q.head] = nil
	if q.head++; q.head == len(q.list) {
		q.list, q.head = q.list[:0], 0
	}
	return t
}

// Take takes the i-th task.
func (q *Queue) Take(i int) *Task {
	if i == 0 {
		return q.Pop()
	}
	at := q.head + i
	t := q.list[at]
	if i < q.Len()/2 { // the shorter part moves up
		copy(q.list[q.head+1:at+1], q.list[q.head:at])
		q.list[q.head] = nil
		q.head++
		return t
	}
	q.list = slices.Delete(q.list, at, at+1)
	return t
}

// At is the i-th task.
func (q *Queue) At(i int) *Task { return q.list[q.head+i] }

// Clone copies the queue.
func (q *Queue) Clone() Queue { return Queue{list: slices.Clone(q.list[q.head:])} }
