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
	if w := waitFor(d.Graph); len(w.Edges) > 0 && len(w.Nodes) < mostNodes {
		p.Second = w
	}
	return p
}

// markRoots marks the goroutines that wait for what is not another's lock, and what
// they wait for: there the trouble begins where there is no circle.
func markRoots(p *Picture, d *waits.Deadlock) {
	for i, f := range d.Findings {
		if i >= max(d.Roots, 1) {
			break
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
		word = "could act"
		if l := g.Line(e.Place); l != "" {
			word += "; is at " + l
		}
		d.Label = word
		return d
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
		if t.Cycle || len(g.Holds(t.Number)) > 0 || t.Status == waits.Ended {
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
