package policy

// MLFQ is the multi-level feedback queue. Its rules:
//
//  1. A task of a higher queue runs before one of a lower.
//  2. Tasks of one queue take turns of that queue's quantum.
//  3. A new task enters the top queue.
//  4. A task that has used up its allotment in a queue, in however many bursts, goes
//     to the next lower one.
//  5. Every so often all tasks go to the top queue.
//
// Queues are numbered from 0, the lowest. One that is preempted stays at the head of
// its queue with the rest of its turn. (Arpaci-Dusseau, Operating Systems: Three Easy
// Pieces, chapter 8; Corbató et al. 1962.)
type MLFQ struct {
	called
	q, allotment []int64 // by depth: 0 is the top
	boost        int64
	boosted      int64 // when the last boost was due, or when it all began
	boosts       int

	rows   book[feedback]
	queues []Queue // by depth
	cores  cores
	note   func(now int64, n Note)
}

// feedback is what is known of a task.
type feedback struct {
	depth  int
	used   int64 // of its allotment in this queue
	turn   int64 // what is left of its quantum
	boosts int   // that it has seen
	last   bool  // its next place is at the end of its queue
}

func mlfqKind() Kind {
	return Kind{
		Name: "mlfq", Help: "multi-level feedback queue: who computes much sinks, a boost lifts all", Example: "mlfq(queues=3,q=10ms/20ms/40ms,boost=100ms)",
		Params: []Param{
			{Name: "queues", Kind: Number, Default: "3", Least: 1, Most: 64, Help: "how many", Shown: true},
			{Name: "q", Kind: Times, Default: "10ms", Least: 1000, Help: "the quantum of each queue, the top one's first; the last holds for those below", Shown: true},
			{Name: "allotment", Kind: Times, Default: "0", Help: "core time until a task sinks, likewise; 0: one quantum"},
			{Name: "boost", Kind: Time, Default: "1s", Help: "how often all rise to the top queue; 0: never", Shown: true},
		},
		make: func(c called) Policy { return &MLFQ{called: c} },
	}
}

// Start implements Policy.
func (p *MLFQ) Start(s Setup) {
	n := int(p.num("queues"))
	p.q, p.allotment = make([]int64, n), make([]int64, n)
	q, a := p.list("q"), p.list("allotment")
	for i := range n {
		p.q[i] = q[min(i, len(q)-1)]
		if p.allotment[i] = a[min(i, len(a)-1)]; p.allotment[i] == 0 {
			p.allotment[i] = p.q[i]
		}
	}
	p.boost, p.boosted, p.boosts = p.num("boost"), s.Now, 0
	p.rows, p.queues, p.cores, p.note = book[feedback]{}, make([]Queue, n), freeCores(s.Cores), s.Note
}

// rise does a boost that is due.
func (p *MLFQ) rise(now int64) {
	if p.boost == 0 || now-p.boosted < p.boost {
		return
	}
	p.boosted = now - (now-p.boosted)%p.boost
	p.boosts++
	p.note(now, Note{Words: "boost: all to queue %d", Arg: p.number(0)})
	for i := range p.queues[1:] {
		for q := &p.queues[1+i]; q.Len() > 0; {
			p.queues[0].Push(q.Pop())
		}
	}
}

// number is what a user calls the queue of a depth.
func (p *MLFQ) number(depth int) int64 { return int64(len(p.queues) - 1 - depth) }

// see does to a task what boosts since its last change have done.
func (p *MLFQ) see(f *feedback) {
	if f.boosts != p.boosts {
		*f = feedback{turn: p.q[0], boosts: p.boosts, last: true}
	}
}

// Ready implements Policy.
func (p *MLFQ) Ready(now int64, t *Task, why Why, by *Task) Look {
	p.rise(now)
	f, isNew := p.rows.of(t)
	if isNew {
		*f = feedback{turn: p.q[0], boosts: p.boosts, last: true}
	}
	p.see(f)
	if f.last {
		p.queues[f.depth].Push(t)
	} else {
		p.queues[f.depth].PushFront(t)
	}
	if why > Woken {
		return Nobody
	}
	if l := p.cores.wake(now); l != Nobody {
		return l
	}
	victim, depth := -1, f.depth
	for i := range p.cores {
		if s := &p.cores[i]; s.task != nil && !s.asked {
			if o := p.rows.at(s.task); o.boosts == p.boosts && o.depth > depth {
				victim, depth = i, o.depth
			}
		}
	}
	if victim < 0 {
		return Nobody
	}
	return p.cores.ask(now, victim)
}

// Pick implements Policy.
func (p *MLFQ) Pick(now int64, core int) Decision {
	p.rise(now)
	var t *Task
	for i := range p.queues {
		if t = p.queues[i].Pop(); t != nil {
			break
		}
	}
	p.cores.run(core, t)
	if t == nil {
		return Decision{Look: Nobody}
	}
	f := p.rows.at(t)
	p.see(f)
	d := Decision{Task: t, For: f.turn, Look: Nobody}
	if f.depth < len(p.queues)-1 {
		d.For = min(d.For, p.allotment[f.depth]-f.used)
	}
	if p.boost > 0 {
		d.For = min(d.For, p.boosted+p.boost-now)
	}
	return d
}

// Stop implements Policy.
func (p *MLFQ) Stop(now int64, core int, t *Task, why Why) {
	p.rise(now)
	ran := p.cores.leave(core)
	if why == Ended {
		p.rows.drop(t)
		return
	}
	f := p.rows.at(t)
	if f.boosts != p.boosts { // what it did before the boost counts no more
		p.see(f)
		return
	}
	f.used, f.turn, f.last = f.used+ran, f.turn-ran, why != Preempted && why != Expired
	switch {
	case f.depth < len(p.queues)-1 && f.used >= p.allotment[f.depth]:
		f.depth++
		f.used, f.turn, f.last = 0, p.q[f.depth], true
		p.note(now, Note{Task: t, Words: "to queue %d", Arg: p.number(f.depth)})
	case f.turn <= 0 || f.last:
		f.turn, f.last = p.q[f.depth], true
	}
}

// Save implements Policy.
func (p *MLFQ) Save() any { return p.clone() }

// Load implements Policy.
func (p *MLFQ) Load(saved any) { *p = *saved.(*MLFQ).clone() }

func (p *MLFQ) clone() *MLFQ {
	c := *p
	c.rows, c.cores, c.queues = p.rows.clone(), p.cores.clone(), make([]Queue, len(p.queues))
	for i := range p.queues {
		c.queues[i] = p.queues[i].Clone()
	}
	return &c
}
