package policy

import "slices"

// cores is what a policy knows of each core.
type cores []seat

// seat is one core.
type seat struct {
	task  *Task // that runs there; nil: none
	ran   int64 // its Ran when it came there
	held  *Task // that has just lost the core, and may get it again at once
	idle  bool  // it waits to be told to look
	asked bool  // it has been told to look again while a task runs there
}

// freeCores is n cores at the beginning.
func freeCores(n int) cores {
	c := make(cores, n)
	for i := range c {
		c[i].idle = true
	}
	return c
}

// wake has the first idle core look; Nobody if there is none.
func (c cores) wake(now int64) Look {
	for i := range c {
		if c[i].idle {
			c[i].idle = false
			return Look{i, now}
		}
	}
	return Nobody
}

// ask has a core look again though a task runs there.
func (c cores) ask(now int64, core int) Look {
	c[core].asked = true
	return Look{core, now}
}

// run notes that a core takes t, or idles.
func (c cores) run(core int, t *Task) {
	c[core] = seat{task: t, idle: t == nil}
	if t != nil {
		c[core].ran = t.Ran
	}
}

// leave notes that the task of a core has left it, and gives the core time that
// it had there.
func (c cores) leave(core int) int64 {
	s := &c[core]
	ran := int64(0)
	if s.task != nil {
		ran = s.task.Ran - s.ran
	}
	s.task, s.asked = nil, false
	return ran
}

// hold keeps the task that has just lost its core, until that core picks.
func (c cores) hold(t *Task) { c[t.Core].held = t }

// held takes the task that was kept for a core; nil: none.
func (c cores) held(core int) *Task {
	t := c[core].held
	c[core].held = nil
	return t
}

// had is the core time that the task of a core has had there so far.
func (c cores) had(core int, now int64) int64 {
	if t := c[core].task; t != nil {
		return max(now-t.Began, 0)
	}
	return 0
}

func (c cores) clone() cores { return slices.Clone(c) }
