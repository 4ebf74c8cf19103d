package policy

// EEVDF shares the cores by nice values with earliest eligible virtual deadlines first.
// Virtual time goes on for all at the rate of one over the sum of the weights; a task's
// lag is its weight times how far its own virtual time is behind. It asks for slices:
// a request's virtual deadline is where it began plus slice/weight. Of the tasks that
// are eligible, those whose lag is not negative, the one with the earliest deadline runs
// its request to the end. A task that waits keeps its lag, up to two slices. All cores
// share one queue. (Stoica and Abdel-Wahab, Earliest Eligible Virtual Deadline First,
// Old Dominion University TR-95-22, 1995; Linux from 6.6 on, kernel/sched/fair.c.)
type EEVDF struct {
	called
	request int64
	preempt bool

	rows   book[claim]
	early  heap // of the ready tasks, by deadline: those that were eligible when looked at
	late   heap // by virtual time: those that were not
	seq    uint64
	base   int64 // virtual time is base + sum/weight, see fine
	sum    int64 // of each runnable task's weight times its virtual time beyond base
	weight int64
	cores  cores
	note   func(now int64, n Note)
}

// claim is what is known of a task.
type claim struct {
	share
	deadline int64
	end      int64 // the task's Ran when its request is done
	lag      int64 // while it waits: how far it was behind virtual time
	seq      uint64
	counted  int64 // its virtual time in sum
}

// perMicro is the virtual time that makes a µs of a task of weight 1024.
const perMicro = fine / 1024 * 1000

func eevdfKind() Kind {
	return Kind{
		Name: "eevdf", Help: "fair shares by nice values, as Linux since 6.6: the earliest virtual deadline of those with lag", Example: "eevdf(slice=10ms)",
		Params: []Param{
			{Name: "slice", Kind: Time, Default: "3ms", Least: 1000, Most: longest, Help: "how long a request is", Shown: true},
			{Name: "preempt", Kind: Word, Words: []string{"off", "on"}, Default: "off", Help: "on: one with an earlier deadline takes the core as it wakes"},
		},
		make: func(c called) Policy { return &EEVDF{called: c} },
	}
}

// Start implements Policy.
func (p *EEVDF) Start(s Setup) {
	p.request, p.preempt = p.num("slice"), p.is("preempt", "on")
	p.rows, p.early, p.late, p.seq, p.cores, p.note = book[claim]{}, nil, nil, 0, freeCores(s.Cores), s.Note
	p.base, p.sum, p.weight = 0, 0, 0
}

// virtual is the virtual time now: the average of those that can run, by weight.
func (p *EEVDF) virtual(now int64) int64 {
	if p.weight == 0 {
		return p.base
	}
	sum := p.sum
	for i := range p.cores {
		if s := &p.cores[i]; s.task != nil {
			c := p.rows.at(s.task)
			sum += c.weight * (c.virtual(s.ran+p.cores.had(i, now)) - c.counted)
		}
	}
	v := sum / p.weight
	if sum%p.weight < 0 { // rounded down
		v--
	}
	p.base += v
	p.sum -= v * p.weight
	return p.base
}

// ask makes a task's next request, which begins at its own virtual time v.
func (p *EEVDF) ask(c *claim, v, ran int64) {
	p.seq++
	c.seq = p.seq
	c.deadline, c.end = v+p.request*fine/c.weight, ran+p.request
}

// Ready implements Policy.
func (p *EEVDF) Ready(now int64, t *Task, why Why, by *Task) Look {
	v := p.virtual(now)
	if why > Woken {
		p.push(now, t, v)
		return Nobody
	}
	c, _ := p.rows.of(t)
	w := weightOf(t.Nice)
	at := v
	if p.weight > 0 {
		// Its coming moves virtual time; so that its lag is afterwards what it was, it
		// comes that much farther off.
		at -= c.lag + c.lag*w/p.weight
	}
	c.share, c.counted = share{at, t.Ran, w}, at
	p.sum += w * (at - p.base)
	p.weight += w
	p.ask(c, at, t.Ran)
	v = p.virtual(now)
	p.push(now, t, v)
	if l := p.cores.wake(now); l != Nobody || !p.preempt || at > v {
		return l
	}
	victim, latest := -1, c.deadline
	for i := range p.cores {
		if s := &p.cores[i]; s.task != nil && !s.asked {
			if d := p.rows.at(s.task).deadline; d > latest {
				victim, latest = i, d
			}
		}
	}
	if victim < 0 {
		return Nobody
	}
	return p.cores.ask(now, victim)
}

// push adds a ready task; v is the virtual time now.
func (p *EEVDF) push(now int64, t *Task, v int64) {
	c := p.rows.at(t)
	if c.counted <= v {
		p.early.push(entry{c.deadline, c.seq, t})
		return
	}
	p.late.push(entry{c.counted, c.seq, t})
	p.note(now, Note{Task: t, Words: "eligible from virtual time %d µs", Arg: c.counted / perMicro})
}

// Pick implements Policy.
func (p *EEVDF) Pick(now int64, core int) Decision {
	t := p.first(p.virtual(now))
	p.cores.run(core, t)
	if t == nil {
		return Decision{Look: Nobody}
	}
	c := p.rows.at(t)
	if len(p.early)+len(p.late) > 0 {
		p.note(now, Note{Task: t, Words: "virtual deadline %d µs", Arg: c.deadline / perMicro})
	}
	return Decision{Task: t, For: c.end - t.Ran, Look: Nobody}
}

// first takes the task with the earliest deadline of those that are eligible at
// virtual time v. Virtual time may have gone back since they were sorted.
func (p *EEVDF) first(v int64) *Task {
	for len(p.late) > 0 && p.late[0].key <= v {
		t := p.late.pop().task
		c := p.rows.at(t)
		p.early.push(entry{c.deadline, c.seq, t})
	}
	for len(p.early) > 0 {
		t := p.early.pop().task
		c := p.rows.at(t)
		if c.counted <= v {
			return t
		}
		p.late.push(entry{c.counted, c.seq, t})
	}
	if len(p.late) > 0 { // all that are eligible run on other cores
		return p.late.pop().task
	}
	return nil
}

// Stop implements Policy.
func (p *EEVDF) Stop(now int64, core int, t *Task, why Why) {
	p.cores.leave(core)
	c := p.rows.at(t)
	c.renew(t.Ran)
	own := c.virtual(t.Ran)
	p.sum += c.weight * (own - c.counted)
	c.counted = own
	switch why {
	case Yielded:
		p.seq++
		c.seq = p.seq
		c.deadline, c.end = c.deadline+p.request*fine/c.weight, t.Ran+p.request
		return
	case Expired, Preempted:
		if t.Ran >= c.end {
			p.ask(c, own, t.Ran)
		}
		return
	}
	v := p.virtual(now)
	most := 2 * p.request * fine / c.weight
	c.lag = min(max(v-own, -most), most)
	if why != Ended {
		p.note(now, Note{Task: t, Words: "lag as it waits %d µs", Arg: c.weight * c.lag / fine / 1000})
	}
	p.sum -= c.weight * (own - p.base)
	p.weight -= c.weight
	if why == Ended {
		p.rows.drop(t)
	}
}

// Save implements Policy.
func (p *EEVDF) Save() any { return p.clone() }

// Load implements Policy.
func (p *EEVDF) Load(saved any) { *p = *saved.(*EEVDF).clone() }

func (p *EEVDF) clone() *EEVDF {
	c := *p
	c.rows, c.early, c.late, c.cores = p.rows.clone(), p.early.clone(), p.late.clone(), p.cores.clone()
	return &c
}
