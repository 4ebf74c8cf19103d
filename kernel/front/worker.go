package front

import (
	"context"

	"interleave/kernel/protocol"
)

// Worker is what runs the cells. Its methods may be called at the same time,
// Execute for one cell at a time. It outlives the death of its processes.
type Worker interface {
	// Execute runs one cell; all its output has been given to out when it
	// returns. Cancelling ctx interrupts the cell: Execute then returns within a
	// second, whatever the cell does. An error that has a method
	// Report() protocol.Error says in words what became of the process that ran
	// the cell, what was lost and what was restored.
	Execute(ctx context.Context, req protocol.Execute, out protocol.Output) (protocol.Done, error)

	// Interrupt stops the goroutines that earlier cells left running. It is
	// called when the learner interrupts while no cell runs.
	Interrupt()

	Complete(ctx context.Context, req protocol.Complete) (protocol.Completions, error)
	Inspect(ctx context.Context, req protocol.Inspect) (protocol.Inspection, error)
	IsComplete(ctx context.Context, code string) (protocol.Completeness, error)
	Comm(ctx context.Context, msg protocol.Comm, out protocol.Output) error

	// Close ends all processes of the worker.
	Close() error
}
