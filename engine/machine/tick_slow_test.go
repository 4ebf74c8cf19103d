package machine

// EachTick does as Tick does, and fires those that are lost, too.
func (m *Machine) EachTick(c *Chan, due, period int64, send func()) {
	c.ticks = &ticks{}
	var arm func(due int64)
	arm = func(due int64) {
		t := m.After(due, func(now int64) {
			arm(now + period)
			if !c.full() {
				send()
			}
		})
		t.Idle = func() bool { return !c.Awaited() }
	}
	arm(due)
}
