package policy

import "slices"

// Lottery draws a ticket for every slice, and the task that holds it runs; a task has
// as many chances as tickets. (Waldspurger and Weihl, Lottery Scheduling, OSDI 1994;
// Arpaci-Dusseau, Operating Systems: Three Easy Pieces, chapter 9.)
type Lottery struct {
	called
	q, standard int64
	rand        Rand
	rows        book[struct{}] // gives each task its place in the pool
	pool        pool
	cores       cores
	note        func(now int64, n Note)
}

func lotteryKind() Kind {
	return Kind{
		Name: "lottery", Help: "a ticket is drawn for every slice: chances by tickets", Example: "lottery(q=1ms)",
		Params: []Param{quantum("how long the winner runs"), ticketsParam()},
		make:   func(c called) Policy { return &Lottery{called: c} },
	}
}

func ticketsParam() Param {
	return Param{Name: "tickets", Kind: Number, Default: "100", Least: 1, Most: mostTickets, Help: "of a task that was given none"}
}

// mostTickets bounds the tickets of a task.
const mostTickets = 1_000_000

// tickets is how many a task has.
func tickets(t *Task, standard int64) int64 {
	if t.Tickets > 0 {
		return min(int64(t.Tickets), mostTickets)
	}
	return standard
}

// Start implements Policy.
func (p *Lottery) Start(s Setup) {
	p.q, p.standard, p.rand = p.slice("q", s), p.num("tickets"), NewRand(s.Seed, policyStream)
	p.rows, p.pool, p.cores, p.note = book[struct{}]{}, pool{}, freeCores(s.Cores), s.Note
}

// Ready implements Policy.
func (p *Lottery) Ready(now int64, t *Task, why Why, by *Task) Look {
	p.rows.of(t)
	p.pool.put(t, tickets(t, p.standard))
	if why > Woken {
		return Nobody
	}
	return p.cores.wake(now)
}

// Pick implements Policy.
func (p *Lottery) Pick(now int64, core int) Decision {
	if p.pool.total == 0 {
		p.cores.run(core, nil)
		return Decision{Look: Nobody}
	}
	number := int64(p.rand.Uint64() % uint64(p.pool.total))
	among := p.pool.total
	t := p.pool.take(number)
	if p.pool.total > 0 {
		p.note(now, Note{Task: t, Words: "drew ticket %d", Arg: number})
		p.note(now, Note{Task: t, Words: "of %d tickets", Arg: among})
	}
	p.cores.run(core, t)
	return Decision{Task: t, For: p.q, Look: Nobody}
}

// Stop implements Policy.
func (p *Lottery) Stop(now int64, core int, t *Task, why Why) {
	p.cores.leave(core)
	if why == Ended {
		p.rows.drop(t)
	}
}

// Save implements Policy.
func (p *Lottery) Save() any { return p.clone() }

// Load implements Policy.
func (p *Lottery) Load(saved any) { *p = *saved.(*Lottery).clone() }

func (p *Lottery) clone() *Lottery {
	c := *p
	c.rows, c.pool, c.cores = p.rows.clone(), p.pool.clone(), p.cores.clone()
	return &c
}

// pool is the tickets of the ready tasks, in the order of their slots: sums over
// powers of two of them find a ticket's holder in O(log n). (Fenwick, A new data
// structure for cumulative frequency tables, 1994.)
type pool struct {
	sums  []int64 // sums[i] is of the i&-i places up to place i, from 1
	tasks []*Task // by slot
	held  []int64 // tickets by slot
	total int64
}

func (p *pool) put(t *Task, n int64) {
	if slot := int(t.slot); slot >= len(p.tasks) {
		p.grow(slot + 1)
	}
	p.tasks[t.slot], p.held[t.slot] = t, n
	p.add(int(t.slot), n)
}

func (p *pool) add(slot int, n int64) {
	p.total += n
	for i := slot + 1; i < len(p.sums); i += i & -i {
		p.sums[i] += n
	}
}

// grow makes room for n places; their number is a power of two.
func (p *pool) grow(n int) {
	size := max(len(p.tasks), 16)
	for size < n {
		size *= 2
	}
	held := p.held
	p.tasks = append(p.tasks, make([]*Task, size-len(p.tasks))...)
	p.held, p.sums, p.total = make([]int64, size), make([]int64, size+1), 0
	copy(p.held, held)
	for slot, n := range held {
		if n > 0 {
			p.add(slot, n)
		}
	}
}

// take takes out the task that holds a ticket, a number below total.
func (p *pool) take(number int64) *Task {
	at := 0
	for step := len(p.tasks); step > 0; step /= 2 {
		if next := at + step; next < len(p.sums) && p.sums[next] <= number {
			at, number = next, number-p.sums[next]
		}
	}
	t := p.tasks[at]
	p.add(at, -p.held[at])
	p.tasks[at], p.held[at] = nil, 0
	return t
}

func (p *pool) clone() pool {
	return pool{slices.Clone(p.sums), slices.Clone(p.tasks), slices.Clone(p.held), p.total}
}
