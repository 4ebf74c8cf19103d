package timeline

import (
	"fmt"
	"strings"

	"interleave/engine/draw"
	"interleave/engine/trace"
)

// alt says what is to be seen.
func (c *chart) alt() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s. ", c.title(), c.amount())
	if most := c.together(); most == 1 {
		b.WriteString("At any moment at most one ran. ")
	} else if most > 1 {
		fmt.Fprintf(&b, "At most %d ran at the same time. ", most)
	}
	for i, l := range c.lanes {
		if i == 5 {
			fmt.Fprintf(&b, "%s more. ", draw.Plural(len(c.lanes)-i, "lane"))
			break
		}
		b.WriteString(c.life(&l) + ". ")
	}
	if list := c.left(); len(list) > 0 {
		fmt.Fprintf(&b, "Still waiting at the end: %s. ", few(list))
	}
	if end := c.t.Head.End; end != "" && end != "returned" {
		fmt.Fprintf(&b, "The run ended with: %s. ", end)
	}
	if c.t.Dropped > 0 {
		fmt.Fprintf(&b, "The first %s are missing. ", draw.Plural(c.t.Dropped, "event"))
	}
	return strings.TrimSpace(b.String())
}

// life says what a lane shows most.
func (c *chart) life(l *lane) string {
	var total [16]int64
	all := int64(0)
	for _, b := range l.bars {
		d := max(min(b.to, c.last)-b.from, 0)
		total[b.state] += d
		all += d
	}
	if l.kind == core {
		return l.name + " was " + l.note
	}
	var words []string
	for _, s := range draw.States() {
		if 200*total[s] > all || total[s] > 0 && len(words) == 0 && s == draw.Outside {
			words = append(words, draw.Percent(total[s], all)+" "+s.Look().Short)
		}
	}
	return strings.TrimSpace(l.name+" ("+l.note+")") + ": " + strings.Join(words, ", ")
}

// together is how many tasks ran at the same time at most.
func (c *chart) together() int {
	now, most := 0, 0
	running := make([]bool, len(c.t.Tasks))
	for _, e := range c.events {
		if e.Task == 0 {
			continue
		}
		switch e.Kind {
		case trace.Run:
			if !running[e.Task] {
				now++
			}
			running[e.Task] = true
		case trace.Ready, trace.Preempt, trace.Yield, trace.Block, trace.Outside, trace.End:
			if running[e.Task] {
				now--
			}
			running[e.Task] = false
		}
		if e.Time >= c.from && e.Time <= c.to {
			most = max(most, now)
		}
	}
	return most
}

// left lists the tasks that nobody woke, with what they wait for.
func (c *chart) left() []string {
	var list []string
	for i := range c.spans {
		s := &c.spans[i]
		if c.stuck[i] {
			list = append(list, c.t.TaskName(s.Task)+" "+c.waits(c.t.Reasons[s.Reason], s.Object))
		}
	}
	return list
}
