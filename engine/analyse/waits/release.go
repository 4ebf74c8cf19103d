package waits

import (
	"slices"

	"interleave/engine/trace"
)

// release finds, at the end of a trace, who can still be woken.
type release struct {
	m       *moment
	beyond  Beyond
	free    []bool // of each task: it can run, or can still be woken
	any     bool   // there is such a task
	session bool   // a later cell can act: no cell's main part goes on
}

// stuck gives, of each task, whether nothing that can still happen wakes it.
func stuck(m *moment, beyond Beyond) []bool {
	beyond.Asleep = beyond.asleep(m.t)
	r := &release{m: m, beyond: beyond, free: make([]bool, len(m.tasks)), session: true}
	for n := range m.tasks {
		k := &m.tasks[n]
		alive := k.status != Absent && k.status != Ended
		r.free[n] = alive && k.status != Blocked
		lost := k.status == Absent && n > 0 && m.t.Dropped > 0 // it may run: its last event is no longer there
		r.any = r.any || r.free[n] || lost && !beyond.Asleep
		if alive && m.t.Tasks[n].Number == 1 {
			r.session = false
		}
	}
	for changed := true; changed; {
		changed = false
		for n := range m.tasks {
			if m.tasks[n].status == Blocked && !r.free[n] && r.wakes(uint32(n)) {
				r.free[n], r.any, changed = true, true, true
			}
		}
	}
	list := make([]bool, len(m.tasks))
	for n := range list {
		list[n] = m.tasks[n].status == Blocked && !r.free[n]
	}
	return list
}

// wakes tells whether a blocked task can be woken by those that are free.
func (r *release) wakes(n uint32) bool {
	k := &r.m.tasks[n]
	switch k.reason {
	case nilSend, nilReceive, selectNone:
		return false
	case selecting:
		return slices.ContainsFunc(k.waits, func(w wait) bool { return r.reached(w.object, n) })
	case chanSend, chanReceive, groupWait, condWait:
		return len(k.waits) == 0 || r.reached(k.waits[0].object, n)
	case mutexLock, writeLock, readLock:
		if len(k.waits) == 0 {
			return !r.beyond.Asleep
		}
		o := k.waits[0].object
		return r.given(o, r.m.before(n)) || r.unlocked(o, n)
	}
	return !r.beyond.Asleep // a timer, or something this package does not know
}

// given tells whether all who stand between a task and a lock can go on.
func (r *release) given(o uint32, before []uint32) bool {
	if len(before) == 0 { // taken before the trace began, or on its way to the next
		return !r.beyond.Asleep
	}
	return !slices.ContainsFunc(before, func(n uint32) bool { return !r.free[n] })
}

// unlocked tells whether another task than the holder can be expected to unlock: one that
// can act on the lock, where the run has shown such an unlock.
func (r *release) unlocked(o, waiter uint32) bool {
	return r.m.objects[o].foreign > 0 && r.reached(o, waiter)
}

// reached tells whether a free task, or somebody else who can still act, reaches an
// object.
func (r *release) reached(o, waiter uint32) bool {
	switch by := r.beyond.Reach[o]; {
	case r.beyond.Reach == nil && r.beyond.Asleep:
		return r.any
	case r.beyond.Reach == nil:
		return r.session || len(r.m.timers) > 0 || r.any
	case slices.ContainsFunc(by.Tasks, func(n uint32) bool { return r.free[n] }):
		return true
	case r.beyond.Asleep:
		return by.Session && r.any
	default: // whoever runs reaches what the session's variables lead to
		return by.Timers || by.Session && (r.session || r.any)
	}
}

// kept tells whether nobody but stuck tasks, if anybody, could unlock a lock: then it is
// sure that it stays locked.
func (b Beyond) kept(t *trace.Trace, o uint32, stuck []bool) bool {
	if b.asleep(t) {
		return true
	}
	by := b.Reach[o]
	return b.Reach != nil && !by.Session && !by.Timers && !slices.ContainsFunc(by.Tasks, func(n uint32) bool { return !stuck[n] })
}

// before lists who must go on before a task gets the lock that it waits for: who holds
// it in a way that excludes it, and for a reader, where no writer holds it, the writer
// that waits in front. Nobody comes before one that waits for nothing at all.
func (m *moment) before(n uint32) []uint32 {
	k := &m.tasks[n]
	if len(k.waits) == 0 {
		return nil
	}
	o := k.waits[0].object
	var list []uint32
	for _, h := range m.objects[o].holds {
		if k.reason != readLock || !h.read {
			list = append(list, h.task)
		}
	}
	if w := m.ahead(n); w != 0 {
		list = append(list, w)
	}
	return list
}

// ahead is the waiting writer that keeps a reader from a lock that only readers hold;
// 0: there is none.
func (m *moment) ahead(n uint32) uint32 {
	k := &m.tasks[n]
	if k.reason != readLock || len(k.waits) == 0 {
		return 0
	}
	o := k.waits[0].object
	if slices.ContainsFunc(m.objects[o].holds, func(h hold) bool { return !h.read }) {
		return 0
	}
	if w := m.writer(o); w != 0 && m.tasks[w].order < k.order {
		return w
	}
	return 0
}
