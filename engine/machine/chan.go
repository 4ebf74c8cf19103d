package machine

import (
	"unsafe"

	"interleave/engine/layout"
)

// Chan is a channel. Waiters are served first in, first out, as Go's are.
type Chan struct {
	Elem   *layout.Type
	Cap    int
	buf    []Val // a ring of Cap values
	head   int
	count  int
	closed bool
	recvq  waitQueue
	sendq  waitQueue
}

// waiter is a task in a queue, for one case of a select or alone.
type waiter struct {
	task  *Task
	val   Val  // what a sender sends; what a receiver got
	ok    bool // the operation happened; false: the channel was closed
	index int  // of the case
	group *waitGroup
	gone  bool
}

// waitGroup is the set of waiters of one select: one of them wins.
type waitGroup struct {
	won     *waiter
	members []*waiter
	queues  []*waitQueue
}

type waitQueue struct {
	list []*waiter
	gone int
}

func (q *waitQueue) push(w *waiter) { q.list = append(q.list, w) }

func (q *waitQueue) pop() *waiter {
	for len(q.list) > 0 {
		w := q.list[0]
		q.list[0] = nil
		q.list = q.list[1:]
		if !w.gone {
			w.gone = true
			if w.group != nil {
				for i, o := range w.group.members {
					if o != w && !o.gone {
						o.gone = true
						w.group.queues[i].drop(o)
					}
				}
				w.group.won = w
			}
			return w
		}
	}
	return nil
}

func (q *waitQueue) drop(w *waiter) {
	for i, o := range q.list {
		if o == w {
			q.list = append(q.list[:i], q.list[i+1:]...)
			return
		}
	}
}

func (q *waitQueue) empty() bool { return len(q.list) == 0 }

// NewChan makes a channel.
func (m *Machine) NewChan(elem *layout.Type, capacity int) *Chan {
	m.heapUse += 96 + int64(capacity)*32
	return &Chan{Elem: elem, Cap: capacity, buf: make([]Val, capacity)}
}

// Len is the number of buffered values.
func (c *Chan) Len() int {
	if c == nil {
		return 0
	}
	return c.count
}

// trySend sends without waiting.
func (m *Machine) trySend(x *Exec, c *Chan, v Val) bool {
	if w := c.recvq.pop(); w != nil {
		w.val, w.ok = v, true
		m.Wake(w.task, x.T)
		return true
	}
	if c.count < c.Cap {
		c.buf[(c.head+c.count)%c.Cap] = v
		c.count++
		return true
	}
	return false
}

// tryRecv receives without waiting.
func (m *Machine) tryRecv(x *Exec, c *Chan) (v Val, ok, done bool) {
	if c.count > 0 {
		v = c.buf[c.head]
		c.buf[c.head] = Val{}
		c.head = (c.head + 1) % c.Cap
		c.count--
		if w := c.sendq.pop(); w != nil {
			c.buf[(c.head+c.count)%c.Cap] = w.val
			c.count++
			w.ok = true
			m.Wake(w.task, x.T)
		}
		return v, true, true
	}
	if w := c.sendq.pop(); w != nil {
		w.ok = true
		m.Wake(w.task, x.T)
		return w.val, true, true
	}
	if c.closed {
		return Zero(c.Elem), false, true
	}
	return Val{}, false, false
}

const chanCost = 20 // ns of a channel operation

// Send is the statement c <- v.
func (x *Exec) Send(c *Chan, v Val) Status {
	if !x.InOrder() {
		return Again
	}
	x.Spend(chanCost)
	if c == nil {
		x.Park(&Wait{Why: "chan send (nil chan)"})
		return Parked
	}
	if c.closed {
		return x.ThrowPlain("send on closed channel")
	}
	if x.M.trySend(x, c, v) {
		return Next
	}
	w := &waiter{task: x.T, val: v}
	c.sendq.push(w)
	x.Park(&Wait{Why: "chan send", Object: unsafe.Pointer(c)})
	x.T.cont = func(x *Exec) Status {
		if !w.ok {
			return x.ThrowPlain("send on closed channel")
		}
		return Next
	}
	return Parked
}

// Recv is the expression <-c; dst and ok receive its results (ok.Class None
// where the form has none).
func (x *Exec) Recv(c *Chan, dst, ok Reg) Status {
	if !x.InOrder() {
		return Again
	}
	x.Spend(chanCost)
	if c == nil {
		x.Park(&Wait{Why: "chan receive (nil chan)"})
		return Parked
	}
	if v, good, done := x.M.tryRecv(x, c); done {
		x.Set(dst, v)
		if ok.Class != layout.None {
			x.SetBool(ok.N, good)
		}
		return Next
	}
	w := &waiter{task: x.T}
	c.recvq.push(w)
	x.Park(&Wait{Why: "chan receive", Object: unsafe.Pointer(c)})
	x.T.cont = func(x *Exec) Status {
		v := w.val
		if !w.ok {
			v = Zero(c.Elem)
		}
		x.Set(dst, v)
		if ok.Class != layout.None {
			x.SetBool(ok.N, w.ok)
		}
		return Next
	}
	return Parked
}

// Close is the built-in function.
func (x *Exec) Close(c *Chan) Status {
	if !x.InOrder() {
		return Again
	}
	x.Spend(chanCost)
	if c == nil {
		return x.ThrowPlain("close of nil channel")
	}
	if c.closed {
		return x.ThrowPlain("close of closed channel")
	}
	c.closed = true
	for w := c.recvq.pop(); w != nil; w = c.recvq.pop() {
		x.M.Wake(w.task, x.T)
	}
	for w := c.sendq.pop(); w != nil; w = c.sendq.pop() {
		x.M.Wake(w.task, x.T)
	}
	return Next
}

// Case is one case of a select.
type Case struct {
	Chan *Chan
	Send bool
	Val  Val
}

// Select chooses among cases with a seeded choice where several can go on.
// blocking false: there is a default. done is called with the chosen case's
// index (-1: default), the received value and its ok; it runs when the task
// goes on.
func (x *Exec) Select(cases []Case, blocking bool, done func(x *Exec, index int, v Val, ok bool)) Status {
	if !x.InOrder() {
		return Again
	}
	x.Spend(chanCost * int64(1+len(cases)))
	m := x.M
	order := make([]int, len(cases))
	for i := range order {
		j := m.rand.Intn(i + 1)
		order[i] = order[j]
		order[j] = i
	}
	for _, i := range order {
		c := cases[i]
		switch {
		case c.Chan == nil:
		case c.Send:
			if c.Chan.closed {
				return x.ThrowPlain("send on closed channel")
			}
			if m.trySend(x, c.Chan, c.Val) {
				done(x, i, Val{}, false)
				return Next
			}
		default:
			if v, ok, ready := m.tryRecv(x, c.Chan); ready {
				done(x, i, v, ok)
				return Next
			}
		}
	}
	if !blocking {
		done(x, -1, Val{}, false)
		return Next
	}
	g := &waitGroup{}
	for _, i := range order {
		c := cases[i]
		if c.Chan == nil {
			continue
		}
		w := &waiter{task: x.T, val: c.Val, index: i, group: g}
		q := &c.Chan.recvq
		if c.Send {
			q = &c.Chan.sendq
		}
		q.push(w)
		g.members, g.queues = append(g.members, w), append(g.queues, q)
	}
	why := "select"
	if len(cases) == 0 {
		why = "select (no cases)"
	}
	x.Park(&Wait{Why: why})
	x.T.cont = func(x *Exec) Status {
		w := g.won
		c := cases[w.index]
		if c.Send {
			if !w.ok {
				return x.ThrowPlain("send on closed channel")
			}
			done(x, w.index, Val{}, false)
			return Next
		}
		v := w.val
		if !w.ok {
			v = Zero(c.Chan.Elem)
		}
		done(x, w.index, v, w.ok)
		return Next
	}
	return Parked
}

// Drain drops the buffered values of a timer's channel; false: there was none.
func (c *Chan) Drain() bool {
	had := c.count > 0
	clear(c.buf)
	c.head, c.count = 0, 0
	return had
}
