// Package waits says who waits for whom in a run, and why nobody comes. All of it
// is a pure function of a trace.
//
//	Trace ─▶ moment (replay: who holds, who waits, counters, buffers)
//	            │
//	            ├─▶ release (who can still be woken) ─▶ Graph     at any moment
//	            │                                      ├▶ Deadlock  sets, conditions, sentences
//	            │                                      └▶ Leaks     at a cell's end
//	            └─▶ words (what a reader calls things)
//
// # Who can still be woken
//
// A wait for a lock needs all of those who hold it (an AND); a wait for a channel, a
// wait group or a condition variable needs any one task that could act (an OR), and a
// select needs any of its cases. Starting from the tasks that can run, the set of those
// that can still be woken grows until nothing changes; who is left is stuck. This is
// the reduction of general resource graphs (R. C. Holt, "Some Deadlock Properties of
// Computer Systems", Computing Surveys 4(3), 1972) for the AND-OR model (E. Knapp,
// "Deadlock Detection in Distributed Databases", Computing Surveys 19(4), 1987);
// with OR alone what is left is Holt's knot.
//
// Where something is not known it counts as help: a channel that any running task might
// reach, a lock taken before the trace began. A claim that a task is stuck is
// therefore never a guess. Beyond can say more: that the machine found nothing left to
// happen, and who reaches what (as Go's own goroutine leak profile asks).
//
// # What is sure
//
// In Go any goroutine may unlock a mutex. A set that waits for its own locks while
// others run is sure only if nobody else reaches these locks; without that knowledge it
// is reported, unless the run has shown such an unlock, and Sure is false.
package waits
