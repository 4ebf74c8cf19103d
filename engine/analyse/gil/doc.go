// Package gil finds out of a trace how threads share an interpreter's lock: who holds it
// when, who waits for it and how long, how often it changes hands.
//
//	trace: states of tasks, notes about the lock ─▶ Of ─▶ Contention ─▶ drawings, tables
//
// It knows no policy: what the notes say (trace.LockTaken and the others) is all that
// it goes by, so that a run of a real interpreter, put into the same words, is read in the same
// way. A trace without such notes is one without a lock: its threads compute whenever
// they have a core.
package gil
