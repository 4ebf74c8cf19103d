package graph

import (
	"fmt"
	"slices"
	"strings"

	"interleave/engine/analyse/resource"
	"interleave/engine/draw"
)

// Resources draws a textbook's resource graph with who is deadlocked in it, and how
// that is found out. The state must have passed Check.
func Resources(s *resource.State) draw.Drawing { return resources(s).Draw() }

func resources(s *resource.State) *Picture {
	d := resource.Detect(s)
	p := &Picture{}
	p.Title, p.Lead = verdict(s, d)
	resourceNodes(p, s, d)
	if len(d.Deadlocked) > 0 {
		p.Checks = circular(s, d)
	}
	p.Facts = []Table{matrices(s), steps("Who can finish, one after the other", "asks for", s, d.Steps)}
	return p
}

// names lists processes.
func names(s *resource.State, list []int) string {
	var words []string
	for _, i := range list {
		words = append(words, s.Processes[i])
	}
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}

// verdict is what is to be said of a state.
func verdict(s *resource.State, d resource.Detection) (title, lead string) {
	circle, _ := resource.Circle(s)
	order := make([]string, len(d.Steps))
	for i, st := range d.Steps {
		order[i] = s.Processes[st.Process]
	}
	finish := "They can finish in the order " + strings.Join(order, ", ") + "."
	switch {
	case len(d.Deadlocked) == 0 && circle == nil:
		return "No circle, no deadlock", "No circle of requests and assignments is there, so there is no deadlock. " + finish
	case len(d.Deadlocked) == 0:
		first := d.Steps[0]
		are := "are"
		if len(circle) == 1 {
			are = "is"
		}
		return "A circle, and yet no deadlock", fmt.Sprintf("%s %s in a circle of requests and assignments, but %s can finish and gives back what it has. %s", names(s, circle), are, s.Processes[first.Process], finish)
	}
	title = fmt.Sprintf("Deadlock: %s wait for each other", names(s, d.Deadlocked))
	if len(d.Deadlocked) == 1 {
		title = fmt.Sprintf("Deadlock: %s waits for itself", s.Processes[d.Deadlocked[0]])
	}
	if len(d.Circle) < len(d.Deadlocked) {
		title = fmt.Sprintf("Deadlock: %s cannot go on", names(s, d.Deadlocked))
	}
	lead = around(s, d) + "."
	if n := len(d.Steps); n > 0 {
		lead += " " + strings.Join(order, ", ") + " can finish, and even then there is not enough."
	}
	if len(d.Behind) == 1 {
		lead += fmt.Sprintf(" %s has nothing that others wait for, and waits behind them.", names(s, d.Behind))
	} else if len(d.Behind) > 1 {
		lead += fmt.Sprintf(" %s have nothing that others wait for, and wait behind them.", names(s, d.Behind))
	}
	return title, lead
}

// around tells the circle: "P1 waits for R1, which P2 has; P2 waits for …".
func around(s *resource.State, d resource.Detection) string {
	var parts []string
	for i, k := range d.Circle {
		next := d.Circle[(i+1)%len(d.Circle)]
		parts = append(parts, fmt.Sprintf("%s waits for %s, which %s has", s.Processes[k], s.Resources[d.Through[i]], s.Processes[next]))
	}
	return strings.Join(parts, "; ")
}

// mostDots is how many units of a resource are drawn as dots.
const mostDots = 12

func resourceNodes(p *Picture, s *resource.State, d resource.Detection) {
	for i, name := range s.Processes {
		n := Node{Label: name, Marked: slices.Contains(d.Deadlocked, i)}
		if slices.Contains(d.Behind, i) {
			n.Sub = "waits behind them"
		}
		p.Nodes = append(p.Nodes, n)
	}
	in := map[[2]int]bool{} // edges of the circle, by nodes
	base := len(s.Processes)
	for i, k := range d.Circle {
		next := d.Circle[(i+1)%len(d.Circle)]
		j := d.Through[i]
		in[[2]int{k, base + j}], in[[2]int{base + j, next}] = true, true
		p.Ring = append(p.Ring, k, base+j)
	}
	if distinct := slices.Compact(slices.Sorted(slices.Values(p.Ring))); len(distinct) < len(p.Ring) {
		p.Ring = nil
	}
	for j, name := range s.Resources {
		n := Node{Shape: Box, Label: name, Units: s.Units(j), Free: s.Available[j]}
		n.Sub = fmt.Sprintf("%d of %d free", s.Available[j], n.Units)
		if n.Units == 1 {
			n.Sub = ""
			if n.Free == 1 {
				n.Sub = "free"
			}
		}
		if n.Units > mostDots {
			n.Units, n.Free = 0, 0
		}
		p.Nodes = append(p.Nodes, n)
	}
	for i := range s.Processes {
		for j := range s.Resources {
			if s.Request != nil && s.Request[i][j] > 0 {
				marked := in[[2]int{i, base + j}]
				p.Edges = append(p.Edges, Edge{From: i, To: base + j, Label: fmt.Sprintf("asks for %d", s.Request[i][j]), Marked: marked})
				if marked {
					p.Nodes[base+j].Marked = true
				}
			}
		}
	}
	for j := range s.Resources {
		for i := range s.Processes {
			if s.Allocation[i][j] > 0 {
				p.Edges = append(p.Edges, Edge{From: base + j, To: i, Line: Solid, Label: fmt.Sprintf("%d held", s.Allocation[i][j]), Marked: in[[2]int{base + j, i}]})
			}
		}
	}
}

// circular says what a circle means here.
func circular(s *resource.State, d resource.Detection) []Check {
	path := s.Processes[d.Circle[0]]
	for i := range d.Circle {
		next := d.Circle[(i+1)%len(d.Circle)]
		path += " → " + s.Resources[d.Through[i]] + " → " + s.Processes[next]
	}
	if s.Single() {
		return []Check{{Tick, "Circular wait", path + ": with one unit of each resource, a circle is a deadlock"}}
	}
	return []Check{{Tick, "Circular wait", path + ": a deadlock needs a circle; with several units the circle alone does not make one, so who can finish was tried out"}}
}

func numbers(list []int) string {
	var b strings.Builder
	for i, n := range list {
		if i > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprint(&b, n)
	}
	return b.String()
}

// matrices is the state as textbooks print it.
func matrices(s *resource.State) Table {
	of := " (" + strings.Join(s.Resources, " ") + ")"
	t := Table{Title: "The state", Head: []string{"process", "has" + of}}
	if s.Request != nil {
		t.Head = append(t.Head, "asks for"+of)
	}
	if s.Max != nil {
		t.Head = append(t.Head, "may have"+of, "may still ask for"+of)
	}
	for i, name := range s.Processes {
		row := []string{name, numbers(s.Allocation[i])}
		if s.Request != nil {
			row = append(row, numbers(s.Request[i]))
		}
		if s.Max != nil {
			row = append(row, numbers(s.Max[i]), numbers(s.Need(i)))
		}
		t.Rows = append(t.Rows, row)
	}
	t.Rows = append(t.Rows, append([]string{"available", numbers(s.Available)}, make([]string, len(t.Head)-2)...))
	return t
}

// steps is who finishes when, with what is available before and after.
func steps(title, asks string, s *resource.State, list []resource.Step) Table {
	t := Table{Title: title, Head: []string{"step", "available", "who can finish", asks, "gives back", "available then"}}
	for i, st := range list {
		t.Rows = append(t.Rows, []string{fmt.Sprint(i + 1), numbers(st.Before), s.Processes[st.Process], numbers(st.Asks), numbers(s.Allocation[st.Process]), numbers(st.After)})
	}
	if n := len(list); n < len(s.Processes) {
		there := s.Available
		if n > 0 {
			there = list[n-1].After
		}
		t.Rows = append(t.Rows, []string{fmt.Sprint(n + 1), numbers(there), "nobody else", "", "", ""})
	}
	return t
}
