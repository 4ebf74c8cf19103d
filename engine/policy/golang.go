package policy

// Go is the scheduler of Go's runtime in its main lines: a queue for each core, a
// place before it for what its task woke last, a common queue, and stealing by
// cores that have nothing. A task whose slice has ended goes behind all in the
// common queue. (Scalable Go Scheduler Design Doc, Vyukov 2012.)
type Go struct {
	slice  int64
	rand   Rand
	common Queue
	cores  []goCore
	ready  int // tasks in all of these
	idle   idle
	search int // the core that was told to look for work and has not yet; -1: none
}

type goCore struct {
	next  *Task // runs before the queue
	queue Queue
	busy  bool
}

func goKind() Kind {
	return Kind{
		Name: "go", Help: "as Go's runtime: a queue for each core, stealing, the machine's slice", Example: "go",
		make: func(called) Policy { return NewGo() },
	}
}

// NewGo returns the policy "go".
func NewGo() *Go { return &Go{} }

// Name implements Policy.
func (g *Go) Name() string { return "go" }

// Start implements Policy.
func (g *Go) Start(s Setup) {
	g.slice, g.rand = s.Slice, NewRand(s.Seed, policyStream)
	g.common, g.cores, g.ready, g.idle = Queue{}, make([]goCore, s.Cores), 0, allIdle(s.Cores)
	g.search = -1
}

// Ready implements Policy.
func (g *Go) Ready(now int64, t *Task, why Why, by *Task) Look {
	g.ready++
	if by != nil && why <= Woken {
		c := &g.cores[by.Core]
		if c.next != nil {
			c.queue.Push(c.next)
		}
		c.next = t
	} else {
		g.common.Push(t)
	}
	return g.wake(now)
}

// wake has an idle core look for work, unless one is about to. That one wakes the next
// when it has found some, so cores come one after the other, and a task that goes to and
// fro does not wake all of them. (proc.go: wakep, resetspinning.)
func (g *Go) wake(now int64) Look {
	if g.search >= 0 {
		return Nobody
	}
	l := g.idle.wake(now)
	g.search = l.Core
	return l
}

// Pick implements Policy: the core's own tasks, then the common queue, then those
// of the others, from a random one on.
func (g *Go) Pick(now int64, core int) Decision {
	searched := g.search == core
	if searched {
		g.search = -1
	}
	var t *Task
	if g.ready > 0 {
		t = g.take(core)
	}
	g.cores[core].busy = t != nil
	g.idle[core] = t == nil
	if t == nil {
		return Decision{Look: Nobody}
	}
	g.ready--
	look := Nobody
	if searched && g.ready > 0 {
		look = g.wake(now)
	}
	return Decision{Task: t, For: g.slice, Look: look}
}

func (g *Go) take(core int) *Task {
	c := &g.cores[core]
	if t := c.next; t != nil {
		c.next = nil
		return t
	}
	if t := c.queue.Pop(); t != nil {
		return t
	}
	if t := g.common.Pop(); t != nil {
		return t
	}
	n := len(g.cores)
	if n == 1 {
		return nil
	}
	from := g.rand.Intn(n)
	var next *goCore
	for i := range n {
		at := from + i
		if at >= n {
			at -= n
		}
		v := &g.cores[at]
		if v == c {
			continue
		}
		if t := v.queue.Pop(); t != nil {
			return t
		}
		if next == nil && v.next != nil && v.busy {
			next = v
		}
	}
	if next != nil {
		t := next.next
		next.next = nil
		return t
	}
	return nil
}

// Stop implements Policy.
func (g *Go) Stop(now int64, core int, t *Task, why Why) { g.cores[core].busy = false }

// Save implements Policy.
func (g *Go) Save() any { return g.clone() }

// Load implements Policy.
func (g *Go) Load(saved any) { *g = *saved.(*Go).clone() }

func (g *Go) clone() *Go {
	c := *g
	c.common, c.idle = g.common.Clone(), g.idle.clone()
	c.cores = make([]goCore, len(g.cores))
	for i := range g.cores {
		o := &g.cores[i]
		c.cores[i] = goCore{o.next, o.queue.Clone(), o.busy}
	}
	return &c
}
