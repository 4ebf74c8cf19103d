package gantt

import (
	"cmp"
	"fmt"
	"slices"

	"interleave/engine/analyse/metrics"
	"interleave/engine/draw"
	"interleave/engine/trace"
)

// kind is what a bar shows: a draw.State, or one of those below.
type kind uint8

const (
	queued   = kind(100) + iota // waits for a device that serves others
	dispatch                    // a core takes up a task that is there for it
)

// bar is a stay of a task in one state, or a core's with one task.
type bar struct {
	kind     kind
	task     uint32
	from, to int64
	core     int16
	left     trace.Kind // of a stay on a core: how the task left it; 0: the trace ends
	why      string     // it left, or waits
	shares   []share    // of a column of a reduced row: what it holds, in place of kind
}

// row is what one core or one task did.
type row struct {
	name  string
	task  uint32 // 0: a core
	bars  []bar
	notes []note
	begin int64 // of a task: its arrival; -1: not in the trace
	end   int64 // of a task: when it ended; -1: it has not
}

// note is something that the policy said.
type note struct {
	at   int64
	text string
}

// Bounds of what is drawn each by itself.
const (
	mostRows  = 40   // of tasks
	mostSpans = 2500 // stays; of more, columns are drawn
)

// chart is a run as rows of bars.
type chart struct {
	t        *trace.Trace
	m        *metrics.Metrics
	title    string
	err      string
	cores    []row
	tasks    []row  // those that have a row
	more     int    // that have none
	notes    []note // about all tasks
	others   []note // about tasks that have no row
	ran      []bar  // stays on cores, as they were before anything was merged
	from, to int64
	last     int64 // of the whole run
	part     bool  // not all of it is drawn
	spans    int   // bars of all rows
	reduced  int64 // ns of a column that stays were merged into; 0: they were not
}

func newChart(t *trace.Trace, o Options) *chart {
	c := &chart{t: t, m: metrics.Of(t), title: o.Title, err: o.Error}
	events := t.Events()
	if len(events) > 0 {
		c.to = events[len(events)-1].Time
		if t.Dropped > 0 {
			c.from = events[0].Time
		}
	}
	c.last = c.to
	if from, to := o.From, o.To; from > 0 || to > 0 {
		if to <= 0 || to > c.to {
			to = c.to
		}
		if from = max(from, c.from); from < to {
			c.from, c.to, c.part = from, to, true
		}
	}
	for i := range max(t.Head.Cores, 0) {
		c.cores = append(c.cores, row{name: fmt.Sprintf("core %d", i)})
	}
	if len(c.cores) == 1 {
		c.cores[0].name = "core"
	}
	index := make([]int, len(t.Tasks)) // 1 + that in c.tasks
	// main mostly waits for the others: it comes last
	slices.SortStableFunc(c.m.Tasks, func(a, b metrics.Task) int { return cmp.Compare(rank(&a), rank(&b)) })
	for i := range c.m.Tasks {
		k := &c.m.Tasks[i]
		if len(c.tasks) == mostRows {
			c.more = len(c.m.Tasks) - mostRows
			break
		}
		r := row{name: k.Name, task: k.Number, begin: -1, end: -1}
		if k.Whole && k.Arrival >= c.from && k.Arrival <= c.to {
			r.begin = k.Arrival
		}
		if k.Finish >= c.from && k.Finish <= c.to {
			r.end = k.Finish
		}
		c.tasks = append(c.tasks, r)
		index[k.Number] = len(c.tasks)
	}
	c.fill(events, index)
	slices.SortStableFunc(c.ran, func(a, b bar) int { return cmp.Compare(a.from, b.from) })
	return c
}

func rank(t *metrics.Task) int {
	if t.Main {
		return 1
	}
	return 0
}

// fill follows the events.
func (c *chart) fill(events []trace.Event, index []int) {
	open := make([]bar, len(c.t.Tasks)) // what each task does
	at := make([]int16, len(c.t.Tasks)) // on which core
	free := make([]int64, len(c.cores))
	for i := range free {
		free[i] = c.from
	}
	enter := func(e *trace.Event, k kind, why string) {
		open[e.Task] = bar{kind: k, task: e.Task, from: e.Time, to: -1, why: why}
	}
	for i := range events {
		e := &events[i]
		switch e.Kind {
		case trace.Ready, trace.Run, trace.Preempt, trace.Yield, trace.Block, trace.Outside, trace.End:
		case trace.Note:
			c.note(e, index)
			continue
		default:
			continue
		}
		was := open[e.Task]
		c.close(was, e.Time, e, at[e.Task], index)
		if was.kind == kind(draw.Running) && was.task != 0 {
			if k := int(at[e.Task]); k >= 0 && k < len(free) {
				free[k] = e.Time
			}
		}
		switch e.Kind {
		case trace.Run:
			if k := int(e.Core); k >= 0 && k < len(free) {
				if since := max(free[k], was.from); was.task != 0 && was.kind == kind(draw.Ready) && since < e.Time {
					c.add(&c.cores[k], bar{kind: dispatch, task: e.Task, from: since, to: e.Time})
				}
			}
			at[e.Task] = e.Core
			enter(e, kind(draw.Running), "")
		case trace.Ready, trace.Preempt, trace.Yield:
			enter(e, kind(draw.Ready), "")
		case trace.Outside:
			why := c.t.Reasons[e.Reason]
			if e.Object != 0 {
				why = c.t.ObjectName(e.Object)
				if ns := int64(e.Arg) * 1000; c.t.Objects[e.Object].Kind == trace.Device && ns > 0 {
					open[e.Task] = bar{kind: queued, task: e.Task, from: e.Time, to: e.Time + ns, why: why}
					continue
				}
			}
			enter(e, kind(draw.Outside), why)
		case trace.Block:
			why := c.t.Reasons[e.Reason]
			if e.Object != 0 {
				why += " " + c.t.ObjectName(e.Object)
			}
			enter(e, kind(draw.Of(trace.IsBlocked, c.t.Reasons[e.Reason])), why)
		default:
			open[e.Task] = bar{}
		}
	}
	for n := range open {
		c.close(open[n], c.last, &trace.Event{}, at[n], index)
	}
}

// close puts a stay into its rows.
func (c *chart) close(b bar, to int64, by *trace.Event, core int16, index []int) {
	if b.task == 0 {
		return
	}
	if b.kind == queued { // then it was served
		turn := min(b.to, to)
		rest := bar{kind: kind(draw.Outside), task: b.task, from: turn, to: -1, why: b.why}
		b.to, b.why = turn, "its turn at "+b.why
		c.addTask(b, index)
		b = rest
	}
	b.to = to
	if b.kind == kind(draw.Running) {
		b.left, b.core = by.Kind, core
		if by.Kind == trace.Block || by.Kind == trace.Outside || by.Kind == trace.End || by.Kind == trace.Preempt {
			b.why = c.t.Reasons[by.Reason]
		}
		if k := int(core); k >= 0 && k < len(c.cores) {
			c.add(&c.cores[k], b)
		}
		if b.to > b.from && b.from < c.to && b.to > c.from {
			c.ran = append(c.ran, b)
		}
	}
	c.addTask(b, index)
}

func (c *chart) addTask(b bar, index []int) {
	if i := index[b.task]; i > 0 {
		c.add(&c.tasks[i-1], b)
	}
}

func (c *chart) add(r *row, b bar) {
	b.from, b.to = max(b.from, c.from), min(b.to, c.to)
	if b.to > b.from {
		r.bars = append(r.bars, b)
		c.spans++
	}
}

// note keeps what the policy said.
func (c *chart) note(e *trace.Event, index []int) {
	if e.Time < c.from || e.Time > c.to {
		return
	}
	n := note{e.Time, c.t.NoteText(e)}
	switch {
	case e.Task == 0:
		c.notes = append(c.notes, n)
	case index[e.Task] > 0:
		r := &c.tasks[index[e.Task]-1]
		r.notes = append(r.notes, n)
	default:
		c.others = append(c.others, note{n.at, c.t.TaskName(e.Task) + " " + n.text})
	}
}

// said lists what the policy said, in order of time.
func (c *chart) said() []note {
	list := slices.Concat(c.notes, c.others)
	for _, r := range c.tasks {
		for _, n := range r.notes {
			list = append(list, note{n.at, r.name + " " + n.text})
		}
	}
	slices.SortStableFunc(list, func(a, b note) int { return cmp.Compare(a.at, b.at) })
	return list
}
