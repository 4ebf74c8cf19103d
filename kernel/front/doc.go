// Package front is the process that Jupyter starts: it serves the five sockets
// of one connection file and never runs, parses or checks a learner's code.
//
// In come verified messages of the shell, control and stdin sockets; out go
// their replies and the messages of iopub. Cells, completions and inspections
// are handed to a worker process, which can die without harm to the front.
//
//	shell ──► dispatch ──► queue ──► executor ─────────► Worker.Execute ─┐
//	              │                                                      │ protocol.Output
//	              ├──► asks:    complete, inspect, is_complete           ▼
//	              ├──► comms:   comm_open, comm_msg, comm_close ──► output ──► publisher ──► iopub
//	              ├──► history: the cells' log, and questions about it            ▲
//	              └──► at once: kernel_info, comm_info, connect                   │
//	control ──► interrupt, shutdown, kernel_info, debug ───── busy and idle ──────┘
//	stdin ◄──► prompts ◄── Worker asks for a line
//
// Only cells wait for cells. Everything else is answered while one runs, each
// with busy and idle of its own parent; after such an idle the running cell's
// busy is published again, so that the last status always tells the truth to
// front ends that look at nothing else.
//
// Every output carries the header of the cell that caused it, however late it
// comes. All that goes to iopub passes one queue, so a cell's output is there
// before its idle. Output waits for room in that queue; a status never does.
//
// After a failed cell the cells queued behind it are answered "aborted", and so
// are those that were on their way when the failure was told (sent before it,
// arriving just after it), as happens with "run all".
//
// Subshells (JEP 91) are not offered: a second cell beside a running one would
// have to share the evaluator's session with it, and what subshells are used for
// most, widgets and completions during a cell, is answered at once here anyway.
package front
