package policy

// SRTF gives the cores to the tasks whose bursts have the least left, at every moment:
// one that becomes ready with less takes the core. (Shortest remaining time first, or
// shortest time-to-completion first; Silberschatz, Galvin and Gagne, Operating System
// Concepts, section 5.3.2; Arpaci-Dusseau, Operating Systems: Three Easy Pieces,
// section 7.5.)
type SRTF struct{ SJF }

func srtfKind() Kind {
	return Kind{
		Name: "srtf", Help: "shortest remaining time first: whose burst has the least left, at every moment", Example: "srtf(bursts=guessed,alpha=0.25)",
		Params: guessing(),
		make:   func(c called) Policy { return &SRTF{SJF{called: c}} },
	}
}

// Ready implements Policy.
func (p *SRTF) Ready(now int64, t *Task, why Why, by *Task) Look {
	if why == Preempted {
		p.cores.hold(t)
		return Nobody
	}
	l := p.SJF.Ready(now, t, why, by)
	if why > Woken || l != Nobody {
		return l
	}
	victim, most := -1, p.rows.at(t).left(t.Ran)
	for i := range p.cores {
		s := &p.cores[i]
		if s.task == nil || s.asked {
			continue
		}
		if left := p.rows.at(s.task).left(s.ran + p.cores.had(i, now)); left > most {
			victim, most = i, left
		}
	}
	if victim < 0 {
		return Nobody
	}
	return p.cores.ask(now, victim)
}

// Pick implements Policy: only one with less takes the core from the task that had it.
func (p *SRTF) Pick(now int64, core int) Decision {
	if t := p.cores.held(core); t != nil {
		if len(p.ready) == 0 || p.ready[0].key >= p.rows.at(t).left(t.Ran) {
			p.cores.run(core, t)
			return Decision{Task: t, Look: Nobody}
		}
		p.push(t)
	}
	return p.SJF.Pick(now, core)
}

// Save implements Policy.
func (p *SRTF) Save() any { return p.clone() }

// Load implements Policy.
func (p *SRTF) Load(saved any) { p.SJF = *saved.(*SJF).clone() }
