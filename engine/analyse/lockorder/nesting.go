package lockorder

import (
	"fmt"
	"slices"

	"interleave/engine/trace"
)

// held is a lock that a task has.
type held struct {
	lock  uint32
	read  bool
	place uint32
	event int // at which it was taken
}

// nesting is a task's taking one lock while it held another.
type nesting struct {
	task  uint32
	outer held
	inner held
	gates []held // what else it held
}

// occurrences is how many nestings alike are kept: they differ in what happened before
// them.
const occurrences = 4

// nestings lists them in order of time.
func nestings(t *trace.Trace, events []trace.Event) []nesting {
	signals := map[uint32]bool{} // locks that others than the holder have unlocked
	walk(t, events, nil, func(o uint32) { signals[o] = true })
	var list []nesting
	count := map[string]int{}
	walk(t, events, func(n nesting) {
		if signals[n.outer.lock] || signals[n.inner.lock] {
			return
		}
		key := fmt.Sprint(n.task, n.outer.lock, n.outer.place, n.outer.read, n.inner.lock, n.inner.place, n.inner.read)
		for _, g := range n.gates {
			key += fmt.Sprint(" ", g.lock, g.read)
		}
		if count[key]++; count[key] <= occurrences {
			list = append(list, n)
		}
	}, func(uint32) {})
	return list
}

func walk(t *trace.Trace, events []trace.Event, nested func(nesting), foreign func(lock uint32)) {
	has := make([][]held, len(t.Tasks))
	holders := map[uint32]int{} // how many holds each lock has
	for i, e := range events {
		switch e.Kind {
		case trace.Lock, trace.RLock:
			h := held{e.Object, e.Kind == trace.RLock, e.Place, i}
			if e.Arg == 0 && nested != nil {
				for j, o := range has[e.Task] {
					gates := slices.Delete(slices.Clone(has[e.Task]), j, j+1)
					nested(nesting{e.Task, o, h, gates})
				}
			}
			has[e.Task] = append(has[e.Task], h)
			holders[e.Object]++
		case trace.Unlock, trace.RUnlock:
			read := e.Kind == trace.RUnlock
			is := func(h held) bool { return h.lock == e.Object && h.read == read }
			if j := slices.IndexFunc(has[e.Task], is); j >= 0 {
				has[e.Task] = slices.Delete(has[e.Task], j, j+1)
				holders[e.Object]--
				continue
			}
			if holders[e.Object] == 0 {
				continue // taken before the trace began
			}
			foreign(e.Object)
			for n := range has {
				if j := slices.IndexFunc(has[n], is); j >= 0 {
					has[n] = slices.Delete(has[n], j, j+1)
					holders[e.Object]--
					break
				}
			}
		}
	}
}
