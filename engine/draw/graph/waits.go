package graph

import (
	"fmt"
	"slices"
	"strings"

	"interleave/engine/analyse/waits"
	"interleave/engine/draw"
	"interleave/engine/trace"
)

// Deadlock draws what is stuck at the end of a run: the graph, the sentence, the four
// conditions with their evidence, and Go's own message.
func Deadlock(d *waits.Deadlock) draw.Drawing { return picture(d).Draw() }

// Waits draws who holds what and who waits for what at a moment.
func Waits(g *waits.Graph) draw.Drawing {
	p := &Picture{Title: "Who waits for whom, at " + moment(g.Time), Foot: foot(g)}
	p.Lead = summary(g)
	fill(p, g, nil)
	return p.Draw()
}

func picture(d *waits.Deadlock) *Picture {
	p := &Picture{Title: d.Title, Lead: d.Sentence, Quote: d.Message, Foot: foot(d.Graph)}
	for _, c := range d.Conditions {
		p.Checks = append(p.Checks, Check{[...]Sign{waits.No: Cross, waits.Yes: Tick, waits.Differs: Tilde}[c.Answer], c.Name, c.Evidence})
	}
	var circle []uint32
	if len(d.Circles) > 0 {
		circle = d.Circles[0]
	}
	fill(p, d.Graph, circle)
	if len(d.Circles) == 0 {
		markRoots(p, d)
	}
	return p
}

// markRoots marks the goroutines that wait for what is not another's lock, and what
// they wait for: there the trouble begins where there is no circle.
func markRoots(p *Picture, d *waits.Deadlock) {
	first := d.Findings[0].Reason
	for _, f := range d.Findings {
		if f.Reason != first && (f.Reason == waits.BehindStuck || f.Reason == waits.NeverZero) {
			continue
		}
		for n := range p.Nodes {
			if !slices.Contains(p.tasks[n], f.Task) {
				continue
			}
			p.Nodes[n].Marked = true
			for e := range p.Edges {
				if p.Edges[e].From == n {
					p.Edges[e].Marked, p.Nodes[p.Edges[e].To].Marked = true, true
				}
				if f.Reason == waits.HolderEnded && p.Edges[e].Line == Solid && p.Nodes[p.Edges[e].From].Marked {
					p.Edges[e].Marked, p.Nodes[p.Edges[e].To].Marked = true, true
				}
			}
		}
	}
}

func foot(g *waits.Graph) string {
	h := g.Trace.Head
	text := ""
	if h.Token != "" {
		text = fmt.Sprintf("at %s · replay: %s · %d cores · seed %d · policy %s", moment(g.Time), h.Token, h.Cores, h.Seed, h.Policy)
	}
	if g.Missing > 0 {
		text = strings.TrimPrefix(fmt.Sprintf("%s · the first %d events of the run are not in the trace", text, g.Missing), " · ")
	}
	return text
}

// moment writes a virtual time.
func moment(ns int64) string {
	switch {
	case ns < 1000:
		return fmt.Sprintf("%d ns", ns)
	case ns < 1e6:
		return fmt.Sprintf("%.4g µs", float64(ns)/1e3)
	case ns < 1e9:
		return fmt.Sprintf("%.4g ms", float64(ns)/1e6)
	}
	return fmt.Sprintf("%.4g s", float64(ns)/1e9)
}

func summary(g *waits.Graph) string {
	count := map[waits.Status]int{}
	stuck := 0
	for _, t := range g.Tasks {
		count[t.Status]++
		if t.Stuck {
			stuck++
		}
	}
	var parts []string
	for _, s := range []waits.Status{waits.Running, waits.Ready, waits.Blocked, waits.Outside, waits.Ended} {
		if n := count[s]; n > 0 {
			word := s.String()
			switch s {
			case waits.Outside:
				word = "waiting for the outside world"
			case waits.Ended:
				word = "ended but still holding a lock"
			}
			parts = append(parts, fmt.Sprintf("%d %s", n, word))
		}
	}
	text := "Goroutines: " + strings.Join(parts, ", ") + "."
	if len(parts) == 0 {
		text = "No goroutine of the program is there."
	}
	if stuck > 0 {
		text += fmt.Sprintf(" %d of them can never go on.", stuck)
	}
	return text
}

// mostAlike is how many tasks that wait alike are drawn one by one.
const mostAlike = 3

// fill makes nodes and edges of a graph: tasks that take part, several that wait for
// the same at the same line as one; the objects that they hold or wait for.
func fill(p *Picture, g *waits.Graph, circle []uint32) {
	groups := alike(g)
	node := map[uint32]int{} // of tasks
	objects := map[uint32]int{}
	add := func(n Node) int {
		p.Nodes = append(p.Nodes, n)
		return len(p.Nodes) - 1
	}
	for _, list := range groups {
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
			n.Sub = t.Reason + lineOf(g, t.Place)
		}
		if len(list) > 1 {
			n.Label = fmt.Sprintf("%s … %s", list[0].Name, list[len(list)-1].Name)
			n.Sub = strings.TrimPrefix(n.Sub+fmt.Sprintf(", %d goroutines", len(list)), ", ")
		}
		i := add(n)
		p.tasks = append(p.tasks, nil)
		for _, t := range list {
			node[t.Number] = i
			p.tasks[i] = append(p.tasks[i], t.Number)
		}
	}
	for _, o := range g.Objects {
		n := Node{Shape: Box, Label: o.Name, Marked: o.Cycle}
		switch o.Kind {
		case trace.Mutex:
			n.Units = 1
			n.Free = 1 - min(o.Holders, 1)
		case trace.RWMutex:
			n.Sub = "RWMutex"
		case trace.Chan:
			switch {
			case o.Closed:
				n.Sub = "closed"
			case o.Capacity == 0:
				n.Sub = "no buffer"
			case o.Capacity > 0 && o.Capacity <= 8:
				n.Units, n.Free = o.Capacity, o.Capacity-min(o.Length, o.Capacity)
				n.Sub = fmt.Sprintf("%d of %d in its buffer", o.Length, o.Capacity)
			case o.Capacity > 0:
				n.Sub = fmt.Sprintf("%d of %d in its buffer", o.Length, o.Capacity)
			}
		case trace.WaitGroup:
			if o.Counter >= 0 {
				n.Sub = fmt.Sprintf("counter %d", o.Counter)
			}
		}
		objects[o.Number] = add(n)
		p.tasks = append(p.tasks, nil)
	}
	seen := map[Edge]bool{}
	for _, e := range g.Edges {
		t, ok := node[e.Task]
		o, good := objects[e.Object]
		if !ok || !good {
			continue
		}
		d := edge(g, e, t, o)
		if !seen[d] {
			seen[d] = true
			p.Edges = append(p.Edges, d)
		}
	}
	p.Ring = ring(g, circle, node, objects)
	p.Facts = facts(g)
}

func edge(g *waits.Graph, e waits.Edge, t, o int) Edge {
	d := Edge{From: t, To: o, Marked: e.Cycle}
	word := ""
	switch e.Kind {
	case waits.Request:
		word = "waits"
		switch k := g.Object(e.Object).Kind; {
		case e.Read:
			word = "waits to read"
		case k == trace.RWMutex:
			word = "waits to write"
		case e.Send:
			word = "waits to send"
		case k == trace.Chan:
			word = "waits to receive"
		}
	case waits.Hold:
		d.From, d.To, d.Line = o, t, Solid
		word = "held"
		if e.Read {
			word = "held for reading"
		}
	case waits.Ahead:
		d.From, d.To, d.Line = o, t, Solid
		word = "writer in front"
	case waits.Could:
		d.From, d.To, d.Line = o, t, Dotted
		word = "could be reached"
	}
	d.Label = word + lineOf(g, e.Place)
	return d
}

// lineOf is ", line 4", or nothing.
func lineOf(g *waits.Graph, place uint32) string {
	if l := g.Line(place); l != "" {
		return ", " + l
	}
	return ""
}

// alike lists the tasks in groups to be drawn as one node each.
func alike(g *waits.Graph) [][]waits.Task {
	var groups [][]waits.Task
	index := map[string]int{}
	for _, t := range g.Tasks {
		holds := slices.ContainsFunc(g.Edges, func(e waits.Edge) bool { return e.Task == t.Number && e.Kind != waits.Request })
		if t.Cycle || holds || t.Status == waits.Ended {
			groups = append(groups, []waits.Task{t})
			continue
		}
		line := g.Line(t.Place)
		if len(t.Objects) == 0 && t.Status != waits.Blocked {
			line = ""
		}
		key := fmt.Sprint(t.Status, t.Reason, t.Objects, line, t.Stuck)
		i, ok := index[key]
		if !ok {
			i = len(groups)
			index[key] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], t)
	}
	var list [][]waits.Task
	for _, group := range groups {
		if len(group) > mostAlike {
			list = append(list, group)
			continue
		}
		for _, t := range group {
			list = append(list, []waits.Task{t})
		}
	}
	return list
}

// ring gives a circle as nodes; nil where it passes a node twice.
func ring(g *waits.Graph, circle []uint32, node, objects map[uint32]int) []int {
	var list []int
	for i, n := range circle {
		next := circle[(i+1)%len(circle)]
		o := uint32(0)
		for _, e := range g.Edges {
			if e.Kind != waits.Request || e.Task != n || !e.Cycle {
				continue
			}
			if slices.ContainsFunc(g.Edges, func(h waits.Edge) bool {
				return h.Kind != waits.Request && h.Object == e.Object && h.Task == next && h.Cycle
			}) {
				o = e.Object
			}
		}
		for _, k := range []int{node[n], objects[o]} {
			if slices.Contains(list, k) {
				return nil
			}
			list = append(list, k)
		}
	}
	return list
}

// facts lists all that a graph says as tables.
func facts(g *waits.Graph) []Table {
	tasks := Table{Title: "Goroutines", Head: []string{"goroutine", "state", "where", "what it does"}}
	for _, t := range g.Tasks {
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
	for _, o := range g.Objects {
		var held, waited []string
		for _, e := range g.Edges {
			if e.Object != o.Number {
				continue
			}
			text := g.TaskName(e.Task) + lineOf(g, e.Place)
			switch e.Kind {
			case waits.Hold:
				held = append(held, text)
			case waits.Request:
				waited = append(waited, text)
			}
		}
		objects.Rows = append(objects.Rows, []string{o.Name, o.Kind.String(), state(o), several(held), several(waited)})
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
		return "not known to be locked"
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
