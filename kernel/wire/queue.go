package wire

import (
	"errors"
	"sync"
	"time"
)

// item is one thing to write: a message, or a command where command is not "".
type item struct {
	command string
	frames  [][]byte
	size    int // bytes
}

func newItem(frames [][]byte) item {
	it := item{frames: frames}
	for _, f := range frames {
		it.size += len(f)
	}
	return it
}

var (
	errGone = errors.New("wire: the peer is gone")
	errSlow = errors.New("wire: the peer does not read")
)

// queue holds what one peer is still to be sent. Any goroutine may put; one, the peer's
// writer, takes. It is full at maxItems messages or maxBytes bytes; a single message
// of any size is let into an empty queue.
type queue struct {
	maxItems, maxBytes int

	mu     sync.Mutex
	items  []item
	first  int // items[:first] were taken
	bytes  int // of items not yet written
	count  int // items not yet written
	waited time.Duration
	mark   int64 // progress when waited was last 0

	wake chan struct{} // to the writer: something was put
	room chan struct{} // to a waiting putter: something was written
}

func newQueue(maxItems, maxBytes int) *queue {
	return &queue{maxItems: maxItems, maxBytes: maxBytes, wake: make(chan struct{}, 1), room: make(chan struct{}, 1)}
}

// put appends it, or reports false where the queue is full.
func (q *queue) put(it item) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.count > 0 && (q.count >= q.maxItems || q.bytes+it.size > q.maxBytes) {
		return false
	}
	q.items = append(q.items, it)
	q.count++
	q.bytes += it.size
	signal(q.wake)
	return true
}

// putPatiently is put for one goroutine at a time that waits for room. A peer that takes less than
// slowest bytes in patience of waiting, also over several calls, ends it with errSlow; gone or
// closing, when closed, with errGone. progress counts bytes that the peer took.
func (q *queue) putPatiently(it item, patience time.Duration, slowest int64, progress func() int64, gone, closing <-chan struct{}) error {
	for !q.put(it) {
		if q.waited >= patience {
			return errSlow
		}
		start := time.Now()
		timer := time.NewTimer(patience - q.waited)
		select {
		case <-q.room:
		case <-timer.C:
		case <-gone:
			timer.Stop()
			return errGone
		case <-closing:
			timer.Stop()
			return errGone
		}
		timer.Stop()
		q.waited += time.Since(start)
		if now := progress(); now-q.mark >= slowest {
			q.waited, q.mark = 0, now
		}
	}
	return nil
}

// take returns the next item, false where there is none. The writer calls done when it has
// written it.
func (q *queue) take() (item, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.first == len(q.items) {
		return item{}, false
	}
	it := q.items[q.first]
	q.items[q.first] = item{}
	q.first++
	if q.first == len(q.items) {
		q.items, q.first = q.items[:0], 0
	} else if q.first >= 1024 && q.first*2 >= len(q.items) {
		n := copy(q.items, q.items[q.first:])
		clear(q.items[n:])
		q.items, q.first = q.items[:n], 0
	}
	return it, true
}

// done says that it was written.
func (q *queue) done(it item) {
	q.mu.Lock()
	q.count--
	q.bytes -= it.size
	q.mu.Unlock()
	signal(q.room)
}

// signal leaves a note in a channel of capacity 1.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
