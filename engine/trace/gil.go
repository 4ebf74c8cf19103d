package trace

// The words of notes about an interpreter's lock (the GIL of CPython). A note's Task is
// whom it is about, its Arg the number of the lock: that of the interpreter.
const (
	LockWanted   = "wants the GIL"              // Task waits for it from now on
	LockTaken    = "takes the GIL"              // Task holds it from now on
	LockReleased = "releases the GIL"           // Task gave it back by itself: it waits, ends, or computes without it
	LockAsked    = "asks for the GIL"           // Task has waited long enough, and asks Cause, who holds it
	LockForced   = "drops the GIL on request"   // Task gave it back since it was asked to, and waits for it again
	LockOffered  = "offers the GIL"             // Task gave it back at a check, woke Cause, and is about to take it again
	LockMissed   = "comes too late for the GIL" // Task was woken for it, and Cause had it already
	LockLost     = "loses the GIL"              // Task had given it back at a check, and Cause took it first
)
