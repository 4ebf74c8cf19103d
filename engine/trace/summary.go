package trace

// Summary is a run in figures. Times are virtual ns.
type Summary struct {
	From, To    int64
	Wall        int64
	Events      int
	Dropped     int
	Switches    int // a core took up a task other than its last
	Preemptions int
	Cores       []CoreUse
	Tasks       []TaskUse
	Speedup     float64 // time that tasks ran, all together, by wall time
}

// CoreUse is what one core did.
type CoreUse struct {
	Busy        int64
	Utilization float64 // of the wall time, 0 to 1
	Switches    int
}

// TaskUse is what one task did.
type TaskUse struct {
	Task    uint32
	Name    string
	Running int64
	Ready   int64
	Outside int64
	Blocked int64
	Waits   []Wait // by reason and object, in order of first appearance
	Ended   string // how; empty: it has not
}

// Wait is the time that a task waited for one thing.
type Wait struct {
	Reason string
	Object uint32
	Time   int64
	Times  int
}

// Summarize computes the figures of a trace.
func Summarize(t *Trace) Summary {
	events := t.Events()
	s := Summary{Events: len(events), Dropped: t.Dropped, Cores: make([]CoreUse, max(t.Head.Cores, 0))}
	if len(events) > 0 {
		s.From, s.To = events[0].Time, events[len(events)-1].Time
		s.Wall = s.To - s.From
	}
	tasks := make([]TaskUse, len(t.Tasks))
	present := make([]bool, len(t.Tasks))
	last := make([]uint32, len(s.Cores))
	for _, e := range events {
		present[e.Task] = e.Task != 0
		switch e.Kind {
		case End:
			tasks[e.Task].Ended = t.Reasons[e.Reason]
		case Preempt:
			s.Preemptions++
		case Run:
			if c := int(e.Core); last[c] != e.Task {
				if last[c] != 0 {
					s.Switches++
					s.Cores[c].Switches++
				}
				last[c] = e.Task
			}
		}
	}
	var total int64
	for _, sp := range spans(t, events) {
		u, d := &tasks[sp.Task], sp.To-sp.From
		switch sp.State {
		case IsRunning:
			u.Running += d
			total += d
			s.Cores[sp.Core].Busy += d
		case IsReady:
			u.Ready += d
		case IsOutside:
			u.Outside += d
		case IsBlocked:
			u.Blocked += d
			u.wait(t.Reasons[sp.Reason], sp.Object, d)
		}
	}
	for i := range tasks {
		if present[i] {
			tasks[i].Task, tasks[i].Name = uint32(i), t.TaskName(uint32(i))
			s.Tasks = append(s.Tasks, tasks[i])
		}
	}
	if s.Wall > 0 {
		s.Speedup = float64(total) / float64(s.Wall)
		for i := range s.Cores {
			s.Cores[i].Utilization = float64(s.Cores[i].Busy) / float64(s.Wall)
		}
	}
	return s
}

func (u *TaskUse) wait(reason string, object uint32, d int64) {
	for i := range u.Waits {
		if w := &u.Waits[i]; w.Reason == reason && w.Object == object {
			w.Time += d
			w.Times++
			return
		}
	}
	u.Waits = append(u.Waits, Wait{reason, object, d, 1})
}
