package resource

import "slices"

// Step is one process's being given what it asks for, finishing, and giving back all
// that it has.
type Step struct {
	Process int
	Asks    []int // what it still needs
	Before  []int // what is available when it is given that
	After   []int // what is available when it has finished
}

// Detection is who can finish and who cannot.
type Detection struct {
	Steps      []Step
	Deadlocked []int // cannot go on, and have what others wait for, or wait for each other
	Behind     []int // cannot go on, and have nothing: they only wait behind the others
	Circle     []int // of the deadlocked, each lacking a unit that the next one has; empty: none is deadlocked
	Through    []int // the resources in it: that for which the process in the same place waits
	Left       []int // what is available when nobody else can finish
}

// Detect finds the deadlocked processes by giving, again and again, to the first process
// whose request can be met, and taking back all that it has: E. G. Coffman, M. J.
// Elphick and A. Shoshani, "System Deadlocks" (Computing Surveys 3(2), 1971).
func Detect(s *State) Detection {
	steps, left := finish(s, s.asks)
	d := Detection{Steps: steps, Left: s.Available}
	if n := len(steps); n > 0 {
		d.Left = steps[n-1].After
	}
	for _, i := range left {
		if none(s.Allocation[i]) {
			d.Behind = append(d.Behind, i)
		} else {
			d.Deadlocked = append(d.Deadlocked, i)
		}
	}
	d.Circle, d.Through = circle(s, d.Deadlocked, d.Left)
	return d
}

// finish lets processes finish, the first that can first; it gives who is left.
func finish(s *State, asks func(process int) []int) (steps []Step, left []int) {
	work := slices.Clone(s.Available)
	done := make([]bool, len(s.Processes))
	for again := true; again; {
		again = false
		for i := range s.Processes {
			if done[i] || !within(asks(i), work) {
				continue
			}
			after := plus(work, s.Allocation[i])
			steps = append(steps, Step{i, asks(i), work, after})
			work, done[i], again = after, true, true
			break
		}
	}
	for i := range done {
		if !done[i] {
			left = append(left, i)
		}
	}
	return steps, left
}

// lacks is a resource of which one process asks for more than there is, and another has
// some; -1: there is none.
func lacks(s *State, process, other int, there []int) int {
	for j := range s.Resources {
		if s.asks(process)[j] > there[j] && s.Allocation[other][j] > 0 {
			return j
		}
	}
	return -1
}

// circle is a shortest one among some processes, with the resources that it leads through;
// of several the one that comes first.
func circle(s *State, among, there []int) (best, through []int) {
	for _, start := range among {
		from := map[int]int{}
		queue := []int{start}
	search:
		for len(queue) > 0 {
			k := queue[0]
			queue = queue[1:]
			for _, next := range among {
				if lacks(s, k, next, there) < 0 {
					continue
				}
				if next == start {
					list := []int{k}
					for n := k; n != start; {
						n = from[n]
						list = append(list, n)
					}
					slices.Reverse(list)
					if best == nil || len(list) < len(best) {
						best = list
					}
					break search
				}
				if _, seen := from[next]; !seen {
					from[next] = k
					queue = append(queue, next)
				}
			}
		}
	}
	for i, k := range best {
		through = append(through, lacks(s, k, best[(i+1)%len(best)], there))
	}
	return best, through
}

// Circle is a shortest circle of the graph, whether or not it is a deadlock: each process
// asks for a resource of which the next one has a unit. through are these resources. Both
// are empty where there is none.
func Circle(s *State) (processes, through []int) {
	all := make([]int, len(s.Processes))
	for i := range all {
		all[i] = i
	}
	return circle(s, all, make([]int, len(s.Resources))) // an edge is there even if a unit is free
}
