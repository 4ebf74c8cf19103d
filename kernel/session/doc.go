// Package session is what a worker does with a cell: it implements
// protocol.Handler.
//
//	Execute ─▶ syntax.Parse ─▶ magics ─▶ check.Check ─▶ Refuse ─▶ Run ─▶ Commit ─▶ Done
//	              │                          │            │        │                 │
//	              └──── all errors at once ──┴────────────┘   Panic, Fatal,       Record of
//	                    with line and caret                   Exit, interrupt     the declarations
//
//	Run ─▶ Stdout, Stderr, Stdin, display ─▶ protocol.Output, marked with the cell
//	    └▶ values of the last expression ─▶ bundle of mime types ─▶ execute_result
//
//	Replay     ─▶ the same way, with a Record: declares, runs nothing of the learner's
//	Complete   ─▶ assist.Complete    what may stand at the cursor
//	Inspect    ─▶ assist.Inspect     what the name at the cursor is
//	IsComplete ─▶ whether Enter runs the text or continues it
//
// A result shows its text, a slice of structs also as a table. A value may show
// itself: by Display() display.Bundle, or by HTML, SVG, Markdown or Latex() string,
// or by PNG or JPEG() []byte.
//
// Several cells' texts are kept, so that a panic in a function of an earlier
// cell can show its line. A fault in our own code while a cell is worked on ends
// that cell with an "internal error", never the worker.
package session
