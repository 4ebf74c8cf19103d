package graph

import (
	"fmt"
	"slices"

	"interleave/engine/analyse/waits"
	"interleave/engine/draw"
)

// WaitFor draws the wait-for graph of a moment: goroutines alone, each with an arrow to
// those for whom it waits.
func WaitFor(g *waits.Graph) draw.Drawing { return waitFor(g).Draw() }

func waitFor(g *waits.Graph) *Picture {
	p := &Picture{Title: "Wait-for graph, at " + moment(g.Time) + ": goroutines alone, each with an arrow to whom it waits for", Foot: foot(g)}
	table := Table{Title: "Who waits for whom", Head: []string{"goroutine", "waits for", "because of", "since"}}
	node := map[uint32]int{}
	find := func(n uint32) int {
		i, ok := node[n]
		if !ok {
			i = len(p.Nodes)
			node[n] = i
			made := Node{Label: g.TaskName(n)}
			if t := g.Task(n); t != nil {
				made.Marked, made.Faint = t.Cycle, t.Status == waits.Ended
			}
			if made.Faint {
				made.Sub = "has ended"
			}
			p.Nodes = append(p.Nodes, made)
		}
		return i
	}
	left := 0
	for _, w := range g.WaitsFor() {
		if len(table.Rows) < mostRows {
			table.Rows = append(table.Rows, []string{g.TaskName(w.Task), g.TaskName(w.On), g.ObjectName(w.Object), g.Line(w.Place)})
		}
		if len(p.Nodes) >= mostNodes {
			left++
			continue
		}
		line := Dashed
		if w.Any {
			line = Dotted
		}
		p.Edges = append(p.Edges, Edge{From: find(w.Task), To: find(w.On), Line: line, Label: "for " + g.ObjectName(w.Object) + lineOf(g, w.Place), Marked: w.Cycle})
	}
	switch {
	case len(table.Rows) == 0:
		p.Lead = "No goroutine waits for a lock that somebody holds. Who waits for channels, wait groups and conditions waits for an act, and not for a certain goroutine."
		return p
	case slices.ContainsFunc(p.Edges, func(e Edge) bool { return e.Marked }):
		p.Lead = "The marked arrows lead in a circle: nobody in it can go on."
	default:
		p.Lead = "No circle is there."
	}
	if left > 0 {
		p.Note = fmt.Sprintf("%d more arrows are not drawn.", left)
	}
	p.Ring = follow(p)
	p.Facts = []Table{table}
	return p
}

// follow follows marked edges, the first from each node, from the first of them back to
// where it began; nil: they do not lead there.
func follow(p *Picture) []int {
	next := map[int]int{}
	start := -1
	for _, e := range p.Edges {
		if _, known := next[e.From]; !known && e.Marked {
			next[e.From] = e.To
			if start < 0 {
				start = e.From
			}
		}
	}
	var list []int
	for n := start; n >= 0 && !slices.Contains(list, n); {
		list = append(list, n)
		to, ok := next[n]
		if !ok {
			return nil
		}
		if to == start {
			return list
		}
		n = to
	}
	return nil
}
