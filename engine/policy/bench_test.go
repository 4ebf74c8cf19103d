package policy

import (
	"slices"
	"testing"
)

// bench asks a policy as the machine does for processes that compute and wait by turns,
// and does nothing else: what it measures is the policy.
type bench struct {
	p      Policy
	tasks  []Task
	left   []int64 // of each task's present burst
	bursts []int   // that each has still to do
	due    heap    // ends of waits
	cores  []benchCore
	rand   Rand
	now    int64
	events int // tasks that became ready, and decisions
}

type benchCore struct {
	task  *Task
	since int64
	slice int64 // end of its slice; -1: no end
	wake  int64 // -1: it sleeps
	at    int64 // when it has something to do; -1: never
}

func newBench(p Policy, tasks, bursts, cores int) *bench {
	b := &bench{p: p, tasks: make([]Task, tasks), left: make([]int64, tasks), bursts: make([]int, tasks), rand: NewRand(3, 1)}
	for range cores {
		b.cores = append(b.cores, benchCore{slice: -1, wake: -1, at: -1})
	}
	p.Start(setup(cores, 1, 10e6))
	for i := range b.tasks {
		b.tasks[i] = Task{ID: i + 1, Core: -1, Traits: Traits{Priority: b.rand.Intn(40), Tickets: 1 + b.rand.Intn(1000), Nice: b.rand.Intn(40) - 20}}
		b.bursts[i] = bursts
		b.due.push(entry{int64(b.rand.Intn(1e9)), uint64(i), &b.tasks[i]})
	}
	return b
}

func (b *bench) run() {
	for b.step() {
	}
}

func (b *bench) step() bool {
	core := 0
	for i := range b.cores {
		if c := &b.cores[i]; c.at >= 0 && (b.cores[core].at < 0 || c.at < b.cores[core].at) {
			core = i
		}
	}
	c := &b.cores[core]
	if len(b.due) > 0 && (c.at < 0 || b.due[0].key <= c.at) {
		e := b.due.pop()
		b.now = e.key
		t := e.task
		why := Woken
		if t.Ran == 0 {
			why = New
		}
		b.left[t.ID-1] = int64(1e6 + b.rand.Intn(9e6))
		t.Burst, t.Since = b.left[t.ID-1], b.now
		b.events++
		b.look(b.p.Ready(b.now, t, why, nil))
		return true
	}
	if c.at < 0 {
		return false
	}
	b.now = max(b.now, c.at)
	t := c.task
	if t == nil {
		b.decide(core, b.p.Pick(b.now, core))
		return true
	}
	i, ran := t.ID-1, b.now-c.since
	b.left[i] -= ran
	t.Ran += ran
	if b.left[i] > 0 {
		b.p.Stop(b.now, core, t, Expired)
		t.Since = b.now
		b.events++
		l := b.p.Ready(b.now, t, Expired, nil)
		b.decide(core, b.p.Pick(b.now, core))
		b.look(l)
		return true
	}
	if b.bursts[i]--; b.bursts[i] == 0 {
		b.p.Stop(b.now, core, t, Ended)
	} else {
		b.p.Stop(b.now, core, t, Outside)
		b.due.push(entry{b.now + int64(b.rand.Intn(1e9)), uint64(b.events), t})
	}
	b.decide(core, b.p.Pick(b.now, core))
	return true
}

func (b *bench) decide(core int, d Decision) {
	b.events++
	c := &b.cores[core]
	*c = benchCore{task: d.Task, since: b.now + d.Delay, slice: -1, wake: -1}
	if d.Task != nil {
		if d.For > 0 {
			c.slice = c.since + d.For
		}
		d.Task.Core, d.Task.Began = core, c.since
	} else if d.For > 0 {
		c.wake = b.now + d.For
	}
	b.timed(c)
	b.look(d.Look)
}

func (b *bench) timed(c *benchCore) {
	c.at = c.wake
	if c.task != nil {
		if c.at = c.since + b.left[c.task.ID-1]; c.slice >= 0 {
			c.at = min(c.at, c.slice)
		}
	}
}

func (b *bench) look(l Look) {
	if l.Core < 0 {
		return
	}
	c := &b.cores[l.Core]
	at := max(l.At, b.now)
	switch {
	case c.task == nil && (c.wake < 0 || at < c.wake):
		c.wake = at
	case c.task != nil && (c.slice < 0 || at < c.slice):
		c.slice = at
	}
	b.timed(c)
}

// schedulers are the policies of the table that need no interpreter or event loop.
func schedulers() (list []string) {
	for _, k := range Kinds() {
		if slices.Contains([]string{"gil", "gil-ticks", "free-threaded", "loop"}, k.Name) {
			continue // they come with machines of their own
		}
		if list = append(list, k.Name); k.Example != k.Name {
			list = append(list, k.Example)
		}
	}
	return list
}

// 10,000 processes of 100 bursts of 1 to 10 ms on four cores, under every policy.
func BenchmarkPolicies(b *testing.B) {
	for _, name := range schedulers() {
		b.Run(name, func(b *testing.B) {
			events := 0
			for range b.N {
				p, err := Named(name)
				if err != nil {
					b.Fatal(err)
				}
				x := newBench(p, 10_000, 100, 4)
				x.run()
				events += x.events
			}
			b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
		})
	}
}
