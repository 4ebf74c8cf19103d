package host

import (
	"context"
	"errors"
	"fmt"
	"go/types"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"interleave/engine"
	"interleave/engine/check"
	"interleave/engine/compile"
	"interleave/engine/machine"
	"interleave/engine/policy"
)

// Run runs one cell.
func (h *Host) Run(ctx context.Context, p *check.Program, streams engine.IO) (out engine.Outcome, err error) {
	h.enter()
	defer h.leave()
	h.settle(ctx)
	cell := &machine.Cell{Name: p.Cell.Name, Host: streams}
	h.current = cell
	var u *unit
	err = h.guarded(cell, func() error {
		if u, err = h.build(p); err != nil {
			return err
		}
		if err := h.inits(ctx); err != nil {
			return err
		}
		h.machine.Configure(h.config) // so that what a package's initialisation did makes no difference
		return h.record(cell, p, func() error { return h.mainPart(ctx, cell, u, p) })
	})
	if u != nil {
		out.Done = h.done(u)
		u.body.Blocks = nil // it was compiled, and runs no more
		h.compiler.Func(u.body).Retire()
	}
	if err != nil {
		h.stop(cell)
		return out, err
	}
	for _, g := range u.results {
		t := h.universe.Of(g.Type().(*types.Pointer).Elem())
		out.Values = append(out.Values, &value{h: h, t: t, v: machine.Load(t, h.compiler.Global(g))})
	}
	return out, nil
}

// mainPart runs the body and then, of a whole program, its main function.
func (h *Host) mainPart(ctx context.Context, cell *machine.Cell, u *unit, p *check.Program) error {
	body := h.compiler.Func(u.body)
	if p.Main == nil {
		return h.call(ctx, cell, body, nil)
	}
	main := h.compiler.Func(h.prog.FuncValue(p.Main))
	return h.call(ctx, cell, machine.Sequence("main.main", []*machine.Func{body, main}), nil)
}

// guarded turns a fault of our own code into an error of the cell that met it,
// with the place in the cell. The machine goes on with the other cells' tasks.
func (h *Host) guarded(cell *machine.Cell, f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		where := ""
		if t := h.machine.Running(); t != nil {
			cell = t.Cell
			if list := h.frames(t.Stack()); len(list) > 0 {
				where = " at " + list[0].Position
			}
		}
		h.stop(cell)
		switch r := r.(type) {
		case *refusal:
			err = &engine.Fatal{Message: r.msg}
		case interface{ Addr() uintptr }: // of a runtime.Error: an address where no memory lies
			err = &engine.Fatal{Message: "fault", Detail: "unexpected fault address" + where}
		case *compile.Unsupported:
			err = fmt.Errorf("machine: %s: not supported: %s", h.load.fset.Position(r.Pos), r.Msg)
		default:
			err = fmt.Errorf("machine: internal error%s: %v\n%s", where, r, ourStack())
		}
	}()
	return f()
}

// ourStack is the native stack, cut to what a report needs.
func ourStack() []byte {
	buf := make([]byte, 4<<10)
	return buf[:runtime.Stack(buf, false)]
}

// inits runs the initialisation of packages that were loaded since, and then
// lets the machine begin anew: it does not matter to a cell whether its packages
// were loaded for it or before.
func (h *Host) inits(ctx context.Context) error {
	h.load.create()
	alone, began := h.machine.Idle(), h.machine.Now()
	for {
		if ctx.Err() != nil { // between packages: each is initialised as a whole
			return engine.ErrInterrupted
		}
		p := h.load.next()
		if p == nil {
			break
		}
		if err := h.initialise(p); err != nil {
			return err
		}
	}
	h.machine.Configure(h.config)
	if alone {
		h.machine.Rewind(began)
	}
	return nil
}

func (h *Host) initialise(p *pending) error {
	for _, imp := range p.pkg.Imports() {
		h.load.need(imp)
	}
	h.machine.Relieve()
	p.form.Build()
	slim(p.files, p.info)
	cell := &machine.Cell{Name: "init", Host: engine.IO{Stdout: io.Discard, Stderr: io.Discard, Stdin: strings.NewReader("")}}
	source := p.form.Func("init")
	fn := h.compiler.Func(source)
	if err := h.call(context.Background(), cell, fn, nil); err != nil {
		return fmt.Errorf("machine: initialising %s: %w", p.pkg.Path(), err)
	}
	// That code, which may fill large tables, runs no more.
	source.Blocks = nil
	fn.Retire()
	return nil
}

// stop ends the tasks of a cell.
func (h *Host) stop(cell *machine.Cell) {
	for _, t := range h.machine.Tasks() {
		if t.Cell == cell {
			where := "was stopped"
			if list := h.frames(t.Stack()); len(list) > 0 {
				where += " at " + list[0].Position
			}
			h.note(t, where)
		}
	}
	h.machine.StopCell(cell)
}

// mostEnded bounds the tasks that are remembered.
const mostEnded = 10_000

// note remembers what becomes of a task that may hold locks, for those who wait for
// them after its end.
func (h *Host) note(t *machine.Task, end string) {
	if len(h.ended) < mostEnded && strings.HasPrefix(t.Cell.Name, "cell[") {
		h.ended[uint32(t.ID)] = fmt.Sprintf("goroutine %d of %s, which %s", t.Number, t.Cell.Name, end)
	}
}

// call runs a function in a task of its own, as goroutine 1 of the cell, until it
// is done. An error has ended all tasks of the cell.
func (h *Host) call(ctx context.Context, cell *machine.Cell, fn *machine.Func, args []machine.Val) error {
	t := h.machine.Spawn(nil, cell, fn, args)
	t.Number = 1
	h.note(t, "has ended")
	err := h.until(ctx, cell, t)
	if err == nil && t.Exited() {
		err = h.until(ctx, cell, nil)
	}
	return err
}

// until runs the machine until main is done; nil: until the cell's tasks are,
// after main's Goexit.
func (h *Host) until(ctx context.Context, cell *machine.Cell, main *machine.Task) error {
	h.nest = append(h.nest, nested{cell: cell})
	defer func() { h.nest = h.nest[:len(h.nest)-1] }()
	hurried := make(chan struct{})
	stop := context.AfterFunc(ctx, func() { h.machine.Hurry(); close(hurried) })
	defer func() {
		if !stop() {
			<-hurried
			h.machine.Calm()
		}
	}()
	poll := func() bool { return ctx.Err() != nil || main == nil && cell.Live() == 0 }
	for {
		if d := h.nest[len(h.nest)-1].died; d != nil {
			return h.death(d)
		}
		if h.experiment(ctx, cell) {
			continue
		}
		h.died = nil
		switch h.machine.Until(main, poll) {
		case machine.MainDone:
			return nil
		case machine.AllAsleep:
			if cell.Live() == 0 {
				return errNoGoroutines
			}
			err := &engine.Fatal{Message: "all goroutines are asleep - deadlock!", Detail: h.waiters(cell)}
			if h.machine.Recording() {
				h.reached = h.reach("deadlock")
				h.machine.EndTrace()
			}
			h.stop(cell)
			return err
		case machine.Ahead:
			h.machine.MarkBound()
			h.machine.EndTrace()
			h.stop(cell)
			return errAhead
		case machine.Over:
			h.machine.EndTrace()
			h.stop(cell)
			return errOver
		case machine.Interrupted:
			if ctx.Err() == nil {
				return errNoGoroutines
			}
			h.stop(cell)
			return engine.ErrInterrupted
		case machine.TaskDied:
			d := h.died
			if d.task.Cell == cell {
				return h.death(d)
			}
			if n := h.around(d.task.Cell); n != nil { // the cell around this run ends, and this with it
				n.died = d
				return fmt.Errorf("machine: the program around the run ended: %w", h.death(d))
			}
			h.farewell(d)
		case machine.Paused:
			if err := h.failure(false); err != nil {
				h.machine.EndTrace()
				h.stop(cell)
				return err
			}
		case machine.Astray:
			if err := h.failure(true); err != nil {
				h.machine.EndTrace()
				h.stop(cell)
				return err
			}
			return errors.New("machine: the schedule is not one of this program: it has gone another way")
		}
	}
}

// failure is why the policy cannot go on; nil: it can.
func (h *Host) failure(stalled bool) error {
	if f, ok := h.machine.Policy().(policy.Failing); ok {
		return f.Failure(stalled)
	}
	return nil
}

var errAhead = errors.New("machine: the bound of virtual time is reached")

var errOver = &engine.Fatal{Message: "all that is still to come lies beyond the end of virtual time, which is after 146 years"}

var errNoGoroutines = &engine.Fatal{Message: "no goroutines (main called runtime.Goexit) - deadlock!"}

// death ends the cell of a task that died, and gives the cell's error.
func (h *Host) death(d *death) error {
	h.note(d.task, "has died")
	h.stop(d.task.Cell)
	switch {
	case d.p.Exit != nil:
		return &engine.Exit{Code: *d.p.Exit}
	case d.p.Fatal != "":
		return &engine.Fatal{Message: d.p.Fatal, Detail: h.dump(d.task, "running", d.p.Stack())}
	}
	if d.task.Cell.Name == textCell {
		return &engine.Panic{}
	}
	text, err := h.panicChain(d)
	if err != nil {
		return err
	}
	return &engine.Panic{Message: text, Goroutine: int(d.task.Number), Frames: append(h.frames(d.p.Stack()), h.created(d.task, d.p.Stack())...)}
}

// farewell reports the end of a cell that had come to its end before: as a Go
// program's, on its standard error.
func (h *Host) farewell(d *death) { h.report(d.task.Cell, h.death(d)) }

func (h *Host) report(cell *machine.Cell, err error) {
	if exit := (*engine.Exit)(nil); errors.As(err, &exit) && exit.Code == 0 {
		return
	}
	fmt.Fprintln(cell.Host.(engine.IO).Stderr, err)
}

// heap is the number of bytes that live, and dead ones not yet swept.
func heap() int64 {
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return int64(s.HeapAlloc)
}

// measure tells the machine what its programs hold in truth.
func (h *Host) measure(more int64) int64 {
	runtime.GC()
	return max(heap()-h.base, 0) + more
}
