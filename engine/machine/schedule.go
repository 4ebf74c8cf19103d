package machine

import (
	"container/heap"
	"math"
)

// End says why the machine came to rest.
type End uint8

const (
	MainDone    End = iota // the task that Until names is done
	AllAsleep              // no task can run, and nothing can wake one
	Interrupted            // the poll function said so
	TaskDied               // see Machine.Report
)

// Spawn starts a task that calls fn with args.
func (m *Machine) Spawn(parent *Task, cell *Cell, fn *Func, args []Val) *Task {
	id := 0
	if parent != nil {
		id = parent.ID
	}
	t := m.newTask(id, cell, fn, args)
	m.ready(t, parent)
	return t
}

// Wake makes a blocked task ready. by is the task that caused it, nil for a timer.
func (m *Machine) Wake(t *Task, by *Task) {
	if t.State != Blocked && t.State != External {
		return
	}
	t.waiting = nil
	m.ready(t, by)
}

// Park blocks the running task; the caller then returns Parked or Again.
func (x *Exec) Park(w *Wait) {
	w.Since = x.M.Now()
	x.T.State = Blocked
	x.T.waiting = w
}

// Leave makes the running task one that is outside until Wake; the caller then
// returns Parked.
func (x *Exec) Leave(w *Wait) {
	x.Park(w)
	x.T.State = External
}

// ready puts t in a run queue as Go's scheduler does: of the core that woke it,
// to run there next; an idle core may come and take it. (Scalable Go Scheduler
// Design Doc, Vyukov 2012.)
func (m *Machine) ready(t *Task, by *Task) {
	t.State = Ready
	now := m.Now()
	if by != nil && by.core >= 0 {
		c := m.cores[by.core]
		if c.next != nil {
			c.queue = append(c.queue, c.next)
		}
		c.next = t
	} else {
		m.queue = append(m.queue, t)
	}
	for _, c := range m.cores {
		if c.task == nil && !c.wake {
			c.wake = true
			c.clock = max(c.clock, now+m.cost.Wake)
			m.horizon = min(m.horizon, c.clock)
			break
		}
	}
}

// pick takes the next task for a core: its own, then the common queue, then
// half a look at the others' queues, from a random one on.
func (m *Machine) pick(c *Core) *Task {
	if t := c.next; t != nil {
		c.next = nil
		return t
	}
	if len(c.queue) > 0 {
		t := c.queue[0]
		c.queue = c.queue[1:]
		return t
	}
	if len(m.queue) > 0 {
		t := m.queue[0]
		m.queue = m.queue[1:]
		return t
	}
	n := len(m.cores)
	if n == 1 {
		return nil
	}
	from := m.rand.Intn(n)
	for i := range n {
		v := m.cores[(from+i)%n]
		if v == c {
			continue
		}
		if len(v.queue) > 0 {
			t := v.queue[0]
			v.queue = v.queue[1:]
			return t
		}
	}
	for i := range n {
		v := m.cores[(from+i)%n]
		if v != c && v.next != nil && v.task != nil {
			t := v.next
			v.next = nil
			return t
		}
	}
	return nil
}

// Until runs until main is done, nothing can run, a task died, or poll, which is
// asked every few milliseconds of real time, says stop.
func (m *Machine) Until(main *Task, poll func() bool) End {
	defer func() { m.exec.T = nil }()
	for steps, waited := 0, false; ; steps++ {
		if main.State == Done {
			return MainDone
		}
		if (steps&1023 == 1023 || waited) && poll() {
			return Interrupted
		}
		if steps&63 == 63 && m.Outside != nil {
			m.Outside.Poll(0)
		}
		c := m.first()
		if c == nil || (len(m.timers) > 0 && m.timers[0].due <= c.clock) {
			if waited = c == nil && m.elsewhere(); waited {
				continue
			}
			if len(m.timers) == 0 {
				return AllAsleep
			}
			t := heap.Pop(&m.timers).(*Timer)
			m.exec.T = nil
			if c == nil {
				for _, o := range m.cores {
					o.clock = max(o.clock, t.due)
				}
			}
			t.fire(t.due)
			continue
		}
		if c.task == nil {
			c.wake = false
			if t := m.pick(c); t != nil {
				m.take(c, t)
			}
			continue
		}
		if !m.step(c, poll) {
			return TaskDied
		}
	}
}

// elsewhere waits for the outside world when no task can run; false: nothing is
// to be expected from there before the next timer.
func (m *Machine) elsewhere() bool {
	if m.Outside == nil {
		return false
	}
	some, busy := m.Outside.Pending()
	if !some || !busy && len(m.timers) > 0 {
		return false
	}
	now := m.minClock()
	wait := int64(pollEvery)
	if len(m.timers) > 0 {
		if wait = min(wait, m.timers[0].due-now); wait <= 0 {
			return false
		}
	}
	passed := m.Outside.Poll(wait)
	if len(m.timers) > 0 {
		passed = min(passed, m.timers[0].due-now)
	}
	for _, c := range m.cores {
		c.clock = max(c.clock, now+passed)
	}
	return true
}

// pollEvery is how long the machine waits for the outside world before it asks
// whether it is to go on, in ns.
const pollEvery = 5e6

// first is the core whose clock is the smallest among those with something to do.
func (m *Machine) first() *Core {
	var best *Core
	for _, c := range m.cores {
		if (c.task != nil || c.wake) && (best == nil || c.clock < best.clock) {
			best = c
		}
	}
	return best
}

func (m *Machine) take(c *Core, t *Task) {
	c.task = t
	t.core = c.ID
	t.State = Running
	c.clock += m.cost.Switch
	c.slice = c.clock + m.config.Slice
}

// lookahead bounds how far a core may run ahead of the others between
// synchronisation steps, in ns; it only keeps unsynchronised programs interleaved
// finely, synchronisation is always in order of time.
const lookahead = 500

// step lets a core's task run for a while.
func (m *Machine) step(c *Core, poll func() bool) bool {
	horizon := int64(math.MaxInt64)
	for _, o := range m.cores {
		if o != c && (o.task != nil || o.wake) {
			h := o.clock
			if o.ID < c.ID {
				h-- // of two cores at one time the lower goes first
			}
			horizon = min(horizon, h)
		}
	}
	if len(m.timers) > 0 {
		horizon = min(horizon, m.timers[0].due-1)
	}
	m.horizon = horizon
	until := min(c.slice, c.clock+5e6)
	if horizon < math.MaxInt64-lookahead {
		until = min(until, max(horizon, c.clock)+lookahead)
	}
	t := c.task
	grant := until - c.clock
	// The clock stands at the end of the grant while the task runs; Now takes
	// off what is left.
	start := c.clock
	c.clock = until
	why := m.run(t, grant)
	c.clock -= t.left
	t.left = 0
	c.busy += c.clock - start
	m.exec.T = nil
	switch why {
	case spent:
		if c.clock >= c.slice {
			m.preempt(c, t)
		}
	case gaveWay:
		if t.State == Ready { // it yielded: runtime.Gosched
			c.task = nil
			t.core = -1
			m.next(c)
		}
	case parked:
		c.task = nil
		t.core = -1
		m.next(c)
	case finished:
		m.finish(t)
		c.task = nil
		m.next(c)
	case died:
		p := t.panics[len(t.panics)-1]
		m.finish(t)
		c.task = nil
		m.next(c)
		if m.Report != nil {
			m.Report(t, p)
		}
		return false
	}
	return true
}

func (m *Machine) finish(t *Task) {
	t.State = Done
	t.core = -1
	t.frames, t.n, t.p = nil, nil, nil
	delete(m.tasks, t.ID)
	if t.Cell != nil {
		t.Cell.live--
	}
}

// preempt ends a time slice: another ready task's turn, if there is one.
func (m *Machine) preempt(c *Core, t *Task) {
	c.slice = c.clock + m.config.Slice
	if c.next == nil && len(c.queue) == 0 && len(m.queue) == 0 {
		return
	}
	t.State = Ready
	t.core = -1
	m.queue = append(m.queue, t)
	c.task = nil
	m.next(c)
}

// next gives a free core its next task, or lets it sleep.
func (m *Machine) next(c *Core) {
	if t := m.pick(c); t != nil {
		m.take(c, t)
	}
}

// Yield puts the running task behind all ready ones; the caller returns Parked.
func (x *Exec) Yield() Status {
	t := x.T
	t.State = Ready
	x.M.queue = append(x.M.queue, t)
	return Parked
}

// SpawnSystem starts a task that the machine itself needs, such as a timer's
// function; it is not counted among the program's.
func (m *Machine) SpawnSystem(cell *Cell, fn *Func, args []Val) {
	t := m.newTask(0, cell, fn, args)
	t.System = true
	m.ready(t, nil)
}
