package machine

import "interleave/engine/memory"

// bus is the one way to memory that all cores share, as far as tasks stream over it;
// with caches it is theirs. What tasks had of it is kept for the trace.
type bus struct {
	free int64 // when it is
	uses map[*Task]*memory.Counts
}

// busPiece is how long a task that streams has the bus at a time, in ns: others that
// want it come between, first come first served.
const busPiece = 10_000

// Stream has the running task read memory for ns, over the bus that all cores share: it
// takes as long while nobody else wants the bus. The core stands still for the task, and
// nobody else can have it but by a policy that takes it. The caller returns the status.
func (x *Exec) Stream(ns int64) Status {
	if ns <= 0 {
		return Next
	}
	if !x.InOrder() {
		return Again
	}
	return x.stream(ns)
}

func (x *Exec) stream(ns int64) Status {
	m, t := x.M, x.T
	piece := min(ns, busPiece)
	wait := m.reserve(piece)
	n := m.bus.uses[t]
	if n == nil {
		n = &memory.Counts{}
		if m.bus.uses == nil {
			m.bus.uses = map[*Task]*memory.Counts{}
		}
		m.bus.uses[t] = n
	}
	was := *n
	m.OnRestore(func() { *n = was })
	n.Stall += wait + piece
	n.BusWait += wait
	t.work = wait + piece
	if rest := ns - piece; rest > 0 {
		x.Then(func(x *Exec) Status { return x.streamOn(rest) })
	}
	return Parked
}

// streamOn goes on in order of time.
func (x *Exec) streamOn(ns int64) Status {
	if !x.InOrder() {
		x.Then(func(x *Exec) Status { return x.streamOn(ns) })
		return Again
	}
	return x.stream(ns)
}

// reserve takes the bus for ns as soon as it is free, and gives the time until then.
func (m *Machine) reserve(ns int64) (wait int64) {
	if m.cached != nil {
		return m.cached.system.Reserve(m.Now(), ns)
	}
	was := m.bus.free
	m.OnRestore(func() { m.bus.free = was })
	wait = max(was-m.Now(), 0)
	m.bus.free = m.Now() + wait + ns
	return wait
}
