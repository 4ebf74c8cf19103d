package python

import (
	"cmp"
	"fmt"
	"slices"

	"interleave/engine/trace"
)

// little is what a wait for the lock is at least, in ns: less is how exact clocks and
// naps are.
const little = 100_000

// enough is for how long others must have computed in a gap, at most, for it to be a wait
// for the lock, in ns.
const enough = 1_000_000

// Trace puts the notes into the words of a trace. Time begins with the run.
//
// Where there is a lock, a thread that is back from I/O has it until its next wait. A gap between two pieces of a thread that computes is a wait for the lock if other
// threads ran in a good part of it, else the operating system had the core. A thread that waits for
// I/O is outside for as long as a wait takes alone; what its wait takes longer it
// waits for the lock, unless nobody ran meanwhile. Which core a thread ran on is not known: each has a
// number of its own.
func (s *Stamps) Trace() *trace.Trace {
	b := builder{s: s, t: trace.New(0)}
	b.t.Head = trace.Head{
		Policy: "measured in " + s.Interpreter.String(), Cores: s.Mix.CPU + s.Mix.IO, End: "returned",
		Cost: fmt.Sprintf("real time; a computing thread looks at the clock every %d µs", s.Step/1000),
	}
	b.visits()
	for i, list := range s.CPU {
		list = b.divided(list)
		for k := 0; k < len(list); k += 2 {
			b.pieces = append(b.pieces, piece{i, list[k], list[k+1]})
		}
		b.cpu = append(b.cpu, list)
	}
	slices.SortFunc(b.pieces, func(a, c piece) int { return cmp.Compare(a.from, c.from) })
	for i, list := range b.cpu {
		b.compute(i, list)
	}
	for i, list := range s.IO {
		b.wait(i, list)
	}
	slices.SortStableFunc(b.events, func(a, c trace.Event) int { return cmp.Compare(a.Time, c.Time) })
	for _, e := range b.events {
		b.t.Add(e)
	}
	return b.t
}

// piece is what a thread computed without a gap.
type piece struct {
	thread   int
	from, to int64
}

type builder struct {
	s      *Stamps
	t      *trace.Trace
	visit  []piece   // when threads that wait for I/O were back and had the lock, in order of time
	cpu    [][]int64 // the notes of threads that compute, divided by those visits
	pieces []piece   // of all threads that compute, in order of time
	events []trace.Event
}

// visits lists when threads that wait for I/O ran.
func (b *builder) visits() {
	for i, list := range b.s.IO {
		for k := 1; k+1 < len(list); k += 2 {
			b.visit = append(b.visit, piece{i, list[k], list[k+1]})
		}
	}
	slices.SortFunc(b.visit, func(a, c piece) int { return cmp.Compare(a.from, c.from) })
}

// divided takes out of what a thread computed the visits of others: where there is a lock,
// they had it, even if that was too short to leave a gap in its notes.
func (b *builder) divided(list []int64) (out []int64) {
	if !b.s.GIL {
		return list
	}
	next := 0
	for k := 0; k < len(list); k += 2 {
		from, to := list[k], list[k+1]
		for ; next < len(b.visit) && b.visit[next].from < to; next++ {
			if v := b.visit[next]; v.from > from && v.to < to {
				out = append(out, from, v.from)
				from = v.to
			}
		}
		out = append(out, from, to)
	}
	return out
}

// visited tells whether a thread that waits for I/O had the lock in a time.
func (b *builder) visited(from, to int64) bool {
	i, _ := slices.BinarySearchFunc(b.visit, from, func(v piece, at int64) int { return cmp.Compare(v.from, at) })
	return i < len(b.visit) && b.visit[i].from <= to
}

func (b *builder) add(at int64, e trace.Event) {
	e.Time = max(at-b.s.Start, 0)
	b.events = append(b.events, e)
}

func (b *builder) note(at int64, task uint32, words string) {
	if b.s.GIL {
		b.add(at, trace.Event{Task: task, Kind: trace.Note, Core: -1, Reason: b.t.Reason(words)})
	}
}

func (b *builder) begin(name string) (task uint32, core int16) {
	task = b.t.AddTask(trace.Task{Number: len(b.t.Tasks), Name: name, Start: "thread"})
	b.add(b.s.Start, trace.Event{Task: task, Kind: trace.Create, Core: -1})
	b.add(b.s.Start, trace.Event{Task: task, Kind: trace.Ready, Core: -1})
	return task, int16(task - 1)
}

// others is for how long others than a thread computed in a time.
func (b *builder) others(thread int, from, to int64) (ns int64) {
	for _, p := range b.pieces {
		if p.from >= to {
			break
		}
		if p.thread != thread {
			ns += max(min(p.to, to)-max(p.from, from), 0)
		}
	}
	return ns
}

func (b *builder) compute(i int, list []int64) {
	task, core := b.begin(fmt.Sprintf("cpu %d", i+1))
	waits := b.lockTime(i, b.s.Start, list[0])
	if waits {
		b.note(b.s.Start, task, trace.LockWanted)
	}
	for k := 0; k < len(list); k += 2 {
		from, to := list[k], min(list[k+1], max(b.s.End, list[k]))
		if k == 0 || waits {
			b.note(from, task, trace.LockTaken)
		}
		b.add(from, trace.Event{Task: task, Kind: trace.Run, Core: core})
		if k+2 == len(list) || list[k+2] >= b.s.End {
			b.note(to, task, trace.LockReleased)
			b.add(to, trace.Event{Task: task, Kind: trace.End, Core: core, Reason: b.t.Reason("returned")})
			return
		}
		if waits = b.lockTime(i, to, list[k+2]); waits {
			b.note(to, task, trace.LockLost)
		}
		b.add(to, trace.Event{Task: task, Kind: trace.Preempt, Core: core, Reason: b.t.Reason("policy")})
	}
}

// lockTime tells whether a gap of a thread was a wait for the lock: others computed in
// it, if not all the time, since the operating system may have taken their core; or a
// thread came back from I/O in it.
func (b *builder) lockTime(thread int, from, to int64) bool {
	return b.s.GIL && to > from && (b.others(thread, from, to) >= min((to-from)/5, enough) || thread >= 0 && b.visited(from, to))
}

func (b *builder) wait(i int, list []int64) {
	task, core := b.begin(fmt.Sprintf("io %d", i+1))
	take := func(at int64) {
		b.note(at, task, trace.LockTaken)
		b.add(at, trace.Event{Task: task, Kind: trace.Run, Core: core})
	}
	take(list[0])
	for k := 0; k < len(list); k += 2 {
		left, back := list[k], list[k+1]
		b.note(left, task, trace.LockReleased)
		b.add(left, trace.Event{Task: task, Kind: trace.Outside, Core: core, Reason: b.t.Reason("I/O")})
		ready := min(left+b.s.Alone, back)
		if back-ready < little || !b.lockTime(-1, ready, back) {
			ready = back
		}
		b.add(ready, trace.Event{Task: task, Kind: trace.Ready, Core: -1})
		if ready < back {
			b.note(ready, task, trace.LockWanted)
		}
		take(back)
	}
	last := list[len(list)-1]
	b.note(last, task, trace.LockReleased)
	b.add(last, trace.Event{Task: task, Kind: trace.End, Core: core, Reason: b.t.Reason("returned")})
}
