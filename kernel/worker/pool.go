package worker

import (
	"context"
	"errors"

	"interleave/kernel/protocol"
)

// Pool owns the worker that runs cells (the active one) and a warm spare.
type Pool struct{}

// Start starts the active worker and its spare and returns at once; a cell may
// be executed immediately. What cells print, show and ask goes to out, whose
// methods are called from the pool's goroutines: one at a time a worker, in
// order, except Prompt, which is called in a goroutine of its own and whose
// ctx ends when the question is no longer of interest.
func Start(cfg Config, out protocol.Output) (*Pool, error) { return nil, errors.New("worker: building") }

// Execute runs one cell on the active worker and waits for its end. All output
// of the cell's main part has been given to out before it returns. If the
// worker dies, Done.Error says why and what was lost, and the spare has taken
// over when Execute returns. One call at a time; a second one waits.
func (p *Pool) Execute(req protocol.Execute) protocol.Done { return protocol.Done{} }

// Interrupt ends the running cell: first by asking, and after Config.Patience
// by killing the process. It returns at once; without a running cell it does
// nothing.
func (p *Pool) Interrupt() {}

// Complete answers from the spare, so it is quick while a cell runs.
func (p *Pool) Complete(ctx context.Context, req protocol.Complete) (protocol.Completions, error) {
	return protocol.Completions{}, nil
}

// Inspect answers from the spare, as Complete.
func (p *Pool) Inspect(ctx context.Context, req protocol.Inspect) (protocol.Inspection, error) {
	return protocol.Inspection{}, nil
}

// IsComplete answers from the spare, as Complete.
func (p *Pool) IsComplete(ctx context.Context, code string) (protocol.Completeness, error) {
	return protocol.Completeness{}, nil
}

// Comm hands a comm message of the front end to the active worker.
func (p *Pool) Comm(msg protocol.Comm) {}

// SetOutputLimit changes Config.OutputLimit for all cells from now on,
// in bytes; negative: no limit.
func (p *Pool) SetOutputLimit(bytes int64) {}

// Restart forgets the session: it ends a running cell and both workers and
// starts new ones with no declarations. A running Execute returns with an error.
func (p *Pool) Restart() error { return nil }

// Shutdown ends both workers and every process they started, and returns when
// all goroutines of the pool have ended. A running Execute returns with an error.
func (p *Pool) Shutdown() {}
