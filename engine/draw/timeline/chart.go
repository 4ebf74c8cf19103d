package timeline

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"interleave/engine/draw"
	"interleave/engine/trace"
)

// chart is what is drawn, whatever the form.
type chart struct {
	t       *trace.Trace
	o       Options
	events  []trace.Event // of the whole trace
	details []*trace.Detail
	spans   []trace.Span // that lie in the part that is drawn, even if not all of them
	next    []int        // of each span: index + 1 of its task's next one
	ends    []string     // of each span that an End closed: how
	lanes   []lane
	merged  []lane // of lanes too many: one for each function that tasks start with
	from    int64
	to      int64
	until   int64               // where the scale ends
	last    int64               // the last event in the part that is drawn
	stuck   []bool              // of each span: a wait that nobody had ended when the run did
	lines   map[string][]string // of Options.Source
}

// lane is a row of bars.
type lane struct {
	name string // "g3"
	note string // "worker", "main", "background of cell[1]"
	kind kind
	task uint32 // 0: a core
	bars []bar
}

// kind tells lanes apart.
type kind uint8

const (
	own kind = iota
	mainTask
	background // of an earlier cell
	system     // the machine's
	core
)

// bar is a stay in one state.
type bar struct {
	state    draw.State
	from, to int64
	span     int // index in chart.spans
}

// mostLanes is how many tasks have a lane of their own; those that follow are
// merged into the last.
const mostLanes = 64

func newChart(t *trace.Trace, o Options) *chart {
	c := &chart{t: t, o: o, lines: map[string][]string{}}
	c.events, c.details = t.Detailed()
	if len(c.events) > 0 {
		c.from, c.to = c.events[0].Time, c.events[len(c.events)-1].Time
	}
	if o.From > 0 {
		c.from = min(max(c.from, o.From), c.to)
	}
	if o.To > 0 {
		c.to = max(min(c.to, o.To), c.from)
	}
	for name, text := range o.Source {
		c.lines[name] = strings.Split(text, "\n")
	}
	c.last = c.to
	c.collect()
	c.until = c.to
	if o.ByCore {
		c.byCore()
	} else {
		c.byTask()
	}
	return c
}

// collect lists the spans that are drawn, and how each came to its end.
func (c *chart) collect() {
	last := make([]int, len(c.t.Tasks))
	for _, s := range trace.Spans(c.t) {
		if s.To < c.from || s.From > c.to {
			continue
		}
		c.spans = append(c.spans, s)
		c.next = append(c.next, 0)
		n := len(c.spans)
		if k := last[s.Task]; k > 0 {
			c.next[k-1] = n
		}
		last[s.Task] = n
	}
	c.ends, c.stuck = make([]string, len(c.spans)), make([]bool, len(c.spans))
	for _, e := range c.events {
		if e.Kind == trace.End {
			if k := last[e.Task]; k > 0 && c.spans[k-1].To == e.Time && !c.spans[k-1].Open {
				c.ends[k-1] = c.t.Reasons[e.Reason]
			}
		}
	}
	some := false
	for i := range c.spans {
		s := &c.spans[i]
		c.stuck[i] = s.State == trace.IsBlocked && c.next[i] == 0 && (s.Open || c.ends[i] == "stopped")
		some = some || c.stuck[i] && s.To == c.to
	}
	if !some || c.o.To > 0 {
		return
	}
	// What never ends must be seen, even if it began with the last event.
	c.to += max((c.to-c.from)/12, 1)
	for i := range c.spans {
		if c.stuck[i] && c.spans[i].To == c.last {
			c.spans[i].To = c.to
		}
	}
}

func (c *chart) bar(i int) bar {
	s := &c.spans[i]
	return bar{draw.Of(s.State, c.t.Reasons[s.Reason]), max(s.From, c.from), min(s.To, c.to), i}
}

func (c *chart) byTask() {
	index := make([]int, len(c.t.Tasks))
	for i := range c.spans {
		n := c.spans[i].Task
		if index[n] == 0 {
			c.lanes = append(c.lanes, c.laneOf(n))
			index[n] = len(c.lanes)
		}
		l := &c.lanes[index[n]-1]
		l.bars = append(l.bars, c.bar(i))
	}
	slices.SortStableFunc(c.lanes, func(a, b lane) int {
		return cmp.Or(cmp.Compare(rank[a.kind], rank[b.kind]), cmp.Compare(a.task, b.task))
	})
	if len(c.lanes) > mostLanes {
		c.merge(c.lanes[mostLanes-1:])
		c.lanes = c.lanes[:mostLanes-1]
	}
}

// rank is the order of lanes: main first, what is not the cell's own last.
var rank = [...]int{mainTask: 0, own: 1, background: 2, system: 3, core: 0}

func (c *chart) laneOf(n uint32) lane {
	task := c.t.Tasks[n]
	l := lane{name: c.t.TaskName(n), note: short(task.Start), task: n}
	switch {
	case task.System && task.Name != "":
		l.kind, l.note = system, ""
	case task.System:
		l.kind, l.note = system, strings.TrimSpace("timer's function "+l.note)
	case task.Cell != c.t.Head.Cell && c.t.Head.Cell != "":
		l.kind, l.name, l.note = background, fmt.Sprintf("g%d", task.Number), "background, of "+task.Cell
	case task.Number == 1 && task.Name == "":
		l.kind, l.note = mainTask, "main"
	}
	return l
}

// merge makes one lane for each function that tasks start with.
func (c *chart) merge(list []lane) {
	index := map[string]int{}
	for _, l := range list {
		k, ok := index[l.note]
		if !ok {
			k = len(c.merged)
			index[l.note] = k
			c.merged = append(c.merged, lane{name: "", note: l.note, kind: l.kind})
		}
		m := &c.merged[k]
		if m.name == "" {
			m.name = l.name
		}
		m.task++ // how many tasks it stands for
		m.bars = append(m.bars, l.bars...)
	}
}

func (c *chart) byCore() {
	c.lanes = make([]lane, max(c.t.Head.Cores, 0))
	for i := range c.lanes {
		c.lanes[i] = lane{name: fmt.Sprintf("core %d", i), kind: core}
	}
	for i := range c.spans {
		if s := &c.spans[i]; s.State == trace.IsRunning && int(s.Core) < len(c.lanes) {
			l := &c.lanes[s.Core]
			l.bars = append(l.bars, c.bar(i))
		}
	}
	for i := range c.lanes {
		busy := int64(0)
		for _, b := range c.lanes[i].bars {
			busy += b.to - b.from
		}
		c.lanes[i].note = "busy " + draw.Percent(busy, c.to-c.from)
	}
}

// short is a function's name as a learner knows it.
func short(name string) string {
	name = strings.TrimPrefix(name, "main.")
	return name
}
