package machine

import "math"

// Follow runs what there is to run up to a virtual time. Where the end is Ahead,
// next is the time of what comes then.
func (m *Machine) Follow(limit int64, poll func() bool) (end End, next int64) {
	m.limit = min(limit, forever)
	end = m.Until(nil, poll)
	m.limit = forever
	if end == Ahead || end == Over {
		m.now = max(m.now, limit)
	}
	next = math.MaxInt64
	if c, _ := m.first(); c != nil {
		next = c.due()
	}
	if len(m.timers) > 0 {
		next = min(next, m.timers[0].due)
	}
	return end, next
}

// Due tells whether something happens by itself up to a virtual time.
func (m *Machine) Due(limit int64) bool {
	c, _ := m.first()
	return c != nil && c.due() <= limit || len(m.timers) > 0 && m.timers[0].due <= limit
}

// Idle tells whether nothing can happen by itself any more.
func (m *Machine) Idle() bool {
	c, _ := m.first()
	return c == nil && !m.outside() && m.asleep()
}

// asleep tells whether no timer can wake anybody.
func (m *Machine) asleep() bool {
	for _, t := range m.timers {
		if t.Idle == nil || !t.Idle() {
			return false
		}
	}
	return true
}

// Running is the task that runs; nil between its steps.
func (m *Machine) Running() *Task { return m.exec.T }
