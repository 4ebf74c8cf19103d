package machine

import (
	"container/heap"
	"slices"
)

// Bubble is a set of tasks that a test watches: one that was started in it, and
// all that those start. It has a clock of its own, which stands still while any
// task can run and then goes to its next timer: work takes no time.
type Bubble struct {
	Epoch  int64 // virtual time when it began
	Now    int64 // its clock, from there on
	timers timers
	live   int
	whole  *Task // waits for the end of all of them
}

// NewBubble starts a task in a bubble of its own. The running task goes on when
// all tasks of the bubble are done; the caller returns Parked.
func (x *Exec) NewBubble(fn *Func, args []Val) Status {
	m := x.M
	b := &Bubble{Epoch: m.Now(), Now: m.Now(), whole: x.T}
	m.bubbles = append(m.bubbles, b)
	t := m.newTask(x.T, x.T.Cell, fn, args)
	t.join(b)
	m.start(t, x.T)
	x.Park(&Wait{Why: "synctest.Run"})
	return Parked
}

func (t *Task) join(b *Bubble) {
	t.Bubble = b
	if b != nil && !t.System {
		b.live++
	}
}

// leave is told when a task ends.
func (b *Bubble) leave(m *Machine, t *Task) {
	if b == nil || t.System {
		return
	}
	if b.live--; b.live == 0 {
		m.Wake(b.whole, t)
		m.bubbles = slices.DeleteFunc(m.bubbles, func(o *Bubble) bool { return o == b })
	}
}

// Settle makes the running task wait until no other can go on before time passes;
// the caller returns Parked.
func (x *Exec) Settle() Status {
	x.M.settling = append(x.M.settling, x.T)
	x.Park(&Wait{Why: "synctest.Wait"})
	return Parked
}

// settle wakes the task that waited longest for that.
func (m *Machine) settle() bool {
	for len(m.settling) > 0 {
		t := m.settling[0]
		m.settling = m.settling[1:]
		if t.State == Blocked {
			m.Wake(t, nil)
			return true
		}
	}
	return false
}

// After calls fire when the bubble's clock has come to due.
func (b *Bubble) After(m *Machine, due int64, fire func(now int64)) *Timer {
	m.seq++
	t := &Timer{due: max(due, b.Now), seq: m.seq, fire: fire, bubble: b}
	heap.Push(&b.timers, t)
	return t
}

// pass moves the clock of a bubble all of whose tasks are blocked; false: none
// has a timer.
func (m *Machine) pass() bool {
	if len(m.bubbles) == 0 {
		return false
	}
	if m.Outside != nil {
		if _, busy := m.Outside.Pending(); busy {
			return false
		}
	}
	for _, b := range m.bubbles {
		if len(b.timers) > 0 {
			t := heap.Pop(&b.timers).(*Timer)
			b.Now = t.due
			t.fire(t.due)
			return true
		}
	}
	return false
}
