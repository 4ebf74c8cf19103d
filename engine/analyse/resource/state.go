package resource

import (
	"fmt"
	"slices"
)

// State is who has what at a moment. Matrices have a row for each process and a column
// for each resource; all numbers are units, from 0 on.
type State struct {
	Processes  []string
	Resources  []string
	Available  []int
	Allocation [][]int
	Request    [][]int // what each process asks for now; nil: nobody asks
	Max        [][]int // what each process may ever have; nil: not known
}

// Check says what is wrong with a state; nil: nothing.
func (s *State) Check() error {
	n, m := len(s.Processes), len(s.Resources)
	if n == 0 || m == 0 {
		return fmt.Errorf("resource: %d processes and %d resources: there must be one of each at least", n, m)
	}
	seen := map[string]bool{}
	for _, name := range slices.Concat(s.Processes, s.Resources) {
		if seen[name] {
			return fmt.Errorf("resource: two things are called %q", name)
		}
		seen[name] = true
	}
	if err := s.row("available", s.Available); err != nil {
		return err
	}
	for _, t := range []struct {
		what   string
		matrix [][]int
		needed bool
	}{{"allocation", s.Allocation, true}, {"request", s.Request, false}, {"max", s.Max, false}} {
		if t.matrix == nil && !t.needed {
			continue
		}
		if len(t.matrix) != n {
			return fmt.Errorf("resource: %s has %d rows for %d processes", t.what, len(t.matrix), n)
		}
		for i, r := range t.matrix {
			if err := s.row(t.what+" of "+s.Processes[i], r); err != nil {
				return err
			}
		}
	}
	for i := range s.Processes {
		for j := range s.Resources {
			if s.Max != nil && s.Allocation[i][j] > s.Max[i][j] {
				return fmt.Errorf("resource: %s has %d of %s, and may have %d at most", s.Processes[i], s.Allocation[i][j], s.Resources[j], s.Max[i][j])
			}
			if s.Max != nil && s.Max[i][j] > s.Units(j) {
				return fmt.Errorf("resource: %s may ask for %d of %s, of which there are %d", s.Processes[i], s.Max[i][j], s.Resources[j], s.Units(j))
			}
			if s.Request != nil && s.Request[i][j]+s.Allocation[i][j] > s.Units(j) {
				return fmt.Errorf("resource: %s has %d of %s and asks for %d more, but there are only %d", s.Processes[i], s.Allocation[i][j], s.Resources[j], s.Request[i][j], s.Units(j))
			}
		}
	}
	return nil
}

func (s *State) row(what string, row []int) error {
	if len(row) != len(s.Resources) {
		return fmt.Errorf("resource: %s has %d numbers for %d resources", what, len(row), len(s.Resources))
	}
	if i := slices.IndexFunc(row, func(n int) bool { return n < 0 }); i >= 0 {
		return fmt.Errorf("resource: %s has %d of %s", what, row[i], s.Resources[i])
	}
	return nil
}

// Units is how many units of a resource there are.
func (s *State) Units(resource int) int {
	n := s.Available[resource]
	for _, r := range s.Allocation {
		n += r[resource]
	}
	return n
}

// Need is what a process may still ask for: its maximum less what it has.
func (s *State) Need(process int) []int { return minus(s.Max[process], s.Allocation[process]) }

// Single tells whether there is one unit of each resource: then a circle in the graph is a
// deadlock, and else a deadlock needs one but does not follow from it.
func (s *State) Single() bool {
	for j := range s.Resources {
		if s.Units(j) != 1 {
			return false
		}
	}
	return true
}

func (s *State) asks(process int) []int {
	if s.Request == nil {
		return make([]int, len(s.Resources))
	}
	return s.Request[process]
}

func (s *State) copied() *State {
	c := *s
	rows := func(m [][]int) [][]int {
		if m == nil {
			return nil
		}
		list := make([][]int, len(m))
		for i := range m {
			list[i] = slices.Clone(m[i])
		}
		return list
	}
	c.Available, c.Allocation, c.Request, c.Max = slices.Clone(s.Available), rows(s.Allocation), rows(s.Request), rows(s.Max)
	return &c
}

func plus(a, b []int) []int {
	c := slices.Clone(a)
	for i := range b {
		c[i] += b[i]
	}
	return c
}

func minus(a, b []int) []int {
	c := slices.Clone(a)
	for i := range b {
		c[i] -= b[i]
	}
	return c
}

// within tells whether no number of a is above that of b.
func within(a, b []int) bool {
	for i := range a {
		if a[i] > b[i] {
			return false
		}
	}
	return true
}

func none(a []int) bool { return !slices.ContainsFunc(a, func(n int) bool { return n != 0 }) }
