package machine

import (
	"container/heap"
	"slices"
	"strings"
)

// Bubble is a set of tasks that a test watches: one that was started in it, and
// all that those start. It has a clock of its own, which stands still while any
// task can run and then goes to its next timer: work takes no time.
type Bubble struct {
	Epoch  int64 // virtual time when it began
	Now    int64 // its clock, from there on
	timers timers
	fired  moment // of the timer that fired last
	live   int
	main   *Task // was started in it
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
	b.main = t
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
	if b.live--; b.live == 0 && slices.Contains(m.bubbles, b) {
		m.Wake(b.whole, t)
		m.burst(b)
	}
}

// burst takes a bubble off the list of those that may still come to their end.
func (m *Machine) burst(b *Bubble) {
	m.bubbles = slices.DeleteFunc(m.bubbles, func(o *Bubble) bool { return o == b })
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
	t := &Timer{fire: fire, bubble: b}
	m.arm(t, due)
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
			b.Now, b.fired = t.due, t.moment
			if !m.lapse(t) {
				t.fire(t.due)
			}
			return true
		}
	}
	return m.stuck()
}

// stuck ends the wait for a bubble whose tasks are all blocked for ever, in Go's words;
// false: none is. Who waits for a lock might be let in from without.
func (m *Machine) stuck() bool {
	if len(m.timers) > 0 || m.outside() {
		return false
	}
	for _, b := range m.bubbles {
		if slices.ContainsFunc(m.Tasks(), func(t *Task) bool { return t.Bubble == b && !t.durably() }) {
			continue
		}
		text := "deadlock: all goroutines in bubble are blocked"
		if b.main.State == Done {
			text = "deadlock: main bubble goroutine has exited but blocked goroutines remain"
		}
		b.whole.cont = func(x *Exec) Status { return x.Throw(m.Errors.Text(text)) }
		m.burst(b)
		m.Wake(b.whole, nil)
		return true
	}
	return false
}

// durably tells whether only a task of its own bubble could wake one that is blocked.
func (t *Task) durably() bool {
	w := t.waiting
	return t.State == Blocked && w != nil && (strings.HasPrefix(w.Why, "chan ") || strings.HasPrefix(w.Why, "select") || w.Why == "sync.WaitGroup.Wait" || w.Why == "sync.Cond.Wait")
}
