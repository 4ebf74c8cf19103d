package engine

import (
	"fmt"
	"slices"

	"interleave/engine/analyse/resource"
	"interleave/engine/draw"
	"interleave/engine/draw/graph"
	"interleave/kernel/display"
)

// Resources is a textbook's table: who has what, and who asks for what. Matrices have
// a row for each process and a column for each resource. It shows itself as a
// resource-allocation graph.
type Resources struct {
	Processes  []string
	Resources  []string
	Available  []int
	Allocation [][]int
	Request    [][]int // what each process asks for now; nil: nobody asks
	Max        [][]int // what each process may ever have, for the banker; nil: not known
}

// ResourceGraph reads a resource-allocation graph. It panics where the text is none.
//
//	R1=2        resource R1 has two units
//	R1->P1      P1 has a unit of R1; R1->P1*2: two units
//	P1->R2      P1 asks for a unit of R2
func ResourceGraph(edges ...string) *Resources {
	s, err := resource.Parse(edges...)
	if err != nil {
		panic("engine.ResourceGraph: " + err.Error())
	}
	return (*Resources)(s)
}

// ResourceTable takes a table. It panics where its rows and columns do not fit.
func ResourceTable(r Resources) *Resources {
	if err := (*resource.State)(&r).Check(); err != nil {
		panic("engine.ResourceTable: " + err.Error())
	}
	return &r
}

// state is the table; a learner may have built or changed it by hand.
func (r *Resources) state(method string) *resource.State {
	if r == nil {
		panic(missing("*engine.Resources", "table of resources", "engine.ResourceTable and engine.ResourceGraph give one"))
	}
	s := (*resource.State)(r)
	if err := s.Check(); err != nil {
		panic("engine.Resources." + method + ": " + err.Error())
	}
	return s
}

// Deadlocked lists the processes that can never go on, those that hold nothing
// included.
func (r *Resources) Deadlocked() []string {
	s := r.state("Deadlocked")
	d := resource.Detect(s)
	var names []string
	for i, name := range s.Processes {
		if slices.Contains(d.Deadlocked, i) || slices.Contains(d.Behind, i) {
			names = append(names, name)
		}
	}
	return names
}

// Safe tells whether all processes can finish even if each asks for all that it may:
// the banker's question. It panics where Max is not known.
func (r *Resources) Safe() bool {
	safety, err := resource.Safe(r.state("Safe"))
	if err != nil {
		panic("engine.Resources.Safe: " + err.Error())
	}
	return safety.Safe
}

// Banker shows whether the state is safe, step by step.
func (r *Resources) Banker() *Drawing {
	return answer("Banker")(graph.Banker(r.state("Banker")))
}

// Ask shows the banker's answer to a process that asks for so many units of each
// resource.
func (r *Resources) Ask(process string, units ...int) *Drawing {
	s, i := r.asking("Ask", process)
	return answer("Ask")(graph.Ask(s, i, units))
}

// Grants is the banker's answer to a process that asks for so many units of each
// resource.
func (r *Resources) Grants(process string, units ...int) bool {
	s, i := r.asking("Grants", process)
	d, err := resource.Ask(s, i, units)
	if err != nil {
		panic("engine.Resources.Grants: " + err.Error())
	}
	return d.Granted
}

func (r *Resources) asking(method, process string) (*resource.State, int) {
	s := r.state(method)
	i := slices.Index(s.Processes, process)
	if i < 0 {
		panic(fmt.Sprintf("engine.Resources.%s: no process is called %q", method, process))
	}
	return s, i
}

func answer(method string) func(draw.Drawing, error) *Drawing {
	return func(d draw.Drawing, err error) *Drawing {
		if err != nil {
			panic("engine.Resources." + method + ": " + err.Error())
		}
		return drawn(d)
	}
}

// String is the graph as text.
func (r *Resources) String() string { return graph.Resources(r.state("String")).Text }

// Display shows the graph, with who is deadlocked in it.
func (r *Resources) Display() display.Bundle {
	return drawn(graph.Resources(r.state("Display"))).Display()
}
