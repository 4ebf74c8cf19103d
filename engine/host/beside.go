package host

import (
	"fmt"
	"go/types"
	"strings"

	"interleave/engine"
	"interleave/engine/layout"
	"interleave/engine/machine"
	"interleave/engine/policy"
)

// Beside calls functions of the program on a machine of its own. The program's machine
// stands still meanwhile, in the midst of whatever it does, and no time passes there;
// the two share memory and code. A function must come to its end by itself, soon, and
// without waiting.
type Beside struct {
	h    *Host
	m    *machine.Machine
	cell *machine.Cell
	died *machine.Panicking
}

// besideSteps is how many steps a call may make.
const besideSteps = 10_000_000

// Beside returns such a machine. What the functions print goes to the cell's streams.
func (h *Host) Beside(cell *machine.Cell) (*Beside, error) {
	p, err := policy.Named("fcfs")
	if err != nil {
		return nil, fmt.Errorf("host: %w", err)
	}
	b := &Beside{h: h, cell: &machine.Cell{Name: cell.Name, Host: cell.Host}}
	b.m = machine.New(machine.Config{Cores: 1, Policy: p, Cost: machine.Cost{Switch: -1, Wake: -1, Spawn: -1, Jitter: -1}})
	b.m.Apart = true
	b.m.Errors, b.m.Measure, b.m.Print = h.machine.Errors, h.measure, h.machine.Print
	b.m.Report = func(t *machine.Task, p *machine.Panicking) { b.died = p }
	return b, nil
}

// CallFailed says that a function did not do what Beside asks of it.
type CallFailed struct {
	What   string         // "panicked: boom"
	Frames []engine.Frame // where, the innermost first
}

func (c *CallFailed) Error() string {
	if len(c.Frames) == 0 {
		return c.What
	}
	return c.What + " (" + c.Frames[0].Position + ")"
}

// Call calls a function at a time of the program's, and gives its results. An error
// is a *CallFailed; after it the machine is of no more use.
func (b *Beside) Call(now int64, fn *machine.Func, args ...machine.Val) (vals []machine.Val, err error) {
	b.died = nil
	b.m.Rewind(now)
	t := b.m.Spawn(nil, b.cell, machine.Calling(fn, args, func(x *machine.Exec) { vals = outcome(x, fn) }), nil)
	b.m.Bound(besideSteps)
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(*machine.Trespass); !ok {
				panic(r)
			}
			err = b.failed("wakes a goroutine of the program that is being scheduled", t.Stack())
		}
	}()
	switch b.m.Until(t, func() bool { return false }) {
	case machine.MainDone:
		switch {
		case t.Exited():
			return nil, b.failed("calls runtime.Goexit", nil)
		case b.m.Count() > 0:
			return nil, b.failed("starts a goroutine", b.m.Tasks()[0].Stack())
		}
		return vals, nil
	case machine.TaskDied:
		return nil, b.death()
	case machine.Ahead:
		if t.Waiting() != nil { // for a timer
			break
		}
		return nil, b.failed(fmt.Sprintf("does not come to an end within %d million steps", besideSteps/1_000_000), t.Stack())
	}
	why := "for ever"
	if w := t.Waiting(); w != nil {
		why = "(" + w.Why + ")"
	}
	stack := t.Stack()
	b.m.StopTask(t) // it stands in no queue of the program's any more
	return nil, b.failed("waits "+why, stack)
}

func (b *Beside) failed(what string, stack []machine.Position) error {
	return &CallFailed{what, b.h.frames(stack)}
}

// death says how a function died.
func (b *Beside) death() error {
	p := b.died
	what := "fails: " + p.Fatal
	switch {
	case p.Exit != nil:
		what = "calls os.Exit"
	case p.Fatal == "":
		what = "panics: " + b.text(p.Value)
	}
	return b.failed(what, p.Stack())
}

// text is a panic's value as the runtime writes it, or, where its own method fails,
// without that.
func (b *Beside) text(v machine.Val) string {
	t := (*layout.Type)(v.P)
	if t == nil {
		return "nil"
	}
	for _, method := range []string{"Error", "String"} {
		if fn := b.h.textMethod(t, method); fn != nil {
			if vals, err := b.Call(b.m.Now(), fn, machine.Unbox(t, v.Q)); err == nil {
				return strings.Clone(machine.String(vals[0]))
			}
		}
	}
	return b.h.plainText(t, v)
}

// Snapshot and Restore are the machine's.
func (b *Beside) Snapshot() *machine.Snapshot { return b.m.Snapshot() }
func (b *Beside) Restore(s *machine.Snapshot) { b.m.Restore(s) }

// Method is a method of a value of the program.
type Method struct {
	Name     string
	Func     *machine.Func
	Receiver machine.Val
	Position string // of its declaration
}

// MethodOf finds the method of the value in an interface that an interface type of a
// package asks for by that name. Nil: it has none of the name. An error says that it
// has one of another form.
func (h *Host) MethodOf(v machine.Val, pkg, iface, name string) (*Method, error) {
	p, err := h.lib.Package(pkg)
	if err != nil {
		return nil, fmt.Errorf("host: %w", err)
	}
	t := (*layout.Type)(v.P)
	obj, _, _ := types.LookupFieldOrMethod(t.Go, false, nil, name)
	m, ok := obj.(*types.Func)
	if !ok {
		return nil, nil
	}
	wanted, _, _ := types.LookupFieldOrMethod(p.Scope().Lookup(iface).Type(), false, nil, name)
	at := h.load.fset.Position(m.Pos()).String()
	if want := wanted.(*types.Func); !types.Identical(m.Signature(), want.Signature()) {
		write := func(f *types.Func) string {
			return f.Name() + strings.TrimPrefix(types.TypeString(f.Signature(), (*types.Package).Name), "func")
		}
		return nil, fmt.Errorf("%s: the method is %s, want %s", at, write(m), write(want))
	}
	return &Method{name, h.compiler.Method(t, m), machine.Unbox(t, v.Q), at}, nil
}

// TypeName is the type of the value in an interface, as a cell writes it.
func TypeName(v machine.Val) string {
	if v.P == nil {
		return "nil"
	}
	return shortType((*layout.Type)(v.P))
}
