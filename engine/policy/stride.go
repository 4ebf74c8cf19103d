package policy

// Stride gives a core to the task whose pass is the least; a task's pass advances by
// its stride for every slice it runs, in proportion for a part of one, and the stride is
// the shorter the more tickets it has. One that is new begins at the least pass of those
// that can run, and one that comes back is not behind it, so that nobody saves up.
// (Waldspurger and Weihl, Stride Scheduling, MIT/LCS/TM-528, 1995; Arpaci-Dusseau,
// Operating Systems: Three Easy Pieces, chapter 9.)
type Stride struct {
	called
	fair
	q, standard int64
}

func strideKind() Kind {
	return Kind{
		Name: "stride", Help: "exact shares by tickets: the least pass runs, and moves on by its stride", Example: "stride(q=1ms)",
		Params: []Param{quantum("how long a task runs at a time"), ticketsParam()},
		make:   func(c called) Policy { return &Stride{called: c} },
	}
}

// Start implements Policy.
func (p *Stride) Start(s Setup) {
	p.q, p.standard, p.fair = p.slice("q", s), p.num("tickets"), newFair(s.Cores)
}

// Ready implements Policy.
func (p *Stride) Ready(now int64, t *Task, why Why, by *Task) Look {
	if why > Woken {
		p.push(t)
		return Nobody
	}
	p.come(now, t, tickets(t, p.standard), 0)
	p.push(t)
	return p.cores.wake(now)
}

// Pick implements Policy.
func (p *Stride) Pick(now int64, core int) Decision {
	if t := p.pick(core); t != nil {
		return Decision{Task: t, For: p.q, Look: Nobody}
	}
	return Decision{Look: Nobody}
}

// Stop implements Policy.
func (p *Stride) Stop(now int64, core int, t *Task, why Why) { p.stop(now, core, t, why) }

// Save implements Policy.
func (p *Stride) Save() any { c := *p; c.fair = p.fair.clone(); return &c }

// Load implements Policy.
func (p *Stride) Load(saved any) {
	*p = *saved.(*Stride)
	p.fair = p.fair.clone()
}
