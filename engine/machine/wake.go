package machine

import (
	"interleave/engine/policy"
	"interleave/engine/trace"
)

// Spawn starts a task that calls fn with args.
func (m *Machine) Spawn(parent *Task, cell *Cell, fn *Func, args []Val) *Task {
	return m.start(m.newTask(parent, cell, fn, args), parent)
}

// SpawnSystem starts a task that the machine itself needs, such as a timer's
// function; it is not counted among the program's.
func (m *Machine) SpawnSystem(cell *Cell, in *Bubble, fn *Func, args []Val) {
	t := m.newSystem(cell, fn, args)
	t.Bubble = in
	m.start(t, nil)
}

// SpawnCallback starts one with a name; by is the task that asked for it, nil a timer.
func (m *Machine) SpawnCallback(name string, cell *Cell, by *Task, fn *Func, args []Val) {
	t := m.newSystem(cell, fn, args)
	t.setName(name)
	m.start(t, by)
}

func (m *Machine) newSystem(cell *Cell, fn *Func, args []Val) *Task {
	t := m.newTask(nil, cell, fn, args)
	t.System = true
	if cell != nil { // the program's tasks are numbered without gaps
		cell.last--
		t.Number = 0
	}
	return t
}

// SpawnAs starts a task that calls fn with args, with a name, unless that is empty, and
// with traits.
func (m *Machine) SpawnAs(name string, traits policy.Traits, parent *Task, cell *Cell, fn *Func, args []Val) *Task {
	t := m.newTask(parent, cell, fn, args)
	t.setName(name)
	t.sched.Traits = traits
	return m.start(t, parent)
}

func (m *Machine) start(t, parent *Task) *Task {
	if m.rec != nil {
		m.emit(t, trace.Event{Kind: trace.Create, Cause: m.taskNumber(parent), Place: m.placeOf(parent)})
	}
	m.ready(t, policy.New, parent)
	return t
}

// Wake makes a blocked task ready. by is the task that caused it, nil for a timer.
func (m *Machine) Wake(t *Task, by *Task) {
	if m.Apart && !m.has(t) {
		panic(&Trespass{t})
	}
	if t.State != Blocked && t.State != External {
		return
	}
	t.waiting = nil
	m.ready(t, policy.Woken, by)
}

// Trespass is raised, by a panic, where a task of a machine that is Apart would wake one
// of another machine.
type Trespass struct{ Of *Task }

func (t *Trespass) Error() string { return "machine: a task of another machine would be woken" }

func (m *Machine) has(t *Task) bool {
	for o := m.firstTask; o != nil; o = o.behind {
		if o == t {
			return true
		}
	}
	return false
}

// Park blocks the running task; the caller then returns Parked or Again.
func (x *Exec) Park(w *Wait) {
	w.Since = x.M.Now()
	x.T.State = Blocked
	x.T.waiting = w
	if x.M.rec != nil {
		x.M.emitWait(x.T, trace.Block, w, 0)
	}
}

// Leave makes the running task one that is outside until Wake; the caller then
// returns Parked.
func (x *Exec) Leave(w *Wait) { x.leave(w, 0) }

// leave does so, with an argument for the trace.
func (x *Exec) leave(w *Wait, arg int64) {
	w.Since = x.M.Now()
	x.T.State = External
	x.T.waiting = w
	if x.M.rec != nil {
		x.M.emitWait(x.T, trace.Outside, w, arg)
	}
}

// Yield puts the running task behind all ready ones; the caller returns Parked.
func (x *Exec) Yield() Status {
	x.T.State = Ready
	return Parked
}

// ready hands a task to the policy.
func (m *Machine) ready(t *Task, why policy.Why, by *Task) {
	t.State = Ready
	now := m.Now()
	t.sched.Since = now
	var cause *policy.Task
	if by != nil && by.core >= 0 {
		cause = &by.sched
	}
	if m.rec != nil {
		e := trace.Event{Kind: trace.Ready}
		if why == policy.Woken {
			e.Cause, e.Place = m.taskNumber(by), m.placeOf(by)
			if by == nil && m.firing != nil && !m.firing.hidden {
				e.Object = m.timerNumber(m.firing)
			}
		}
		m.emit(t, e)
	}
	if t.ending == leaves { // the policy has no say in it any more
		return
	}
	if m.asks { // mostly: without the closure
		m.look(m.policy.Ready(now, &t.sched, why, cause))
		return
	}
	m.asking(func() { m.look(m.policy.Ready(now, &t.sched, why, cause)) })
}

// look has a core ask the policy anew.
func (m *Machine) look(l policy.Look) {
	if l.Core < 0 {
		return
	}
	c := m.cores[l.Core]
	if c.task == nil {
		if at := max(c.free, l.At+m.vary(m.cost.Wake)); !c.wake || at < c.clock {
			c.clock, c.wake = at, true
			m.horizon = min(m.horizon, at-1)
		}
		return
	}
	if l.At >= c.slice {
		return
	}
	c.slice, c.asked = l.At, true
	if c.task != m.exec.T { // one that computes comes to its end sooner
		m.horizon = min(m.horizon, c.due()-1)
	}
	if t := m.exec.T; t != nil && t == c.task { // it runs now: its grant ends earlier
		if d := c.clock - max(l.At, m.Now()); d > 0 {
			c.clock -= d
			t.left -= d
		}
	}
}
