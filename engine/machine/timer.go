package machine

import (
	"container/heap"
	"slices"

	"interleave/engine/policy"
	"interleave/engine/trace"
)

// Timer is an event in virtual time.
type Timer struct {
	moment
	Idle   func() bool // it can wake nobody now; nil: it always may
	fire   func(now int64)
	index  int  // in the heap; -1 when it is not in it
	hidden bool // it is no timer of the program: see Schedule
	mark   mark

	bubble *Bubble // whose clock it goes by; nil: the machine's
	ch     *Chan   // that it sends to: see Tick; nil: none
	period int64   // of its ticks; 0: there is one
}

// moment is a place in the order in which timers fire.
type moment struct {
	due, since int64 // since when it is set
	seq        uint64
}

func (a moment) before(b moment) bool {
	if a.due != b.due {
		return a.due < b.due
	}
	if a.since != b.since {
		return a.since < b.since
	}
	return a.seq < b.seq
}

type timers []*Timer

// restore makes h what it was when kept was copied from it.
func (h *timers) restore(kept timers) {
	for _, t := range *h {
		t.index = -1
	}
	*h = slices.Clone(kept)
	for i, t := range *h {
		t.index = i
	}
}

func (h timers) Len() int           { return len(h) }
func (h timers) Less(i, j int) bool { return h[i].before(h[j].moment) }
func (h timers) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}
func (h *timers) Push(v any) {
	t := v.(*Timer)
	t.index = len(*h)
	*h = append(*h, t)
}
func (h *timers) Pop() any {
	old := *h
	t := old[len(old)-1]
	*h = old[:len(old)-1]
	t.index = -1
	return t
}

// After calls fire at the given virtual time, or at once if that has passed.
// Timers of the same time fire in the order in which they were set, unless the
// policy chooses.
func (m *Machine) After(due int64, fire func(now int64)) *Timer {
	t := &Timer{fire: fire}
	m.arm(t, due)
	return t
}

// Schedule does as After for what is no timer of the program: no trace shows it.
func (m *Machine) Schedule(due int64, fire func(now int64)) *Timer {
	t := &Timer{fire: fire, hidden: true}
	m.arm(t, due)
	return t
}

// arm has a timer fire at a time of its clock.
func (m *Machine) arm(t *Timer, due int64) {
	if t.since = m.Now(); t.bubble != nil {
		t.since = t.bubble.Now
	}
	if t.due = max(due, t.since); t.seq == 0 {
		m.seq++
		t.seq = m.seq
	}
	m.enqueue(t)
	if m.rec != nil && !t.hidden && t.bubble == nil {
		m.emit(m.exec.T, trace.Event{Kind: trace.Set, Object: m.timerNumber(t), Arg: small((t.due - m.Now()) / 1000)})
	}
}

func (m *Machine) enqueue(t *Timer) {
	if t.bubble != nil {
		heap.Push(&t.bubble.timers, t)
		return
	}
	heap.Push(&m.timers, t)
	m.horizon = min(m.horizon, t.due-1)
}

// Stop removes a timer; false: it has fired or was stopped already.
func (m *Machine) Stop(t *Timer) bool {
	switch {
	case t == nil:
		return false
	case t.ch != nil && t.ch.ticks.lapsed == t:
		m.keepChan(t.ch)
		t.ch.ticks.lapsed = nil
	case t.index < 0:
		return false
	case t.bubble != nil:
		heap.Remove(&t.bubble.timers, t.index)
	default:
		heap.Remove(&m.timers, t.index)
	}
	if m.rec != nil && !t.hidden && t.bubble == nil {
		m.emit(m.exec.T, trace.Event{Kind: trace.Stop, Object: m.timerNumber(t)})
	}
	return true
}

// fire runs the next timer, and tells how many it has looked at. A tick that is lost is
// none that the policy chooses from.
func (m *Machine) fire() (looked int64) {
	m.exec.T, m.now = nil, m.timers[0].due
	var t *Timer
	var others []*Timer
	for len(m.timers) > 0 && m.timers[0].due == m.now && (looked == 0 || m.chooser != nil) {
		looked++
		switch next := heap.Pop(&m.timers).(*Timer); {
		case m.lapse(next):
		case t == nil:
			t = next
		default:
			others = append(others, next)
		}
	}
	if t == nil {
		return looked
	}
	if len(others) > 0 {
		if i := m.chooser.Choose(t.due, policy.TimerOrder, 1+len(others)); i > 0 {
			t, others[i-1] = others[i-1], t
		}
		for _, o := range others {
			heap.Push(&m.timers, o)
		}
	}
	if m.rec != nil && !t.hidden {
		m.emit(nil, trace.Event{Kind: trace.Fire, Object: m.timerNumber(t)})
	}
	m.firing = t
	t.fire(t.due)
	m.firing = nil
	return looked
}
