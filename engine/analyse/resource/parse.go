package resource

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Parse reads a graph. Words are separated by blanks, commas or line breaks:
//
//	R1=2        resource R1 has two units
//	R1->P1      P1 has a unit of R1; R1->P1*2: two units
//	P1->R2      P1 asks for a unit of R2; P1->R2*2: for two
//	P3          process P3 is there, and has and asks for nothing
//
// What has no number of units is a process. Resources and processes come in the order
// in which they are first named.
func Parse(text ...string) (*State, error) {
	words := strings.FieldsFunc(strings.Join(text, "\n"), func(r rune) bool { return strings.ContainsRune(" ,;\t\r\n", r) })
	p := &parser{units: map[string]int{}}
	for _, w := range words {
		if name, n, ok := strings.Cut(w, "="); ok {
			k, err := strconv.Atoi(n)
			if err != nil || k < 1 || name == "" {
				return nil, fmt.Errorf("resource: %q: want a resource and its number of units, such as R1=2", w)
			}
			if _, twice := p.units[name]; twice {
				return nil, fmt.Errorf("resource: %q: %s has its units already", w, name)
			}
			p.units[name] = k
			p.s.Resources = append(p.s.Resources, name)
		}
	}
	for _, w := range words {
		if err := p.edge(w); err != nil {
			return nil, err
		}
	}
	return p.state()
}

type parser struct {
	s     State
	units map[string]int
	edges []edge
}

type edge struct {
	process, resource string
	units             int
	held              bool
}

func (p *parser) edge(w string) error {
	if strings.Contains(w, "=") {
		return nil
	}
	from, to, ok := strings.Cut(w, "->")
	if !ok {
		p.process(w)
		return nil
	}
	to, times, many := strings.Cut(to, "*")
	n := 1
	if many {
		k, err := strconv.Atoi(times)
		if err != nil || k < 1 {
			return fmt.Errorf("resource: %q: want a number of units behind *", w)
		}
		n = k
	}
	if from == "" || to == "" {
		return fmt.Errorf("resource: %q: an edge leads from one name to another, such as R1->P1", w)
	}
	_, fromIs := p.units[from]
	_, toIs := p.units[to]
	switch {
	case fromIs && toIs:
		return fmt.Errorf("resource: %q: both are resources; an edge joins a process and a resource", w)
	case !fromIs && !toIs:
		return fmt.Errorf("resource: %q: neither is a resource; say how many units one has, such as %s=1", w, to)
	case fromIs:
		p.process(to)
		p.edges = append(p.edges, edge{to, from, n, true})
	default:
		p.process(from)
		p.edges = append(p.edges, edge{from, to, n, false})
	}
	return nil
}

func (p *parser) process(name string) {
	if _, is := p.units[name]; !is && !slices.Contains(p.s.Processes, name) {
		p.s.Processes = append(p.s.Processes, name)
	}
}

func (p *parser) state() (*State, error) {
	s := &p.s
	matrix := func() [][]int {
		m := make([][]int, len(s.Processes))
		for i := range m {
			m[i] = make([]int, len(s.Resources))
		}
		return m
	}
	s.Allocation, s.Request = matrix(), matrix()
	for _, r := range s.Resources {
		s.Available = append(s.Available, p.units[r])
	}
	for _, e := range p.edges {
		i, j := slices.Index(s.Processes, e.process), slices.Index(s.Resources, e.resource)
		if !e.held {
			s.Request[i][j] += e.units
			continue
		}
		s.Allocation[i][j] += e.units
		if s.Available[j] -= e.units; s.Available[j] < 0 {
			return nil, fmt.Errorf("resource: %d units of %s are held, and there are %d", p.units[e.resource]-s.Available[j], e.resource, p.units[e.resource])
		}
	}
	return s, s.Check()
}
