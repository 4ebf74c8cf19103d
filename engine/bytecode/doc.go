// Package bytecode runs small pieces of Python as CPython's evaluation loop does: each
// statement is a few instructions of a stack machine, threads share names and objects, and
// each object counts its references. What threads may interleave is chosen: whole instructions, as under
// the GIL, or the parts of an instruction, as without it.
//
//	source ──Compile──▶ Code (instructions, by line)
//	setup, a Code a thread, Counting ──▶ Program ──Start──▶ State ──Step(thread)──▶ State …
//	Program, an order of threads ──Follow──▶ steps, State
//
// A State decides nothing by itself: who makes the next step is told to it. Package
// schedule has policies of the machine do that.
//
// It is a model. Names that the setup makes are global to all threads, all others are a
// thread's own. Instructions have the names that they have in CPython 3.12, without those that
// only prepare, such as RESUME; a with statement is two instructions here. One thing is
// simpler than in any CPython: where the lock may be handed over between any two instructions here, CPython 3.10
// and later look for a request only at jumps back, at calls and at the beginning of functions.
package bytecode
