package machine

import "interleave/engine/policy"

// StopCell ends all tasks of a cell at once. Their deferred calls do not run, as
// when a program ends.
func (m *Machine) StopCell(cell *Cell) {
	cell.stopped = true
	m.exec.T = nil
	for _, t := range m.Tasks() {
		if t.Cell == cell {
			m.kill(t)
		}
	}
}

// StopTask ends one task at once, which must not be the running one. Its deferred
// calls do not run.
func (m *Machine) StopTask(t *Task) { m.kill(t) }

// Stopped tells whether StopCell ended the cell's tasks.
func (c *Cell) Stopped() bool { return c.stopped }

// Live is the number of the cell's tasks that are not done.
func (c *Cell) Live() int { return c.live }

func (m *Machine) kill(t *Task) {
	if w := t.waiting; w != nil && w.Why == "sync.RWMutex.Lock" {
		if rw := (*RWMutex)(w.Object); rw.Waiting > 0 {
			rw.Waiting--
		}
	}
	m.Stop(t.sleep)
	if m.rec != nil {
		t.dying = true
		m.emitEnd(t)
	}
	core := t.core
	m.end(t) // a policy that holds it as ready hands it out once more: see decide
	if core >= 0 {
		c := m.cores[core]
		c.catchUp(m.Now()) // it may have computed
		m.asking(func() { m.leave(c, t, policy.Ended) })
	}
}

// Sleep wakes a task at the given virtual time.
func (m *Machine) Sleep(t *Task, until int64) {
	t.sleep = m.After(until, func(int64) { m.Wake(t, nil) })
}
