package policy

// fair is what stride scheduling and CFS have in common: each task has a virtual
// time that runs the slower the greater its weight, and the one that is the furthest
// behind runs next.
type fair struct {
	rows  book[share]
	ready heap // by virtual time
	seq   uint64
	floor int64 // no task that comes starts earlier; it never falls
	cores cores
}

// share is a task's virtual time: base, and what it ran since then by its weight. It
// is not added up in steps, so that it does not matter how often it was asked for.
type share struct {
	base   int64
	ran    int64 // the task's Ran at base
	weight int64
}

// fine is how fine virtual time is: a task of weight 1 moves on by so much in a ns.
const fine = 1 << 16

// virtual is the virtual time when the task has run for so long in all.
func (s *share) virtual(ran int64) int64 { return s.base + (ran-s.ran)*fine/s.weight }

// renew begins the account anew before its numbers grow too large, at a task's Stop.
func (s *share) renew(ran int64) {
	if ran-s.ran > 1<<40 { // 18 minutes
		s.base, s.ran = s.virtual(ran), ran
	}
}

func newFair(n int) fair { return fair{cores: freeCores(n)} }

// running is the virtual time of a core's task at this moment.
func (f *fair) running(core int, now int64) int64 {
	s := &f.cores[core]
	return f.rows.at(s.task).virtual(s.ran + f.cores.had(core, now))
}

// least is the virtual time of the task that is the furthest behind.
func (f *fair) least(now int64) (least int64, some bool) {
	if some = len(f.ready) > 0; some {
		least = f.ready[0].key
	}
	for i := range f.cores {
		if f.cores[i].task != nil {
			if v := f.running(i, now); !some || v < least {
				least, some = v, true
			}
		}
	}
	return least, some
}

// come gives a task that is new, or comes back, its place in virtual time: where it
// was, but no more than credit behind the floor; a new one at the floor.
func (f *fair) come(now int64, t *Task, weight, credit int64) {
	if least, some := f.least(now); some {
		f.floor = max(f.floor, least)
	}
	s, isNew := f.rows.of(t)
	base := f.floor
	if !isNew {
		base = max(s.virtual(t.Ran), f.floor-credit)
	}
	*s = share{base, t.Ran, weight}
}

// push adds a ready task; among equals the first that came is the first.
func (f *fair) push(t *Task) {
	f.seq++
	f.ready.push(entry{f.rows.at(t).virtual(t.Ran), f.seq, t})
}

// pick gives a core the task that is the furthest behind.
func (f *fair) pick(core int) *Task {
	var t *Task
	if len(f.ready) > 0 {
		t = f.ready.pop().task
	}
	f.cores.run(core, t)
	return t
}

// stop takes a task off its core.
func (f *fair) stop(now int64, core int, t *Task, why Why) {
	f.cores.leave(core)
	s := f.rows.at(t)
	s.renew(t.Ran)
	v := s.virtual(t.Ran)
	if least, some := f.least(now); some {
		v = min(v, least)
	}
	f.floor = max(f.floor, v)
	if why == Ended {
		f.rows.drop(t)
	}
}

func (f *fair) clone() fair {
	c := *f
	c.rows, c.ready, c.cores = f.rows.clone(), f.ready.clone(), f.cores.clone()
	return c
}
