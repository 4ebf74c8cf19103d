// Package python measures how threads share the lock of a real Python, and runs the same
// mix of threads on the deterministic machine.
//
//	Find ──▶ Interpreter                     the python3 that the learner works with
//	Mix ──Measure──▶ script.py in it ──▶ Stamps ──Trace──▶ trace ──▶ drawings, Compare
//	 └─────Simulate──▶ workload under a policy ───────────▶ trace ─────┘
//
// The script's threads note the time in a tight loop: a gap in a thread's notes is time in
// which it did not run. Nothing is changed in the interpreter, so what its lock does
// within a gap, such as the request for it, cannot be seen; and a gap may also be the operating
// system's doing. Both ways end in one form, a trace with the words of package trace.
//
// It is bounded in time, ends with its context, and leaves nothing behind.
package python
