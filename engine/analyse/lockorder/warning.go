package lockorder

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"interleave/engine/trace"
)

// Nesting is one task's taking of a lock while it held another.
type Nesting struct {
	Task        uint32 // in Trace.Tasks
	Held, Taken uint32 // in Trace.Objects
	HeldAt, At  uint32 // in Trace.Places
	ReadHeld    bool
	ReadTaken   bool
}

// Warning is a circle of nestings: in another order of the same steps these tasks
// would wait for each other for ever.
type Warning struct {
	Nestings []Nesting // each takes what the next one holds
}

// The search ends at circles of so many tasks, and after so many steps.
const (
	longest   = 8
	mostSteps = 200_000
)

// Warnings lists the circles that a run got past, the shortest first, one for each set
// of locks.
func Warnings(t *trace.Trace) []Warning {
	events := t.Events()
	list := nestings(t, events)
	if len(list) == 0 {
		return nil
	}
	s := &search{list: list, by: map[uint32][]int{}, found: map[string]bool{}}
	for i, n := range list {
		s.by[n.outer.lock] = append(s.by[n.outer.lock], i)
	}
	s.order = newOrder(t, events)
	for length := 2; length <= longest && s.steps < mostSteps; length++ {
		for i := range list {
			s.extend([]int{i}, length)
		}
	}
	s.readers(t, events)
	return s.warnings
}

type search struct {
	list     []nesting
	by       map[uint32][]int // nestings by the lock that they hold
	order    *order
	found    map[string]bool
	steps    int
	warnings []Warning
}

// extend looks for circles of a length that begin with a chain; the first of them is
// the one with the smallest index.
func (s *search) extend(chain []int, length int) {
	if s.steps++; s.steps > mostSteps {
		return
	}
	first, last := &s.list[chain[0]], &s.list[chain[len(chain)-1]]
	if len(chain) == length {
		if last.inner.lock == first.outer.lock && !(last.inner.read && first.outer.read) {
			s.check(chain)
		}
		return
	}
	for _, i := range s.by[last.inner.lock] {
		n := &s.list[i]
		if i <= chain[0] || last.inner.read && n.outer.read || slices.ContainsFunc(chain, func(c int) bool { return !apart(&s.list[c], n) }) {
			continue
		}
		s.extend(append(slices.Clone(chain), i), length)
	}
}

// apart tells whether two nestings can be of one circle: of different tasks, holding
// different locks, and with no lock that both hold and that would keep one of them out.
func apart(a, b *nesting) bool {
	if a.task == b.task || a.outer.lock == b.outer.lock || a.inner.lock == b.inner.lock {
		return false
	}
	for _, g := range slices.Concat(a.gates, []held{a.outer}) {
		for _, h := range slices.Concat(b.gates, []held{b.outer}) {
			if g.lock == h.lock && !(g.read && h.read) {
				return false
			}
		}
	}
	return true
}

func (s *search) check(chain []int) {
	var locks []uint32
	for _, i := range chain {
		locks = append(locks, s.list[i].outer.lock)
	}
	slices.Sort(locks)
	key := fmt.Sprint(locks)
	if s.found[key] {
		return
	}
	for i, a := range chain {
		for _, b := range chain[:i] {
			if s.ordered(a, b, locks) {
				return
			}
		}
	}
	s.found[key] = true
	var w Warning
	for _, i := range chain {
		n := s.list[i]
		w.Nestings = append(w.Nestings, Nesting{n.task, n.outer.lock, n.inner.lock, n.outer.place, n.inner.place, n.outer.read, n.inner.read})
	}
	s.warnings = append(s.warnings, w)
}

// ordered tells whether one of two tasks had its second lock before the other asked for
// its own, whatever the order in which these locks are given.
func (s *search) ordered(a, b int, locks []uint32) bool {
	x, y := s.list[a].inner.event, s.list[b].inner.event
	return s.order.before(x, y, locks) || s.order.before(y, x, locks)
}

// readers warns of a task that locks for reading what it holds for reading already, while
// another one could come to wait for writing in between: the second reader would stand
// behind the writer, and the writer wait for the first.
func (s *search) readers(t *trace.Trace, events []trace.Event) {
	for _, n := range s.list {
		key := fmt.Sprint("r", n.outer.lock, n.outer.place, n.inner.place)
		if n.outer.lock != n.inner.lock || !n.outer.read || !n.inner.read || s.found[key] {
			continue
		}
		for i, e := range events {
			if e.Kind != trace.Lock || e.Arg != 0 || e.Object != n.outer.lock || e.Task == n.task {
				continue
			}
			these := []uint32{n.outer.lock}
			if s.order.before(n.inner.event, i, these) || s.order.before(i, n.outer.event, these) || gated(t, events, n, i) {
				continue
			}
			s.found[key] = true
			s.warnings = append(s.warnings, Warning{[]Nesting{
				{n.task, n.outer.lock, n.inner.lock, n.outer.place, n.inner.place, true, true},
				{Task: e.Task, Taken: e.Object, At: e.Place},
			}})
			break
		}
	}
}

// gated tells whether the task that takes a lock at an event holds another one that keeps
// a nesting out.
func gated(t *trace.Trace, events []trace.Event, n nesting, at int) bool {
	yes := false
	walk(t, events[:at+1], func(m nesting) {
		if m.inner.event == at && slices.ContainsFunc(n.gates, func(g held) bool { return g.lock == m.outer.lock && !(g.read && m.outer.read) }) {
			yes = true
		}
	}, func(uint32) {})
	return yes
}

// Text tells a warning with both places of each task.
func (w *Warning) Text(task, object, line func(uint32) string) string {
	at := func(p uint32) string {
		if l := line(p); l != "" {
			return " (" + l + ")"
		}
		return ""
	}
	read := func(yes bool) string {
		if yes {
			return " for reading"
		}
		return ""
	}
	var parts []string
	for _, n := range w.Nestings {
		if n.Held == 0 {
			parts = append(parts, fmt.Sprintf("%s took %s for writing%s", task(n.Task), object(n.Taken), at(n.At)))
			continue
		}
		parts = append(parts, fmt.Sprintf("%s took %s%s%s and then %s%s%s", task(n.Task), object(n.Held), read(n.ReadHeld), at(n.HeldAt), object(n.Taken), read(n.ReadTaken), at(n.At)))
	}
	end := "This run got past it; if each took its first lock before any took its second, they would wait for each other for ever"
	if w.Nestings[len(w.Nestings)-1].Held == 0 {
		end = "This run got past it; if the writer came in between, the reader would wait behind it, and it for the reader, for ever"
	}
	return strings.Join(parts, "; ") + ". " + end + "."
}

// Tasks lists the tasks of a warning by number.
func (w *Warning) Tasks() []uint32 {
	var list []uint32
	for _, n := range w.Nestings {
		list = append(list, n.Task)
	}
	slices.SortFunc(list, cmp.Compare[uint32])
	return slices.Compact(list)
}
