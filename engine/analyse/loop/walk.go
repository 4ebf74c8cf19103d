package loop

import (
	"slices"
	"strings"

	"interleave/engine/trace"
)

// Policy is the name of the policy whose runs have a loop.
const Policy = "loop"

// Of tells whether a trace is of a run under it.
func Of(t *trace.Trace) bool { return t.Head.Policy == Policy }

// runsLoop is what asyncio.run's goroutine waits for while its loop runs.
const runsLoop = "event loop"

// Walk calls see for each moment of a run, in order. A moment, with its lists, is
// valid only during the call.
func Walk(t *trace.Trace, see func(m *Moment)) {
	events := t.Events()
	w := &walker{
		t: t, see: see, labels: labels(t, events), timers: map[uint32]Clock{}, waits: map[uint32]Wait{},
		outside: map[uint32]bool{}, around: map[uint32]bool{}, started: map[uint32]bool{},
	}
	for _, e := range events {
		w.event(e)
	}
	if w.last.Kind == Sleep && t.Head.End == "returned" { // nobody was left to sleep for
		return
	}
	w.last.Open = w.last.To == 0
	w.close(w.now)
}

type walker struct {
	t       *trace.Trace
	see     func(m *Moment)
	labels  map[uint32]string
	last    Moment // under way, or ended and not seen yet
	under   bool   // there is one
	now     int64
	turn    int
	rest    []Handle
	called  []Handle
	arrived []Handle
	due     []Handle
	timers  map[uint32]Clock // by object
	waits   map[uint32]Wait  // by task
	waited  int              // how many waits there were
	outside map[uint32]bool  // tasks that the selector watches for
	fired   bool             // a timer has just
	started map[uint32]bool  // by a step, and not ready yet
	around  map[uint32]bool  // tasks that run the loop: they go between two turns
}

// labels tells what each timer calls, from the task that it makes when it fires.
func labels(t *trace.Trace, events []trace.Event) map[uint32]string {
	all := map[uint32]string{}
	fired := uint32(0)
	for _, e := range events {
		switch {
		case e.Kind == trace.Fire:
			fired = e.Object
		case e.Kind == trace.Create && fired != 0 && t.Tasks[e.Task].System:
			all[fired] = t.Tasks[e.Task].Name
			fired = 0
		case e.Kind == trace.Ready && fired != 0:
			fired = 0
		}
	}
	return all
}

func (w *walker) event(e trace.Event) {
	w.now = max(w.now, e.Time)
	if e.Kind != trace.Create && e.Kind != trace.Ready {
		w.fired = e.Kind == trace.Fire
	}
	switch e.Kind {
	case trace.Note:
		switch w.t.Reasons[e.Reason] {
		case trace.LoopTurn:
			w.close(e.Time)
			w.rest = slices.Concat(w.rest, w.called, w.arrived, w.due)
			w.called, w.arrived, w.due = nil, nil, nil
			w.turn++
			w.open(Moment{Kind: Turn, From: e.Time, To: e.Time})
			w.close(e.Time)
		case trace.LoopSleep:
			w.close(e.Time)
			w.open(Moment{Kind: Sleep, From: e.Time})
		}
	case trace.Create:
		if e.Cause != 0 {
			w.started[e.Task] = true
		}
		if w.runs(e.Cause) {
			w.did(Deed{Kind: trace.Create, Task: e.Task})
		}
	case trace.Ready:
		w.ready(e)
	case trace.Run:
		w.close(e.Time)
		if i := slices.IndexFunc(w.rest, func(h Handle) bool { return h.Task == e.Task }); i >= 0 {
			w.rest = w.rest[i+1:] // a turn runs in order
		}
		w.open(Moment{Kind: Step, From: e.Time, Task: e.Task, Place: e.Place})
	case trace.Yield, trace.Preempt:
		w.leave(e)
		w.called = append(w.called, Handle{e.Task, Called})
	case trace.Block, trace.Outside:
		w.leave(e)
		out := e.Kind == trace.Outside
		w.outside[e.Task] = out
		if w.t.Reasons[e.Reason] == runsLoop {
			w.around[e.Task] = true
			return
		}
		w.waited++
		w.waits[e.Task] = Wait{e.Task, e.Reason, e.Object, out, e.Time, w.waited}
	case trace.End:
		w.leave(e)
		delete(w.waits, e.Task)
	case trace.Set:
		w.timers[e.Object] = Clock{e.Object, e.Task, w.labels[e.Object], e.Time + int64(e.Arg)*1000}
		if w.runs(e.Task) {
			w.did(Deed{Kind: e.Kind, Object: e.Object, Arg: e.Arg})
		}
	case trace.Stop, trace.Fire:
		delete(w.timers, e.Object)
		if e.Kind == trace.Stop && w.runs(e.Task) {
			w.did(Deed{Kind: e.Kind, Object: e.Object})
		}
	case trace.Mark:
		w.did(Deed{Kind: e.Kind, Reason: e.Reason})
	}
	if w.runs(e.Task) && e.Place != 0 && e.Kind != trace.End {
		w.last.Place = e.Place
	}
}

// runs tells whether a task is the one that runs.
func (w *walker) runs(task uint32) bool {
	return w.under && w.last.Kind == Step && task != 0 && w.last.Task == task
}

func (w *walker) did(d Deed) {
	if w.under && w.last.Kind == Step {
		w.last.Deeds = append(w.last.Deeds, d)
	}
}

func (w *walker) ready(e trace.Event) {
	_, waited := w.waits[e.Task]
	delete(w.waits, e.Task)
	if w.runs(e.Cause) && (waited || w.around[e.Task]) {
		w.did(Deed{Kind: trace.Ready, Task: e.Task})
	}
	switch {
	case w.around[e.Task]:
		delete(w.around, e.Task)
	case w.outside[e.Task]:
		delete(w.outside, e.Task)
		w.arrived = append(w.arrived, Handle{e.Task, Selector})
	case e.Cause == 0 && !w.started[e.Task]:
		h := Handle{e.Task, Called} // it was there before the loop
		if w.fired {
			h.Origin = Timer
		}
		w.due = append(w.due, h)
	default:
		w.called = append(w.called, Handle{e.Task, Called})
	}
	delete(w.started, e.Task)
}

// leave ends a task's step with what it did last.
func (w *walker) leave(e trace.Event) {
	if !w.runs(e.Task) {
		return
	}
	w.did(Deed{Kind: e.Kind, Reason: e.Reason, Object: e.Object})
	w.last.To = e.Time
	if e.Place != 0 && e.Kind != trace.End {
		w.last.Place = e.Place
	}
}

func (w *walker) open(m Moment) {
	m.Turn, m.w = w.turn, w
	w.last, w.under = m, true
}

// close ends what is under way and shows it.
func (w *walker) close(now int64) {
	if !w.under {
		return
	}
	m := &w.last
	if m.To == 0 || m.Kind == Sleep {
		m.To = max(now, m.From)
	}
	w.see(m)
	w.under = false
}

// Label is what a handle is called: a task by its name and its coroutine's, a callback by
// what it is for.
func Label(t *trace.Trace, n uint32) string {
	task := t.Tasks[n]
	name := t.TaskName(n)
	switch {
	case task.System || task.Start == name:
		return name
	case strings.Contains(task.Start, "/async.Run["):
		return "async.Run"
	}
	return name + " " + strings.TrimPrefix(task.Start, "main.")
}
