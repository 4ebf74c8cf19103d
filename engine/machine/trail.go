package machine

import (
	"slices"
	"unsafe"

	"interleave/engine/layout"
)

// trail is what undoes the steps since the oldest live snapshot: the old content of
// whatever was written. It keeps pointers as pointers, so that what they lead to
// stays in memory.
type trail struct {
	live int // snapshots
	log  []undo
}

// undo is one entry: some words at an address, or a function.
type undo struct {
	words uint8
	at    unsafe.Pointer
	p, q  unsafe.Pointer
	n, m  uint64
	f     func()
}

// What the words at an address are.
const (
	byFunc uint8 = iota
	byteWord
	halfWord
	shortWord
	numberWord
	pointerWord
	stringWords
	pointerWords
	sliceWords
)

func (t *trail) on() bool { return t.live > 0 }

// word keeps the words at an address.
func (t *trail) word(at unsafe.Pointer, words uint8) {
	u := undo{words: words, at: at}
	switch words {
	case byteWord:
		u.n = uint64(*(*uint8)(at))
	case halfWord:
		u.n = uint64(*(*uint16)(at))
	case shortWord:
		u.n = uint64(*(*uint32)(at))
	case numberWord:
		u.n = *(*uint64)(at)
	case pointerWord:
		u.p = *(*unsafe.Pointer)(at)
	case stringWords:
		u.p, u.n = *(*unsafe.Pointer)(at), *(*uint64)(unsafe.Add(at, 8))
	case pointerWords:
		u.p, u.q = *(*unsafe.Pointer)(at), *(*unsafe.Pointer)(unsafe.Add(at, 8))
	case sliceWords:
		u.p, u.n, u.m = *(*unsafe.Pointer)(at), *(*uint64)(unsafe.Add(at, 8)), *(*uint64)(unsafe.Add(at, 16))
	}
	t.log = append(t.log, u)
}

// back undoes everything beyond the first n entries, the last first.
func (t *trail) back(n int) {
	for i := len(t.log) - 1; i >= n; i-- {
		u := &t.log[i]
		switch at := u.at; u.words {
		case byFunc:
			u.f()
		case byteWord:
			*(*uint8)(at) = uint8(u.n)
		case halfWord:
			*(*uint16)(at) = uint16(u.n)
		case shortWord:
			*(*uint32)(at) = uint32(u.n)
		case numberWord:
			*(*uint64)(at) = u.n
		case pointerWord:
			*(*unsafe.Pointer)(at) = u.p
		case stringWords:
			*(*unsafe.Pointer)(at), *(*uint64)(unsafe.Add(at, 8)) = u.p, u.n
		case pointerWords:
			*(*unsafe.Pointer)(at), *(*unsafe.Pointer)(unsafe.Add(at, 8)) = u.p, u.q
		case sliceWords:
			*(*unsafe.Pointer)(at), *(*uint64)(unsafe.Add(at, 8)), *(*uint64)(unsafe.Add(at, 16)) = u.p, u.n, u.m
		}
		*u = undo{}
	}
	t.log = t.log[:n]
}

// Undoing tells whether a snapshot is alive: natives that change what is neither
// registers nor memory of the program then call OnRestore first.
func (m *Machine) Undoing() bool { return m.trail.on() }

// call keeps a function that undoes a step.
func (t *trail) call(f func()) { t.log = append(t.log, undo{f: f}) }

// OnRestore has f called when the machine goes back to before the present step.
func (m *Machine) OnRestore(f func()) {
	if m.trail.on() {
		m.trail.call(f)
	}
}

// Overwrite must be called by every step, native functions too, before it writes n
// values of type t at p by other means than instructions.
func (x *Exec) Overwrite(t *layout.Type, p unsafe.Pointer, n int) {
	if !x.M.trail.on() || n == 0 || t.Size == 0 {
		return
	}
	old := t.NewArray(n)
	t.CopyArray(old, p, n)
	x.M.OnRestore(func() { t.CopyArray(p, old, n) })
}

// KeepIter must be called before an iterator moves.
func (x *Exec) KeepIter(it *Iter) {
	if x.M.trail.on() {
		old := *it
		x.M.OnRestore(func() { *it = old })
	}
}

// keepNumbers keeps words that are no pointers.
func (m *Machine) keepNumbers(p unsafe.Pointer, words int) {
	if m.trail.on() {
		for i := range words {
			m.trail.word(unsafe.Add(p, i*8), numberWord)
		}
	}
}

// keepChan keeps a channel, its buffer and its queues.
func (m *Machine) keepChan(c *Chan) {
	if !m.trail.on() || c == nil {
		return
	}
	old, buf := *c, slices.Clone(c.buf)
	var t ticks
	if c.ticks != nil {
		t = *c.ticks
	}
	receivers, senders := keepQueue(&c.recvq), keepQueue(&c.sendq)
	m.OnRestore(func() {
		mark := c.mark
		*c = old
		c.mark = mark
		if c.ticks != nil {
			*c.ticks = t
		}
		copy(c.buf, buf)
		receivers()
		senders()
	})
}

// keepTimer keeps when a timer is due.
func (m *Machine) keepTimer(t *Timer) {
	if m.trail.on() {
		at, mark := t.moment, t.mark
		m.OnRestore(func() { t.moment, t.mark = at, mark })
	}
}

// keepQueue returns what puts a queue back as it is, with its waiters and, for those
// of a select, the other queues they stand in.
func keepQueue(q *waitQueue) func() {
	type kept struct {
		w   *waiter
		old waiter
	}
	type keptQueue struct {
		q    *waitQueue
		list []*waiter
		gone int
	}
	var waiters []kept
	var won []*waitGroup
	queues := []keptQueue{{q, slices.Clone(q.list), q.gone}}
	for _, w := range q.list {
		waiters = append(waiters, kept{w, *w})
		if g := w.group; g != nil {
			won = append(won, g)
			for i, o := range g.members {
				waiters = append(waiters, kept{o, *o})
				queues = append(queues, keptQueue{g.queues[i], slices.Clone(g.queues[i].list), g.queues[i].gone})
			}
		}
	}
	return func() {
		for _, k := range waiters {
			*k.w = k.old
		}
		for _, g := range won { // who waits in a queue has not won yet
			g.won = nil
		}
		for _, k := range queues {
			k.q.list, k.q.gone = slices.Clone(k.list), k.gone
		}
	}
}

// keepWaits keeps the queue of a lock.
func (m *Machine) keepWaits(k queueKey) {
	if !m.trail.on() {
		return
	}
	q := m.waits[k]
	if q == nil {
		m.OnRestore(func() { delete(m.waits, k) })
		return
	}
	back := keepQueue(q)
	m.OnRestore(func() {
		m.waits[k] = q
		back()
	})
}

// keepCond keeps a condition variable.
func (m *Machine) keepCond(c *Cond) {
	if !m.trail.on() {
		return
	}
	old := *c
	old.queue = slices.Clone(c.queue)
	tickets := make([]ticket, len(c.queue))
	for i, t := range c.queue {
		tickets[i] = *t
	}
	m.OnRestore(func() {
		*c = Cond{old.next, slices.Clone(old.queue)}
		for i, t := range c.queue {
			*t = tickets[i]
		}
	})
}
