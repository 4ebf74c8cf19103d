package host

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"interleave/engine"
	"interleave/engine/analyse/waits"
	"interleave/engine/check"
	"interleave/engine/machine"
	"interleave/engine/trace"
)

// Run is a run that is over, or, of a cell, its main part.
type Run struct {
	Cell   string // "cell[3]": the cell, or the one that asked for the run
	Trace  *trace.Trace
	Err    error             // as Host.Run gives it; nil: main returned
	Source map[string]string // the text of each cell that the trace names
	Reach  waits.Reach       // who could still act on what tasks wait for at its end; nil: not known
}

// sources collects the texts of the cells in which something happened.
func (h *Host) sources(t *trace.Trace) map[string]string {
	texts := map[string]string{}
	for _, p := range t.Places[1:] {
		if text, ok := h.names.texts[p.File]; ok {
			texts[p.File] = text
		}
	}
	return texts
}

// nested is a cell, or a run within one, that is under way.
type nested struct {
	cell *machine.Cell
	died *death // of it, while a run within it was under way
}

// asked is a run that a task has asked for and stands aside for.
type asked struct {
	caller *machine.Task
	fn     *machine.Closure
	config machine.Config
	bounds Bounds
	done   func(*Run)
}

// Bounds of a run of its own; 0 stands for none.
type Bounds struct {
	Events int           // that the trace holds
	Time   time.Duration // virtual, after which the run is ended
}

// errLong ends a run that was bounded.
type errLong struct{ bound time.Duration }

func (e errLong) Error() string {
	return fmt.Sprintf("the run was ended after %v of virtual time", e.bound)
}

// Ran is the run of the cell itself that ran last; nil where it ran nothing.
func (h *Host) Ran() *Run { return h.ran }

// Last is the run of the latest cell; nil: there was none. A cell that starts no tasks
// is passed over where it looks at an earlier run, so that this can be looked at again and
// again; where it made runs of its own, the latest of these is meant.
func (h *Host) Last() *Run {
	h.looked = true
	return h.last
}

// Config is the configuration of the next cells.
func (h *Host) Config() machine.Config { return h.config }

// record runs f as the main part of a cell, with a trace.
func (h *Host) record(cell *machine.Cell, p *check.Program, f func() error) error {
	h.ran = nil
	if !recorded(cell.Name) || !active(p) {
		return f()
	}
	h.looked, h.own = false, nil
	h.names.begin()
	run := &Run{Cell: cell.Name, Trace: trace.New(0)}
	run.Trace.Wanted = described
	h.machine.Record(run.Trace)
	defer func() {
		run.Trace.Head.End = ending(run)
		run.Reach = h.reachOf(run)
		h.machine.Record(nil)
		run.Source = h.sources(run.Trace)
		h.ran = run
		switch alone := started(run.Trace) == 1; {
		case alone && h.own != nil:
			h.last = h.own
		case !alone || !h.looked:
			h.last = run
		}
	}()
	run.Trace.Head.Cell = cell.Name
	run.Err = errors.New("internal error") // should f not come back
	run.Err = f()
	return run.Err
}

// recorded tells whether runs of a cell that is called so are looked at: those of the
// learner's cells and of their tests.
func recorded(name string) bool { return strings.HasPrefix(name, "cell[") || name == "tests" }

// active tells whether a program does anything.
func active(p *check.Program) bool {
	for _, it := range p.Body {
		if it.Stmt != nil || it.Result != nil {
			return true
		}
	}
	return p.Main != nil
}

// started is how many tasks of the program a cell's run has.
func started(t *trace.Trace) int {
	n := 0
	for _, k := range t.Tasks[1:] {
		if !k.System && k.Cell == t.Head.Cell {
			n++
		}
	}
	return n
}

// ending is how a run ended, as trace.Head says it.
func ending(run *Run) string {
	var fatal *engine.Fatal
	switch err := run.Err; {
	case run.Trace.Head.Cut:
		return "cut"
	case err == nil:
		return "returned"
	case errors.As(err, new(*engine.Panic)):
		return "panic"
	case errors.As(err, new(*engine.Exit)):
		return "exit"
	case errors.As(err, new(errLong)):
		return "limit"
	case errors.Is(err, engine.ErrInterrupted):
		return "interrupted"
	case errors.As(err, &fatal) && strings.HasSuffix(fatal.Message, "deadlock!"):
		return "deadlock"
	}
	return "fatal"
}

// Experiment is for a native function that runs a function of the program as a run
// of its own: on a machine with configuration c, within bounds. The tasks that it
// starts end with it. done gets the run; then the native
// function goes on with end. What it returns is the native function's status.
func (h *Host) Experiment(x *machine.Exec, fn *machine.Closure, c machine.Config, b Bounds, done func(*Run), end func(*machine.Exec) machine.Status) machine.Status {
	switch {
	case fn == nil:
		return x.ThrowNil()
	case x.M != h.machine:
		return x.Throw(x.M.Errors.Text("a run of its own cannot be made by a scheduler's method"))
	case len(h.nest) == 0:
		return x.Throw(x.M.Errors.Text("a run of its own can only be made while a cell runs, and this goroutine has outlived its own"))
	case x.T.Bubble != nil:
		return x.Throw(x.M.Errors.Text("a run of its own cannot be made within a synctest bubble"))
	case !x.InOrder():
		return machine.Again
	}
	h.asked = append(h.asked, &asked{caller: x.T, fn: fn, config: c, bounds: b, done: done})
	base := x.Here()
	x.StandAside("a run of its own")
	x.Then(func(x *machine.Exec) machine.Status {
		x.At(base)
		return end(x)
	})
	return machine.Parked
}

// experiment makes the next run that a task of the cell has asked for; of the outermost
// cell, any task. One that a task outside of the present run asks for has to wait until
// that is over. It tells whether there was one.
func (h *Host) experiment(ctx context.Context, cell *machine.Cell) bool {
	h.asked = slices.DeleteFunc(h.asked, func(a *asked) bool { return a.caller.State != machine.Blocked }) // it was stopped
	i := slices.IndexFunc(h.asked, func(a *asked) bool { return a.caller.Cell == cell || len(h.nest) == 1 })
	if i < 0 {
		return false
	}
	a := h.asked[i]
	h.asked = slices.Delete(h.asked, i, i+1)
	run := &Run{Cell: a.caller.Cell.Name, Trace: trace.New(a.bounds.Events)}
	run.Trace.Wanted = described
	names, left := h.names, h.names.left
	names.begin()
	was := h.machine.Begin(a.config, run.Trace)
	if a.bounds.Time > 0 {
		h.machine.Bound(int64(a.bounds.Time))
	}
	own := &machine.Cell{Name: a.caller.Cell.Name, Host: a.caller.Cell.Host}
	fn, args := a.fn.ClosureArgs(nil)
	run.Trace.Head.Cell = own.Name
	run.Err = h.call(ctx, own, fn, args)
	if errors.Is(run.Err, errAhead) {
		run.Err = errLong{a.bounds.Time}
	}
	run.Trace.Head.End = ending(run)
	run.Reach = h.reachOf(run)
	h.machine.EndTrace()
	h.machine.StopCell(own)
	h.machine.Finish(was)
	run.Source = h.sources(run.Trace)
	names.left, h.own = left, run
	a.done(run)
	h.machine.Wake(a.caller, nil)
	return true
}

// around gives the cell that is under way, and whose task has died.
func (h *Host) around(cell *machine.Cell) *nested {
	for i := range h.nest {
		if h.nest[i].cell == cell {
			return &h.nest[i]
		}
	}
	return nil
}

// keptEvents bounds what is kept of shown runs: so many events beyond the newest run's.
const keptEvents = trace.DefaultBound

// kept holds the runs of which parts may still be asked for, the newest last. It is safe
// for concurrent use.
type kept struct {
	mu   sync.Mutex
	runs []*Run
	keys []string
}

// Keep keeps a run under its trace's key, which it gives, until many larger ones were
// kept after it.
func (h *Host) Keep(r *Run) string {
	h.kept.mu.Lock()
	defer h.kept.mu.Unlock()
	key := ""
	if i := slices.Index(h.kept.runs, r); i >= 0 {
		key = h.kept.keys[i]
		h.kept.runs, h.kept.keys = slices.Delete(h.kept.runs, i, i+1), slices.Delete(h.kept.keys, i, i+1)
	} else {
		key = r.Trace.Key()
	}
	h.kept.runs, h.kept.keys = append(h.kept.runs, r), append(h.kept.keys, key)
	sum := 0
	for i := len(h.kept.runs) - 2; i >= 0; i-- {
		if sum += h.kept.runs[i].Trace.Len(); sum > keptEvents {
			h.kept.runs, h.kept.keys = slices.Delete(h.kept.runs, 0, i+1), slices.Delete(h.kept.keys, 0, i+1)
			break
		}
	}
	return key
}

// Kept finds a run by its key; nil: it is not kept, or no longer.
func (h *Host) Kept(key string) *Run {
	h.kept.mu.Lock()
	defer h.kept.mu.Unlock()
	if i := slices.Index(h.kept.keys, key); i >= 0 {
		return h.kept.runs[i]
	}
	return nil
}
