package machine

import (
	"errors"
	"math"
	"unsafe"

	"interleave/engine/policy"
	"interleave/engine/trace"
)

// End says why the machine came to rest.
type End uint8

const (
	MainDone    End = iota // the task that Until names is done
	AllAsleep              // no task can run, and nothing can wake one
	Interrupted            // the poll function said so
	TaskDied               // see Machine.Report
	Paused                 // the policy wants to be told how to go on: see policy.Guide
	Ahead                  // what comes next is later than Follow's limit
	Over                   // what comes next is later than the end of virtual time
	Astray                 // a replayed schedule does not fit the program
)

// Until runs until main is done, nothing can run, a task died, or poll, which is
// asked every few milliseconds of real time, says stop. What the poll answers has
// no influence on what runs next.
func (m *Machine) Until(main *Task, poll func() bool) (end End) {
	m.paused = false
	defer func() { m.exec.T = nil }()
	if !m.astray {
		m.asking(func() { end = m.until(main, poll) })
	}
	if m.astray {
		return Astray
	}
	return end
}

// asking calls f, in which the policy is asked, and notes if that finds that a replayed
// schedule does not fit: that ends Until.
func (m *Machine) asking(f func()) {
	if m.asks {
		f()
		return
	}
	m.asks = true
	defer func() {
		m.asks = false
		if r := recover(); r != nil {
			var d *policy.Diverged
			if err, ok := r.(error); !ok || !errors.As(err, &d) {
				panic(r)
			}
			m.astray = true
		}
	}()
	f()
}

func (m *Machine) until(main *Task, poll func() bool) End {
	var work, polled int64
	for waited := false; ; {
		c, horizon := m.first()
		if main != nil && main.State == Done && (c == nil || c.due() >= main.ended) {
			return MainDone
		}
		if m.paused {
			return Paused
		}
		if work++; work-polled > pollWork || waited || m.hurry.Load() {
			polled, waited = work, false
			m.hurry.Store(false)
			if poll() {
				return Interrupted
			}
			if m.Outside != nil {
				m.Outside.Poll(0)
				c, horizon = m.first()
			}
		}
		if c == nil || (len(m.timers) > 0 && m.timers[0].due <= c.due()) {
			if c == nil && (m.settle() || m.pass()) {
				continue
			}
			if waited = c == nil && m.elsewhere(); waited {
				continue
			}
			if len(m.timers) == 0 || c == nil && m.asleep() && !m.outside() {
				return m.rest()
			}
			if m.timers[0].due > m.limit {
				return m.beyond()
			}
			if c == nil {
				m.advance(m.timers[0].due)
			}
			work += m.fire() - 1
			continue
		}
		if c.due() > m.limit {
			return m.beyond()
		}
		if c.task == nil {
			m.now = c.clock
			m.next(c)
			continue
		}
		before := c.busy
		if !m.step(c, horizon) {
			return TaskDied
		}
		work += (c.busy - before) >> 10
	}
}

// forever is the end of virtual time: nothing comes later than after 146 years. Of two
// times up to it the sum is a time, too.
const forever = math.MaxInt64 / 2

// Later is d, which is not negative, after a time; as late as can be where that is too
// much.
func Later(t, d int64) int64 {
	if d > math.MaxInt64-t {
		return math.MaxInt64
	}
	return t + d
}

// beyond says what it means that nothing comes before the limit.
func (m *Machine) beyond() End {
	if m.limit == forever {
		return Over
	}
	return Ahead
}

// Hurry has Until ask its poll after the step that runs now, however much is left of
// the task's turn. It may be called by any native goroutine, for a poll that is about
// to say stop: where it does not, the turn has ended earlier than it would have.
func (m *Machine) Hurry() { m.hurry.Store(true) }

// Hurried tells whether there was a Hurry that no Until has noticed yet: for what runs
// within a step and takes long.
func (m *Machine) Hurried() bool { return m.hurry.Load() }

// Calm takes back a Hurry that no Until has noticed, so that it disturbs no other.
func (m *Machine) Calm() { m.hurry.Store(false) }

// pollWork is how much is done between two polls: so many grants, or 1,024 times
// as many ns of virtual time.
const pollWork = 2000

// advance brings idle cores to a time.
func (m *Machine) advance(to int64) {
	m.now = max(m.now, to)
	for _, c := range m.cores {
		if c.task == nil && !c.wake {
			c.clock = max(c.clock, to)
			c.free = c.clock
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
	if !some || !busy && !m.asleep() && m.timers[0].due <= forever {
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
	m.advance(now + passed)
	return true
}

// outside tells whether something is to be expected from the outside world.
func (m *Machine) outside() bool {
	if m.Outside == nil {
		return false
	}
	some, _ := m.Outside.Pending()
	return some
}

// pollEvery is how long the machine waits for the outside world before it asks
// whether it is to go on, in ns.
const pollEvery = 5e6

// rest says how it ends when no core has anything to do and no timer is set: tasks
// that are ready were left lying by a schedule that is not this program's.
func (m *Machine) rest() End {
	for t := m.firstTask; t != nil; t = t.behind {
		if t.State == Ready {
			return Astray
		}
	}
	return AllAsleep
}

// first is the core that comes first to something that others can notice, and up to
// when it does before any of them. Of two cores at one time the lower goes first.
func (m *Machine) first() (c *Core, horizon int64) {
	horizon = math.MaxInt64
	at := horizon
	for _, o := range m.cores {
		if o.task == nil && !o.wake {
			continue
		}
		switch due := o.due(); {
		case c == nil:
			c, at = o, due
		case due < at: // the one before was the first of all that are lower
			c, at, horizon = o, due, at-1
		default:
			horizon = min(horizon, due)
		}
	}
	return c, horizon
}

// next gives a free core its next task, or lets it sleep.
func (m *Machine) next(c *Core) {
	d := m.policy.Pick(c.clock, c.ID)
	m.decide(c, &d)
}

func (m *Machine) decide(c *Core, d *policy.Decision) {
	for d.Task != nil && TaskOf(d.Task).State == Done { // it was stopped while it was ready
		m.look(d.Look)
		m.policy.Stop(c.clock, c.ID, d.Task, policy.Ended)
		*d = m.policy.Pick(c.clock, c.ID)
	}
	c.free, c.wake = c.clock, false
	switch {
	case d.Pause:
		m.paused, c.wake = true, true
	case d.Task != nil:
		m.take(c, d)
	case d.For > 0:
		c.wake = true
		c.clock = Later(c.clock, d.For)
	}
	m.look(d.Look)
}

// TaskOf finds the task that the policy knows as p, its first field.
func TaskOf(p *policy.Task) *Task { return (*Task)(unsafe.Pointer(p)) }

func (m *Machine) take(c *Core, d *policy.Decision) {
	t := TaskOf(d.Task)
	c.clock = Later(max(c.clock, t.sched.Since)+m.vary(m.cost.Switch), d.Delay)
	c.grant(d.For)
	t.sched.Began = c.clock
	moved := int32(b2i(t.sched.Core >= 0 && t.sched.Core != c.ID))
	c.task = t
	t.core = int32(c.ID)
	t.sched.Core = c.ID
	t.State = Running
	if m.rec != nil {
		m.now = c.clock
		m.emit(t, trace.Event{Kind: trace.Run, Arg: moved})
	}
}

// grant begins a time slice.
func (c *Core) grant(slice int64) {
	c.asked = false
	c.slice = math.MaxInt64
	if slice > 0 {
		c.slice = Later(c.clock, slice)
	}
}

// lookahead bounds how far a core may run ahead of the others between
// synchronisation steps, in ns; it only keeps unsynchronised programs interleaved
// finely, synchronisation is always in order of time.
const lookahead = 500

// How often, one in so many, a core that runs beside others stands still before a
// memory access in the middle of its grant, as for a miss of its cache; before which
// one at most, and for how long at most.
const (
	splitChance = 14
	splitMost   = 100
	splitStall  = 1000 // ns
)

// mostGrant bounds how long a task runs until the machine looks up, in ns.
const mostGrant = 1e6

// step lets a core's task run for a while, before the other cores up to the horizon.
func (m *Machine) step(c *Core, horizon int64) bool {
	t := c.task
	over := false // what it computed: it has come to its next step
	if t.work > 0 {
		c.catchUp(c.due())
		m.now = c.clock
		over = t.work == 0
	}
	if c.clock >= c.slice && !over {
		why := policy.Expired
		if c.asked {
			why = policy.Preempted
		}
		m.giveUp(c, t, why)
		return true
	}
	m.split = 0
	if horizon < math.MaxInt64 && !m.visible && m.noise.Uint64()%splitChance == 0 {
		m.split = 2 + m.noise.Intn(splitMost)
	}
	if len(m.timers) > 0 {
		horizon = min(horizon, m.timers[0].due-1)
	}
	m.horizon = horizon
	until := max(min(c.slice, c.clock+mostGrant), c.clock)
	if horizon < math.MaxInt64-lookahead {
		until = min(until, max(horizon, c.clock)+lookahead)
	}
	// The clock stands at the end of the grant while the task runs; Now takes
	// off what is left.
	start := c.clock
	c.clock = until
	why := m.run(t, until-start)
	c.clock += m.owed - t.left
	t.left, m.owed = 0, 0
	c.busy += c.clock - start
	t.sched.Ran += c.clock - start
	m.exec.T = nil
	m.now = c.clock
	switch why {
	case gaveWay:
		if t.gave {
			t.gave = false
			m.giveUp(c, t, policy.Preempted)
		}
	case parked:
		if t.State == Running { // it computes
			break
		}
		if t.State == Ready { // runtime.Gosched
			m.giveUp(c, t, policy.Yielded)
			break
		}
		why := policy.Blocked
		if t.State == External {
			why = policy.Outside
		}
		m.leave(c, t, why)
	case finished:
		m.finish(c, t)
	case died:
		p := t.panic
		m.giveBack(t)
		m.finish(c, t)
		if m.Report != nil {
			m.Report(t, p)
		}
		return false
	}
	return true
}

// leave takes a task that waits or is done off its core.
func (m *Machine) leave(c *Core, t *Task, why policy.Why) {
	c.task = nil
	t.core = -1
	m.policy.Stop(c.clock, c.ID, &t.sched, why)
	m.next(c)
}

// giveUp ends a task's turn on a core: another's, or its own again.
func (m *Machine) giveUp(c *Core, t *Task, why policy.Why) {
	m.now = c.clock
	m.policy.Stop(c.clock, c.ID, &t.sched, why)
	t.sched.Since = c.clock
	l := m.policy.Ready(c.clock, &t.sched, why, nil)
	d := m.policy.Pick(c.clock, c.ID)
	if d.Task == &t.sched {
		t.State = Running
		c.clock = Later(c.clock, d.Delay)
		t.sched.Began = c.clock
		c.grant(d.For)
		m.look(d.Look)
		m.look(l)
		return
	}
	t.State = Ready
	if m.rec != nil {
		m.emitTurn(t, why)
	}
	t.core = -1
	c.task = nil
	m.decide(c, &d)
	m.look(l)
}

func (m *Machine) finish(c *Core, t *Task) {
	if m.rec != nil {
		m.emitEnd(t)
	}
	m.end(t)
	m.leave(c, t, policy.Ended)
}

// end takes a task out of the machine.
func (m *Machine) end(t *Task) {
	t.State = Done
	if t.System {
		if c, good := m.arrive(t); c != nil && good { // it did not come to its send
			m.resume(c, 0)
		}
	}
	t.Bubble.leave(m, t)
	t.ended = m.Now()
	m.recycle(t)
	m.unlink(t)
	if t.Cell != nil {
		t.Cell.live--
	}
}
