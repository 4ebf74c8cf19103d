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

// of is the run itself.
func (e *Execution) of() *host.Run {
	if e == nil || e.run == nil {
		panic(missing("*engine.Execution", "run", "engine.Run and engine.Last give one"))
	}
	return e.run
}

// missing says that a pointer leads to nothing, or a value is none that a function of this
// package gave, and what to do.
func missing(kind, what, how string) string {
	return fmt.Sprintf("engine: there is no %s: this %s is nil or empty (%s)", what, kind, how)
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
	if e.of().Err == nil {
		return nil
	}
	f := &Failure{Kind: e.of().Trace.Head.End}
	f.Message, f.Detail, _ = strings.Cut(e.of().Err.Error(), "\n\n")
	if p := (*engine.Panic)(nil); errors.As(e.of().Err, &p) {
		f.Message = "panic: " + p.Message
	}
	return f
}

// Trace is the record itself: a list of events, and tables of tasks, objects and
// places.
func (e *Execution) Trace() *trace.Trace { return e.of().Trace }

// Token replays the run: see Replay.
func (e *Execution) Token() string { return e.of().Trace.Head.Token }

// Summary is the run in figures.
func (e *Execution) Summary() *Summary { return summarize(e.of().Trace) }

// JSONLines is the trace as JSON, one object a line: a head, the tables, the events
// in order of time.
func (e *Execution) JSONLines() string { return written(e, trace.Lines) }

// Chrome is the trace in the Trace Event Format, for https://ui.perfetto.dev or
// chrome://tracing.
func (e *Execution) Chrome() string { return written(e, trace.Chrome) }

func written(e *Execution, write func(w io.Writer, t *trace.Trace) error) string {
	var b strings.Builder
	if err := write(&b, e.of().Trace); err != nil { // a Builder takes everything
		panic(fmt.Sprintf("engine: %v", err))
	}
	return b.String()
}

// String is the run in one line.
func (e *Execution) String() string { return e.Summary().line() }

// Display shows the timeline; of processes, the Gantt chart.
func (e *Execution) Display() display.Bundle {
	if e.of().Cell == "" {
		return e.Gantt().Display()
	}
	return e.Timeline().Display()
}
