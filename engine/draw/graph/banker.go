package graph

import (
	"fmt"
	"strings"

	"interleave/engine/analyse/resource"
	"interleave/engine/draw"
)

// Banker draws whether a state is safe, step by step.
func Banker(s *resource.State) (draw.Drawing, error) {
	safety, err := resource.Safe(s)
	if err != nil {
		return draw.Drawing{}, fmt.Errorf("graph: %w", err)
	}
	p := &Picture{Facts: []Table{matrices(s), steps("One after the other, each with all that it may ask for", "may still ask for", s, safety.Steps)}, Open: true}
	p.Title, p.Lead = safe(s, safety)
	return p.Draw(), nil
}

func safe(s *resource.State, safety resource.Safety) (title, lead string) {
	var order []string
	for _, st := range safety.Steps {
		order = append(order, s.Processes[st.Process])
	}
	if safety.Safe {
		return "Safe: all can finish", "Even if each process asks for all that it may, they can finish in the order " + strings.Join(order, ", ") + "."
	}
	lead = fmt.Sprintf("If %s ask for all that they may, there is not enough for any of them.", names(s, safety.Stuck))
	if len(safety.Stuck) == 1 {
		lead = fmt.Sprintf("If %s asks for all that it may, there is not enough.", names(s, safety.Stuck))
	}
	if len(order) > 0 {
		lead = "After " + strings.Join(order, ", ") + " have finished: " + strings.ToLower(lead[:1]) + lead[1:]
	}
	return "Not safe: a deadlock can follow", lead + " That need not happen, but it can no longer be ruled out."
}

// Ask draws a banker's answer to a request: the three questions, and the state that would
// follow.
func Ask(s *resource.State, process int, request []int) (draw.Drawing, error) {
	d, err := resource.Ask(s, process, request)
	if err != nil {
		return draw.Drawing{}, fmt.Errorf("graph: %w", err)
	}
	name := s.Processes[process]
	p := &Picture{Title: fmt.Sprintf("%s asks for %s: it must wait", name, numbers(request)), Lead: d.Why + ".", Open: true}
	if d.Granted {
		p.Title = fmt.Sprintf("%s asks for %s: granted", name, numbers(request))
	}
	p.Checks = []Check{{Tick, "Within its maximum", fmt.Sprintf("%s is not above %s, what it may still ask for", numbers(request), numbers(s.Need(process)))}}
	enough := Check{Cross, "Enough there", fmt.Sprintf("%s is above what is available, %s", numbers(request), numbers(s.Available))}
	if d.After != nil {
		enough = Check{Tick, "Enough there", fmt.Sprintf("%s is not above what is available, %s", numbers(request), numbers(s.Available))}
	}
	p.Checks = append(p.Checks, enough)
	p.Facts = []Table{matrices(s)}
	if d.After != nil {
		title, lead := safe(d.After, d.Safety)
		sign := Cross
		if d.Safety.Safe {
			sign = Tick
		}
		p.Checks = append(p.Checks, Check{sign, "Safe afterwards", title + ". " + lead})
		after := matrices(d.After)
		after.Title = "The state if it were granted"
		p.Facts = []Table{after, steps("From there, one after the other", "may still ask for", d.After, d.Safety.Steps)}
	}
	return p.Draw(), nil
}
