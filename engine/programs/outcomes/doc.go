// Package outcomes writes small concurrent programs that may end in more than one
// way, and lists every way in which Go allows them to end.
//
//	seed ──Generate──▶ Program ──Source──▶ a Go function that prints how it ended
//	                      └────Outcomes──▶ all that it may print
//
// The list comes from a search of its own over all orders of the goroutines' steps,
// which shares nothing with the machine. What the machine prints, under any seed and
// policy, must be in it; what compiled Go prints, too, which holds the search itself
// against the truth.
package outcomes
