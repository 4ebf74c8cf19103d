package trace

import "slices"

// World is what is known of tasks and objects at a moment of a run. It is made of
// events alone, one after the other: what happened before the first of them, it
// does not know, and says so.
type World struct {
	Time    int64
	Tasks   []TaskNow   // by number
	Objects []ObjectNow // by number
	Shared  []Local     // as at the last event that told them
	trace   *Trace
}

// TaskNow is what a task does.
type TaskNow struct {
	Life   Life
	State  State
	Core   int16    // while it runs; else -1
	Reason uint8    // of a wait; of its end
	Object uint32   // for which it waits
	Place  uint32   // where it stands, as far as events tell
	Since  int64    // when it came into this state, virtual ns
	Frames []Frame  // as at the task's last event that told them
	cases  []uint32 // objects of a select that waits
	retry  uint32   // the mutex that it was woken to take, and has not yet
}

// Life says whether a task exists.
type Life uint8

// A task's life.
const (
	Unborn Life = iota // or not seen yet
	Alive
	Ended
)

// ObjectNow is what an object holds, and who waits for it.
type ObjectNow struct {
	Seen    bool // an event has named it
	Waiters []Waiter

	// Of a channel.
	Cap      int      // -1: it was made before the first event
	Len      int      // -1: not known
	Closed   bool     // as far as events tell
	Contents []string // the values in the buffer, oldest first; "": not known

	// Of a mutex, or the writing side of a RWMutex.
	Known   bool   // the first event about its holder has been
	Holder  uint32 // 0: nobody
	Since   uint32 // place where it was taken
	Woken   uint32 // nobody holds it, and this task was woken to take it
	Readers []Reader

	Count int32 // of a wait group
}

// Waiter is a task that waits for an object.
type Waiter struct {
	Task   uint32
	Way    Way
	Select bool   // it waits for others too
	Value  string // what it sends, where it is known
}

// Reader is a task that holds the reading side of a RWMutex.
type Reader struct{ Task, Place uint32 }

// Way is what a waiter wants of an object.
type Way uint8

// The ways to wait.
const (
	ToGo Way = iota // wait groups, conditions and others
	ToSend
	ToReceive
	ToLock
	ToRead
)

// NewWorld is the world before the first event of t.
func NewWorld(t *Trace) *World {
	w := &World{Tasks: make([]TaskNow, len(t.Tasks)), Objects: make([]ObjectNow, len(t.Objects)), trace: t}
	for i := range w.Tasks {
		w.Tasks[i].Core = -1
	}
	for i := range w.Objects {
		w.Objects[i].Cap, w.Objects[i].Len = -1, -1
	}
	return w
}

// At is the world of t after its first n events.
func At(t *Trace, n int) *World {
	w := NewWorld(t)
	events, details := t.Detailed()
	for i := range min(n, len(events)) {
		w.Apply(events[i], details[i])
	}
	return w
}

// Apply goes one event on. d may be nil. It returns the objects whose state it may
// have changed; the list is valid until the next call.
func (w *World) Apply(e Event, d *Detail) []uint32 {
	w.Time = max(w.Time, e.Time)
	if d != nil && len(d.Shared) > 0 {
		w.Shared = d.Shared
	}
	var touched []uint32
	if e.Object != 0 {
		w.Objects[e.Object].Seen = true
		touched = append(touched, e.Object)
	}
	if e.Task != 0 {
		touched = append(touched, w.live(e, d)...)
	}
	w.use(e, d)
	return touched
}

// live is what an event means for its task.
func (w *World) live(e Event, d *Detail) (touched []uint32) {
	t := &w.Tasks[e.Task]
	if e.Kind != Ready && e.Kind != Create && e.Place != 0 {
		t.Place = e.Place
	}
	if d != nil && len(d.Frames) > 0 {
		t.Frames = d.Frames
	}
	if t.Life == Unborn {
		t.Life = Alive
	}
	switch e.Kind {
	case Create:
		t.State, t.Since = IsReady, e.Time
	case Ready, Preempt, Yield:
		touched = w.goOn(e.Task)
		t.State, t.Since, t.Core, t.Reason, t.Object = IsReady, e.Time, -1, e.Reason, 0
	case Run:
		touched = w.goOn(e.Task)
		t.State, t.Since, t.Core, t.Reason, t.Object = IsRunning, e.Time, e.Core, 0, 0
	case Block, Outside:
		t.State, t.Since, t.Core, t.Reason, t.Object = IsBlocked, e.Time, -1, e.Reason, e.Object
		if e.Kind == Outside {
			t.State = IsOutside
		}
		if e.Object != 0 {
			w.queue(e.Object, Waiter{Task: e.Task, Way: way(w.trace.Reasons[e.Reason]), Value: value(d)})
		}
	case Case:
		t.cases = append(t.cases, e.Object)
		to := ToReceive
		if e.Arg == 1 {
			to = ToSend
		}
		w.queue(e.Object, Waiter{Task: e.Task, Way: to, Select: true, Value: value(d)})
	case End:
		touched = w.goOn(e.Task)
		t.Life, t.State, t.Since, t.Core, t.Reason, t.Object, t.Frames = Ended, IsReady, e.Time, -1, e.Reason, 0, nil
	}
	return touched
}

func value(d *Detail) string {
	if d == nil {
		return ""
	}
	return d.Value
}

func way(reason string) Way {
	switch reason {
	case "chan send":
		return ToSend
	case "chan receive":
		return ToReceive
	case "sync.Mutex.Lock", "sync.RWMutex.Lock":
		return ToLock
	case "sync.RWMutex.RLock":
		return ToRead
	}
	return ToGo
}

// queue puts a waiter at the end; one that was woken to take a mutex and came too
// late goes to the front, as the machine's do.
func (w *World) queue(object uint32, q Waiter) {
	o := &w.Objects[object]
	if t := &w.Tasks[q.Task]; t.retry == object {
		t.retry = 0
		o.Waiters = slices.Insert(o.Waiters, 0, q)
		return
	}
	o.Waiters = append(o.Waiters, q)
}

// goOn takes a task that waits no more out of the queues.
func (w *World) goOn(task uint32) (touched []uint32) {
	t := &w.Tasks[task]
	if t.State != IsBlocked && t.State != IsOutside {
		return nil
	}
	list := t.cases
	if t.Object != 0 {
		list = append(list, t.Object)
	}
	t.cases = nil
	for _, n := range list {
		o := &w.Objects[n]
		if kind := w.trace.Objects[n].Kind; (kind == Mutex || kind == RWMutex) && o.Holder == 0 {
			if i := slices.IndexFunc(o.Waiters, func(q Waiter) bool { return q.Task == task && q.Way == ToLock }); i >= 0 {
				o.Woken = task
				if kind == Mutex {
					t.retry = n
				}
			}
		}
		o.Waiters = slices.DeleteFunc(o.Waiters, func(q Waiter) bool { return q.Task == task })
	}
	return list
}

// use is what an event means for its object.
func (w *World) use(e Event, d *Detail) {
	if e.Object == 0 {
		return
	}
	o := &w.Objects[e.Object]
	switch e.Kind {
	case Make:
		o.Cap, o.Len = int(e.Arg), 0
	case Send:
		v := value(d)
		o.fill(int(e.Arg) - 1)
		o.Contents = append(o.Contents, v)
		o.trim(int(e.Arg))
	case Receive:
		if e.Arg < 0 {
			o.Closed, o.Len, o.Contents = true, 0, nil
			return
		}
		o.fill(int(e.Arg) + 1)
		o.trim(int(e.Arg))
	case Close:
		o.Closed = true
	case Lock:
		o.Known, o.Holder, o.Since, o.Woken = true, e.Task, e.Place, 0
		w.Tasks[e.Task].retry = 0
	case Unlock:
		o.Known, o.Holder, o.Since, o.Woken = true, 0, 0, 0
	case RLock:
		o.Known = true
		o.Readers = append(o.Readers, Reader{e.Task, e.Place})
	case RUnlock:
		o.Known = true
		i := slices.IndexFunc(o.Readers, func(r Reader) bool { return r.Task == e.Task })
		if i < 0 && len(o.Readers) > 0 {
			i = 0 // another task's
		}
		if i >= 0 {
			o.Readers = slices.Delete(o.Readers, i, i+1)
		}
	case Count:
		o.Known, o.Count = true, e.Arg
	}
}

// fill has values that were sent before the first event stand as unknown ones.
func (o *ObjectNow) fill(n int) {
	for len(o.Contents) < n {
		o.Contents = slices.Insert(o.Contents, 0, "")
	}
}

// trim takes the oldest values out until n are left: what is handed from task to
// task never stays in a buffer.
func (o *ObjectNow) trim(n int) {
	if k := len(o.Contents) - n; k > 0 {
		o.Contents = o.Contents[k:]
	}
	o.Len = n
}
