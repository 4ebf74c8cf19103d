package policy

import (
	"maps"
	"slices"

	"interleave/engine/trace"
)

// GIL is the global interpreter lock of CPython 3.2 and later. One thread at a time
// executes bytecode. Who waits for the lock waits an interval; where in all that time
// the lock went to nobody else, it asks for it. Who is asked drops the lock before its
// next instruction, and does not compete for it again before another has taken it. The lock is also
// dropped where a thread blocks: for input and output, sleep, and other locks. Dropping wakes who has
// waited longest, and asking begins a new wait: so it is not always the one who asked that is
// woken; who comes first takes the lock.
//
// (CPython, Python/ceval_gil.c: take_gil, drop_gil and the notes at its head; sys.setswitchinterval. Antoine Pitrou's
// mail "Reworking the GIL" to python-dev, October 2009.)
//
// A request is met at once, if the holder is not in a native call that keeps the lock
// (Task.Call); CPython meets it at the next loop or call, less than a microsecond later. Waits
// that end at one instant all end before the holder obeys. The C library wakes in order of
// waiting, as here, as long as waiters sleep; who is just about to sleep again can get ahead there.
type GIL struct {
	called
	interval int64
	each     bool
	hw       hardware
	locks    map[int]*interpreterLock
	note     func(int64, Note)
}

// interpreterLock is the state of one lock, with the names of CPython's own variables.
type interpreterLock struct {
	number   int
	holder   *Task // nil: it is not locked
	last     *Task // last_holder
	switches int   // switch_number
	asked    bool  // gil_drop_request
	forced   *Task // dropped it on request, and waits for another to take it (switch_cond)
	waiting  []interpreterWait
	hopeful  map[int]bool // by ID, of threads that are on their way to take it, or in line for a core; true: it was woken for it
}

// interpreterWait is one timed wait, in the order of the condition variable's queue.
type interpreterWait struct {
	task     *Task
	since    int64
	switches int // saved_switchnum
}

func gilKind() Kind {
	return Kind{
		Name: "gil", Help: "CPython 3.2 and later: one thread at a time executes bytecode; who waits for an interval asks for the lock", Example: "gil(interval=1ms)",
		Params: []Param{
			{Name: "interval", Kind: Time, Default: "5ms", Least: 1000, Help: "how long a thread waits before it asks: sys.setswitchinterval"},
			{Name: "per", Kind: Word, Default: "process", Words: []string{"process", "interpreter"}, Help: "one lock for all, or one for each group of tasks: interpreters (PEP 684), processes"},
		},
		make: func(c called) Policy {
			return &GIL{called: c, interval: c.num("interval"), each: c.is("per", "interpreter")}
		},
	}
}

// Start implements Policy.
func (g *GIL) Start(s Setup) {
	g.hw, g.locks, g.note = newHardware(s), map[int]*interpreterLock{}, s.Note
}

func (g *GIL) lock(t *Task) *interpreterLock {
	n := 0
	if g.each {
		n = t.Group
	}
	l := g.locks[n]
	if l == nil {
		l = &interpreterLock{number: n, hopeful: map[int]bool{}}
		g.locks[n] = l
	}
	return l
}

func (g *GIL) say(now int64, l *interpreterLock, t, cause *Task, words string) {
	g.note(now, Note{Task: t, Cause: cause, Words: words, Arg: int64(l.number)})
}

// Ready implements Policy.
func (g *GIL) Ready(now int64, t *Task, why Why, by *Task) Look {
	l := g.lock(t)
	g.pass(now, l)
	switch {
	case why >= Expired:
		g.back(now, l, t)
	case t.Call == Released:
		g.hw.place(now, t, -1)
	case l.holder == nil:
		l.hopeful[t.ID] = false
		g.hw.place(now, t, -1)
	default:
		g.say(now, l, t, l.holder, trace.LockWanted)
		g.wait(now, l, t)
	}
	return g.hw.answer()
}

// back says how t goes on, whose core has just asked.
func (g *GIL) back(now int64, l *interpreterLock, t *Task) {
	switch {
	case l.holder == t && t.Call == Released:
		g.hw.stay(now, t.Core, t)
		g.release(now, l, trace.LockReleased)
		return
	case l.holder == t && l.asked && t.Call != Holding:
		g.force(now, l)
		return
	case l.holder != nil && l.holder != t && t.Call != Released: // it comes back from such a call
		g.say(now, l, t, l.holder, trace.LockWanted)
		g.wait(now, l, t)
		return
	case l.holder == nil && t.Call != Released:
		l.hopeful[t.ID] = false
	}
	g.hw.stay(now, t.Core, t)
}

// wait begins a timed wait of t.
func (g *GIL) wait(now int64, l *interpreterLock, t *Task) {
	l.waiting = append(l.waiting, interpreterWait{t, now, l.switches})
	if h := l.holder; h != nil && h.Core >= 0 && g.hw.cores[h.Core].running == h {
		g.hw.looks = append(g.hw.looks, Look{h.Core, now + g.interval})
	}
}

// due is when the next request comes, if no switch does; 0: none does.
func (l *interpreterLock) due(interval int64) int64 {
	if len(l.waiting) == 0 {
		return 0
	}
	// The longer a wait, the older the number of switches that it began with.
	fresh, _ := slices.BinarySearchFunc(l.waiting, l.switches, func(w interpreterWait, n int) int { return w.switches - n })
	switch {
	case fresh == 0:
		return l.waiting[0].since + interval
	case fresh == len(l.waiting):
		return l.waiting[0].since + 2*interval
	}
	return min(l.waiting[0].since+2*interval, l.waiting[fresh].since+interval)
}

// pass lets the timed waits pass that have ended by now. Who has waited in vain for a
// whole interval asks for the lock; everybody begins to wait anew, behind the others.
func (g *GIL) pass(now int64, l *interpreterLock) {
	for len(l.waiting) > 0 && l.waiting[0].since+g.interval <= now {
		w := l.waiting[0]
		l.waiting = l.waiting[1:]
		if w.switches == l.switches && l.holder != nil && !l.asked {
			l.asked = true
			g.say(now, l, w.task, l.holder, trace.LockAsked)
		}
		w.since, w.switches = w.since+g.interval, l.switches
		at, _ := slices.BinarySearchFunc(l.waiting, w.since, func(o interpreterWait, since int64) int {
			if o.since <= since {
				return -1
			}
			return 1
		})
		l.waiting = slices.Insert(l.waiting, at, w)
	}
}

// release gives the lock back and wakes who has waited longest.
func (g *GIL) release(now int64, l *interpreterLock, words string) {
	t := l.holder
	l.holder, l.last = nil, t
	var woken *Task
	if len(l.waiting) > 0 {
		woken = l.waiting[0].task
		l.waiting = l.waiting[1:]
	}
	g.say(now, l, t, woken, words)
	if woken != nil {
		l.hopeful[woken.ID] = true
		g.hw.place(now, woken, t.Core)
	}
}

// force has the holder drop the lock, and wait until another has it.
func (g *GIL) force(now int64, l *interpreterLock) {
	l.forced = l.holder
	g.release(now, l, trace.LockForced)
}

// take gives the lock, which is free, to t.
func (g *GIL) take(now int64, l *interpreterLock, t *Task) {
	l.holder, l.asked = t, false
	if t != l.last {
		l.last = t
		l.switches++
	}
	g.say(now, l, t, nil, trace.LockTaken)
	if f := l.forced; f != nil {
		l.forced = nil
		l.waiting = append(l.waiting, interpreterWait{f, now, l.switches})
	}
	// Who is in line for a core begins to wait for the lock, too: to try for it takes next
	// to no time.
	for i := 0; i < g.hw.line.Len() && len(l.hopeful) > 0; {
		o := g.hw.line.At(i)
		woken, hopes := l.hopeful[o.ID]
		if !hopes {
			i++
			continue
		}
		delete(l.hopeful, o.ID)
		l.waiting = append(l.waiting, interpreterWait{g.hw.line.Take(i), now, l.switches})
		if !woken {
			g.say(now, l, o, t, trace.LockWanted)
		}
	}
}

// Pick implements Policy.
func (g *GIL) Pick(now int64, core int) Decision {
	for t, _ := g.hw.next(core); t != nil; t, _ = g.hw.next(core) {
		l := g.lock(t)
		g.pass(now, l)
		woken := l.hopeful[t.ID]
		delete(l.hopeful, t.ID)
		switch {
		case t.Call == Released:
			return g.hw.run(now, core, t, 0)
		case l.holder == t && l.asked && t.Call != Holding: // it was asked while it had no core
			g.force(now, l)
			continue
		case l.holder == nil:
			g.take(now, l, t)
		case l.holder != t:
			words := trace.LockWanted
			if woken {
				words = trace.LockMissed
			}
			g.say(now, l, t, l.holder, words)
			g.wait(now, l, t)
			continue
		}
		most := int64(0)
		if due := l.due(g.interval); due > 0 && !l.asked {
			most = max(due-now, 1)
		}
		return g.hw.run(now, core, t, most)
	}
	return g.hw.rest(core)
}

// Stop implements Policy.
func (g *GIL) Stop(now int64, core int, t *Task, why Why) {
	g.hw.stop(core)
	l := g.lock(t)
	g.pass(now, l)
	if l.holder == t && (why == Blocked || why == Outside || why == Ended) {
		g.release(now, l, trace.LockReleased)
	}
}

// Save implements Policy.
func (g *GIL) Save() any { return g.clone() }

// Load implements Policy.
func (g *GIL) Load(saved any) { *g = *saved.(*GIL).clone() }

func (g *GIL) clone() *GIL {
	c := *g
	c.hw, c.locks = g.hw.clone(), maps.Clone(g.locks)
	for n, l := range c.locks {
		copied := *l
		copied.waiting, copied.hopeful = slices.Clone(l.waiting), maps.Clone(l.hopeful)
		c.locks[n] = &copied
	}
	return &c
}
