package policy

import "slices"

// hardware places threads that could run on cores, as an operating system does: where
// a thread ran last if that core is idle, on another idle one, else in a line for the
// next core that is free. Threads in the line have the cores in turns.
type hardware struct {
	slice int64
	cores []processor
	line  Queue
	looks []Look // not yet answered to the machine
}

// processor is one core.
type processor struct {
	running *Task
	from    int64 // since when the running one has had the core, in one piece
	coming  Queue // on their way to it
	last    *Task
}

func newHardware(s Setup) hardware {
	return hardware{slice: s.Slice, cores: make([]processor, s.Cores)}
}

func (p *processor) idle() bool { return p.running == nil && p.coming.Len() == 0 }

// place gives t, which could run, a core. at is the core that asks next anyway; -1: none does.
func (h *hardware) place(now int64, t *Task, at int) {
	core := h.idle(t.Core, at)
	switch {
	case core < 0:
		h.queue(now, t)
		return
	case core != at:
		h.looks = append(h.looks, Look{core, now})
	}
	h.cores[core].coming.Push(t)
}

// idle is an idle core: best the one before, last the one that a thread is just
// leaving, since that may come back; -1: there is none.
func (h *hardware) idle(before, leaving int) int {
	if before >= 0 && h.cores[before].idle() {
		return before
	}
	for i := range h.cores {
		if i != leaving && h.cores[i].idle() {
			return i
		}
	}
	if leaving >= 0 && h.cores[leaving].idle() {
		return leaving
	}
	return -1
}

// send gives t a core that is idle, where it comes at a time; false: all are busy.
func (h *hardware) send(at int64, t *Task) bool {
	core := h.idle(t.Core, -1)
	if core < 0 {
		return false
	}
	h.cores[core].coming.Push(t)
	h.looks = append(h.looks, Look{core, at})
	return true
}

// stay leaves t on the core that it had, unless its turn is over and others are in line.
func (h *hardware) stay(now int64, core int, t *Task) {
	if h.line.Len() > 0 && now-h.cores[core].from >= h.slice {
		h.queue(now, t)
		return
	}
	h.cores[core].coming.Push(t)
}

// queue puts t in the line for the core whose thread's turn ends first.
func (h *hardware) queue(now int64, t *Task) {
	h.line.Push(t)
	first := -1
	for i, s := range h.cores {
		if s.running != nil && (first < 0 || s.from < h.cores[first].from) {
			first = i
		}
	}
	if first >= 0 {
		h.looks = append(h.looks, Look{first, max(now, h.cores[first].from+h.slice)})
	}
}

// next takes the thread that is to have a core, and tells whether it was in line; nil:
// none.
func (h *hardware) next(core int) (t *Task, lined bool) {
	if t := h.cores[core].coming.Pop(); t != nil {
		return t, false
	}
	return h.line.Pop(), true
}

// run is the decision that t has a core for at most that long; 0: no limit but the
// operating system's.
func (h *hardware) run(now int64, core int, t *Task, most int64) Decision {
	s := &h.cores[core]
	if s.last != t {
		s.last, s.from = t, now
	}
	s.running = t
	left := s.from + h.slice - now
	if left <= 0 { // nobody is in line for it
		left = h.slice
	}
	if most > 0 {
		left = min(left, most)
	}
	return h.answered(Decision{Task: t, For: left})
}

// rest is the decision that a core idles.
func (h *hardware) rest(core int) Decision {
	h.cores[core].last = nil
	return h.answered(Decision{})
}

// answered adds a Look to a decision. A decision has one; for more the core asks again
// at once, which costs nothing.
func (h *hardware) answered(d Decision) Decision {
	d.Look = h.answer()
	if len(h.looks) > 0 {
		d.For = 1
	}
	return d
}

func (h *hardware) answer() Look {
	if len(h.looks) == 0 {
		return Nobody
	}
	l := h.looks[0]
	h.looks = h.looks[1:]
	return l
}

// stop takes the running thread off a core.
func (h *hardware) stop(core int) { h.cores[core].running = nil }

func (h *hardware) clone() hardware {
	c := *h
	c.line, c.looks, c.cores = h.line.Clone(), slices.Clone(h.looks), slices.Clone(h.cores)
	for i := range c.cores {
		c.cores[i].coming = h.cores[i].coming.Clone()
	}
	return c
}
