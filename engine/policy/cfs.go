package policy

import "math/bits"

// CFS shares the cores by nice values, after Linux's Completely Fair Scheduler: the
// task with the least virtual runtime runs next, for its share of a period in which
// each has a turn. The period is the latency, or as many times the granularity as tasks
// can run if that is more. A task that was woken is at most half a latency behind the
// others, and takes the core from a task that is ahead of it by more than the wake-up
// granularity. All cores share one queue. (Linux up to 6.5, kernel/sched/fair.c;
// Arpaci-Dusseau, Operating Systems: Three Easy Pieces, section 9.7.)
type CFS struct {
	called
	fair
	latency, granularity, wakeup int64

	tasks, weight int64 // of those that can run
}

func cfsKind() Kind {
	return Kind{
		Name: "cfs", Help: "fair shares by nice values, as Linux's CFS: the least virtual runtime first", Example: "cfs(latency=48ms,granularity=6ms)",
		Params: []Param{
			{Name: "latency", Kind: Time, Default: "6ms", Least: 1000, Most: longest, Help: "the period in which each has a turn"},
			{Name: "granularity", Kind: Time, Default: "750µs", Least: 1000, Most: longest, Help: "what a turn is at least, on average"},
			{Name: "wakeup", Kind: Time, Default: "1ms", Most: longest, Help: "how far behind the running task one must be that takes the core as it wakes"},
		},
		make: func(c called) Policy { return &CFS{called: c} },
	}
}

// longest bounds times that are multiplied: 10 s.
const longest = 10_000_000_000

// Start implements Policy.
func (p *CFS) Start(s Setup) {
	p.latency, p.granularity, p.wakeup = p.num("latency"), p.num("granularity"), p.num("wakeup")
	p.fair, p.tasks, p.weight = newFair(s.Cores), 0, 0
}

// Ready implements Policy.
func (p *CFS) Ready(now int64, t *Task, why Why, by *Task) Look {
	if why > Woken {
		p.push(t)
		return Nobody
	}
	w := weightOf(t.Nice)
	p.come(now, t, w, p.latency/2*(fine/1024))
	p.tasks++
	p.weight += w
	p.push(t)
	if l := p.cores.wake(now); l != Nobody {
		return l
	}
	victim, most := -1, p.rows.at(t).virtual(t.Ran)+p.wakeup*fine/w
	for i := range p.cores {
		if s := &p.cores[i]; s.task != nil && !s.asked {
			if v := p.running(i, now); v > most {
				victim, most = i, v
			}
		}
	}
	if victim < 0 {
		return Nobody
	}
	return p.cores.ask(now, victim)
}

// Pick implements Policy.
func (p *CFS) Pick(now int64, core int) Decision {
	t := p.pick(core)
	if t == nil {
		return Decision{Look: Nobody}
	}
	period := max(p.latency, p.tasks*p.granularity)
	high, low := bits.Mul64(uint64(period*int64(len(p.cores))), uint64(p.rows.at(t).weight))
	turn, _ := bits.Div64(high, low, uint64(p.weight)) // its own weight is in that: the turn is no longer than all of them
	return Decision{Task: t, For: min(max(int64(turn), 1), period), Look: Nobody}
}

// Stop implements Policy.
func (p *CFS) Stop(now int64, core int, t *Task, why Why) {
	if why == Blocked || why == Outside || why == Ended {
		p.tasks--
		p.weight -= p.rows.at(t).weight
	}
	p.stop(now, core, t, why)
}

// Save implements Policy.
func (p *CFS) Save() any { c := *p; c.fair = p.fair.clone(); return &c }

// Load implements Policy.
func (p *CFS) Load(saved any) {
	*p = *saved.(*CFS)
	p.fair = p.fair.clone()
}
