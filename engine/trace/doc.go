// Package trace is the one vocabulary for what a machine did. A Trace is a bounded
// list of events with the tables that give their numbers a meaning; every drawing,
// table and verdict is a pure function of it.
//
//	machine ──Add──▶ Trace ──▶ Spans ──▶ Summary, Chrome, drawings
//	                   │
//	                   └─────▶ Lines (one JSON object a line)
//
// # Events
//
// An event is 32 bytes: when (virtual ns), on which core, which task, what, with
// which object, where in the source, and which other task was the cause. Tasks,
// objects, places and reasons are numbers from 1, in order of first appearance;
// 0 stands for none. No address of the host ever gets into a trace: the same
// program under the same policy, seed and costs makes the same bytes everywhere.
//
// Where an event names a task that did not act itself, Place says where the acting
// task stood: Ready has the place of the waker, Create that of the go statement.
//
// Events of one task, and those of one core, stand in order of time. Cores run a
// little ahead of each other between steps that others can notice; Events therefore
// sorts by time, keeping the order in which events of one instant happened.
//
// # A task's life
//
//	Create ─▶ Ready ─▶ Run ─▶ Preempt ─▶ Run …
//	                       ─▶ Yield   ─▶ Run …
//	                       ─▶ Block (reason, object) ─▶ Ready (cause) ─▶ Run …
//	                       ─▶ Outside (reason)       ─▶ Ready         ─▶ Run …
//	                       ─▶ End (reason)
//
// A trace that begins while tasks exist opens with a Create and the present state
// of each of them.
//
// # At a moment
//
// World follows the events and knows, after each, what every task does and what
// every object holds: contents and waiters of channels, holders and queues of locks,
// counts of wait groups. Details, where the writer of a trace added them, give the values
// in channels and the frames and variables of tasks.
//
// # The bound
//
// A trace holds the last so many events. What no longer fits is counted in
// Dropped, oldest first; the tables keep everything.
package trace
