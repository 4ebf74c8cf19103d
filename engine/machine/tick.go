package machine

// ticks is what a timer's channel has more than others.
type ticks struct {
	coming  int    // sends that are on their way
	drained int    // how often Drain took them back
	lapsed  *Timer // see Machine.Tick; nil: it has not lapsed
}

// Tick is a timer that sends to a channel, by a task that send starts with SpawnSend:
// at due, and then every period if that is positive. A tick is lost where the channel has
// no room when it is due. That changes nothing, so those that come after it are lost as
// well until somebody receives: until then the timer lapses, and costs nothing.
func (m *Machine) Tick(b *Bubble, c *Chan, due, period int64, send func()) *Timer {
	if c.ticks == nil {
		c.ticks = &ticks{}
	}
	t := &Timer{ch: c, period: period, bubble: b}
	t.fire = func(now int64) {
		send() // first: who sends stands where the timer was made
		if t.period > 0 {
			m.keepTimer(t)
			t.mark = mark{} // it is another one to the trace
			m.arm(t, Later(now, t.period))
		}
	}
	t.Idle = func() bool { return !c.Awaited() }
	m.arm(t, due)
	return t
}

// sending is the send of a tick, which a task is to do.
type sending struct {
	to      *Chan
	drained int // the channel's, when the tick was due
}

// SpawnSend starts a task that the machine needs to send to a timer's channel, with its
// first send that does not wait.
func (m *Machine) SpawnSend(c *Chan, cell *Cell, in *Bubble, fn *Func, args []Val) {
	m.keepChan(c)
	c.ticks.coming++
	t := m.newSystem(cell, fn, args)
	t.Bubble = in
	m.sends[t] = sending{c, c.ticks.drained}
	m.OnRestore(func() { delete(m.sends, t) })
	m.start(t, nil)
}

// arrive ends the way of a task's send, if it has one that has not arrived. False: it was
// taken back meanwhile.
func (m *Machine) arrive(t *Task) (to *Chan, good bool) {
	s, some := m.sends[t]
	if !some {
		return nil, true
	}
	delete(m.sends, t)
	m.OnRestore(func() { m.sends[t] = s })
	if s.drained != s.to.ticks.drained {
		return s.to, false
	}
	m.keepChan(s.to)
	s.to.ticks.coming--
	return s.to, true
}

// lapse tells whether a timer that is due is a tick that is lost.
func (m *Machine) lapse(t *Timer) bool {
	c := t.ch
	if c == nil || !c.full() {
		return false
	}
	if t.period > 0 {
		m.keepChan(c)
		c.ticks.lapsed = t
	}
	return true
}

// resume sets the timer of a channel again that has lapsed, if there may be room now. The
// running task has spent ago ns since all that was due then has fired.
func (m *Machine) resume(c *Chan, ago int64) {
	if c.ticks.lapsed == nil || c.full() {
		return
	}
	t := c.ticks.lapsed
	m.keepTimer(t)
	c.ticks.lapsed = nil
	now := m.Now() - ago
	if t.bubble != nil {
		now = t.bubble.Now
	}
	if n := (now - t.due) / t.period; n > 0 {
		t.due += n * t.period
		t.since = t.due - t.period
	}
	if t.due < now || t.due == now && (t.bubble == nil || !t.bubble.fired.before(t.moment)) {
		t.since, t.due = t.due, Later(t.due, t.period) // that one was lost as well
	}
	m.enqueue(t)
}

// Drain takes back what a timer's channel holds and what is on its way there; false:
// there was nothing.
func (m *Machine) Drain(c *Chan) bool {
	if c.count+c.ticks.coming == 0 {
		return false
	}
	m.keepChan(c)
	clear(c.buf)
	c.head, c.count, c.ticks.coming = 0, 0, 0
	c.ticks.drained++
	return true
}

// full tells whether a timer's channel has neither room for one more value nor a task
// that would take it, when those have arrived that are on their way.
func (c *Chan) full() bool {
	room := c.Cap - c.count - c.ticks.coming
	for _, w := range c.recvq.list {
		if room > 0 {
			break
		}
		if !w.gone && w.task.State != Done {
			room++
		}
	}
	return room <= 0
}
