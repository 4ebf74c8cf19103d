package waits

import (
	"slices"

	"interleave/engine/trace"
)

// touch is an event that concerned an object.
type touch struct {
	task, place uint32
	time        int64
}

// hold is one task's hold on a lock.
type hold struct {
	touch
	read bool
}

// object is what the events up to a moment say of one.
type object struct {
	holds    []hold // in order of taking
	capacity int    // of a channel; -1: made before the trace began
	length   int    // values in a channel's buffer
	closed   bool
	sends    int
	receives int
	counter  int // of a wait group
	counted  bool
	signals  int   // of a condition variable
	lost     touch // the last signal that woke nobody
	last     touch // the last that anybody did with it
	lastKind trace.Kind
	foreign  int // unlocks by tasks that did not hold it
}

// wait is a case of what a task waits for.
type wait struct {
	object uint32
	send   bool
}

// task is what the events up to a moment say of one.
type task struct {
	status  Status
	created touch
	since   int64
	place   uint32 // where it stands
	reason  string // of a wait, or how it ended
	waits   []wait
	order   int // of its wait, among all
}

// moment is the state of a run.
type moment struct {
	t       *trace.Trace
	tasks   []task
	objects []object
	timers  map[uint32]bool // that are set
	last    int64
	writers map[uint32]uint32 // see writer
}

// replay takes the events up to and including a time. Tasks that were stopped from
// outside stay as they stood: it is of no help to them.
func replay(t *trace.Trace, events []trace.Event, at int64) *moment {
	m := &moment{t: t, tasks: make([]task, len(t.Tasks)), objects: make([]object, len(t.Objects)), timers: map[uint32]bool{}}
	for i := range m.objects {
		m.objects[i].capacity = -1
	}
	for i, e := range events {
		if e.Time > at {
			break
		}
		m.last = e.Time
		m.step(i, e)
	}
	return m
}

func (m *moment) step(order int, e trace.Event) {
	k := &m.tasks[e.Task]
	o := &m.objects[e.Object]
	here := touch{e.Task, e.Place, e.Time}
	set := func(s Status, place uint32) {
		*k = task{status: s, created: k.created, since: e.Time, place: place, reason: m.t.Reasons[e.Reason], order: order}
	}
	switch e.Kind {
	case trace.Create:
		k.created = touch{e.Cause, e.Place, e.Time}
		set(Ready, 0)
	case trace.Ready, trace.Preempt, trace.Yield:
		set(Ready, k.place)
	case trace.Run:
		set(Running, e.Place)
	case trace.Block:
		set(Blocked, e.Place)
		if e.Object != 0 {
			k.waits = []wait{{e.Object, k.reason == chanSend}}
		}
	case trace.Case:
		k.waits = append(k.waits, wait{e.Object, e.Arg == 1})
	case trace.Outside:
		set(Outside, e.Place)
	case trace.End:
		if m.t.Reasons[e.Reason] != "stopped" {
			set(Ended, e.Place)
		}
	case trace.Lock, trace.RLock:
		o.holds = append(o.holds, hold{here, e.Kind == trace.RLock})
		o.touched(here, e.Kind)
	case trace.Unlock, trace.RUnlock:
		o.release(e)
		o.touched(here, e.Kind)
	case trace.Count:
		o.counter, o.counted = int(e.Arg), true
		o.touched(here, e.Kind)
	case trace.Signal:
		o.signals++
		if e.Arg == 0 {
			o.lost = here
		}
		o.touched(here, e.Kind)
	case trace.Make:
		o.capacity = int(e.Arg)
		o.touched(here, e.Kind)
	case trace.Send:
		o.sends, o.length = o.sends+1, int(e.Arg)
		o.touched(here, e.Kind)
	case trace.Receive:
		o.length = max(int(e.Arg), 0)
		if e.Arg >= 0 {
			o.receives++
		}
		o.touched(here, e.Kind)
	case trace.Close:
		o.closed = true
		o.touched(here, e.Kind)
	case trace.Set:
		m.timers[e.Object] = true
	case trace.Fire, trace.Stop:
		delete(m.timers, e.Object)
	}
}

func (o *object) touched(by touch, kind trace.Kind) { o.last, o.lastKind = by, kind }

// release ends a hold: the unlocking task's own if it has one, else the oldest.
func (o *object) release(e trace.Event) {
	read := e.Kind == trace.RUnlock
	i := slices.IndexFunc(o.holds, func(h hold) bool { return h.read == read && h.task == e.Task })
	if i < 0 {
		o.foreign++
		i = slices.IndexFunc(o.holds, func(h hold) bool { return h.read == read })
	}
	if i >= 0 {
		o.holds = slices.Delete(o.holds, i, i+1)
	}
}

// writer is the task that has waited longest to lock a RWMutex for writing; 0: none does.
func (m *moment) writer(o uint32) uint32 {
	if m.writers == nil {
		m.writers = map[uint32]uint32{}
		for n := range m.tasks {
			k := &m.tasks[n]
			if k.status != Blocked || k.reason != writeLock || len(k.waits) == 0 {
				continue
			}
			w := m.writers[k.waits[0].object]
			if w == 0 || m.tasks[w].order > k.order {
				m.writers[k.waits[0].object] = uint32(n)
			}
		}
	}
	return m.writers[o]
}

// unknown tells of a lock for which somebody waits whether it was taken before the first
// event of the trace.
func (m *moment) unknown(o uint32) bool {
	x := &m.objects[o]
	return len(x.holds) == 0 && x.lastKind == trace.None
}
