package worker

import (
	"context"
	"errors"

	"interleave/kernel/protocol"
)

// Pool owns the worker that runs cells (the active one) and a warm spare. It
// is what the front calls a Worker. Its methods may be called at the same time.
type Pool struct{}

var errBuilding = errors.New("worker: building")

// Start starts the active worker and its spare and returns at once; a cell may
// be executed immediately.
func Start(cfg Config) (*Pool, error) { return nil, errBuilding }

// Execute runs one cell on the active worker and waits for its end. What the
// cell prints, shows and asks goes to out, in order, one call at a time except
// Prompt, which is called in a goroutine of its own with a ctx that ends when
// nobody waits for the answer any more. All output of the cell's main part has
// been given to out before Execute returns; what comes later goes to the out
// of the latest call. Cancelling ctx interrupts the cell: first by asking, and
// after Config.Patience by killing the process.
//
// If the worker dies, the error is a *Died and the spare has taken over when
// Execute returns. A second call waits for the first.
func (p *Pool) Execute(ctx context.Context, req protocol.Execute, out protocol.Output) (protocol.Done, error) {
	return protocol.Done{}, errBuilding
}

// Interrupt stops the goroutines that ended cells left running.
func (p *Pool) Interrupt() {}

// Complete answers from the spare, so it is quick while a cell runs.
func (p *Pool) Complete(ctx context.Context, req protocol.Complete) (protocol.Completions, error) {
	return protocol.Completions{}, errBuilding
}

// Inspect answers from the spare, as Complete does.
func (p *Pool) Inspect(ctx context.Context, req protocol.Inspect) (protocol.Inspection, error) {
	return protocol.Inspection{}, errBuilding
}

// IsComplete answers from the spare, as Complete does.
func (p *Pool) IsComplete(ctx context.Context, code string) (protocol.Completeness, error) {
	return protocol.Completeness{}, errBuilding
}

// Comm hands a comm message of the front end to the active worker; what that
// sends goes to out.
func (p *Pool) Comm(ctx context.Context, msg protocol.Comm, out protocol.Output) error {
	return errBuilding
}

// SetOutputLimit changes Config.OutputLimit for all cells from now on,
// in bytes; negative: no limit.
func (p *Pool) SetOutputLimit(bytes int64) {}

// Restart forgets the session: it ends a running cell and both workers and
// starts new ones with no declarations. A running Execute returns a *Died.
func (p *Pool) Restart() error { return errBuilding }

// Close ends both workers and every process they started, and returns when all
// goroutines of the pool have ended. A running Execute returns a *Died.
func (p *Pool) Close() error { return nil }
