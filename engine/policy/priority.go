package policy

import "slices"

// Priority gives a core to the ready task of the highest priority; among equals to the
// one that came first, or in turns of a quantum. With aging, a task's priority rises by
// one for every so long that it waits; it keeps what it reached until it leaves its
// core. One that is preempted goes back to the head of those of its priority, but to
// their end where they take turns or age. (Silberschatz, Galvin and Gagne, Operating System Concepts, section 5.3.4.)
type Priority struct {
	called
	preemptive bool
	low        bool // the lower number is the higher priority
	aging, q   int64

	rows    book[rank]
	waiting []class // by rising priority; none is empty
	spare   []Queue
	cores   cores
	note    func(now int64, n Note)
}

// class is the ready tasks that had the same priority when they began to wait, those
// that began first at the head.
type class struct {
	priority int64
	queue    Queue
}

// rank is what is known of a task.
type rank struct {
	priority int64 // when it became ready
	level    int64 // the priority that it has on a core
	turn     int64 // what is left of its quantum
}

func priorityKind() Kind {
	return Kind{
		Name: "priority", Help: "the highest priority first", Example: "priority(aging=100ms,q=4ms)",
		Params: []Param{
			{Name: "preemptive", Kind: Word, Words: []string{"on", "off"}, Default: "on", Help: "off: a task keeps its core until it waits or ends"},
			{Name: "first", Kind: Word, Words: []string{"high", "low"}, Default: "high", Help: "low: the lower number is the higher priority"},
			{Name: "aging", Kind: Time, Default: "0", Help: "after so long in waiting a task's priority has risen by one; 0: it never does"},
			{Name: "q", Kind: Time, Default: "0", Help: "tasks of equal priority take turns of so long; 0: they do not"},
		},
		make: func(c called) Policy { return &Priority{called: c} },
	}
}

// Start implements Policy.
func (p *Priority) Start(s Setup) {
	p.preemptive, p.low, p.aging, p.q = p.is("preemptive", "on"), p.is("first", "low"), p.num("aging"), p.num("q")
	p.rows, p.waiting, p.spare, p.cores, p.note = book[rank]{}, nil, nil, freeCores(s.Cores), s.Note
}

// Ready implements Policy.
func (p *Priority) Ready(now int64, t *Task, why Why, by *Task) Look {
	r, _ := p.rows.of(t)
	r.priority = int64(t.Priority)
	if p.low {
		r.priority = -r.priority
	}
	if why == Expired || why == Preempted {
		p.cores.hold(t)
		return Nobody
	}
	r.turn = p.q
	p.push(t, r.priority, false)
	if why > Woken {
		return Nobody
	}
	if l := p.cores.wake(now); l != Nobody || !p.preemptive {
		return l
	}
	core, level := p.lowest()
	switch {
	case core < 0:
		return Nobody
	case r.priority > level:
		return p.cores.ask(now, core)
	case p.aging > 0:
		return Look{core, p.reaches(t, r.priority, level+1)}
	}
	return Nobody
}

// lowest is the core whose task has the lowest priority, of those that were not told
// to look again; -1: none.
func (p *Priority) lowest() (core int, level int64) {
	core = -1
	for i := range p.cores {
		if s := &p.cores[i]; s.task != nil && !s.asked {
			if l := p.rows.at(s.task).level; core < 0 || l < level {
				core, level = i, l
			}
		}
	}
	return core, level
}

// reaches is when a waiting task has a level.
func (p *Priority) reaches(t *Task, priority, level int64) int64 {
	return t.Since + (level-priority)*p.aging
}

// push puts a task at one end of its class.
func (p *Priority) push(t *Task, priority int64, front bool) {
	i, found := slices.BinarySearchFunc(p.waiting, priority, func(c class, n int64) int {
		switch {
		case c.priority < n:
			return -1
		case c.priority > n:
			return 1
		}
		return 0
	})
	if !found {
		var q Queue
		if n := len(p.spare); n > 0 {
			q, p.spare = p.spare[n-1], p.spare[:n-1]
		}
		p.waiting = slices.Insert(p.waiting, i, class{priority, q})
	}
	if front {
		p.waiting[i].queue.PushFront(t)
	} else {
		p.waiting[i].queue.Push(t)
	}
}

// best is the class whose first task has the highest priority by now; among equals
// the task that has waited for longest. -1: none waits.
func (p *Priority) best(now int64) (at int, level int64) {
	at = len(p.waiting) - 1
	if at < 0 {
		return -1, 0
	}
	level = p.waiting[at].priority
	if p.aging == 0 {
		return at, level
	}
	at = -1
	var since int64
	for i := range p.waiting {
		c := &p.waiting[i]
		t := c.queue.At(0)
		l := c.priority + (now-t.Since)/p.aging
		if at < 0 || l > level || l == level && t.Since < since {
			at, level, since = i, l, t.Since
		}
	}
	return at, level
}

func (p *Priority) pop(at int) *Task {
	q := &p.waiting[at].queue
	t := q.Pop()
	if q.Len() == 0 {
		p.spare = append(p.spare, *q)
		p.waiting = slices.Delete(p.waiting, at, at+1)
	}
	return t
}

// Pick implements Policy.
func (p *Priority) Pick(now int64, core int) Decision {
	t := p.cores.held(core)
	at, level := p.best(now)
	switch {
	case t != nil:
		r := p.rows.at(t)
		over := p.q > 0 && r.turn <= 0
		if over {
			r.turn = p.q
		}
		if at >= 0 && (level > r.level && p.preemptive || level >= r.level && over) {
			other := p.pop(at)
			p.push(t, r.priority, p.q == 0 && p.aging == 0)
			t = other
			p.take(now, t, level)
		}
	case at >= 0:
		t = p.pop(at)
		p.take(now, t, level)
	}
	p.cores.run(core, t)
	if t == nil {
		return Decision{Look: Nobody}
	}
	d := Decision{Task: t, Look: Nobody}
	if p.q > 0 {
		d.For = p.rows.at(t).turn
	}
	if p.aging > 0 && p.preemptive {
		p.guard(now, core, &d)
	}
	return d
}

func (p *Priority) take(now int64, t *Task, level int64) {
	r := p.rows.at(t)
	r.level = level
	if level > r.priority {
		p.note(now, Note{Task: t, Words: "priority risen by %d by waiting", Arg: level - r.priority})
	}
}

// guard has the core whose task has the lowest priority look again when the first
// of those that wait has overtaken it.
func (p *Priority) guard(now int64, core int, d *Decision) {
	victim, level := p.lowest()
	if victim < 0 {
		return
	}
	soonest := int64(-1)
	for i := range p.waiting {
		c := &p.waiting[i]
		if at := p.reaches(c.queue.At(0), c.priority, level+1); soonest < 0 || at < soonest {
			soonest = at
		}
	}
	switch {
	case soonest < 0:
	case victim != core:
		d.Look = Look{victim, max(soonest, now)}
	case d.For == 0 || soonest-now < d.For:
		d.For = max(soonest-now, 1)
	}
}

// Stop implements Policy.
func (p *Priority) Stop(now int64, core int, t *Task, why Why) {
	ran := p.cores.leave(core)
	if why == Ended {
		p.rows.drop(t)
		return
	}
	p.rows.at(t).turn -= ran
}

// Save implements Policy.
func (p *Priority) Save() any { return p.clone() }

// Load implements Policy.
func (p *Priority) Load(saved any) { *p = *saved.(*Priority).clone() }

func (p *Priority) clone() *Priority {
	c := *p
	c.rows, c.spare, c.cores = p.rows.clone(), nil, p.cores.clone()
	c.waiting = make([]class, len(p.waiting))
	for i := range p.waiting {
		c.waiting[i] = class{p.waiting[i].priority, p.waiting[i].queue.Clone()}
	}
	return &c
}
