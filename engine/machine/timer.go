package machine

import (
	"container/heap"

	"interleave/engine/policy"
	"interleave/engine/trace"
)

// Timer is an event in virtual time.
type Timer struct {
	Idle   func() bool // it can wake nobody now; nil: it always may
	due    int64
	seq    uint64
	fire   func(now int64)
	index  int  // in the heap; -1 when it is not in it
	hidden bool // it is no timer of the program: see Schedule
	mark   mark

	bubble *Bubble // whose clock it goes by; nil: the machine's
}

type timers []*Timer

func (h timers) Len() int { return len(h) }
func (h timers) Less(i, j int) bool {
	if h[i].due != h[j].due {
		return h[i].due < h[j].due
	}
	return h[i].seq < h[j].seq
}
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
	t := m.Schedule(due, fire)
	t.hidden = false
	if m.rec != nil {
		m.emit(m.exec.T, trace.Event{Kind: trace.Set, Object: m.timerNumber(t), Arg: small((t.due - m.Now()) / 1000)})
	}
	return t
}

// Schedule does as After for what is no timer of the program: no trace shows it.
func (m *Machine) Schedule(due int64, fire func(now int64)) *Timer {
	m.seq++
	t := &Timer{due: max(due, m.Now()), seq: m.seq, fire: fire, hidden: true}
	heap.Push(&m.timers, t)
	m.horizon = min(m.horizon, t.due-1)
	return t
}

// Stop removes a timer; false: it has fired or was stopped already.
func (m *Machine) Stop(t *Timer) bool {
	if t == nil || t.index < 0 {
		return false
	}
	if t.bubble != nil {
		heap.Remove(&t.bubble.timers, t.index)
		return true
	}
	heap.Remove(&m.timers, t.index)
	if m.rec != nil && !t.hidden {
		m.emit(m.exec.T, trace.Event{Kind: trace.Stop, Object: m.timerNumber(t)})
	}
	return true
}

// fire runs the next timer.
func (m *Machine) fire() {
	t := heap.Pop(&m.timers).(*Timer)
	if m.chooser != nil && len(m.timers) > 0 && m.timers[0].due == t.due {
		tied := []*Timer{t}
		for len(m.timers) > 0 && m.timers[0].due == t.due {
			tied = append(tied, heap.Pop(&m.timers).(*Timer))
		}
		i := m.chooser.Choose(t.due, policy.TimerOrder, len(tied))
		t = tied[i]
		for _, o := range tied {
			if o != t {
				heap.Push(&m.timers, o)
			}
		}
	}
	m.exec.T = nil
	m.now = t.due
	if m.rec != nil && !t.hidden {
		m.emit(nil, trace.Event{Kind: trace.Fire, Object: m.timerNumber(t)})
	}
	m.firing = t
	t.fire(t.due)
	m.firing = nil
}
