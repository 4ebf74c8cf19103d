package outcomes

import (
	"fmt"
	"slices"
	"strings"
)

// How a program ends that prints no numbers.
const (
	Deadlock   = "fatal error: all goroutines are asleep - deadlock!"
	SendClosed = "panic: send on closed channel"
	CloseTwice = "panic: close of closed channel"
)

// mostStates bounds the search.
const mostStates = 300_000

// Outcomes lists what a program may print, sorted; ok is false if there is too much to
// search. Atomic operations are in one order that all agree on, a mutex goes to any who
// asks, waiters at a channel are served first in, first out. (The Go Memory Model, 2022;
// the language specification, "Select statements"; runtime/chan.go for the order of
// waiters; sync/rwmutex.go for who goes first: readers that came while a writer had or
// awaited the lock get it when he gives it back, before another writer.)
func (p *Program) Outcomes() (list []string, ok bool) {
	seen, found := map[string]bool{}, map[string]bool{}
	open := []*state{newState(p)}
	for len(open) > 0 {
		s := open[len(open)-1]
		open = open[:len(open)-1]
		if s.end != "" {
			found[s.end] = true
			continue
		}
		if key := s.key(); seen[key] {
			continue
		} else if seen[key] = true; len(seen) > mostStates {
			return nil, false
		}
		next := s.steps()
		if len(next) == 0 {
			found[s.rest()] = true
		}
		open = append(open, next...)
	}
	for end := range found {
		list = append(list, end)
	}
	slices.Sort(list)
	return list, true
}

// state is a program between two steps.
type state struct {
	p       *Program
	threads []thread
	atomic  [2]int
	x       int
	owner   int // of the mutex; -1: none
	rw      rwMutex
	once    bool
	chans   [2]channel
	end     string // how it ended; empty: not yet
}

type thread struct {
	pc     int
	r      [2]int
	parked bool // it waits at a channel, or to read y
	doomed bool // the channel it waited to send on was closed
}

// rwMutex is y's lock, and y.
type rwMutex struct {
	y       int
	readers int
	writer  int // who has or awaits it; -1: nobody
}

type channel struct {
	buf          []int
	closed       bool
	recvq, sendq []waiter
}

// waiter is a goroutine in a channel's queue, with the case of its select.
type waiter struct{ thread, index int }

func newState(p *Program) *state {
	return &state{p: p, threads: make([]thread, len(p.Threads)), owner: -1, rw: rwMutex{writer: -1}}
}

func (s *state) clone() *state {
	c := *s
	c.threads = slices.Clone(s.threads)
	for i := range c.chans {
		ch := &c.chans[i]
		ch.buf, ch.recvq, ch.sendq = slices.Clone(ch.buf), slices.Clone(ch.recvq), slices.Clone(ch.sendq)
	}
	return &c
}

func (s *state) key() string {
	return fmt.Sprint(s.threads, s.atomic, s.x, s.owner, s.rw, s.once, s.chans)
}

// rest is how a program ends in which nobody can go on.
func (s *state) rest() string {
	for i, t := range s.threads {
		if t.pc < len(s.p.Threads[i]) {
			return Deadlock
		}
	}
	list := []any{s.atomic[0], s.atomic[1], s.x, s.rw.y}
	for _, t := range s.threads {
		list = append(list, t.r[0], t.r[1])
	}
	return strings.TrimSuffix(fmt.Sprintln(list...), "\n")
}

// steps lists the states that one step of one goroutine leads to.
func (s *state) steps() (next []*state) {
	for i := range s.threads {
		t := &s.threads[i]
		switch {
		case t.doomed:
			c := s.clone()
			c.end = SendClosed
			next = append(next, c)
		case !t.parked && t.pc < len(s.p.Threads[i]):
			next = append(next, s.step(i, &s.p.Threads[i][t.pc])...)
		}
	}
	return next
}

// step lets goroutine i do op, in each way that there is.
func (s *state) step(i int, op *Op) []*state {
	if op.Kind == Lock && s.owner >= 0 || op.Kind == WLock && s.rw.writer >= 0 && (s.rw.writer != i || s.rw.readers > 0) {
		return nil
	}
	if op.Kind == Select {
		return s.choose(i, op)
	}
	c := s.clone()
	t := &c.threads[i]
	switch op.Kind {
	case Send, Recv:
		if !c.ready(op) {
			c.park(i, 0, op)
			return []*state{c}
		}
		c.exchange(i, op, 0, false)
	case Close:
		c.close(op.On)
	case Store:
		c.atomic[op.On] = op.K
	case Add:
		c.atomic[op.On] += op.K
		t.r[op.To] = c.atomic[op.On]
	case Load:
		t.r[op.To] = c.atomic[op.On]
	case Swap:
		if c.atomic[op.On] == 0 {
			c.atomic[op.On] = op.K
			t.r[op.To] += 10
		}
	case Once:
		if !c.once {
			c.once = true
			c.atomic[op.On] += op.K
		}
	case Lock:
		c.owner = i
	case Unlock:
		c.owner = -1
	case Write:
		c.x = c.x*2 + op.K
	case Read:
		t.r[op.To] = c.x
	case RLock:
		if c.rw.writer >= 0 {
			t.parked = true
			return []*state{c}
		}
		c.rw.readers++
	case RRead:
		t.r[op.To] = c.rw.y
	case RUnlock:
		c.rw.readers--
	case WLock:
		c.rw.writer = i
		if c.rw.readers > 0 { // from now on new readers wait
			return []*state{c}
		}
	case WWrite:
		c.rw.y = c.rw.y*2 + op.K
	case WUnlock:
		c.rw.writer = -1
		c.admit()
	}
	t.pc++
	return []*state{c}
}

// admit lets all readers in that wait.
func (s *state) admit() {
	for i := range s.threads {
		if t := &s.threads[i]; t.parked && s.p.Threads[i][t.pc].Kind == RLock {
			t.parked = false
			t.pc++
			s.rw.readers++
		}
	}
}

// choose does so for a select: any case that is ready, else the default, else it waits.
func (s *state) choose(i int, op *Op) (next []*state) {
	for k := range op.Cases {
		if s.ready(&op.Cases[k]) {
			c := s.clone()
			c.exchange(i, &op.Cases[k], k, true)
			c.threads[i].pc++
			next = append(next, c)
		}
	}
	if len(next) > 0 {
		return next
	}
	if op.Else {
		c := s.clone()
		c.threads[i].r[op.To] = byDefault
		c.threads[i].pc++
		return []*state{c}
	}
	next = []*state{s.clone()}
	for k := range op.Cases {
		same := func(o Op) bool { return o.Kind == op.Cases[k].Kind && o.On == op.Cases[k].On }
		switch first := slices.IndexFunc(op.Cases, same); {
		case first == k:
			for _, c := range next {
				c.park(i, k, &op.Cases[k])
			}
		default: // either of two that are alike may be the first in the queue
			for _, c := range next {
				c = c.clone()
				c.instead(i, first, k, &op.Cases[k])
				next = append(next, c)
			}
		}
	}
	return next
}

// instead has another case of a waiting select stand where the first did.
func (s *state) instead(i, first, k int, op *Op) {
	for _, q := range []*[]waiter{&s.chans[op.On].recvq, &s.chans[op.On].sendq} {
		if at := slices.Index(*q, waiter{i, first}); at >= 0 {
			(*q)[at].index = k
		}
	}
}

// ready tells whether a send or receive need not wait.
func (s *state) ready(op *Op) bool {
	ch := &s.chans[op.On]
	if op.Kind == Send {
		return ch.closed || len(ch.recvq) > 0 || len(ch.buf) < s.p.Caps[op.On]
	}
	return ch.closed || len(ch.buf) > 0 || len(ch.sendq) > 0
}

func (s *state) park(i, index int, op *Op) {
	s.threads[i].parked = true
	ch := &s.chans[op.On]
	if op.Kind == Send {
		ch.sendq = append(ch.sendq, waiter{i, index})
	} else {
		ch.recvq = append(ch.recvq, waiter{i, index})
	}
}

// exchange does a send or receive that is ready, alone or as a case of a select.
func (s *state) exchange(i int, op *Op, index int, selected bool) {
	ch, t := &s.chans[op.On], &s.threads[i]
	if op.Kind == Send {
		switch {
		case ch.closed:
			s.end = SendClosed
			return
		case len(ch.recvq) > 0:
			s.received(ch.recvq[0], op.K)
		default:
			ch.buf = append(ch.buf, op.K)
		}
		if selected {
			t.r[op.To] = sentBy(index)
		}
		return
	}
	v := -1
	switch {
	case len(ch.buf) > 0:
		v = ch.buf[0]
		ch.buf = ch.buf[1:]
		if len(ch.sendq) > 0 {
			ch.buf = append(ch.buf, s.sent(ch.sendq[0]))
		}
	case len(ch.sendq) > 0:
		v = s.sent(ch.sendq[0])
	}
	t.r[op.To] = v
}

// waits is the send or receive at which a waiter stands, and whether a select does.
func (s *state) waits(w waiter) (op *Op, selected bool) {
	op = &s.p.Threads[w.thread][s.threads[w.thread].pc]
	if op.Kind == Select {
		return &op.Cases[w.index], true
	}
	return op, false
}

// unpark takes a goroutine out of all queues, and lets it go on behind what it waited for.
func (s *state) unpark(w waiter) {
	mine := func(o waiter) bool { return o.thread == w.thread }
	for i := range s.chans {
		ch := &s.chans[i]
		ch.recvq, ch.sendq = slices.DeleteFunc(ch.recvq, mine), slices.DeleteFunc(ch.sendq, mine)
	}
	t := &s.threads[w.thread]
	t.parked = false
	t.pc++
}

// received lets a waiting receiver go on with what it waited for.
func (s *state) received(w waiter, v int) {
	op, _ := s.waits(w)
	s.unpark(w)
	s.threads[w.thread].r[op.To] = v
}

// sent lets the first waiting sender go on, and gives what it sends.
func (s *state) sent(w waiter) int {
	op, selected := s.waits(w)
	s.unpark(w)
	if selected {
		s.threads[w.thread].r[op.To] = sentBy(w.index)
	}
	return op.K
}

func (s *state) close(on int) {
	ch := &s.chans[on]
	if ch.closed {
		s.end = CloseTwice
		return
	}
	ch.closed = true
	for len(ch.recvq) > 0 {
		s.received(ch.recvq[0], -1)
	}
	for len(ch.sendq) > 0 {
		w := ch.sendq[0]
		s.unpark(w)
		s.threads[w.thread].doomed = true
	}
}
