package engine

import (
	"fmt"
	"html"
	"slices"
	"strings"

	"interleave/engine"
	"interleave/engine/analyse/waits"
	"interleave/engine/draw"
	"interleave/engine/host"
	"interleave/engine/trace"
	"interleave/kernel/display"
)

// Remarks are sentences about a run. They show themselves as a list.
type Remarks []string

// String has a line for each.
func (r Remarks) String() string {
	if len(r) == 0 {
		return "none"
	}
	return strings.Join(r, "\n")
}

// Display shows the list.
func (r Remarks) Display() display.Bundle {
	if len(r) == 0 {
		return display.AsText("none")
	}
	var b strings.Builder
	b.WriteString("<ul>")
	for _, s := range r {
		b.WriteString("<li>" + html.EscapeString(s) + "</li>")
	}
	b.WriteString("</ul>")
	return display.Bundle{"text/html": b.String(), "text/plain": r.String()}
}

// mostLeft is how many goroutines Left tells of one by one.
const mostLeft = 5

// Left tells, when a cell has returned, of those of its goroutines of which nobody takes
// notice any more: that wait for ever, or for each other's locks. False: there are none.
func Left(ev engine.Evaluator) (display.Bundle, bool) {
	h, ok := ev.(*host.Host)
	if !ok || h.Ran() == nil || !suspicious(h.Ran()) {
		return nil, false
	}
	e := &Execution{h.Ran(), h}
	t := e.of().Trace
	d := waits.Find(t, e.beyond())
	if d == nil {
		return nil, false
	}
	var list Remarks
	for _, l := range waits.Leaks(t, e.beyond()) {
		circle := slices.ContainsFunc(d.Circles, func(c []uint32) bool { return slices.Contains(c, l.Task) })
		if (l.Sure || circle) && t.Tasks[l.Task].Cell == t.Head.Cell {
			list = append(list, l.Text)
		}
	}
	if len(list) == 0 {
		return nil, false
	}
	title := d.Title
	if n := len(list) - mostLeft; n > 1 {
		list = append(list[:mostLeft], fmt.Sprintf("And %d more.", n))
	}
	const how = "engine.Last().Deadlock() draws it, engine.Tasks() lists all goroutines that are left."
	page := fmt.Sprintf(`<div style="color:%s;border-left:4px solid %s;padding-left:8px"><b>%s</b>%s<div style="color:%s">%s</div></div>`,
		draw.Text, draw.Edge, html.EscapeString(title), list.Display()["text/html"], draw.Faint, how)
	return display.Bundle{"text/html": page, "text/plain": title + "\n" + list.String() + "\n" + how + "\n"}, true
}

// suspicious tells whether some goroutine that a run left may wait for ever; most have not
// left any, which is to be seen at once.
func suspicious(r *host.Run) bool {
	if r.Trace.Head.End != "returned" {
		return false
	}
	for o, by := range r.Reach {
		kind := r.Trace.Objects[o].Kind
		if kind == trace.Mutex || kind == trace.RWMutex || !by.Session && !by.Timers {
			return true
		}
	}
	return false
}
