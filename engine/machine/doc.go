// Package machine runs compiled programs whose goroutines are data. It takes Funcs,
// register code that package compile makes, and gives the effects of running them on
// virtual cores in virtual time, an End that says why it came to rest, and a trace.
//
//	Spawn ─▶ Task ──Ready──▶ policy.Policy ──Pick──▶ Core ──run──▶ instructions (Op, Step, Native)
//	          ▲                                                │
//	          └──────────── Wake ◀── Chan, Mutex, Timer … ◀────┘ Park
//
//	Until: the core with the smallest clock runs its task for a while; what other tasks
//	can notice happens in order of virtual time (Exec.InOrder).
//
// A task's frames lie in two register files, of words and of pointers, so that Go's
// garbage collector sees what the program holds; memory has Go's own layout. Hot
// operations are opcodes of the inner loop in run.go, all others closures. While
// accesses to memory are watched, the loop runs a copy of the code that stops before
// each of them (Func.watchedCode).
//
// Nothing decides but the program, the policy and the seed: no map iteration, no
// address, no native goroutine. Snapshot and Restore go back to any state between two
// steps: tasks are copied, and what is written meanwhile is logged (trail.go).
package machine
