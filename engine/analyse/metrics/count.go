package metrics

import (
	"slices"

	"interleave/engine/trace"
)

// counter follows the events of a trace.
type counter struct {
	t      *trace.Trace
	m      *Metrics
	tasks  []life // by index in Trace.Tasks
	cores  []core
	some   bool
	parent []bool // by index in Trace.Tasks: it started another task of the run
}

// life is a task as far as it has been followed.
type life struct {
	Task
	seen    bool
	state   trace.Kind // Ready, Run, Outside, Block or End; 0: not known
	since   int64      // of the state
	queue   int64      // of an Outside: until its turn at the device
	core    int16      // where it ran last; -1: nowhere
	stopped trace.Kind // how it left its core
}

// core is a core as far as it has been followed.
type core struct {
	last uint32 // its last task; 0: none
	free int64  // since when it runs nothing
}

func newCounter(t *trace.Trace) *counter {
	c := &counter{
		t: t, m: &Metrics{Cores: make([]Core, max(t.Head.Cores, 0)), Dropped: t.Dropped},
		tasks: make([]life, len(t.Tasks)), cores: make([]core, max(t.Head.Cores, 0)), parent: make([]bool, len(t.Tasks)),
	}
	for i := range c.tasks {
		c.tasks[i] = life{Task: Task{Number: uint32(i), Start: -1, Finish: -1}, core: -1}
	}
	return c
}

// own tells whether a task is one of the program's that began in this run.
func (c *counter) own(n uint32) bool {
	k := &c.t.Tasks[n]
	return n != 0 && !k.System && (k.Cell == c.t.Head.Cell || c.t.Head.Cell == "")
}

func (c *counter) event(e *trace.Event) {
	if !c.some {
		c.some, c.m.From = true, e.Time
		for i := range c.cores {
			c.cores[i].free = e.Time
		}
	}
	c.m.To = max(c.m.To, e.Time)
	l := &c.tasks[e.Task]
	switch e.Kind {
	case trace.Create:
		l.Arrival, l.Whole = e.Time, true
		if e.Cause != 0 && c.own(e.Task) {
			c.parent[e.Cause] = true
		}
	case trace.Ready, trace.Run, trace.Preempt, trace.Yield, trace.Block, trace.Outside, trace.End:
		c.leave(l, e)
		c.enter(l, e)
	default:
		return
	}
	if !l.seen {
		l.seen = true
		if !l.Whole {
			l.Arrival = e.Time
		}
	}
}

// leave adds up the state that an event ends.
func (c *counter) leave(l *life, e *trace.Event) {
	d := e.Time - l.since
	switch l.state {
	case trace.Ready:
		l.Waiting += d
	case trace.Run:
		l.Burst += d
		if k := int(l.core); k >= 0 && k < len(c.cores) {
			c.m.Cores[k].Busy += d
			c.cores[k].free = e.Time
		}
	case trace.Outside:
		l.IO += d
		l.Queued += min(l.queue, d)
	case trace.Block:
		l.Blocked += d
	}
}

// enter begins the state that an event begins.
func (c *counter) enter(l *life, e *trace.Event) {
	switch e.Kind {
	case trace.Preempt, trace.Yield:
		l.state, l.stopped = trace.Ready, e.Kind
	case trace.Run:
		c.run(l, e)
		l.state = trace.Run
	case trace.Outside:
		l.state, l.stopped, l.queue = trace.Outside, e.Kind, 0
		if e.Object != 0 && c.t.Objects[e.Object].Kind == trace.Device {
			l.queue = int64(e.Arg) * 1000
		}
	case trace.End:
		l.state, l.stopped = trace.End, e.Kind
		l.Finish = e.Time
	case trace.Block:
		l.state, l.stopped = trace.Block, e.Kind
	default:
		l.state = trace.Ready
	}
	l.since = e.Time
}

// run counts what a core's taking up a task means.
func (c *counter) run(l *life, e *trace.Event) {
	l.Runs++
	if l.Start < 0 {
		l.Start = e.Time
	}
	if l.core >= 0 && l.core != e.Core {
		c.m.Migrations++
	}
	k := int(e.Core)
	l.core = e.Core
	if k < 0 || k >= len(c.cores) {
		return
	}
	at := &c.cores[k]
	if l.state == trace.Ready {
		c.m.Cores[k].Dispatch += max(e.Time-max(at.free, l.since), 0)
	}
	if at.last != e.Task {
		if at.last != 0 {
			c.m.Switches++
			c.m.Cores[k].Switches++
			if c.tasks[at.last].stopped == trace.Preempt {
				c.m.Preemptions++
			}
		}
		at.last = e.Task
	}
}

// finish closes what is open and computes the averages.
func (c *counter) finish() *Metrics {
	m := c.m
	var progress []float64
	for i := range c.tasks {
		l := &c.tasks[i]
		if l.seen && l.state != trace.End {
			c.leave(l, &trace.Event{Time: m.To})
		}
		if !l.seen || !c.own(uint32(i)) {
			continue
		}
		l.Name = c.t.TaskName(uint32(i))
		l.Main = c.t.Tasks[i].Number == 1 && c.t.Tasks[i].Parent == 0 && c.parent[i]
		m.Tasks = append(m.Tasks, l.Task)
	}
	slices.SortStableFunc(m.Tasks, func(a, b Task) int { return int(a.Number) - int(b.Number) })
	ended := 0
	for i := range m.Tasks {
		t := &m.Tasks[i]
		switch {
		case t.Main:
			continue
		case t.Finish < 0:
			m.Unfinished++
		default:
			ended++
		}
		if !t.Whole {
			continue
		}
		if t.Start >= 0 {
			m.Response.add(t.Response())
		}
		if t.Finish >= 0 {
			m.Counted++
			m.Turnaround.add(t.Turnaround())
			m.Waiting.add(t.Waiting)
			progress = append(progress, t.Progress())
		}
	}
	m.Fairness = Jain(progress)
	var busy int64
	for i := range m.Cores {
		busy += m.Cores[i].Busy
		m.Dispatch += m.Cores[i].Dispatch
	}
	if wall := m.To - m.From; wall > 0 {
		m.Throughput = float64(ended) / (float64(wall) / 1e9)
		for i := range m.Cores {
			m.Cores[i].Utilization = float64(m.Cores[i].Busy) / float64(wall)
		}
		if n := len(m.Cores); n > 0 {
			m.Utilization = float64(busy) / float64(wall) / float64(n)
		}
	}
	return m
}
