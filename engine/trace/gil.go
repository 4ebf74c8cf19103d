package trace

// The words of notes about an interpreter's lock (the GIL of CPython). A note's Task is
// whom it is about, its Arg the number of the lock: that of the interpreter.
const (
	LockWanted   = "GIL wanted"             // Task waits for it from now on
	LockTaken    = "GIL taken"              // Task holds it from now on
	LockReleased = "GIL released"           // Task gave it back by itself: it waits, ends, or computes without it
	LockAsked    = "GIL requested"          // Task has waited long enough, and asks Cause, who holds it
	LockForced   = "GIL dropped on request" // Task gave it back since it was asked to, and waits for it again
	LockOffered  = "GIL offered"            // Task gave it back at a check, woke Cause, and is about to take it again
	LockMissed   = "GIL missed"             // Task was woken for it, and Cause had it already
	LockLost     = "GIL lost"               // Task had given it back at a check, and Cause took it first
)
