package machine

import (
	"unsafe"

	"interleave/engine/policy"
)

// StopCell ends all tasks of a cell at once, those last that must come out of a library
// first. Their deferred calls do not run, as when a program ends.
func (m *Machine) StopCell(cell *Cell) {
	cell.stopped = true
	if t := m.exec.T; t != nil { // it stands in the midst of a step that failed
		m.exec.T = nil
		m.giveBack(t)
	}
	var inside []*Task
	for _, t := range m.Tasks() {
		switch {
		case t.Cell != cell:
		case t.inside():
			inside = append(inside, t)
		default:
			m.kill(t)
		}
	}
	if len(inside) == 0 {
		return
	}
	m.vacate(inside)
	for _, t := range m.Tasks() { // they may have started more
		if t.Cell == cell {
			m.kill(t)
		}
	}
}

// StopTask ends one task at once, which must not be the running one, when it has come
// out of a library. Its deferred calls do not run.
func (m *Machine) StopTask(t *Task) {
	if t.ending == leaves {
		return
	}
	if t.inside() {
		m.vacate([]*Task{t})
	}
	m.kill(t)
}

// Stopped tells whether StopCell ended the cell's tasks.
func (c *Cell) Stopped() bool { return c.stopped }

// Live is the number of the cell's tasks that are not done.
func (c *Cell) Live() int { return c.live }

func (m *Machine) kill(t *Task) {
	if w := t.waiting; w != nil && w.Why == "sync.RWMutex.Lock" {
		if rw := (*RWMutex)(w.Object); rw.Waiting > 0 {
			rw.Waiting--
			if x := (&Exec{M: m, T: t}); rw.Waiting == 0 && rw.Writer.Locked == 0 {
				x.admitReaders(rw)
			}
		}
	}
	woken := t.State == Ready && t.cont != nil
	m.Stop(t.sleep)
	if m.rec != nil {
		t.ending = stopped
		m.emitEnd(t)
	}
	core := t.core
	m.end(t) // a policy that holds it as ready hands it out once more: see decide
	if core >= 0 {
		c := m.cores[core]
		c.catchUp(m.Now()) // it may have computed
		m.asking(func() { m.leave(c, t, policy.Ended) })
	}
	if woken { // to take a mutex, it may be
		m.passOn()
	}
}

// passOn wakes one of those who wait for each mutex that is free: whoever was woken to
// take it may have been stopped.
func (m *Machine) passOn() {
	free := map[*Task]unsafe.Pointer{}
	for k, q := range m.waits {
		if k.kind == mutexQueue && (*Mutex)(k.p).Locked == 0 {
			if w := q.first(); w != nil {
				free[w.task] = k.p
			}
		}
	}
	for t := m.firstTask; t != nil; t = t.behind {
		if mu := free[t]; mu != nil {
			m.wakeOne(&Exec{M: m}, mu, mutexQueue)
		}
	}
}

// Sleep wakes a task at the given virtual time.
func (m *Machine) Sleep(t *Task, until int64) {
	t.sleep = m.After(until, func(int64) { m.Wake(t, nil) })
}
