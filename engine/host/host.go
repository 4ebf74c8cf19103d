// Package host runs the cells of a session on the deterministic machine.
package host

import (
	"context"
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"golang.org/x/tools/go/ssa"

	"interleave/engine"
	"interleave/engine/analyse/waits"
	"interleave/engine/check"
	"interleave/engine/compile"
	"interleave/engine/layout"
	"interleave/engine/library"
	"interleave/engine/library/source"
	"interleave/engine/machine"
	"interleave/engine/memory"
	"interleave/engine/policy"
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
	plain    map[string]deed
	bridge   *bridge
	sockets  *sockets
	world    *outside
	turn     engine.IO // the streams of the task that calls the host
	current  *machine.Cell
	closed   map[*machine.Cell]uint8 // bits of the standard streams that a cell has closed
	dormant  int                     // coroutines that did not begin: Go has goroutines for them
	ended    map[uint32]string       // the main tasks of cells, and those that were stopped, by their ID: what they were
	died     *death
	config   machine.Config
	names    *names
	last     *Run        // of the last cell that is worth a look
	looked   bool        // the running cell has looked at an earlier one
	ran      *Run        // of the cell that ran last; nil: it did nothing
	reached  waits.Reach // at the latest deadlock
	own      *Run        // the latest that the running cell asked for
	asked    []*asked    // runs that tasks stand aside for, in the order in which they asked
	kept     kept
	nest     []nested                // the cells and runs that are under way
	showing  string                  // path of the package that shows values; see Shows
	places   map[token.Pos]token.Pos // see notePlaces
	base     int64                   // bytes of heap in use before any cell ran
	driver   driver
	kernels  map[*machine.Cell]*kernel // of the runs that simulate processes
	exact    map[token.Pos]bool        // of cells' conversions: of a constant
}

// death is how a task died: of a panic, a fatal error or os.Exit.
type death struct {
	task *machine.Task
	p    *machine.Panicking
}

var errNoSource = errors.New("the source of Go's standard library, which the machine runs, is not there")

// New returns an evaluator over a session's library. archive holds the source
// of the packages that are interpreted; without it there is no machine.
func New(s *check.Session, archive *source.Archive, config machine.Config) (*Host, error) {
	if _, err := fs.Stat(archive.FS(), "errors/errors.go"); err != nil {
		return nil, errNoSource
	}
	h := &Host{lib: s.Library(), config: config, places: map[token.Pos]token.Pos{}, closed: map[*machine.Cell]uint8{}, ended: map[uint32]string{}, kernels: map[*machine.Cell]*kernel{}, exact: map[token.Pos]bool{}}
	h.prog = ssa.NewProgram(s.Fset(), ssa.InstantiateGenerics)
	h.load = &loader{prog: h.prog, fset: s.Fset(), lib: h.lib, archive: archive, types: map[string]*types.Package{}, created: map[*types.Package]*ssa.Package{}}
	h.universe = layout.NewUniverse(h.lib.Reflected)
	h.machine = machine.New(config)
	h.machine.Report = func(t *machine.Task, p *machine.Panicking) { h.died = &death{t, p} }
	h.machine.Measure = h.measure
	h.machine.Print = func(t *machine.Task, text []byte) { t.Cell.Host.(engine.IO).Stderr.Write(text) }
	h.names = newNames(h)
	h.machine.Names = h.names
	h.compiler = compile.New(h.prog, h.machine, h.universe)
	h.world = newOutside(h.machine)
	h.machine.Outside = h.world
	h.bridge = newBridge(h)
	h.sockets = newSockets(h)
	h.compiler.Foreign = h.bridge.global
	h.compiler.Closed = h.bridge.closed
	h.compiler.Exact = func(at token.Pos) bool { return h.exact[at] }
	h.compiler.Body = h.body
	h.natives = h.modelled()
	h.plain = h.deeds()
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
	h.base = heap()
	h.driver.kick = make(chan struct{}, 1)
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
	fixed := once(other)
	h.machine.Errors = machine.Errors{
		Runtime: func(msg string) machine.Val {
			switch {
			case strings.HasSuffix(msg, "len out of range") || strings.HasSuffix(msg, "cap out of range"):
				return fixed(msg)
			case strings.Contains(msg, "out of range") || strings.HasPrefix(msg, "cannot convert slice"):
				return bounds(msg)
			case strings.Contains(msg, " type "): // names it: made anew each time
				return other(msg)
			}
			return fixed(msg)
		},
		Plain: once(text(typ("plainError", false))), Assertion: text(typ("TypeAssertionError", true)),
		Text: once(func(msg string) machine.Val {
			return machine.Interface(h.universe.Of(types.Typ[types.String]), machine.StringVal(msg))
		}),
		NilPanic: func() machine.Val {
			t := typ("PanicNilError", true)
			return machine.Interface(t, machine.Val{P: t.Elem.New()})
		},
	}
}

// once gives what make makes of a text, the same each time: the runtime's own texts are
// constants, and a panic tells by their addresses whether it is the one before.
func once(make func(string) machine.Val) func(string) machine.Val {
	made := map[string]machine.Val{}
	return func(msg string) machine.Val {
		v, ok := made[msg]
		if !ok {
			v = make(msg)
			made[msg] = v
		}
		return v
	}
}

// Call calls a method of a result, without arguments and with one result.
func (h *Host) Call(ctx context.Context, v engine.Value, method string, io engine.IO) (result any, err error) {
	val, ok := v.(*value)
	if !ok {
		return nil, fmt.Errorf("machine: not a value of this evaluator")
	}
	h.enter()
	defer h.leave()
	t, recv := val.t, val.v
	if t.Class == layout.Interface && recv.P != nil {
		t = (*layout.Type)(recv.P)
		recv = machine.Unbox(t, recv.Q)
	}
	obj, _, _ := types.LookupFieldOrMethod(t.Go, false, nil, method)
	m, ok := obj.(*types.Func)
	if !ok || m.Signature().Params().Len() != 0 || m.Signature().Results().Len() != 1 {
		return nil, fmt.Errorf("machine: %s has no method %s without arguments and with one result", t, method)
	}
	cell := &machine.Cell{Name: "display", Host: io}
	err = h.guarded(cell, func() error {
		fn := h.compiler.Method(t, m)
		if fn == nil {
			return fmt.Errorf("machine: no method %s", method)
		}
		got := &value{h: h, t: fn.Results[0].T}
		err := h.call(ctx, cell, machine.Calling(fn, []machine.Val{recv}, func(x *machine.Exec) { got.v = x.Get(fn.Results[0]) }), nil)
		if err == nil {
			result = got.native()
		}
		return err
	})
	return result, err
}

// Close ends the evaluator with all its tasks.
func (h *Host) Close() error {
	h.driver.closed.Store(true)
	h.enter()
	h.driver.mu.Unlock()
	h.wake()
	h.driver.done.Wait()
	return nil
}

// Current is the IO of the cell whose task runs, or of the cell that ran last.
func (h *Host) Current() engine.IO {
	cell := h.current
	if t := h.machine.Running(); t != nil {
		cell = t.Cell
	}
	return cell.Host.(engine.IO)
}

// Configure sets one of the machine's numbers for the cells that follow; see Set.
func (h *Host) Configure(name, value string) error {
	c, err := Set(h.config, name, value)
	if err != nil {
		return err
	}
	h.config = c
	return nil
}

// Set gives a configuration with one setting changed: cores (1 to 256), seed (from
// 1 on), slice (a duration from 1µs on), policy (see policy.Named), watch (on or
// off: every access to memory is an event), caches (on, off, or see memory.Parse) or a
// cost (see machine.Cost.Set).
func Set(c machine.Config, name, value string) (machine.Config, error) {
	switch name {
	case "cores":
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 || n > 256 {
			return c, fmt.Errorf("cores: want a number from 1 to 256, not %q", value)
		}
		c.Cores = n
	case "seed":
		n, err := strconv.ParseUint(value, 10, 64)
		if err != nil || n == 0 {
			return c, fmt.Errorf("seed: want a number from 1 on, not %q", value)
		}
		c.Seed = n
	case "slice":
		d, err := time.ParseDuration(value)
		if err != nil || d < time.Microsecond {
			return c, fmt.Errorf("slice: want a time from 1µs on, such as 10ms, not %q", value)
		}
		c.Slice = int64(d)
	case "policy":
		p, err := policy.Named(value)
		if err != nil {
			return c, err
		}
		c.Policy = p
	case "caches":
		if value == "off" {
			c.Memory = nil
			break
		}
		memory, err := memory.Parse(strings.TrimPrefix(value, "on"))
		if err != nil {
			return c, fmt.Errorf("caches: %s", strings.TrimPrefix(err.Error(), "memory: "))
		}
		c.Memory = &memory
	case "watch":
		if value != "on" && value != "off" {
			return c, fmt.Errorf("watch: want on or off, not %q", value)
		}
		c.Watch = value == "on"
	case "switch", "wake", "spawn", "jitter":
		cost, err := c.Cost.Set(name, value)
		if err != nil {
			return c, errors.New(strings.TrimPrefix(err.Error(), "machine: "))
		}
		c.Cost = cost
	default:
		return c, fmt.Errorf("no setting %q (there is: cores, seed, slice, policy, watch, caches, switch, wake, spawn, jitter)", name)
	}
	return c, nil
}

// Settings lists the settings as Set takes them.
func (h *Host) Settings() [][2]string {
	c := h.config.Complete()
	watch, caches := "off", "off"
	if c.Memory != nil {
		caches = "on"
	}
	if c.Watch {
		watch = "on"
	}
	return append([][2]string{
		{"cores", strconv.Itoa(c.Cores)}, {"seed", strconv.FormatUint(c.Seed, 10)}, {"slice", time.Duration(c.Slice).String()},
		{"policy", c.Policy.Name()}, {"watch", watch}, {"caches", caches},
	}, c.Cost.Texts()...)
}
