package gil

import (
	"cmp"
	"slices"

	"interleave/engine/trace"
)

// State is what a thread does, as far as the lock is concerned.
type State uint8

// The states.
const (
	Holds    State = iota // it executes bytecode, or native code that keeps the lock
	Wants                 // it waits for the lock
	Outside               // I/O or sleep: it needs no lock
	Blocked               // it waits for another thread
	Runs                  // it computes without the lock
	Ready                 // it could compute, and has no core
	Stranded              // it holds the lock, and has no core
	States
)

// Part is a stay in one state. Times are virtual ns.
type Part struct {
	State    State
	From, To int64
}

// MarkKind says what happened at a moment.
type MarkKind uint8

// The kinds of mark.
const (
	Asked  MarkKind = iota // it asked for the lock
	Forced                 // it dropped the lock since it was asked to
	Missed                 // it was woken for the lock, and another had it already
	Marks
)

// Mark is something that happened to a thread at a moment.
type Mark struct {
	Kind MarkKind
	At   int64
}

// Thread is what one thread did.
type Thread struct {
	Task   uint32 // in Trace.Tasks
	Name   string
	Parts  []Part // in order of time, without gaps
	Marks  []Mark
	Count  [Marks]int
	Time   [States]int64 // in each state
	Waits  []int64       // for the lock, each to its end
	Answer []int64       // each time that it had been outside: from then until it computes again
}

// Contention is how threads share a lock.
type Contention struct {
	Trace    *trace.Trace
	Locked   bool // there is a lock
	From, To int64
	Threads  []Thread
	Locks    int     // how many locks were used
	Held     int64   // how long they were held, all together
	Switches int     // a lock went to another thread than the one that had it before
	Waits    []int64 // of all threads, in order of length
}

// Of reads a trace.
func Of(t *trace.Trace) *Contention {
	c := &Contention{Trace: t}
	events := t.Events()
	if len(events) > 0 {
		c.From, c.To = events[0].Time, events[len(events)-1].Time
	}
	for _, e := range events {
		if e.Kind == trace.Note && t.Reasons[e.Reason] == trace.LockTaken {
			c.Locked = true
			break
		}
	}
	r := reader{c: c, t: t, index: make([]int, len(t.Tasks)), last: map[int32]uint32{}}
	for i := range events {
		r.read(&events[i])
	}
	for i := range r.threads {
		r.threads[i].close(c.To)
		c.Threads = append(c.Threads, r.threads[i].Thread)
	}
	c.Locks = len(r.last)
	for _, th := range c.Threads {
		c.Held += th.Time[Holds] + th.Time[Stranded]
		c.Waits = append(c.Waits, th.Waits...)
	}
	slices.Sort(c.Waits)
	slices.SortStableFunc(c.Threads, func(a, b Thread) int { return cmp.Compare(a.Task, b.Task) })
	return c
}

// Wall is how long the run took.
func (c *Contention) Wall() int64 { return c.To - c.From }

// Share is for which part of the run the lock was held, 0 to 1; of several locks on
// average.
func (c *Contention) Share() float64 {
	if c.Wall() <= 0 || c.Locks == 0 {
		return 0
	}
	return float64(c.Held) / float64(c.Wall()) / float64(c.Locks)
}

// Rate is how often a second the lock changed hands.
func (c *Contention) Rate() float64 {
	if c.Wall() <= 0 {
		return 0
	}
	return float64(c.Switches) / (float64(c.Wall()) / 1e9)
}

// Computed is the time for which threads computed, all together.
func (c *Contention) Computed() (ns int64) {
	for _, th := range c.Threads {
		ns += th.Time[Holds] + th.Time[Runs]
	}
	return ns
}

// Percentile is the length that the share p of a list in order of length does not
// exceed, by the nearest rank; 0: the list is empty.
func Percentile(sorted []int64, p float64) int64 {
	if len(sorted) == 0 {
		return 0
	}
	i := int(p*float64(len(sorted))+0.999999) - 1
	return sorted[min(max(i, 0), len(sorted)-1)]
}

// Sorted is a copy of a list in order of length.
func Sorted(list []int64) []int64 { return slices.Sorted(slices.Values(list)) }

type reader struct {
	c       *Contention
	t       *trace.Trace
	index   []int // by task: index + 1 in threads
	threads []following
	last    map[int32]uint32 // by lock: who had it last
}

// following is a thread whose parts are being read.
type following struct {
	Thread
	holds, wants, coming bool // coming: it has got the lock, and its core takes it up
	base                 trace.State
	sleeps               bool
	since                int64 // of the present part
	begun                bool
	wantedAt             int64
	backAt               int64 // when it came back from outside, until it computes; -1: it has computed since
}

func (r *reader) read(e *trace.Event) {
	if e.Task == 0 || r.t.Tasks[e.Task].System {
		return
	}
	if r.index[e.Task] == 0 {
		r.threads = append(r.threads, following{Thread: Thread{Task: e.Task, Name: r.t.TaskName(e.Task)}, since: e.Time, backAt: -1})
		r.index[e.Task] = len(r.threads)
	}
	f := &r.threads[r.index[e.Task]-1]
	before := f.state()
	switch e.Kind {
	case trace.Create:
		return
	case trace.Ready:
		if f.begun && f.outside() {
			f.backAt = e.Time
		}
		f.base, f.begun = trace.IsReady, true
	case trace.Preempt, trace.Yield:
		f.base = trace.IsReady
	case trace.Run:
		f.base, f.coming = trace.IsRunning, false
		if f.backAt >= 0 && (!r.c.Locked || f.holds) {
			f.Answer, f.backAt = append(f.Answer, e.Time-f.backAt), -1
		}
	case trace.Block:
		f.base, f.sleeps = trace.IsBlocked, r.t.Reasons[e.Reason] == "sleep"
	case trace.Outside:
		f.base = trace.IsOutside
	case trace.End:
		f.part(before, e.Time)
		f.begun = false
		return
	case trace.Note:
		r.note(f, e)
	default:
		return
	}
	if now := f.state(); now != before {
		f.part(before, e.Time)
	}
}

func (r *reader) note(f *following, e *trace.Event) {
	mark := func(k MarkKind) {
		f.Marks = append(f.Marks, Mark{k, e.Time})
		f.Count[k]++
	}
	want := func() { f.wants, f.wantedAt = true, e.Time }
	switch r.t.Reasons[e.Reason] {
	case trace.LockWanted:
		want()
	case trace.LockTaken:
		if f.wants {
			f.Waits = append(f.Waits, e.Time-f.wantedAt)
		}
		f.holds, f.wants, f.coming = true, false, f.base != trace.IsRunning
		if was := r.last[e.Arg]; was != 0 && was != e.Task {
			r.c.Switches++
		}
		r.last[e.Arg] = e.Task
	case trace.LockReleased:
		f.holds = false
	case trace.LockForced:
		f.holds = false
		mark(Forced)
		want()
	case trace.LockLost:
		f.holds = false
		want()
	case trace.LockAsked:
		mark(Asked)
	case trace.LockMissed:
		mark(Missed)
	}
}

func (f *following) outside() bool {
	return f.base == trace.IsOutside || f.base == trace.IsBlocked && f.sleeps
}

// state is the present state.
func (f *following) state() State {
	switch {
	case f.outside():
		return Outside
	case f.base == trace.IsBlocked:
		return Blocked
	case f.wants:
		return Wants
	case f.holds && (f.base == trace.IsRunning || f.coming):
		return Holds
	case f.base == trace.IsRunning:
		return Runs
	case f.holds:
		return Stranded
	}
	return Ready
}

// part ends the present part.
func (f *following) part(s State, at int64) {
	if f.begun && at > f.since {
		if n := len(f.Parts); n > 0 && f.Parts[n-1].State == s && f.Parts[n-1].To == f.since {
			f.Parts[n-1].To = at
		} else {
			f.Parts = append(f.Parts, Part{s, f.since, at})
		}
		f.Time[s] += at - f.since
	}
	f.since = at
}

func (f *following) close(at int64) { f.part(f.state(), at) }
