package policy

// Random runs any ready task next, and may take the core from a task before any
// visible step. Where several cores run, it also lets a core stand still now and
// then, so that others overtake it at any step.
type Random struct {
	slice int64
	rand  Rand
	ready Queue
	idle  idle
}

func randomKind() Kind {
	return Kind{
		Name: "random", Help: "any ready task at any visible step", Example: "random",
		make: func(called) Policy { return NewRandom() },
	}
}

// NewRandom returns the policy "random".
func NewRandom() *Random { return &Random{} }

// The chances, one in so many, that a visible step is preempted, and that a core
// stands still before it; and for how long at most, in ns.
const (
	giveChance  = 4
	stallChance = 8
	stallMost   = 2000
)

// Name implements Policy.
func (r *Random) Name() string { return "random" }

// Start implements Policy.
func (r *Random) Start(s Setup) {
	r.slice, r.ready, r.rand, r.idle = s.Slice, Queue{}, NewRand(s.Seed, policyStream), allIdle(s.Cores)
}

// Ready implements Policy.
func (r *Random) Ready(now int64, t *Task, why Why, by *Task) Look {
	r.ready.Push(t)
	return r.idle.wake(now)
}

// Pick implements Policy.
func (r *Random) Pick(now int64, core int) Decision {
	r.idle[core] = r.ready.Len() == 0
	if r.idle[core] {
		return Decision{Look: Nobody}
	}
	t := r.ready.Take(r.rand.Intn(r.ready.Len()))
	return Decision{Task: t, For: 1 + int64(r.rand.Uint64()%uint64(2*r.slice)), Look: Nobody}
}

// Step implements Stepper.
func (r *Random) Step(now int64, core int, t *Task) Verdict {
	if r.ready.Len() > 0 && r.rand.Intn(giveChance) == 0 {
		return Verdict{Give: true}
	}
	if len(r.idle) > 1 && r.rand.Intn(stallChance) == 0 {
		return Verdict{Stall: int64(1 + r.rand.Intn(stallMost))}
	}
	return Verdict{}
}

// Choose implements Chooser.
func (r *Random) Choose(now int64, what Choice, n int) int { return r.rand.Intn(n) }

// Stop implements Policy.
func (r *Random) Stop(now int64, core int, t *Task, why Why) {}

// Save implements Policy.
func (r *Random) Save() any { return r.clone() }

// Load implements Policy.
func (r *Random) Load(saved any) { *r = *saved.(*Random).clone() }

func (r *Random) clone() *Random {
	c := *r
	c.ready, c.idle = r.ready.Clone(), r.idle.clone()
	return &c
}
