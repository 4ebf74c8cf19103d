package headless

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"interleave/kernel/notebook"
	"interleave/kernel/protocol"
)

// Kernel runs cells; worker.Pool is one.
type Kernel interface {
	// Execute runs one cell; its output has been given to out when it returns.
	// Cancelling ctx interrupts the cell. An error that has a method Report()
	// protocol.Error says in words what became of the process that ran it.
	Execute(ctx context.Context, req protocol.Execute, out protocol.Output) (protocol.Done, error)
}

// Options say how a notebook is run. The zero value stops at the first cell
// that fails and lets cells run as long as they like.
type Options struct {
	AllowErrors bool          // go on after a cell that failed
	Timeout     time.Duration // per cell; 0 is no limit
	Progress    func(Step)    // called before and after each code cell; may be nil
}

// Step is the progress of a run.
type Step struct {
	Cell    int // position in the notebook, from 1
	Number  int // of the code cells that run, from 1
	Of      int // number of code cells that run
	Done    bool
	Elapsed time.Duration // of the cell, where Done
	Error   *protocol.Error
	Allowed bool // the cell was allowed to fail
}

// Failure says which cell ended a run.
type Failure struct {
	Cell      int    // position in the notebook, from 1
	ID        string // the cell's id; may be empty
	Name      string
	Value     string
	Traceback []string
}

func (f *Failure) Error() string {
	return fmt.Sprintf("cell %d failed: %s: %s", f.Cell, f.Name, f.Value)
}

// Run runs the code cells of nb in order and puts their outputs into nb; outputs
// of earlier runs are removed. The error is a *Failure where a cell failed that
// was not allowed to; the cells after it were not run, nb has the outputs of
// those before it and its own error. Cancelling ctx interrupts the cell that
// runs and ends the run.
func Run(ctx context.Context, nb *notebook.Notebook, kernel Kernel, opts Options) error {
	if language := nb.Language(); language != "" && language != "go" {
		return fmt.Errorf("headless: the notebook is written in %s, not in Go", language)
	}
	out := newCollector()
	var plan []int // positions of the cells that run
	for i, cell := range nb.Cells {
		if cell.Kind() != notebook.Code || cell.Tagged("skip-execution") {
			continue
		}
		cell.SetResult(0, nil)
		if strings.TrimSpace(cell.Source()) != "" {
			plan = append(plan, i)
		}
	}
	var failure *Failure
	ran := 0
	for n, i := range plan {
		ran = n + 1
		if failure = runCell(ctx, kernel, out, nb.Cells[i], Step{Cell: i + 1, Number: n + 1, Of: len(plan)}, opts); failure != nil {
			break
		}
	}
	// only now: a goroutine may print after its cell has ended
	for n, i := range plan[:ran] {
		nb.Cells[i].SetResult(n+1, out.outputs(cellID(i+1)))
	}
	if failure != nil {
		return failure
	}
	return nil
}

func runCell(ctx context.Context, kernel Kernel, out *collector, cell *notebook.Cell, step Step, opts Options) *Failure {
	report := func() {
		if opts.Progress != nil {
			opts.Progress(step)
		}
	}
	report()
	id := cellID(step.Cell)
	out.begin(id, step.Number)
	began := time.Now()
	done, err := execute(ctx, kernel, protocol.Execute{ID: id, Count: step.Number, Code: cell.Source()}, out, opts.Timeout)
	if err != nil {
		done.Error = describe(err)
	}
	step.Done, step.Elapsed, step.Error = true, time.Since(began), done.Error
	step.Allowed = opts.AllowErrors || cell.Tagged("raises-exception")
	report()
	if done.Error == nil {
		return nil
	}
	out.fail(id, done.Error)
	if step.Allowed && ctx.Err() == nil {
		return nil
	}
	return &Failure{Cell: step.Cell, ID: cell.ID(), Name: done.Error.Name, Value: done.Error.Value, Traceback: done.Error.Traceback}
}

// execute runs one cell and stops it after timeout, where that is not 0.
func execute(ctx context.Context, kernel Kernel, req protocol.Execute, out protocol.Output, timeout time.Duration) (protocol.Done, error) {
	if timeout == 0 {
		return kernel.Execute(ctx, req, out)
	}
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	done, err := kernel.Execute(limited, req, out)
	if (done.Error != nil || err != nil) && ctx.Err() == nil && limited.Err() != nil {
		text := fmt.Sprintf("the cell was stopped after %v", timeout)
		return protocol.Done{ID: req.ID, Error: &protocol.Error{Name: "timeout", Value: text, Traceback: []string{"timeout: " + text}}}, nil
	}
	return done, err
}

// describe puts an error of the kernel into words for the notebook.
func describe(err error) *protocol.Error {
	var reporter interface{ Report() protocol.Error }
	if errors.As(err, &reporter) {
		report := reporter.Report()
		return &report
	}
	return &protocol.Error{Name: "kernel error", Value: err.Error(), Traceback: []string{"kernel error: " + err.Error()}}
}

func cellID(position int) string { return fmt.Sprint("cell-", position) }
