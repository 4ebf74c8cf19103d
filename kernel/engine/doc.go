// Package engine is what a cell calls to look at a run, and to make one: who ran,
// who waited and for what, on how many cores.
//
//	engine.Last()                           // the run of the cell before
//	run := engine.Run(func() { … }, engine.Cores(2), engine.Seed(7))
//	run.Summary()
//	jobs := engine.ProcessTable(`…`)        // a textbook's processes
//	jobs.Run(engine.Policy("rr(q=4)")).Gantt()
//
// In: a recorded run of the deterministic machine. Out: values that show themselves.
//
//	cell ──engine.Run──▶ host.Experiment ──▶ host.Run (trace, error) ──▶ Execution
//	                                                                       │
//	processes ──▶ workload.Run (trace) ────────────────────────────────────┤
//	                                                                       │
//	     Display ◀── Timeline, Gantt, Metrics … (pure functions of it) ◀───┘
//
// The functions here are the forms for everybody who is not on the machine: they
// panic, and say how to get there. Provide gives the machine its own forms.
package engine
