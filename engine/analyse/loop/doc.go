// Package loop tells, of a run under the policy "loop", what the event loop did: turn by
// turn and step by step, with what was ready, which timers were set and who waited for
// what at each moment.
//
//	trace ─▶ Walk ─▶ Moment, Moment, … (a turn begins, something runs, the loop sleeps)
//
// A step is what the loop runs without interruption: a task from one await to the next,
// or a callback. In asyncio's words it is one call of a handle.
package loop
