package graph

import (
	"fmt"
	"slices"
	"strings"

	"interleave/engine/analyse/waits"
	"interleave/engine/trace"
)

// mostNodes is how many tasks, or groups of them, are drawn.
const mostNodes = 40

// fill makes nodes and edges of a graph: tasks that take part, several that wait for
// the same at the same line as one; the objects that they hold or wait for. Of more than
// can be drawn the circle comes first, then who is stuck; the picture says how many are
// left out.
func fill(p *Picture, g *waits.Graph, circle []uint32) {
	f := &filler{p: p, g: g, tasks: map[uint32]int{}, objects: map[uint32]int{}}
	short := f.shorten(circle)
	groups := alike(g)
	rank := func(list []waits.Task) int {
		switch t := list[0]; {
		case slices.Contains(short, t.Number):
			return 0
		case f.left[t.Number]:
			return 4
		case t.Cycle:
			return 1
		case t.Stuck:
			return 2
		}
		return 3
	}
	order := slices.Clone(groups)
	slices.SortStableFunc(order, func(a, b []waits.Task) int { return rank(a) - rank(b) })
	drawn := map[uint32]bool{}
	missing := 0
	for i, list := range order {
		if i < mostNodes && rank(list) < 4 {
			drawn[list[0].Number] = true
		} else if rank(list) < 4 {
			missing += len(list)
		}
	}
	for _, list := range groups {
		if drawn[list[0].Number] {
			f.task(list)
		}
	}
	if missing > 0 {
		p.Note = fmt.Sprintf("%d more goroutines are not drawn.", missing)
	}
	wanted := map[uint32]bool{}
	for _, e := range g.Edges {
		if _, ok := f.tasks[e.Task]; ok {
			wanted[e.Object] = true
		}
	}
	for _, o := range g.Objects {
		if wanted[o.Number] || len(drawn) < mostNodes && len(circle) <= ringMost && missing == 0 {
			f.object(o)
		}
	}
	f.edges()
	p.Ring = f.ring(circle, f.gap(circle, short))
	p.Facts = facts(g)
}

// filler makes a picture of a graph.
type filler struct {
	p       *Picture
	g       *waits.Graph
	tasks   map[uint32]int  // nodes of tasks
	objects map[uint32]int  // nodes of objects
	left    map[uint32]bool // tasks of the circle for which one node stands
}

func (f *filler) add(n Node, tasks []waits.Task) int {
	var numbers []uint32
	for _, t := range tasks {
		numbers = append(numbers, t.Number)
	}
	f.p.Nodes = append(f.p.Nodes, n)
	f.p.tasks = append(f.p.tasks, numbers)
	return len(f.p.Nodes) - 1
}

// ringEnds is how many tasks of a long circle are drawn from either of its ends.
const ringEnds = 4

// shorten gives the tasks of the circle that are drawn one by one, and notes those
// between for which one node stands.
func (f *filler) shorten(circle []uint32) []uint32 {
	f.left = map[uint32]bool{}
	if len(circle) <= ringMost {
		return circle
	}
	for _, n := range circle[ringEnds : len(circle)-ringEnds] {
		f.left[n] = true
	}
	return slices.Concat(circle[:ringEnds], circle[len(circle)-ringEnds:])
}

// gap adds the node that stands for the middle of a long circle; -1: there is none.
func (f *filler) gap(circle, short []uint32) int {
	if len(short) == len(circle) {
		return -1
	}
	gap := f.add(Node{Label: fmt.Sprintf("… %d more …", len(circle)-len(short)), Marked: true}, nil)
	before, after := f.between(circle, ringEnds-1), f.between(circle, len(circle)-ringEnds-1)
	for _, o := range []uint32{before, after} {
		if _, ok := f.objects[o]; !ok {
			f.object(*f.g.Object(o))
			f.p.Nodes[f.objects[o]].Marked = true
		}
	}
	f.p.Edges = append(f.p.Edges, Edge{From: f.objects[before], To: gap, Line: Solid, Label: "held", Marked: true})
	f.p.Edges = append(f.p.Edges, Edge{From: gap, To: f.objects[after], Label: "waits", Marked: true})
	return gap
}

// between is the object for which a task of the circle waits and which the next one has.
func (f *filler) between(circle []uint32, i int) uint32 {
	return f.g.Between(circle[i], circle[(i+1)%len(circle)])
}

// ring gives the circle as nodes; nil where it passes a node twice.
func (f *filler) ring(circle []uint32, gap int) []int {
	var list []int
	for i, n := range circle {
		if f.left[n] {
			if !slices.Contains(list, gap) {
				list = append(list, gap, f.objects[f.between(circle, len(circle)-ringEnds-1)])
			}
			continue
		}
		list = append(list, f.tasks[n], f.objects[f.between(circle, i)])
	}
	for i, n := range list {
		if slices.Contains(list[:i], n) {
			return nil
		}
	}
	return list
}

func (f *filler) task(list []waits.Task) {
	t := list[0]
	n := Node{Label: t.Name, Marked: t.Cycle, Faint: t.Status == waits.Ended}
	switch {
	case t.Status == waits.Ended:
		n.Sub = "has ended"
	case t.Status == waits.Running, t.Status == waits.Ready:
		n.Sub = t.Status.String()
	case t.Status == waits.Outside:
		n.Sub = "outside"
	case len(t.Objects) == 0:
		n.Sub = t.Reason + lineOf(f.g, t.Place)
	}
	if len(list) > 1 {
		n.Label = fmt.Sprintf("%s … %s", list[0].Name, list[len(list)-1].Name)
		n.Sub = strings.TrimPrefix(n.Sub+fmt.Sprintf(", %d goroutines", len(list)), ", ")
	}
	i := f.add(n, list)
	for _, t := range list {
		f.tasks[t.Number] = i
	}
}

func (f *filler) object(o waits.Object) {
	n := Node{Shape: Box, Label: o.Name, Marked: o.Cycle}
	switch o.Kind {
	case trace.Mutex:
		n.Units = 1
		n.Free = 1 - min(o.Holders, 1)
		if o.Unknown {
			n.Free, n.Sub = 0, "locked earlier"
			if who, _, known := strings.Cut(o.Keeper, ", "); known {
				n.Sub = "held by " + who
			}
		}
	case trace.RWMutex:
		n.Sub = "RWMutex"
	case trace.Chan:
		switch {
		case o.Closed:
			n.Sub = "closed"
		case o.Capacity == 0:
			n.Sub = "no buffer"
		case o.Capacity > 0:
			n.Sub = fmt.Sprintf("%d of %d in its buffer", o.Length, o.Capacity)
			if o.Capacity <= 8 {
				n.Units, n.Free = o.Capacity, o.Capacity-min(o.Length, o.Capacity)
			}
		}
	case trace.WaitGroup:
		if o.Counter >= 0 {
			n.Sub = fmt.Sprintf("counter %d", o.Counter)
		}
	}
	f.objects[o.Number] = f.add(n, nil)
}

func (f *filler) edges() {
	seen := map[Edge]bool{}
	for _, e := range f.g.Edges {
		t, ok := f.tasks[e.Task]
		o, good := f.objects[e.Object]
		if !ok || !good {
			continue
		}
		if d := edge(f.g, e, t, o); !seen[d] {
			seen[d] = true
			f.p.Edges = append(f.p.Edges, d)
		}
	}
}
