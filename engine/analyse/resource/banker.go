package resource

import (
	"errors"
	"fmt"
	"slices"
)

// ErrNoMax is that of a state that does not say what its processes may ever have.
var ErrNoMax = errors.New("resource: the banker must know the most that each process may ever have (Max)")

// Safety is whether a state is safe.
type Safety struct {
	Safe  bool
	Steps []Step // processes in an order in which they can finish; where it is not safe, as far as it goes
	Stuck []int  // processes that could come to wait for ever
}

// Safe tells whether there is an order in which all processes can finish even if each
// asks for all that it may: the banker's algorithm of E. W. Dijkstra (EWD 123,
// "Cooperating Sequential Processes", 1965, §6), for several resources as A. N.
// Habermann gave it ("Prevention of System Deadlocks", CACM 12(7), 1969).
func Safe(s *State) (Safety, error) {
	if s.Max == nil {
		return Safety{}, ErrNoMax
	}
	steps, left := finish(s, s.Need)
	return Safety{len(left) == 0, steps, left}, nil
}

// Decision is a banker's answer to a request.
type Decision struct {
	Granted bool
	Why     string
	After   *State // with the request granted; nil where that cannot be
	Safety  Safety // of After
}

// Ask tells whether a request may be granted at once: it is not above what the process
// may still have, there is enough, and the state that follows is safe.
func Ask(s *State, process int, request []int) (Decision, error) {
	if s.Max == nil {
		return Decision{}, ErrNoMax
	}
	name := s.Processes[process]
	if err := s.row("the request of "+name, request); err != nil {
		return Decision{}, err
	}
	if need := s.Need(process); !within(request, need) {
		return Decision{}, fmt.Errorf("resource: %s asks for %v, and may only have %v more", name, request, need)
	}
	if !within(request, s.Available) {
		return Decision{Why: fmt.Sprintf("%s must wait: it asks for %v, and only %v is available", name, request, s.Available)}, nil
	}
	after := s.copied()
	after.Available = minus(after.Available, request)
	after.Allocation[process] = plus(after.Allocation[process], request)
	safety, err := Safe(after)
	if err != nil {
		return Decision{}, err
	}
	d := Decision{Granted: safety.Safe, After: after, Safety: safety}
	if d.Granted {
		d.Why = name + " may have it: all can still finish"
	} else {
		d.Why = name + " must wait although there is enough: the state would not be safe"
	}
	return d, nil
}

// IsSafeOrder tells whether processes can finish in an order, each asking for all that it
// may. The order must name each of them once.
func IsSafeOrder(s *State, order []int) bool {
	if s.Max == nil || len(order) != len(s.Processes) {
		return false
	}
	work := slices.Clone(s.Available)
	seen := make([]bool, len(s.Processes))
	for _, i := range order {
		if i < 0 || i >= len(seen) || seen[i] || !within(s.Need(i), work) {
			return false
		}
		seen[i] = true
		work = plus(work, s.Allocation[i])
	}
	return true
}
