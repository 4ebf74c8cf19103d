package graph

import (
	"fmt"
	"slices"
	"strings"

	"interleave/engine/analyse/waits"
	"interleave/engine/trace"
)

// mostRows bounds each of the tables.
const mostRows = 200

// facts lists what a graph says as tables.
func facts(g *waits.Graph) []Table {
	tasks := Table{Title: "Goroutines", Head: []string{"goroutine", "state", "where", "what it does"}}
	for i, t := range g.Tasks {
		if i == mostRows {
			tasks.Rows = append(tasks.Rows, []string{fmt.Sprintf("%d more", len(g.Tasks)-i), "", "", ""})
			break
		}
		what := ""
		if t.Status == waits.Blocked {
			what = g.Waits(t.Number)
		}
		state := t.Status.String()
		if t.Stuck {
			state = "stuck"
		}
		tasks.Rows = append(tasks.Rows, []string{t.Name, state, g.Line(t.Place), what})
	}
	list := []Table{tasks}
	objects := Table{Title: "What they share", Head: []string{"object", "kind", "state", "held by", "waited for by"}}
	held, waited := map[uint32][]string{}, map[uint32][]string{}
	for _, e := range g.Edges {
		text := g.TaskName(e.Task) + lineOf(g, e.Place)
		switch e.Kind {
		case waits.Hold:
			held[e.Object] = append(held[e.Object], text)
		case waits.Request:
			if !slices.Contains(waited[e.Object], text) { // a select may name a channel twice
				waited[e.Object] = append(waited[e.Object], text)
			}
		}
	}
	for i, o := range g.Objects {
		if i == mostRows {
			objects.Rows = append(objects.Rows, []string{fmt.Sprintf("%d more", len(g.Objects)-i), "", "", "", ""})
			break
		}
		objects.Rows = append(objects.Rows, []string{o.Name, o.Kind.String(), state(o), several(held[o.Number]), several(waited[o.Number])})
	}
	if len(objects.Rows) > 0 {
		list = append(list, objects)
	}
	return list
}

func state(o waits.Object) string {
	switch o.Kind {
	case trace.Chan:
		text := "no buffer"
		if o.Capacity > 0 {
			text = fmt.Sprintf("%d of %d in its buffer", o.Length, o.Capacity)
		} else if o.Capacity < 0 {
			text = ""
		}
		if o.Closed {
			text = strings.TrimPrefix(text+", closed", ", ")
		}
		return text
	case trace.WaitGroup:
		if o.Counter >= 0 {
			return fmt.Sprintf("counter %d", o.Counter)
		}
	case trace.Mutex, trace.RWMutex:
		if o.Holders > 0 {
			return "locked"
		}
		if o.Keeper != "" {
			return "held by " + o.Keeper
		}
		if o.Unknown {
			return "locked before the trace begins, or copied while locked"
		}
		return "not locked"
	}
	return ""
}

// several lists some, and counts the rest.
func several(list []string) string {
	const most = 4
	if n := len(list); n > most+1 {
		list = append(slices.Clone(list[:most]), fmt.Sprintf("and %d more", n-most))
	}
	return strings.Join(list, "; ")
}
