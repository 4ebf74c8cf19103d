package machine

import "interleave/engine/policy"

// Work has the running task compute for ns of virtual time. Nobody can notice
// anything of it but the time it takes, so it costs the machine no more than one step,
// however long it is; the policy may take the core at any moment of it. The caller
// returns the status.
func (x *Exec) Work(ns int64) Status {
	if ns <= 0 {
		return Next
	}
	t := x.T
	ns = min(ns, forever)
	if c := x.M.coster; c != nil {
		ns = c.Work(&t.sched, ns)
	}
	t.work = ns
	return Parked
}

// Call says how what the running task computes from now on stands to its interpreter's
// lock. Where that changes, its core asks the policy anew.
func (x *Exec) Call(c policy.Call) {
	t := x.T
	if t.sched.Call == c {
		return
	}
	t.sched.Call = c
	x.M.look(policy.Look{Core: int(t.core), At: x.M.Now()})
}

// Native has the running task compute for ns in a native call that stands so to its
// interpreter's lock. The caller returns the status.
func (x *Exec) Native(c policy.Call, ns int64) Status {
	if x.T.sched.Call == policy.Bytecode { // else it comes back from there
		x.Call(c)
		if x.Work(ns) == Parked {
			return Again
		}
	}
	x.Call(policy.Bytecode)
	return Parked // the policy is asked before the next instruction
}

// Calling tells how what the running task computes stands to its interpreter's lock.
func (x *Exec) Calling() policy.Call { return x.T.sched.Call }

// due is when something happens on a core that others can notice: now, unless its
// task computes.
func (c *Core) due() int64 {
	if c.task == nil || c.task.work == 0 {
		return c.clock
	}
	return max(c.clock, min(Later(c.clock, c.task.work), c.slice))
}

// catchUp lets a core's task compute up to a time, if it does that.
func (c *Core) catchUp(to int64) {
	if c.task == nil {
		return
	}
	if d := min(to-c.clock, c.task.work); d > 0 {
		c.clock += d
		c.busy += d
		c.task.work -= d
		c.task.sched.Ran += d
	}
}
