package trace

// State is what a task does for a while.
type State uint8

// The states of a task.
const (
	IsReady State = iota
	IsRunning
	IsBlocked
	IsOutside
)

func (s State) String() string { return [...]string{"ready", "running", "blocked", "outside"}[s] }

// Span is a task's stay in one state.
type Span struct {
	Task     uint32
	State    State
	Core     int16 // while running; else -1
	Reason   uint8 // of a wait
	Object   uint32
	Place    uint32 // where it was when the state began
	Cause    uint32 // the task whose step began it
	From, To int64
	Open     bool // the trace ends before the span does
}

// Spans lists what each task did when, in order of their beginnings. Where events
// were dropped, a task's first span begins with its first event.
func Spans(t *Trace) []Span { return spans(t, t.Events()) }

func spans(t *Trace, events []Event) []Span {
	var list []Span
	open := make([]int, len(t.Tasks)) // index + 1 of each task's span
	var last int64
	for _, e := range events {
		last = max(last, e.Time)
		s := Span{Task: e.Task, Core: -1, Place: e.Place, Cause: e.Cause, From: e.Time, Open: true}
		switch e.Kind {
		case Ready, Preempt, Yield:
			s.State = IsReady
		case Run:
			s.State, s.Core = IsRunning, e.Core
		case Block:
			s.State, s.Reason, s.Object = IsBlocked, e.Reason, e.Object
		case Outside:
			s.State, s.Reason, s.Object = IsOutside, e.Reason, e.Object
		case End:
		default:
			continue
		}
		if i := open[e.Task]; i > 0 {
			list[i-1].To, list[i-1].Open = e.Time, false
		}
		if e.Kind == End {
			open[e.Task] = 0
			continue
		}
		list = append(list, s)
		open[e.Task] = len(list)
	}
	for i := range list {
		if list[i].Open {
			list[i].To = last
		}
	}
	return list
}
