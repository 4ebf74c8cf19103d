package machine

import (
	"slices"
	"unsafe"

	"interleave/engine/layout"
	"interleave/engine/policy"
	"interleave/engine/trace"
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
	lead   [2]lead // while a select begins to wait here: to receive, to send
	mark   mark
	ticks  *ticks // of a timer's channel, which is as if unbuffered to those who ask (Go 1.23); nil: it is another
}

// lead is which case of a select waits at one end of a channel, of several that could.
type lead struct{ index, alike int }

// waiter is a task in a queue, for one case of a select or alone.
type waiter struct {
	task  *Task
	val   Val  // what a sender sends; what a receiver got
	ok    bool // the operation happened; false: the channel was closed
	gone  bool
	index int32 // of the case
	group *waitGroup
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

func (q *waitQueue) push(w *waiter) {
	if n := len(q.list); n == cap(q.list) && n > 256 { // append adds a quarter to a long list
		q.list = slices.Grow(q.list, n)
	}
	q.list = append(q.list, w)
}

func (q *waitQueue) pop() *waiter {
	for len(q.list) > 0 {
		w := q.list[0]
		q.list[0] = nil
		if len(q.list) == 1 {
			q.list = q.list[:0]
		} else {
			q.list = q.list[1:]
		}
		if !w.gone && w.task.State != Done { // a stopped cell's tasks stay in queues
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

// Awaited tells whether a task waits to receive.
func (c *Chan) Awaited() bool { return c.recvq.first() != nil }

// NewChan makes a channel.
func (m *Machine) NewChan(elem *layout.Type, capacity int) *Chan {
	m.heapUse += 96 + int64(capacity)*int64(unsafe.Sizeof(Val{}))
	c := &Chan{Elem: elem, Cap: capacity}
	if capacity > 0 {
		c.buf = make([]Val, capacity)
	}
	if m.rec != nil && m.exec.T != nil {
		m.exec.noteChan(trace.Make, c, capacity)
	}
	return c
}

// MakeChan is the built-in function.
func (x *Exec) MakeChan(elem *layout.Type, n int64) (*Chan, Status) {
	if n < 0 || n > 1<<40 || elem.Size > 0 && uint64(n) > 1<<47/uint64(elem.Size) {
		return nil, x.ThrowPlain("makechan: size out of range")
	}
	if st := x.Afford(int(n) * int(unsafe.Sizeof(Val{}))); st != Next {
		return nil, st
	}
	return x.M.NewChan(elem, int(n)), Next
}

// Len is the number of buffered values, as len gives it.
func (c *Chan) Len() int {
	if c == nil || c.ticks != nil {
		return 0
	}
	return c.count
}

// Size is the capacity, as cap gives it.
func (c *Chan) Size() int {
	if c == nil || c.ticks != nil {
		return 0
	}
	return c.Cap
}

// trySend sends without waiting.
func (m *Machine) trySend(x *Exec, c *Chan, v Val) bool {
	if w := c.recvq.pop(); w != nil {
		w.val, w.ok = v, true
		if m.rec != nil {
			x.noteChan(trace.Send, c, 0)
			m.noteValue(c, v)
			m.noteFor(w.task, x.T, trace.Receive, c, 0)
		}
		m.Wake(w.task, x.T)
		return true
	}
	if c.count < c.Cap {
		c.buf[(c.head+c.count)%c.Cap] = v
		c.count++
		if m.rec != nil {
			x.noteChan(trace.Send, c, c.count)
			m.noteValue(c, v)
		}
		return true
	}
	return false
}

// tryRecv receives without waiting, in a step that has taken ago ns until here.
func (m *Machine) tryRecv(x *Exec, c *Chan, ago int64) (v Val, ok, done bool) {
	if c.count > 0 {
		v = c.buf[c.head]
		c.buf[c.head] = Val{}
		c.head = (c.head + 1) % c.Cap
		c.count--
		if m.rec != nil {
			x.noteChan(trace.Receive, c, c.count)
		}
		if c.ticks != nil {
			m.resume(c, ago)
		}
		if w := c.sendq.pop(); w != nil {
			c.buf[(c.head+c.count)%c.Cap] = w.val
			c.count++
			w.ok = true
			if m.rec != nil {
				m.noteFor(w.task, x.T, trace.Send, c, c.count)
				m.noteValue(c, w.val)
			}
			m.Wake(w.task, x.T)
		}
		return v, true, true
	}
	if w := c.sendq.pop(); w != nil {
		w.ok = true
		if m.rec != nil {
			x.noteChan(trace.Receive, c, 0)
			m.noteFor(w.task, x.T, trace.Send, c, 0)
			m.noteValue(c, w.val)
		}
		m.Wake(w.task, x.T)
		return w.val, true, true
	}
	if c.closed {
		x.noteChan(trace.Receive, c, -1)
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
	if x.M.trail.on() {
		x.M.keepChan(c)
	}
	if x.M.trySend(x, c, v) {
		return Next
	}
	t := x.T
	t.alone = waiter{task: t, val: v}
	c.sendq.push(&t.alone)
	t.wait = Wait{Why: "chan send", Object: unsafe.Pointer(c)}
	x.Park(&t.wait)
	if x.M.rec != nil {
		x.M.noteValue(c, v)
	}
	t.cont = sent
	return Parked
}

// sent is what a task that waited to send does first.
func sent(x *Exec) Status {
	if !x.T.alone.ok {
		return x.ThrowPlain("send on closed channel")
	}
	return Next
}

// Recv is the expression <-c; dst and ok receive its results (ok.Class None
// where the form has none).
func (x *Exec) Recv(c *Chan, dst *Reg, ok Reg) Status {
	if !x.InOrder() {
		return Again
	}
	x.Spend(chanCost)
	if c == nil {
		x.Park(&Wait{Why: "chan receive (nil chan)"})
		return Parked
	}
	if x.M.trail.on() {
		x.M.keepChan(c)
	}
	if v, good, done := x.M.tryRecv(x, c, chanCost); done {
		x.Set(*dst, v)
		if ok.Class != layout.None {
			x.SetBool(ok.N, good)
		}
		return Next
	}
	t := x.T
	t.alone, t.into, t.intoOK = waiter{task: t}, dst, -1
	if ok.Class != layout.None {
		t.intoOK = ok.N
	}
	c.recvq.push(&t.alone)
	if c.ticks != nil {
		x.M.resume(c, chanCost)
	}
	t.wait = Wait{Why: "chan receive", Object: unsafe.Pointer(c)}
	x.Park(&t.wait)
	t.cont = received
	return Parked
}

// received is what a task that waited to receive does first.
func received(x *Exec) Status {
	t := x.T
	v := t.alone.val
	if !t.alone.ok {
		v = Zero((*Chan)(t.wait.Object).Elem)
	}
	x.Set(*t.into, v)
	if t.intoOK >= 0 {
		x.SetBool(t.intoOK, t.alone.ok)
	}
	t.alone.val = Val{}
	return Next
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
	x.M.keepChan(c)
	c.closed = true
	x.noteChan(trace.Close, c, c.count)
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
	spent := chanCost * int64(1+len(cases))
	x.Spend(spent)
	m := x.M
	if x.T.System && !blocking {
		if _, good := m.arrive(x.T); !good {
			done(x, -1, Val{}, false)
			return Next
		}
	}
	var few [8]int
	ready := few[:0]
	for i, c := range cases {
		switch ch := c.Chan; {
		case ch == nil:
		case c.Send && (ch.closed || ch.count < ch.Cap || !ch.recvq.empty()), !c.Send && (ch.count > 0 || !ch.sendq.empty() || ch.closed):
			ready = append(ready, i)
		}
	}
	if len(ready) > 0 {
		i := ready[m.choose(len(ready))]
		c := cases[i]
		if m.rec != nil {
			x.noteChan(trace.Select, c.Chan, i)
		}
		m.keepChan(c.Chan)
		switch {
		case !c.Send:
			v, ok, _ := m.tryRecv(x, c.Chan, spent)
			done(x, i, v, ok)
		case c.Chan.closed:
			return x.ThrowPlain("send on closed channel")
		default:
			m.trySend(x, c.Chan, c.Val)
			done(x, i, Val{}, false)
		}
		return Next
	}
	if !blocking {
		x.noteChan(trace.Select, nil, -1)
		done(x, -1, Val{}, false)
		return Next
	}
	// Of cases that are alike one waits, so that which of them goes on is as open as where
	// both can at once. (runtime/select.go: the lock order begins as the poll order.)
	for i, c := range cases {
		if c.Chan == nil {
			continue
		}
		l := &c.Chan.lead[b2i(c.Send)]
		if l.alike++; l.alike == 1 || m.choose(l.alike) == 0 {
			l.index = i
		}
	}
	g := &waitGroup{members: make([]*waiter, 0, len(cases)), queues: make([]*waitQueue, 0, len(cases))}
	waiters := make([]waiter, len(cases))
	for i, c := range cases {
		if c.Chan == nil {
			continue
		}
		l := &c.Chan.lead[b2i(c.Send)]
		if l.alike == 0 || l.index != i {
			continue
		}
		*l = lead{}
		m.keepChan(c.Chan)
		w := &waiters[i]
		*w = waiter{task: x.T, val: c.Val, index: int32(i), group: g}
		q := &c.Chan.recvq
		if c.Send {
			q = &c.Chan.sendq
		}
		q.push(w)
		if c.Chan.ticks != nil {
			m.resume(c.Chan, spent)
		}
		g.members, g.queues = append(g.members, w), append(g.queues, q)
	}
	why := "select"
	if len(cases) == 0 {
		why = "select (no cases)"
	}
	x.Park(&Wait{Why: why, cases: &cases})
	x.T.cont = func(x *Exec) Status {
		w := g.won
		c := cases[w.index]
		x.noteChan(trace.Select, c.Chan, int(w.index))
		if c.Send {
			if !w.ok {
				return x.ThrowPlain("send on closed channel")
			}
			done(x, int(w.index), Val{}, false)
			return Next
		}
		v := w.val
		if !w.ok {
			v = Zero(c.Chan.Elem)
		}
		done(x, int(w.index), v, w.ok)
		return Next
	}
	return Parked
}

// choose picks one of n ready cases.
func (m *Machine) choose(n int) int {
	switch {
	case n == 1:
		return 0
	case m.chooser != nil:
		return m.chooser.Choose(m.Now(), policy.SelectCase, n)
	}
	return m.rand.Intn(n)
}

// noteFor writes an event of a waiting task that another one completed, where there is
// a trace.
func (m *Machine) noteFor(t, by *Task, kind trace.Kind, c *Chan, arg int) {
	m.emit(t, trace.Event{Kind: kind, Object: m.chanUsed(c, by), Arg: small(int64(arg)), Cause: m.taskNumber(by)})
}
