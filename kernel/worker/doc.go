// Package worker runs cells in a child process and survives whatever happens
// to it.
//
// In: requests (execute, complete, interrupt …) from the front. Out: what the
// cells print, show and ask, in order, through a protocol.Output, and one
// protocol.Done a cell.
//
//	front ── Pool ──┬── active worker   runs the cells
//	                └── warm spare      has the same declarations, answers
//	                                    complete and inspect, takes over when
//	                                    the active one dies
//
// The pool keeps the records of what cells declared and hands each to the
// spare as it comes, so that a takeover costs nothing. A worker is this same
// binary; Serve is its main function. Both sides speak protocol frames over
// the child's standard input and output, which the child moves out of the
// reach of user code first:
//
//	parent           child
//	requests ──▶ private copy of fd 0 ──▶ Serve ──▶ protocol.Handler
//	events   ◀── private copy of fd 1 ◀── Output ◀── evaluator's prints
//	                                        ▲
//	                     fd 1, fd 2 ── pipes of the child's own: native code, child processes
//	last words ◀── what is left in the pipe of fd 2 when the Go runtime dies
//
// Every event is in the pipe to the parent before the call that made it
// returns, so what a cell printed before it died is never lost; the parent
// joins small pieces of text before it hands them on.
package worker
