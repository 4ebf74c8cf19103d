package lockorder

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"interleave/engine/trace"
)

// op is a lock's taking or giving back.
type op struct {
	lock   int
	unlock bool
}

// randomTask takes and gives back locks, each at most once at a time.
func randomTask(r *rand.Rand, locks, ops int) []op {
	var list []op
	var has []int
	for range ops {
		if len(has) > 0 && (r.IntN(2) == 0 || len(has) == locks) {
			i := r.IntN(len(has))
			list = append(list, op{has[i], true})
			has = slices.Delete(has, i, i+1)
			continue
		}
		l := r.IntN(locks)
		if slices.Contains(has, l) {
			continue
		}
		has = append(has, l)
		list = append(list, op{l, false})
	}
	for _, l := range has {
		list = append(list, op{l, true})
	}
	return list
}

// deadlocks tries all orders of the tasks' steps; it tells whether one ends with tasks
// that wait for each other.
func deadlocks(tasks [][]op) bool {
	seen := map[string]bool{}
	var try func(at []int, owner map[int]int) bool
	try = func(at []int, owner map[int]int) bool {
		key := fmt.Sprint(at)
		if seen[key] {
			return false
		}
		seen[key] = true
		moved, left := false, false
		for t, ops := range tasks {
			if at[t] == len(ops) {
				continue
			}
			left = true
			o := ops[at[t]]
			if _, taken := owner[o.lock]; taken && !o.unlock {
				continue
			}
			moved = true
			next := slices.Clone(at)
			next[t]++
			held := map[int]int{}
			for l, who := range owner {
				held[l] = who
			}
			if o.unlock {
				delete(held, o.lock)
			} else {
				held[o.lock] = t
			}
			if try(next, held) {
				return true
			}
		}
		return left && !moved
	}
	return try(make([]int, len(tasks)), map[int]int{})
}

// run is the trace of the tasks one after the other: they get past everything.
func run(tasks [][]op, locks int) *trace.Trace {
	tr := trace.New(0)
	main := tr.AddTask(trace.Task{Number: 1})
	for range locks {
		tr.AddObject(trace.Object{Kind: trace.Mutex})
	}
	now := int64(0)
	add := func(e trace.Event) {
		now++
		e.Time = now
		tr.Add(e)
	}
	add(trace.Event{Task: main, Kind: trace.Create})
	var list []uint32
	for i := range tasks {
		n := tr.AddTask(trace.Task{Number: i + 2})
		list = append(list, n)
		add(trace.Event{Task: n, Kind: trace.Create, Cause: main})
		add(trace.Event{Task: n, Kind: trace.Ready})
	}
	for i, ops := range tasks {
		add(trace.Event{Task: list[i], Kind: trace.Run})
		for _, o := range ops {
			kind := trace.Lock
			if o.unlock {
				kind = trace.Unlock
			}
			add(trace.Event{Task: list[i], Kind: kind, Object: uint32(o.lock + 1)})
		}
		add(trace.Event{Task: list[i], Kind: trace.End})
	}
	return tr
}

// Of random programs with locks alone, warnings are held against a trial of all orders.
func TestAgainstAllOrders(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 8))
	both, missed := 0, 0
	for range 3000 {
		n, locks := 2+r.IntN(2), 2+r.IntN(3)
		var tasks [][]op
		for range n {
			tasks = append(tasks, randomTask(r, locks, 3+r.IntN(5)))
		}
		warned, real := len(Warnings(run(tasks, locks))) > 0, deadlocks(tasks)
		switch {
		case warned && !real:
			t.Errorf("a false alarm: %v", tasks)
		case warned:
			both++
		case real && locks == 2: // no other lock can order them by chance
			t.Errorf("missed: %v", tasks)
		case real:
			missed++
		}
	}
	if both < 300 || missed > both {
		t.Errorf("%d warnings that are right, %d missed", both, missed)
	}
}
