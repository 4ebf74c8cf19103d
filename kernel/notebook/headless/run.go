package headless

import (
	"fmt"
	"strings"
	"time"

	"interleave/kernel/notebook"
	"interleave/kernel/protocol"
)

// Kernel runs cells; worker.Pool is one.
type Kernel interface {
	// Execute runs one cell and waits for its end.
	Execute(req protocol.Execute) protocol.Done
	// Interrupt makes a running Execute return soon.
	Interrupt()
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

// Run runs the code cells of nb in order on the kernel that start starts, and
// puts their outputs into nb; outputs of earlier runs are removed. The error is
// a *Failure where a cell failed that was not allowed to; the cells after it
// were not run, nb has the outputs of those before it and its own error.
func Run(nb *notebook.Notebook, start func(protocol.Output) (Kernel, error), opts Options) error {
	if language := nb.Language(); language != "" && language != "go" {
		return fmt.Errorf("headless: the notebook is written in %s, not in Go", language)
	}
	out := newCollector()
	kernel, err := start(out)
	if err != nil {
		return fmt.Errorf("headless: %w", err)
	}
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
		if failure = runCell(kernel, out, nb.Cells[i], Step{Cell: i + 1, Number: n + 1, Of: len(plan)}, opts); failure != nil {
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

func runCell(kernel Kernel, out *collector, cell *notebook.Cell, step Step, opts Options) *Failure {
	report := func() {
		if opts.Progress != nil {
			opts.Progress(step)
		}
	}
	report()
	id := cellID(step.Cell)
	out.begin(id, step.Number)
	began := time.Now()
	late := func() bool { return false }
	if opts.Timeout > 0 {
		timer := time.AfterFunc(opts.Timeout, kernel.Interrupt)
		late = func() bool { return !timer.Stop() }
	}
	done := kernel.Execute(protocol.Execute{ID: id, Count: step.Number, Code: cell.Source()})
	if late() && done.Error != nil {
		done.Error = &protocol.Error{
			Name:      "timeout",
			Value:     fmt.Sprintf("the cell was stopped after %v", opts.Timeout),
			Traceback: append([]string{fmt.Sprintf("timeout: the cell was stopped after %v", opts.Timeout)}, done.Error.Traceback...),
		}
	}
	step.Done, step.Elapsed, step.Error = true, time.Since(began), done.Error
	step.Allowed = opts.AllowErrors || cell.Tagged("raises-exception")
	report()
	if done.Error == nil {
		return nil
	}
	out.fail(id, done.Error)
	if step.Allowed {
		return nil
	}
	return &Failure{Cell: step.Cell, ID: cell.ID(), Name: done.Error.Name, Value: done.Error.Value, Traceback: done.Error.Traceback}
}

func cellID(position int) string { return fmt.Sprint("cell-", position) }
