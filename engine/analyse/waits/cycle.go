package waits

import "slices"

// step is a way from a waiting task to one that stands in its way.
type step struct {
	request, hold int // indices in Graph.Edges
	to            uint32
}

// ways lists, of a stuck task, who stands in its way, as edges of the graph.
func (g *Graph) ways(n uint32) []step {
	var list []step
	for _, i := range g.requests[n] {
		r := g.Edges[i]
		for _, j := range g.grants[r.Object] {
			switch h := g.Edges[j]; {
			case h.Kind == Hold && !(r.Read && h.Read), h.Kind == Ahead && r.Read && h.Task != n && g.m.ahead(n) == h.Task, h.Kind == Could:
				list = append(list, step{i, j, h.Task})
			}
		}
	}
	return list
}

// circle finds a shortest circle of waiting through a stuck task; nil: there is none.
// Breadth-first, in order of numbers, so that the same graph gives the same circle.
func (g *Graph) circle(start uint32) []step {
	type visit struct {
		s    step
		from int
	}
	queue := []visit{{step{to: start}, -1}}
	seen := map[uint32]bool{}
	for i := 0; i < len(queue); i++ {
		for _, s := range g.ways(queue[i].s.to) {
			if !g.stuck[s.to] || seen[s.to] {
				continue
			}
			if s.to == start {
				list := []step{s}
				for v := queue[i]; v.from >= 0; v = queue[v.from] {
					list = append(list, v.s)
				}
				slices.Reverse(list)
				return list
			}
			seen[s.to] = true
			queue = append(queue, visit{s, i})
		}
	}
	return nil
}

// circles lists the circles that share no task, the shortest through each task first.
func (g *Graph) circles() [][]step {
	var list [][]step
	taken := map[uint32]bool{}
	for _, t := range g.Tasks {
		if !t.Stuck || taken[t.Number] {
			continue
		}
		c := g.circle(t.Number)
		if c == nil || slices.ContainsFunc(c, func(s step) bool { return taken[s.to] }) {
			continue
		}
		for _, s := range c {
			taken[s.to] = true
		}
		list = append(list, c)
	}
	return list
}

// mark notes what is part of a circle.
func (g *Graph) mark() {
	for _, c := range g.circles() {
		for _, s := range c {
			g.Edges[s.request].Cycle, g.Edges[s.hold].Cycle = true, true
			g.Task(s.to).Cycle = true
			g.Object(g.Edges[s.hold].Object).Cycle = true
		}
	}
}

// WaitFor is one task's waiting for another: an edge of a wait-for graph, in which the
// objects between the tasks are left out.
type WaitFor struct {
	Task, On uint32 // in Trace.Tasks
	Object   uint32 // what lies between, in Trace.Objects
	Place    uint32
	Any      bool // On is one of those who could end the wait, which one of them can do; else all must
	Cycle    bool
}

// WaitsFor lists who waits for whom, the longest waiting first.
func (g *Graph) WaitsFor() []WaitFor {
	var list []WaitFor
	seen := map[WaitFor]bool{}
	for _, e := range g.Edges {
		if e.Kind != Request {
			continue
		}
		for _, s := range g.ways(e.Task) {
			r, h := g.Edges[s.request], g.Edges[s.hold]
			w := WaitFor{r.Task, s.to, r.Object, r.Place, h.Kind == Could, r.Cycle && h.Cycle}
			if r.Object == e.Object && !seen[w] {
				seen[w] = true
				list = append(list, w)
			}
		}
	}
	return list
}
