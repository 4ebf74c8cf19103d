package protocol

import "context"

// Handler is what a worker process does; the session implements it. Execute and
// Replay are called one at a time; Complete, Inspect, IsComplete and Comm may be
// called while a cell runs.
type Handler interface {
	// Execute runs one cell. Cancelling ctx interrupts it.
	Execute(ctx context.Context, req Execute, out Output) Done
	// Replay takes over the declarations of an earlier worker.
	Replay(rec Record) error
	Complete(req Complete) Completions
	Inspect(req Inspect) Inspection
	IsComplete(code string) Completeness
	Comm(msg Comm, out Output)
	Close() error
}

// Output is where a worker sends what happens while it runs. It is safe for
// concurrent use, keeps the order of calls and never blocks for long.
type Output interface {
	Stream(Stream)
	Display(Display)
	Clear(Clear)
	Comm(Comm)
	// Prompt asks the learner for a line and waits for it, or for ctx.
	Prompt(ctx context.Context, p Prompt) (Input, error)
}

// Warmer is a Handler that can prepare for the cells to come.
type Warmer interface {
	// Warm does one step of it, which takes some milliseconds, and reports
	// whether there are others. It may be called at any time.
	Warm() (more bool)
}

// Limiter is implemented by every Output that a worker is given.
type Limiter interface {
	// SetOutputLimit changes how many bytes of text a cell may write, from now
	// on and for this cell too; not positive: no limit.
	SetOutputLimit(bytes int64)
}
