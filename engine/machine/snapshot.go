package machine

import (
	"slices"
	"unsafe"

	"interleave/engine/trace"
)

// Snapshot is the state of a whole machine between two steps. Tasks, which are
// small, are copied; for everything else the machine logs what it overwrites while
// a snapshot is alive, and goes back by undoing that.
type Snapshot struct {
	log      int
	cores    []Core
	tasks    []taskCopy
	cells    []cellCopy
	timers   timers
	bubbles  []*Bubble
	bubbled  []bubbleCopy
	settling []*Task
	policy   any
	cached   *cached
	point    trace.Point
	first    *Task
	final    *Task
	count    int
	lastTask int
	seq      uint64
	now      int64
	rand     Rand
	noise    Rand
	heapUse  int64
	freed    int64
	paused   bool
	astray   bool
}

type taskCopy struct {
	task   *Task
	value  Task
	frames []Frame
	n      []uint64
	p      []unsafe.Pointer
	panics []panicCopy
}

type panicCopy struct {
	p     *Panicking
	value Panicking
}

type bubbleCopy struct {
	bubble *Bubble
	value  Bubble
}

type cellCopy struct {
	cell  *Cell
	value Cell
}

// Snapshot takes one. It must not be called while a task runs. Release it when it
// is no longer needed: until then every step costs a little more.
func (m *Machine) Snapshot() *Snapshot {
	m.trail.live++
	m.watch = true
	s := &Snapshot{
		log: len(m.trail.log), policy: m.policy.Save(), cached: m.cached.clone(), timers: slices.Clone(m.timers),
		bubbles: slices.Clone(m.bubbles), settling: slices.Clone(m.settling),
		first: m.firstTask, final: m.finalTask, count: m.count, lastTask: m.lastTask, seq: m.seq, now: m.now,
		rand: m.rand, noise: m.noise, heapUse: m.heapUse, freed: m.freed, paused: m.paused, astray: m.astray,
	}
	if m.rec != nil {
		s.point = m.rec.trace.Point()
	}
	s.cores, s.tasks = make([]Core, 0, len(m.cores)), make([]taskCopy, 0, m.count)
	for _, c := range m.cores {
		s.cores = append(s.cores, *c)
	}
	for _, b := range m.bubbles {
		s.keepBubble(b)
	}
	for t := m.firstTask; t != nil; t = t.behind {
		s.tasks = append(s.tasks, copyTask(t))
		s.keepBubble(t.Bubble)
		if c := t.Cell; c != nil && !slices.ContainsFunc(s.cells, func(k cellCopy) bool { return k.cell == c }) {
			s.cells = append(s.cells, cellCopy{c, *c})
		}
	}
	return s
}

func (s *Snapshot) keepBubble(b *Bubble) {
	if b == nil || slices.ContainsFunc(s.bubbled, func(k bubbleCopy) bool { return k.bubble == b }) {
		return
	}
	k := bubbleCopy{b, *b}
	k.value.timers = slices.Clone(b.timers)
	s.bubbled = append(s.bubbled, k)
}

func copyTask(t *Task) taskCopy {
	c := taskCopy{task: t, value: *t, frames: slices.Clone(t.frames), n: slices.Clone(t.n), p: slices.Clone(t.p)}
	for p := t.panic; p != nil; p = p.below {
		c.panics = append(c.panics, panicCopy{p, *p})
	}
	return c
}

func (c *taskCopy) restore() {
	t := c.task
	frames, n, p := t.frames, t.n, t.p
	*t = c.value
	t.frames, t.n, t.p = over(frames, c.frames), over(n, c.n), over(p, c.p)
	for _, p := range c.panics {
		*p.p = p.value
	}
}

// over copies kept over old, which no snapshot shares, where it has the same length.
func over[T any](old, kept []T) []T {
	if len(old) != len(kept) {
		return slices.Clone(kept)
	}
	copy(old, kept)
	return old
}

// Restore goes back to a snapshot, which stays alive. Those taken after it are
// lost. The trace loses what was added since, unless it has dropped events from
// before.
func (m *Machine) Restore(s *Snapshot) {
	m.trail.back(s.log)
	for i, c := range s.cores {
		*m.cores[i] = c
	}
	for i := range s.tasks {
		s.tasks[i].restore()
	}
	for _, c := range s.cells {
		*c.cell = c.value
	}
	m.timers.restore(s.timers)
	m.bubbles, m.settling = slices.Clone(s.bubbles), slices.Clone(s.settling)
	for i := range s.bubbled {
		k := &s.bubbled[i]
		now := k.bubble.timers
		*k.bubble = k.value
		k.bubble.timers = now
		k.bubble.timers.restore(k.value.timers)
	}
	m.policy.Load(s.policy)
	m.cached = s.cached.clone()
	m.firstTask, m.finalTask, m.count, m.lastTask = s.first, s.final, s.count, s.lastTask
	m.seq, m.now, m.rand, m.noise = s.seq, s.now, s.rand, s.noise
	m.heapUse, m.freed, m.paused, m.astray = s.heapUse, s.freed, s.paused, s.astray
	m.split, m.firing, m.exec.T = 0, nil, nil
	if m.rec != nil {
		m.rec.trace.Cut(s.point)
	}
}

// Release ends a snapshot.
func (m *Machine) Release(*Snapshot) {
	if m.trail.live--; m.trail.live == 0 {
		m.trail.log = nil
		m.watch = m.visible
	}
}
