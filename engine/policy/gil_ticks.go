package policy

import (
	"maps"

	"interleave/engine/trace"
)

// TickGIL is the global interpreter lock of CPython up to 3.1 and of 2.x. After every so many
// bytecode instructions (ticks) the thread that holds it gives it back, wakes one that waits, and takes it
// again at once. Nothing makes it let the other go first: who was woken needs some time to get
// there, and finds the lock taken, unless it comes while the holder is just at another check. It then sleeps until it is
// woken again. On one core the operating system may run the woken thread in that moment: one that
// had waited for input or output at once, any other when the holder's time slice is over.
//
// (CPython 2.7, Python/ceval.c: _Py_Ticker, _Py_CheckInterval and what follows them in
// PyEval_EvalFrameEx; Python/thread_pthread.h: PyThread_acquire_lock; sys.setcheckinterval.
// David Beazley, "Understanding the Python GIL", PyCon 2010.)
//
// The costs are of the order of those of CPython 2.7 on a computer of today.
// A tick takes a fixed time here. In CPython it is an instruction, some of which are long,
// and a few short ones are not counted.
type TickGIL struct {
	called
	check  int64
	tick   int64
	gap    int64
	signal int64
	wake   int64

	hw   hardware
	rand Rand
	note func(int64, Note)

	holder  *Task
	checked int64 // when the holder took the lock, or when it has done so again at its last check
	stall   int64 // what the check costs that has just been made
	waiting Queue
	hurried int          // how many in line for a core are eager
	wants   map[int]want // by ID, of threads that do not have it
}

// want is how a thread wants the lock.
type want uint8

const (
	nothing want = iota // it has not come for it yet
	wanted
	eager // what it waited for before was no lock: the operating system prefers it
)

func tickGILKind() Kind {
	return Kind{
		Name: "gil-ticks", Help: "CPython 2 and up to 3.1: the lock is given back every 100 instructions and, mostly, taken again before another is there", Example: "gil-ticks(check=1000)",
		Params: []Param{
			{Name: "check", Kind: Number, Default: "100", Least: 1, Help: "after how many instructions: sys.setcheckinterval"},
			{Name: "tick", Kind: Time, Default: "50ns", Least: 1, Help: "how long an instruction takes"},
			{Name: "gap", Kind: Time, Default: "100ns", Help: "how long the lock is free at a check that wakes nobody, since none sleeps"},
			{Name: "signal", Kind: Time, Default: "1µs", Help: "how long it is free, and what it costs the holder, where one is woken"},
			{Name: "wake", Kind: Time, Default: "10µs", Help: "until a woken thread is there, on average: from half of that to once and a half"},
		},
		make: func(c called) Policy {
			return &TickGIL{called: c, check: c.num("check"), tick: c.num("tick"), gap: c.num("gap"), signal: c.num("signal"), wake: c.num("wake")}
		},
	}
}

// Start implements Policy.
func (g *TickGIL) Start(s Setup) {
	g.hw, g.rand, g.note = newHardware(s), NewRand(s.Seed, policyStream), s.Note
	g.holder, g.checked, g.stall, g.hurried = nil, 0, 0, 0
	g.waiting, g.wants = Queue{}, map[int]want{}
}

// Ready implements Policy.
func (g *TickGIL) Ready(now int64, t *Task, why Why, by *Task) Look {
	switch {
	case why >= Expired:
		g.back(now, t)
	case t.Call == Released || g.holder == nil:
		g.hw.place(now, t, -1)
	default:
		g.wait(now, t)
		if why == Woken {
			g.wants[t.ID] = eager
		}
	}
	return g.hw.answer()
}

// free tells whether somebody who comes now can take the lock: also while the holder is
// at a check.
func (g *TickGIL) free(now int64) bool {
	h := g.holder
	if h == nil || now < g.checked {
		return true
	}
	return h.Call == Bytecode && g.hw.cores[h.Core].running == h && (now-g.checked)%g.period() < g.gap && now > g.checked+g.gap
}

// period is the time between two checks.
func (g *TickGIL) period() int64 { return g.check * g.tick }

// back says how t goes on, whose core has just asked.
func (g *TickGIL) back(now int64, t *Task) {
	core := t.Core
	switch {
	case t.Call == Released:
		g.hw.stay(now, core, t)
		if g.holder == t {
			g.release(now, t)
		}
	case g.holder == t && t.Call == Bytecode && now >= g.checked+g.period():
		g.offer(now, t)
	case g.holder == t || g.holder == nil:
		g.hw.cores[core].coming.Push(t)
	default: // another took it at the check, or t comes back from a call without it
		g.wait(now, t)
	}
}

// offer is the holder's check: it gives the lock back, wakes who has waited longest, and
// takes it again.
func (g *TickGIL) offer(now int64, t *Task) {
	g.checked = now
	own := &g.hw.cores[t.Core]
	own.coming.Push(t)
	woken := g.waiting.Pop()
	if woken != nil {
		g.note(now, Note{Task: t, Cause: woken, Words: trace.LockOffered})
		g.stall = g.signal
		if g.hw.send(now+g.wake/2+int64(g.rand.Intn(int(g.wake)+1)), woken) {
			g.checked = now + g.signal
			return
		}
		g.queue(now, woken)
	}
	// The operating system may give the core to one that could run.
	turn := now-own.from >= g.hw.slice
	for i := 0; i < g.hw.line.Len() && (turn || g.hurried > 0); i++ {
		if w := g.hw.line.At(i); turn || g.wants[w.ID] == eager {
			g.unqueue(g.hw.line.Take(i))
			g.hw.line.Push(own.coming.Pop())
			own.coming.Push(w)
			g.lose(now, w)
			g.holder, g.stall = nil, 0
			return
		}
	}
}

// queue puts a thread that has been woken in line for a core; unqueue takes one out.
func (g *TickGIL) queue(now int64, t *Task) {
	if g.wants[t.ID] == eager {
		g.hurried++
	}
	g.hw.queue(now, t)
}

func (g *TickGIL) unqueue(t *Task) {
	if g.wants[t.ID] == eager {
		g.hurried--
	}
}

// release gives the lock back for longer than a check, and wakes who has waited longest.
func (g *TickGIL) release(now int64, t *Task) {
	g.holder = nil
	woken := g.waiting.Pop()
	g.note(now, Note{Task: t, Cause: woken, Words: trace.LockReleased})
	if woken == nil {
		return
	}
	if !g.hw.send(now+g.wake/2+int64(g.rand.Intn(int(g.wake)+1)), woken) {
		g.queue(now, woken)
	}
}

// Pick implements Policy.
func (g *TickGIL) Pick(now int64, core int) Decision {
	for t, lined := g.hw.next(core); t != nil; t, lined = g.hw.next(core) {
		if lined {
			g.unqueue(t)
		}
		switch {
		case t.Call == Released:
			return g.hw.run(now, core, t, 0)
		case g.holder == t:
		case g.free(now):
			g.take(now, t)
		default:
			if g.wants[t.ID] != nothing {
				g.note(now, Note{Task: t, Cause: g.holder, Words: trace.LockMissed})
			}
			g.wait(now, t)
			continue
		}
		most := int64(0)
		if t.Call == Bytecode && g.waiting.Len()+g.hw.line.Len() > 0 {
			most = g.period() - max(now-g.checked, 0)%g.period()
		}
		d := g.hw.run(now, core, t, most)
		d.Delay, g.stall = g.stall, 0
		return d
	}
	return g.hw.rest(core)
}

// take gives the lock to t. Whose check it came into finds it taken.
func (g *TickGIL) take(now int64, t *Task) {
	if h := g.holder; h != nil {
		g.lose(now, t)
		g.hw.looks = append(g.hw.looks, Look{h.Core, now})
	}
	g.holder, g.checked = t, now
	delete(g.wants, t.ID)
	g.note(now, Note{Task: t, Words: trace.LockTaken})
}

// lose says that the holder's check has become another's turn.
func (g *TickGIL) lose(now int64, to *Task) {
	g.wants[g.holder.ID] = wanted
	g.note(now, Note{Task: g.holder, Cause: to, Words: trace.LockLost})
}

// wait has t sleep until it is woken.
func (g *TickGIL) wait(now int64, t *Task) {
	if g.wants[t.ID] == nothing {
		g.wants[t.ID] = wanted
		g.note(now, Note{Task: t, Cause: g.holder, Words: trace.LockWanted})
	}
	g.waiting.Push(t)
	if h := g.holder; h != nil && h.Call == Bytecode && h.Core >= 0 && g.hw.cores[h.Core].running == h {
		g.hw.looks = append(g.hw.looks, Look{h.Core, now + g.period() - (now-g.checked)%g.period()})
	}
}

// Stop implements Policy.
func (g *TickGIL) Stop(now int64, core int, t *Task, why Why) {
	g.hw.stop(core)
	if g.holder == t && (why == Blocked || why == Outside || why == Ended) {
		g.release(now, t)
	}
}

// Save implements Policy.
func (g *TickGIL) Save() any { return g.clone() }

// Load implements Policy.
func (g *TickGIL) Load(saved any) { *g = *saved.(*TickGIL).clone() }

func (g *TickGIL) clone() *TickGIL {
	c := *g
	c.hw, c.waiting, c.wants = g.hw.clone(), g.waiting.Clone(), maps.Clone(g.wants)
	return &c
}
