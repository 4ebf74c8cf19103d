package engine

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"interleave/engine"
	"interleave/engine/host"
	"interleave/engine/trace"
	"interleave/kernel/display"
)

// Execution is one run of a program, with all that was recorded of it.
type Execution struct {
	run  *host.Run
	host *host.Host
}

// Failure is how a run ended that did not return from its main function.
type Failure struct {
	Kind    string // "panic", "deadlock", "fatal", "exit", "limit" or "interrupted"
	Message string // in Go's words
	Detail  string // goroutines and their lines
}

func (f *Failure) Error() string { return f.Message }

// Err is nil where main returned, else a *Failure.
func (e *Execution) Err() error {
	if e.run.Err == nil {
		return nil
	}
	f := &Failure{Kind: e.run.Trace.Head.End}
	f.Message, f.Detail, _ = strings.Cut(e.run.Err.Error(), "\n\n")
	if p := (*engine.Panic)(nil); errors.As(e.run.Err, &p) {
		f.Message = "panic: " + p.Message
	}
	return f
}

// Trace is the record itself: a list of events, and tables of tasks, objects and
// places.
func (e *Execution) Trace() *trace.Trace { return e.run.Trace }

// Token replays the run: see Replay.
func (e *Execution) Token() string { return e.run.Trace.Head.Token }

// Summary is the run in figures.
func (e *Execution) Summary() *Summary { return summarize(e.run.Trace) }

// JSONLines is the trace as JSON, one object a line: a head, the tables, the events
// in order of time.
func (e *Execution) JSONLines() string { return written(e, trace.Lines) }

// Chrome is the trace in the Trace Event Format, for https://ui.perfetto.dev or
// chrome://tracing.
func (e *Execution) Chrome() string { return written(e, trace.Chrome) }

func written(e *Execution, write func(w io.Writer, t *trace.Trace) error) string {
	var b strings.Builder
	if err := write(&b, e.run.Trace); err != nil { // a Builder takes everything
		panic(fmt.Sprintf("engine: %v", err))
	}
	return b.String()
}

// String is the run in one line.
func (e *Execution) String() string { return e.Summary().line() }

// Display shows the timeline; of processes, the Gantt chart.
func (e *Execution) Display() display.Bundle {
	if e.run.Cell == "" {
		return e.Gantt().Display()
	}
	return e.Timeline().Display()
}
