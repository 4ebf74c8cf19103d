package policy

// Multi is a queue for each core, with round robin in each: a task stays with its core,
// whose caches know it. Going to another core costs the migration delay. A core that has
// nothing may steal the task that has waited for longest in the longest queue, and every
// so often queues are evened out. (Multi-queue multiprocessor scheduling;
// Arpaci-Dusseau, Operating Systems: Three Easy Pieces, chapter 10.)
type Multi struct {
	called
	q, migration, balance int64
	steal                 bool

	queues  []Queue
	waiting int   // tasks in all queues
	due     int64 // of the next balancing
	cores   cores
	note    func(now int64, n Note)
}

func multiKind() Kind {
	return Kind{
		Name: "multi", Help: "a round robin for each core; tasks move where another core has nothing, at a cost", Example: "multi(q=4ms,steal=off)",
		Params: []Param{
			quantum("how long a task runs until it is another's turn"),
			{Name: "migration", Kind: Time, Default: "50µs", Help: "what it costs to go to another core: its caches are cold"},
			{Name: "steal", Kind: Word, Words: []string{"on", "off"}, Default: "on", Help: "whether a core that has nothing takes tasks of others"},
			{Name: "balance", Kind: Time, Default: "100ms", Help: "how often queues are evened out; 0: never"},
		},
		make: func(c called) Policy { return &Multi{called: c} },
	}
}

// Start implements Policy.
func (p *Multi) Start(s Setup) {
	p.q, p.migration, p.balance, p.steal = p.slice("q", s), p.num("migration"), p.num("balance"), p.is("steal", "on")
	p.queues, p.waiting, p.cores, p.note = make([]Queue, s.Cores), 0, freeCores(s.Cores), s.Note
	p.due = s.Now + p.balance
}

// load is how many tasks a core has.
func (p *Multi) load(core int) int {
	n := p.queues[core].Len()
	if p.cores[core].task != nil {
		n++
	}
	return n
}

// Ready implements Policy.
func (p *Multi) Ready(now int64, t *Task, why Why, by *Task) Look {
	home := t.Core
	if home < 0 || home >= len(p.queues) { // a new one goes where the fewest are
		home = 0
		for i := range p.queues {
			if p.load(i) < p.load(home) {
				home = i
			}
		}
	}
	p.queues[home].Push(t)
	p.waiting++
	if why > Woken {
		return Nobody
	}
	if s := &p.cores[home]; s.idle {
		s.idle = false
		return Look{home, now}
	}
	if p.steal {
		return p.cores.wake(now)
	}
	return p.waitForBalance(now)
}

// waitForBalance has an idle core look when queues are next evened out.
func (p *Multi) waitForBalance(now int64) Look {
	if p.balance > 0 {
		for i := range p.cores {
			if p.cores[i].idle {
				return Look{i, max(p.due, now)}
			}
		}
	}
	return Nobody
}

// even evens the queues out, when it is due: from the most loaded to the least loaded,
// until they differ by one at most.
func (p *Multi) even(now int64) {
	if p.balance == 0 || now < p.due {
		return
	}
	p.due = now - (now-p.due)%p.balance + p.balance
	for {
		least, most := 0, 0
		for i := range p.queues {
			if p.load(i) < p.load(least) {
				least = i
			}
			if p.load(i) > p.load(most) {
				most = i
			}
		}
		if p.load(most)-p.load(least) < 2 || p.queues[most].Len() == 0 {
			return
		}
		t := p.queues[most].Pop() // of its tasks it is the longest ago that it ran
		p.queues[least].Push(t)
		p.note(now, Note{Task: t, Words: "balanced to core %d", Arg: int64(least)})
	}
}

// Pick implements Policy.
func (p *Multi) Pick(now int64, core int) Decision {
	p.cores[core].task = nil
	p.even(now)
	t := p.queues[core].Pop()
	if t == nil && p.steal {
		longest := core
		for i := range p.queues {
			if p.queues[i].Len() > p.queues[longest].Len() {
				longest = i
			}
		}
		if t = p.queues[longest].Pop(); t != nil {
			p.note(now, Note{Task: t, Words: "stolen from core %d", Arg: int64(longest)})
		}
	}
	p.cores.run(core, t)
	d := Decision{Task: t, Look: Nobody}
	switch {
	case t != nil:
		p.waiting--
		d.For = p.q
		if t.Core >= 0 && t.Core != core {
			d.Delay = p.migration
		}
	case p.balance > 0 && p.waiting > 0:
		d.For = max(p.due-now, 1)
	}
	for i := range p.cores { // one that balancing gave a task
		if s := &p.cores[i]; s.idle && p.queues[i].Len() > 0 {
			s.idle = false
			d.Look = Look{i, now}
			break
		}
	}
	return d
}

// Stop implements Policy.
func (p *Multi) Stop(now int64, core int, t *Task, why Why) { p.cores.leave(core) }

// Save implements Policy.
func (p *Multi) Save() any { return p.clone() }

// Load implements Policy.
func (p *Multi) Load(saved any) { *p = *saved.(*Multi).clone() }

func (p *Multi) clone() *Multi {
	c := *p
	c.cores, c.queues = p.cores.clone(), make([]Queue, len(p.queues))
	for i := range p.queues {
		c.queues[i] = p.queues[i].Clone()
	}
	return &c
}
