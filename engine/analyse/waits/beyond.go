package waits

import "interleave/engine/trace"

// Beyond is what a trace does not tell about the moment at which it ends.
type Beyond struct {
	// Asleep: nothing can happen any more: no task can run, no timer that anybody
	// waits for is set, nothing comes from outside. A trace whose head says that the
	// run ended in a deadlock implies it.
	Asleep bool
	// Reach tells who could still act on an object; nil: that is not known.
	Reach Reach
}

func (b Beyond) asleep(t *trace.Trace) bool { return b.Asleep || t.Head.End == "deadlock" }

// Reach holds for objects of the trace who could still act on them. An object without
// an entry is reached by nobody.
type Reach map[uint32]Reachers

// Reachers are those whose memory leads to an object.
type Reachers struct {
	Tasks   []uint32 // in whose frames it begins; numbers of the trace
	Unseen  []uint32 // of these tasks, those whose memory could not be looked into
	Session bool     // a variable of the session: a later cell could use it
	Timers  bool     // a timer that is set
}
