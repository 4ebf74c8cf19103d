package policy

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// ms is a unit of time of the textbooks.
const ms = 1_000_000

// proc is a process of a textbook.
type proc struct {
	at     int64   // when it arrives, in units
	bursts []int64 // of computing, waiting, computing …, in units

	Traits
}

// cpu is a process that only computes.
func cpu(at, burst int64) proc { return proc{at: at, bursts: []int64{burst}} }

// piece is a time that a process had a core.
type piece struct {
	proc, core int
	from, to   int64 // units
}

// timeline is what a run of processes gave.
type timeline struct {
	pieces []piece // in order of their beginnings; a process that went on is one piece
	procs  []proc
	notes  []string
}

// rig runs processes under a policy, without any costs. What happens at one time
// happens in this order: arrivals and ends of waits, in the order of the processes
// and of the waits' beginnings; then each core, the lowest first, where a burst that
// ends comes before a slice that does.
type rig struct {
	p      Policy
	unit   int64 // ns
	procs  []proc
	tasks  []*Task
	burst  []int   // index of the present one
	left   []int64 // of it, ns
	timers heap
	cores  []rigCore
	now    int64
	events int
	silent bool // it keeps no pieces and notes
	out    timeline
}

type rigCore struct {
	proc  int // -1: none
	since int64
	slice int64 // end of its slice; -1: no end
	asked bool
	wake  int64 // -1: it sleeps
	shown int64 // where its present piece began
}

func newRigged(p Policy, cores int, procs []proc, unit int64) *rig {
	r := &rig{p: p, unit: unit, procs: procs, burst: make([]int, len(procs)), left: make([]int64, len(procs))}
	r.out.procs = procs
	for i, pr := range procs {
		r.tasks = append(r.tasks, &Task{ID: i + 1, Core: -1, Traits: pr.Traits})
		r.timers.push(entry{pr.at * unit, uint64(i), r.tasks[i]})
	}
	for range cores {
		r.cores = append(r.cores, rigCore{proc: -1, slice: -1, wake: -1})
	}
	s := setup(cores, 1, 10*ms)
	s.Note = func(now int64, n Note) {
		if r.silent {
			return
		}
		who := "all"
		if n.Task != nil {
			who = fmt.Sprintf("P%d", n.Task.ID)
		}
		r.out.notes = append(r.out.notes, fmt.Sprintf("%d %s %s %d", now/unit, who, n.Words, n.Arg))
	}
	p.Start(s)
	return r
}

// simulate runs processes to their end.
func simulate(t testing.TB, policy string, cores int, procs []proc) *timeline {
	t.Helper()
	return simulateIn(t, ms, policy, cores, procs)
}

// simulateIn does so with units of that many ns.
func simulateIn(t testing.TB, unit int64, policy string, cores int, procs []proc) *timeline {
	t.Helper()
	p, err := Named(policy)
	if err != nil {
		t.Fatal(err)
	}
	r := newRigged(p, cores, procs, unit)
	for r.step() {
	}
	for i := range procs {
		if r.burst[i] < len(procs[i].bursts) {
			t.Fatalf("%s: process %d is left lying", policy, i+1)
		}
	}
	return r.finish()
}

func (r *rig) finish() *timeline {
	slices.SortStableFunc(r.out.pieces, func(a, b piece) int {
		if a.from != b.from {
			return int(a.from - b.from)
		}
		return a.core - b.core
	})
	return &r.out
}

// due is when a core has something to do; -1: never.
func (r *rig) due(c *rigCore) int64 {
	if c.proc < 0 {
		return c.wake
	}
	end := c.since + r.left[c.proc]
	if c.slice >= 0 {
		end = min(end, c.slice)
	}
	return end
}

// step does what comes next; false: nothing does.
func (r *rig) step() bool {
	core, at := -1, int64(-1)
	for i := range r.cores {
		if due := r.due(&r.cores[i]); due >= 0 && (core < 0 || due < at) {
			core, at = i, due
		}
	}
	if len(r.timers) > 0 && (core < 0 || r.timers[0].key <= at) {
		e := r.timers.pop()
		r.now = e.key
		r.ready(e.task.ID - 1)
		return true
	}
	if core < 0 {
		return false
	}
	r.now = max(r.now, at)
	c := &r.cores[core]
	i := c.proc
	if i < 0 {
		r.pick(core)
		return true
	}
	ran := r.now - c.since
	r.left[i] -= ran
	r.tasks[i].Ran += ran
	c.since = r.now
	switch {
	case r.left[i] <= 0:
		r.burst[i]++
		r.show(core)
		c.proc = -1
		if r.burst[i] == len(r.procs[i].bursts) {
			r.p.Stop(r.now, core, r.tasks[i], Ended)
		} else {
			r.p.Stop(r.now, core, r.tasks[i], Outside)
			r.timers.push(entry{r.now + r.procs[i].bursts[r.burst[i]]*r.unit, uint64(len(r.procs) + r.events), r.tasks[i]})
			r.burst[i]++
		}
		r.pick(core)
	default:
		why := Expired
		if c.asked {
			why = Preempted
		}
		t := r.tasks[i]
		r.p.Stop(r.now, core, t, why)
		t.Since = r.now
		l := r.p.Ready(r.now, t, why, nil)
		d := r.p.Pick(r.now, core)
		if d.Task != t {
			r.show(core)
			c.proc = -1
		}
		r.decide(core, d)
		r.look(l)
	}
	return true
}

// show ends the piece of a core's process.
func (r *rig) show(core int) {
	c := &r.cores[core]
	if r.now > c.shown && !r.silent {
		r.out.pieces = append(r.out.pieces, piece{c.proc, core, c.shown / r.unit, r.now / r.unit})
	}
}

func (r *rig) ready(i int) {
	r.events++
	why := Woken
	t := r.tasks[i]
	if r.burst[i] == 0 {
		why = New
	}
	r.left[i] = r.procs[i].bursts[r.burst[i]] * r.unit
	t.Burst, t.Since = r.left[i], r.now
	r.look(r.p.Ready(r.now, t, why, nil))
}

func (r *rig) pick(core int) { r.decide(core, r.p.Pick(r.now, core)) }

func (r *rig) decide(core int, d Decision) {
	r.events++
	c := &r.cores[core]
	c.wake, c.asked = -1, false
	switch {
	case d.Task != nil:
		i := d.Task.ID - 1
		if c.proc != i {
			c.shown = r.now + d.Delay
		}
		c.proc, c.since, c.slice = i, r.now+d.Delay, -1
		if d.For > 0 {
			c.slice = c.since + d.For
		}
		d.Task.Core, d.Task.Began = core, c.since
	case d.For > 0:
		c.wake = r.now + d.For
	}
	r.look(d.Look)
}

func (r *rig) look(l Look) {
	if l.Core < 0 {
		return
	}
	c := &r.cores[l.Core]
	at := max(l.At, r.now)
	switch {
	case c.proc < 0:
		if c.wake < 0 || at < c.wake {
			c.wake = at
		}
	case c.slice < 0 || at < c.slice:
		c.slice, c.asked = at, true
	}
}

// String is a timeline in the form "0 P1 4 P2 7": of several cores, core by core.
func (l *timeline) String() string {
	var b strings.Builder
	cores := 0
	for _, p := range l.pieces {
		cores = max(cores, p.core+1)
	}
	for core := range cores {
		end := int64(-1)
		for _, p := range l.pieces {
			if p.core != core {
				continue
			}
			if p.from != end {
				if end >= 0 {
					b.WriteString(" -")
				}
				fmt.Fprintf(&b, " %d", p.from)
			}
			fmt.Fprintf(&b, " P%d %d", p.proc+1, p.to)
			end = p.to
		}
		if core < cores-1 {
			b.WriteString(" |")
		}
	}
	return strings.TrimSpace(b.String())
}

// Measures of each process, in units.

func (l *timeline) finished(i int) (end int64) {
	for _, p := range l.pieces {
		if p.proc == i {
			end = max(end, p.to)
		}
	}
	return end
}

func (l *timeline) turnaround(i int) int64 { return l.finished(i) - l.procs[i].at }

// waiting is the time in which it was ready: not computing, and not waiting.
func (l *timeline) waiting(i int) int64 {
	w := l.turnaround(i)
	for _, b := range l.procs[i].bursts {
		w -= b
	}
	return w
}

func (l *timeline) response(i int) int64 {
	for _, p := range l.pieces {
		if p.proc == i {
			return p.from - l.procs[i].at
		}
	}
	return -1
}

func (l *timeline) switches() int { return len(l.pieces) - 1 }

func (l *timeline) each(f func(int) int64) []int64 {
	var list []int64
	for i := range l.procs {
		list = append(list, f(i))
	}
	return list
}

func (l *timeline) average(f func(int) int64) float64 {
	sum := int64(0)
	for i := range l.procs {
		sum += f(i)
	}
	return float64(sum) / float64(len(l.procs))
}
