package policy

import "math/bits"

// SJF gives a core to the task whose next burst of computing is the shortest, until it
// waits or ends; among equals to the one that came first. A burst that is not known is
// guessed from the ones before: τ' = α·t + (1-α)·τ, where t is how long the last one
// was and τ what was guessed for it. (Shortest job first; Silberschatz, Galvin and
// Gagne, Operating System Concepts, section 5.3.2.)
type SJF struct {
	called
	guess bool  // even where bursts are given
	alpha int64 // millionths
	tau0  int64

	rows  book[burst]
	ready heap // by what is left
	seq   uint64
	cores cores
	note  func(now int64, n Note)
}

// burst is a task's present burst of computing.
type burst struct {
	length int64  // as given or guessed
	began  int64  // the task's Ran then
	seq    uint64 // the order in which bursts began
	tau    int64  // what is guessed for the next
}

// left is what is left of the burst when the task has run for so long in all.
func (b *burst) left(ran int64) int64 { return max(b.length-(ran-b.began), 0) }

func sjfKind() Kind {
	return Kind{
		Name: "sjf", Help: "shortest job first: the shortest next burst, until it waits or ends", Example: "sjf(bursts=guessed)",
		Params: guessing(),
		make:   func(c called) Policy { return &SJF{called: c} },
	}
}

func guessing() []Param {
	return []Param{
		{Name: "bursts", Kind: Word, Words: []string{"given", "guessed"}, Default: "given", Help: "guessed: from a task's earlier bursts, even where the next is known"},
		{Name: "alpha", Kind: Fraction, Default: "0.5", Help: "how much the last burst counts for the guess"},
		{Name: "tau0", Kind: Time, Default: "10ms", Help: "the guess for a task's first burst"},
	}
}

// Start implements Policy.
func (p *SJF) Start(s Setup) {
	p.guess, p.alpha, p.tau0 = p.is("bursts", "guessed"), p.num("alpha"), p.num("tau0")
	p.rows, p.ready, p.seq, p.cores, p.note = book[burst]{}, nil, 0, freeCores(s.Cores), s.Note
}

// Ready implements Policy.
func (p *SJF) Ready(now int64, t *Task, why Why, by *Task) Look {
	if why > Woken {
		p.push(t)
		return Nobody
	}
	p.begin(now, t)
	p.push(t)
	return p.cores.wake(now)
}

// begin notes a task's new burst.
func (p *SJF) begin(now int64, t *Task) *burst {
	b, isNew := p.rows.of(t)
	if isNew {
		b.tau = p.tau0
	}
	p.seq++
	b.began, b.seq, b.length = t.Ran, p.seq, t.Burst
	if p.guess || t.Burst <= 0 {
		b.length = b.tau
		p.note(now, Note{Task: t, Words: "burst guessed: %d µs", Arg: b.tau / 1000})
	}
	return b
}

func (p *SJF) push(t *Task) {
	b := p.rows.at(t)
	p.ready.push(entry{b.left(t.Ran), b.seq, t})
}

// Pick implements Policy.
func (p *SJF) Pick(now int64, core int) Decision {
	var t *Task
	if len(p.ready) > 0 {
		t = p.ready.pop().task
	}
	p.cores.run(core, t)
	return Decision{Task: t, Look: Nobody}
}

// Stop implements Policy.
func (p *SJF) Stop(now int64, core int, t *Task, why Why) {
	p.cores.leave(core)
	switch why {
	case Ended:
		p.rows.drop(t)
	case Blocked, Outside:
		b := p.rows.at(t)
		b.tau = mixed(p.alpha, t.Ran-b.began, b.tau)
	}
}

// mixed is alpha millionths of a and the rest of b, rounded down.
func mixed(alpha, a, b int64) int64 {
	high, low := bits.Mul64(uint64(alpha), uint64(a))
	more, rest := bits.Mul64(uint64(whole-alpha), uint64(b))
	low, carry := bits.Add64(low, rest, 0)
	n, _ := bits.Div64(high+more+carry, low, whole)
	return int64(n)
}

// Save implements Policy.
func (p *SJF) Save() any { return p.clone() }

// Load implements Policy.
func (p *SJF) Load(saved any) { *p = *saved.(*SJF).clone() }

func (p *SJF) clone() *SJF {
	c := *p
	c.rows, c.ready, c.cores = p.rows.clone(), p.ready.clone(), p.cores.clone()
	return &c
}
