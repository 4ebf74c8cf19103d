package trace

// What the policy of an event loop notes.
const (
	LoopTurn  = "a turn begins, %d ready" // of all; Arg: how many tasks the turn runs
	LoopSleep = "nothing is ready, sleeps in select"
)
