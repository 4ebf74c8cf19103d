package policy

import "slices"

// Guide runs one visible step after the other, each time that of the task that
// somebody else chooses: an explorer of all orders, or a learner. Before each
// choice the machine pauses. What a task does between two visible steps nobody
// can notice, so it is never a choice. It is for machines of one core.
type Guide struct {
	// Decide answers what the program leaves to chance, in the midst of a step: an
	// explorer that wants the other answers too goes back to before the step. nil:
	// always the first.
	Decide func(what Choice, n int) int

	ready []*Task // in order of their IDs
	next  int     // index in ready of the chosen one; -1: not chosen
	idle  bool
}

// NewGuide returns the policy "guide".
func NewGuide() *Guide { return &Guide{next: -1, idle: true} }

// Tasks lists the ready tasks; Go takes an index of this list.
func (g *Guide) Tasks() []*Task { return slices.Clone(g.ready) }

// Go chooses the i-th of Tasks to make the next step.
func (g *Guide) Go(i int) { g.next = i }

// Name implements Policy.
func (g *Guide) Name() string { return "guide" }

// Start implements Policy.
func (g *Guide) Start(Setup) {}

// Ready implements Policy.
func (g *Guide) Ready(now int64, t *Task, why Why, by *Task) Look {
	at, _ := slices.BinarySearchFunc(g.ready, t, func(a, b *Task) int { return a.ID - b.ID })
	g.ready = slices.Insert(g.ready, at, t)
	if !g.idle {
		return Nobody
	}
	g.idle = false
	return Look{0, now}
}

// Pick implements Policy.
func (g *Guide) Pick(now int64, core int) Decision {
	if len(g.ready) == 0 {
		g.idle = true
		return Decision{Look: Nobody}
	}
	i := slices.IndexFunc(g.ready, func(t *Task) bool { return t.Next == NoOp })
	switch {
	case i >= 0:
	case g.next >= 0 && g.next < len(g.ready):
		i, g.next = g.next, -1
	default:
		return Decision{Look: Nobody, Pause: true}
	}
	t := g.ready[i]
	g.ready = slices.Delete(g.ready, i, i+1)
	return Decision{Task: t, Look: Nobody}
}

// Step implements Stepper: every step is a choice.
func (g *Guide) Step(now int64, core int, t *Task) Verdict { return Verdict{Give: true} }

// Choose implements Chooser.
func (g *Guide) Choose(now int64, what Choice, n int) int {
	if g.Decide == nil {
		return 0
	}
	return g.Decide(what, n)
}

// Stop implements Policy.
func (g *Guide) Stop(now int64, core int, t *Task, why Why) {}

// Save implements Policy.
func (g *Guide) Save() any { return &Guide{ready: slices.Clone(g.ready), next: g.next, idle: g.idle} }

// Load implements Policy.
func (g *Guide) Load(saved any) {
	s := saved.(*Guide)
	g.ready, g.next, g.idle = slices.Clone(s.ready), s.next, s.idle
}
