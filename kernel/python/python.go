package python

import (
	"embed"
	"fmt"
	"reflect"
	"strings"

	"interleave/engine/bytecode"
	"interleave/engine/bytecode/schedule"
	"interleave/engine/draw"
	drawn "interleave/engine/draw/bytecode"
	"interleave/engine/policy"
	"interleave/engine/trace"
	"interleave/kernel/display"
)

// Source is the source of this package, for those who show its documentation.
//
//go:embed *.go
var Source embed.FS

// Symbols is the table of this package for an evaluator, in the form of yaegi's
// tables.
func Symbols() map[string]map[string]reflect.Value {
	v := reflect.ValueOf
	return map[string]map[string]reflect.Value{"interleave/kernel/python/python": {
		"Threads": v(Threads), "Program": v((*Program)(nil)), "Steps": v((*Steps)(nil)), "Outcomes": v((*Outcomes)(nil)), "Outcome": v((*Outcome)(nil)),
		"Counting": v((*Counting)(nil)), "GIL": v(GIL), "Plain": v(Plain), "Atomic": v(Atomic), "Biased": v(Biased),
	}}
}

// Counting is how references are counted, and so what threads may interleave.
type Counting int

// The ways.
const (
	GIL    Counting = iota // one thread at a time executes bytecode; an instruction is never interrupted
	Plain                  // no lock; a count is read, then written, as any variable
	Atomic                 // no lock; a count changes in one indivisible step
	Biased                 // no lock; an object's maker counts its own references without atomic steps, others in a second field, atomically (PEP 703)
)

// Program is a setup and what each thread does. It shows itself as source and
// bytecode. Its methods do not change it: they give another.
type Program struct {
	setup    string
	threads  []string
	counting Counting
	times    int
	p        *bytecode.Program
}

// Threads reads the source of a setup, which runs first, and of each thread: "A", "B" and so on,
// 1 to 8. Names that the setup makes are global. It panics where the source is not of the part of Python that
// it knows: assignments of numbers, names, sums and object(); +=, -=, del, pass; with of a lock.
func Threads(setup string, threads ...string) *Program {
	return (&Program{setup: setup, threads: threads, times: 1}).made()
}

func (p *Program) made() *Program {
	made, err := bytecode.New(p.setup, p.threads, bytecode.Counting(p.counting), p.times)
	if err != nil {
		panic("python.Threads: " + strings.TrimPrefix(err.Error(), "bytecode: "))
	}
	p.p = made
	return p
}

// Times is the program whose threads each do the same n times; from 1 on.
func (p *Program) Times(n int) *Program {
	more := *p
	more.times = n
	return more.made()
}

// Counting is the program with references counted in another way; with the GIL unless
// told.
func (p *Program) Counting(c Counting) *Program {
	other := *p
	other.counting = c
	return other.made()
}

// String is source and bytecode as text.
func (p *Program) String() string { return drawn.Code(p.p).Text }

// Display shows source and bytecode beside each other.
func (p *Program) Display() display.Bundle { return bundle(drawn.Code(p.p)) }

func bundle(d draw.Drawing) display.Bundle {
	return display.Bundle{"text/html": d.HTML, "text/plain": d.Text}
}

// Steps is one order of the threads' steps, and what came of it. It shows itself as a
// table.
type Steps struct {
	Order string // who made each step
	End   string // how it ended: "x = 1"
	Lost  int    // how often a thread overwrote what another had stored since it read

	p     *bytecode.Program
	list  []bytecode.Step
	state *bytecode.State
	trace *trace.Trace
}

// Order has the threads make their steps in an order: a letter a step, such as
// "AAABBBAB"; spaces do not count. What is left when the order ends, the first thread that can does
// to its end, then the next. It panics where a thread cannot go on at its turn.
func (p *Program) Order(order string) *Steps { return p.follow("Order", order, nil) }

func (p *Program) follow(method, order string, t *trace.Trace) *Steps {
	list, state, err := p.p.Follow(order)
	if err != nil {
		panic("python.Program." + method + ": " + strings.TrimPrefix(err.Error(), "bytecode: "))
	}
	s := &Steps{End: state.Outcome(), p: p.p, list: list, state: state, trace: t}
	var b strings.Builder
	for _, st := range list {
		b.WriteString(p.p.Name(st.Thread))
		if st.Loses != "" {
			s.Lost++
		}
	}
	s.Order = b.String()
	return s
}

// Run runs the threads on two virtual cores under a policy, such as "random", "gil(interval=1ms)" or
// "go", and a seed, 1 unless told. It panics where there is no such policy.
func (p *Program) Run(name string, seed ...uint64) *Steps {
	how, err := policy.Named(name)
	if err != nil {
		panic("python.Program.Run: " + strings.TrimPrefix(err.Error(), "policy: "))
	}
	s := schedule.Setup{Policy: how, Cores: 2}
	if len(seed) > 0 {
		s.Seed = seed[0]
	}
	t, err := schedule.Run(p.p, s)
	if err != nil {
		panic(fmt.Sprintf("python.Program.Run: %v", err))
	}
	return p.follow("Run", schedule.Order(t), t)
}

// Value is what a number of the setup is at the end. It panics where no number has that
// name.
func (s *Steps) Value(name string) int {
	n, ok := s.state.Globals[name]
	if !ok {
		panic("python.Steps.Value: no number is called " + name + " at the end")
	}
	return int(n)
}

// Trace is the record of a Run; nil for an Order.
func (s *Steps) Trace() *trace.Trace { return s.trace }

// String is the table as text.
func (s *Steps) String() string { return drawn.Steps(s.p, s.list).Text }

// Display shows the steps: a column for each thread, and the shared values after each.
func (s *Steps) Display() display.Bundle { return bundle(drawn.Steps(s.p, s.list)) }

// Outcomes is how all orders of a program's steps end. It shows itself as a table.
type Outcomes struct {
	Orders int
	List   []Outcome // the most frequent first

	p *bytecode.Program
}

// Outcome is one way to end.
type Outcome struct {
	End    string // "x = 1"
	Orders int    // how many orders end so
	Order  string // one of them
}

// All tries every order of the threads' steps. It panics where there are more than
// 20,000.
func (p *Program) All() *Outcomes {
	list, orders, err := schedule.All(p.p, nil)
	if err != nil {
		panic("python.Program.All: " + strings.TrimPrefix(err.Error(), "bytecode: "))
	}
	o := &Outcomes{Orders: orders, p: p.p}
	for _, one := range list {
		o.List = append(o.List, Outcome{one.Words, one.Orders, one.Order})
	}
	return o
}

// Count is how many orders end in a way; 0: none does.
func (o *Outcomes) Count(end string) int {
	for _, one := range o.List {
		if one.End == end {
			return one.Orders
		}
	}
	return 0
}

func (o *Outcomes) drawing() draw.Drawing {
	var list []drawn.Outcome
	for _, one := range o.List {
		list = append(list, drawn.Outcome{Words: one.End, Orders: one.Orders, Order: one.Order})
	}
	return drawn.Outcomes(o.p, list, o.Orders)
}

// String is the table as text.
func (o *Outcomes) String() string { return o.drawing().Text }

// Display shows how all orders end, and one order for each way.
func (o *Outcomes) Display() display.Bundle { return bundle(o.drawing()) }
