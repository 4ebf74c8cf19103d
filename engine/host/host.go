// Package host runs the cells of a session on the deterministic machine.
package host

import (
	"context"
	"fmt"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"interleave/engine"
	"interleave/engine/check"
	"interleave/engine/compile"
	"interleave/engine/layout"
	"interleave/engine/library"
	"interleave/engine/library/source"
	"interleave/engine/machine"
)

// Host is the evaluator "machine".
type Host struct {
	lib      *library.Library
	load     *loader
	prog     *ssa.Program
	universe *layout.Universe
	machine  *machine.Machine
	compiler *compile.Compiler
	natives  map[string]machine.Native
	current  *machine.Cell
	died     *death
}

type death struct {
	task *machine.Task
	p    *machine.Panicking
}

// New returns an evaluator over a session's library. archive holds the source
// of the packages that are interpreted.
func New(s *check.Session, archive *source.Archive, config machine.Config) (*Host, error) {
	h := &Host{lib: s.Library()}
	h.prog = ssa.NewProgram(s.Fset(), ssa.InstantiateGenerics)
	h.load = &loader{prog: h.prog, fset: s.Fset(), lib: h.lib, archive: archive, types: map[string]*types.Package{}, created: map[*types.Package]*ssa.Package{}}
	h.universe = layout.NewUniverse(h.lib.Reflected)
	h.machine = machine.New(config)
	h.machine.Report = func(t *machine.Task, p *machine.Panicking) { h.died = &death{t, p} }
	h.machine.Print = func(t *machine.Task, text []byte) { t.Cell.Host.(engine.IO).Stderr.Write(text) }
	h.compiler = compile.New(h.prog, h.machine, h.universe)
	h.natives = h.modelled()
	h.compiler.Native = func(fn *ssa.Function, name string) machine.Native { return h.native(fn, name) }
	for _, p := range append([]string{"runtime"}, interpreted...) {
		p := p
		h.lib.Override(p, func() (*types.Package, error) { return h.load.Import(p) })
	}
	rt, err := h.lib.Package("runtime")
	if err != nil {
		return nil, fmt.Errorf("host: %w", err)
	}
	h.errors(rt)
	return h, nil
}

// Name is what %evaluator calls it.
func (h *Host) Name() string { return "machine" }

// Refuse lists what the machine cannot carry in p.
func (h *Host) Refuse(p *check.Program) []check.Error { return nil }

// errors makes the values of run-time panics.
func (h *Host) errors(rt *types.Package) {
	typ := func(name string, ptr bool) *layout.Type {
		t := rt.Scope().Lookup(name).Type()
		if ptr {
			t = types.NewPointer(t)
		}
		return h.universe.Of(t)
	}
	text := func(t *layout.Type) func(string) machine.Val {
		return func(msg string) machine.Val {
			if t.Class == layout.String {
				return machine.Interface(t, machine.StringVal(msg))
			}
			p := t.Elem.New()
			*(*string)(p) = msg
			return machine.Interface(t, machine.Val{P: p})
		}
	}
	bounds, other := text(typ("boundsError", false)), text(typ("errorString", false))
	h.machine.Errors = machine.Errors{
		Runtime: func(msg string) machine.Val {
			if strings.Contains(msg, "out of range") || strings.HasPrefix(msg, "cannot convert slice") {
				return bounds(msg)
			}
			return other(msg)
		},
		Plain: text(typ("plainError", false)), Assertion: text(typ("TypeAssertionError", true)),
		Text: func(msg string) machine.Val {
			return machine.Interface(h.universe.Of(types.Typ[types.String]), machine.StringVal(msg))
		},
		NilPanic: func() machine.Val {
			t := typ("PanicNilError", true)
			return machine.Interface(t, machine.Val{P: t.Elem.New()})
		},
	}
}

// Run runs one cell.
func (h *Host) Run(ctx context.Context, p *check.Program, io engine.IO) (out engine.Outcome, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case *compile.Unsupported:
			err = fmt.Errorf("machine: %s: %s", p.Fset.Position(r.Pos), r.Msg)
		default:
			panic(r)
		}
	}()
	cell := &machine.Cell{Name: p.Cell.Name, Host: io}
	h.current = cell
	unit, err := h.build(p)
	if err != nil {
		return out, err
	}
	if err := h.inits(ctx, &machine.Cell{Name: "init", Host: io}); err != nil {
		return out, err
	}
	err = h.call(ctx, cell, h.compiler.Func(unit.body), nil)
	out.Done = h.done(unit)
	if err == nil && p.Main != nil {
		err = h.call(ctx, cell, h.compiler.Func(h.prog.FuncValue(p.Main)), nil)
	}
	if err == nil {
		for _, g := range unit.results {
			t := h.universe.Of(g.Type().(*types.Pointer).Elem())
			out.Values = append(out.Values, &value{h: h, t: t, v: machine.Load(t, h.compiler.Global(g))})
		}
	}
	return out, err
}

// inits runs the initialisation of packages that were loaded since.
func (h *Host) inits(ctx context.Context, cell *machine.Cell) error {
	for len(h.load.order) > 0 {
		p := h.load.order[0]
		h.load.order = h.load.order[1:]
		for _, imp := range p.Pkg.Imports() {
			h.load.need(imp)
		}
		p.Build()
		if err := h.call(ctx, cell, h.compiler.Func(p.Func("init")), nil); err != nil {
			return fmt.Errorf("machine: initialising %s: %w", p.Pkg.Path(), err)
		}
	}
	return nil
}

// call runs a function in a task of its own until it is done.
func (h *Host) call(ctx context.Context, cell *machine.Cell, fn *machine.Func, args []machine.Val) error {
	h.died = nil
	t := h.machine.Spawn(nil, cell, fn, args)
	poll := func() bool { return ctx.Err() != nil }
	switch h.machine.Until(t, poll) {
	case machine.AllAsleep:
		return &engine.Fatal{Message: "all goroutines are asleep - deadlock!", Detail: h.waiters()}
	case machine.Interrupted:
		return engine.ErrInterrupted
	case machine.TaskDied:
		return h.death()
	}
	return nil
}

// waiters describes every blocked task as Go's dump does.
func (h *Host) waiters() string {
	var b strings.Builder
	for _, t := range h.machine.Tasks() {
		if w := t.Waiting(); w != nil {
			fmt.Fprintf(&b, "goroutine %d [%s]:\n", t.Number, w.Why)
			for _, f := range h.frames(t.Stack()) {
				fmt.Fprintf(&b, "%s(...)\n\t%s\n", f.Function, f.Position)
			}
			b.WriteByte('\n')
		}
	}
	return strings.TrimSpace(b.String())
}

func (h *Host) death() error {
	d := h.died
	if d.p.Fatal != "" {
		return &engine.Fatal{Message: d.p.Fatal}
	}
	return &engine.Panic{Message: h.panicText(d), Goroutine: d.task.Number, Frames: h.frames(d.p.Trace)}
}

// frames keeps those of the learner's own code.
func (h *Host) frames(stack []machine.Position) []engine.Frame {
	var list []engine.Frame
	for _, s := range stack {
		if s.Func.Hidden || int(s.PC)/machine.InsSize >= len(s.Func.Lines) {
			continue
		}
		pos := h.load.fset.Position(s.Func.Lines[int(s.PC)/machine.InsSize])
		if strings.HasPrefix(pos.Filename, "cell[") {
			list = append(list, engine.Frame{Function: strings.ReplaceAll(s.Func.Name, bodyName, "cell"), Position: pos.String()})
		}
	}
	return list
}

// Call calls a display method of a result.
func (h *Host) Call(ctx context.Context, v engine.Value, method string, io engine.IO) (any, error) {
	val, ok := v.(*value)
	if !ok {
		return nil, fmt.Errorf("machine: not a value of this evaluator")
	}
	text, ok := h.textMethod(val.t, machine.Box(val.t, val.v), method)
	if !ok {
		return nil, fmt.Errorf("machine: no method %s() string", method)
	}
	return text, nil
}

// Close ends the evaluator.
func (h *Host) Close() error { return nil }
