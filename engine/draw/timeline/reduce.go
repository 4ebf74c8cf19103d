package timeline

import (
	"fmt"
	"slices"

	"interleave/engine/draw"
)

const (
	// mostEvents is how many events are drawn each by itself, if their data is not
	// more than mostBytes.
	mostEvents = 50_000
	mostBytes  = 160 << 10
	// reducedColumns is in how many columns longer runs are drawn at most, and
	// reducedCells in how many cells of all lanes; reducedSteps is how many events
	// from their beginnings and from their ends can be stepped through.
	reducedColumns = 400
	reducedCells   = 12_000
	reducedSteps   = 700
	// rareAt is how often a task may come into a state for each of these times to be
	// kept as a step.
	rareAt = 2
)

// reduce has columns of a run that is too long stand for all that happened in them:
// a bar for each state in each column, as long as all its stays there. The script
// never shows a column so wide that their order within could be taken for a fact.
func (c *chart) reduce(p *packer) {
	d, b := p.d, &p.d.Bars
	d.Steps = false
	columns := min(reducedColumns, reducedCells/max(len(c.all()), 1))
	s := scale{from: c.from, width: max((c.until-c.from+int64(columns)-1)/int64(columns), 1), columns: columns}
	for _, l := range c.all() {
		b.Lane = append(b.Lane, len(b.State))
		end := c.from
		for i, parts := range c.cut(&l, &s).parts {
			at := s.start(i)
			whole := max(s.width, 1)
			sum := int64(0)
			for _, part := range parts {
				sum += part.units
			}
			for _, part := range parts {
				length := max(part.units*whole/max(sum, whole), 1)
				state := draw.Running
				if c.lanes[0].kind != core {
					state = draw.State(part.key)
				}
				b.State = append(b.State, int(state))
				b.From = append(b.From, at-end)
				b.Length = append(b.Length, length)
				b.Text = append(b.Text, p.word(l.name+": "+c.keyName(&l, part.key)))
				b.Times = append(b.Times, part.n)
				b.Where = append(b.Where, 0)
				b.End = append(b.End, 0)
				b.Object = append(b.Object, 0)
				b.Label = append(b.Label, 0)
				end = at + length
				at = end
			}
		}
	}
	b.Lane = append(b.Lane, len(b.State))
	d.Columns, d.Run, d.Cores = columns, c.o.Key, c.o.ByCore
	d.To = c.from + s.width*int64(columns)
	keep := c.kept()
	p.events(func(i int) bool { return keep[i] })
	n := 0
	for _, k := range keep {
		if k {
			n++
		}
	}
	about := ""
	if tasks, _ := c.stepped(func(i int) bool { return keep[i] }); slices.Contains(tasks[1:], false) {
		about = " At each step there are the states of the tasks that have a lane, and of those that these events are about."
	}
	closer := "Draw a shorter part of the run"
	if c.o.Key != "" {
		closer = "Zoom in where the kernel still has the run, or draw a shorter part,"
	}
	d.Notes = append([]string{fmt.Sprintf("Reduced: %s are merged into columns of %s. A column shows every state that occurs in it, whatever its share; "+
		"wake-ups are left out. %s can be stepped through: the first, the last, and those that begin what a task did only once or twice. "+
		"%s to see all of it.%s",
		draw.Plural(c.inside(), "event"), draw.Duration(s.width), draw.Plural(n, "of these event"), closer, about)}, d.Notes...)
}

// kept tells which events can be stepped through.
func (c *chart) kept() []bool {
	keep := make([]bool, len(c.events))
	first, last := c.part()
	for i := first; i < last; i++ {
		keep[i] = i < first+reducedSteps || i >= last-reducedSteps
	}
	type state struct {
		task uint32
		look draw.State
	}
	count := map[state]int{}
	of := func(i int) state {
		s := &c.spans[i]
		return state{s.Task, draw.Of(s.State, c.t.Reasons[s.Reason])}
	}
	for i := range c.spans {
		count[of(i)]++
	}
	type moment struct {
		task uint32
		time int64
	}
	rare := map[moment]bool{}
	for i := range c.spans {
		if count[of(i)] <= rareAt && len(rare) < reducedSteps {
			rare[moment{c.spans[i].Task, c.spans[i].From}] = true
		}
	}
	for i := first; i < last; i++ {
		e := c.events[i]
		if rare[moment{e.Task, e.Time}] {
			keep[i] = true
		}
	}
	return keep
}

// stepped tells of which tasks and objects the state at each step is given: all, unless
// only some events are kept, which are then about these or have a lane of their own. A
// run may have a hundred thousand of them.
func (c *chart) stepped(keep func(i int) bool) (tasks, objects []bool) {
	tasks, objects = make([]bool, len(c.t.Tasks)), make([]bool, len(c.t.Objects))
	if keep == nil {
		for i := range tasks {
			tasks[i] = true
		}
		for i := range objects {
			objects[i] = true
		}
		return tasks, objects
	}
	for _, l := range c.lanes {
		if l.kind != core {
			tasks[l.task] = true
		}
	}
	for i, e := range c.events {
		if keep(i) {
			tasks[e.Task], tasks[e.Cause], objects[e.Object] = true, true, true
		}
	}
	return tasks, objects
}
