package engine

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"interleave/engine/host"
	"interleave/engine/machine"
	"interleave/engine/policy"
	"interleave/engine/workload"
	"interleave/kernel/display"
)

// Process is one of a textbook's: it arrives, computes, does I/O, computes again, and
// so on, and ends. Times are in units of 1 ms.
type Process struct {
	Name     string    // empty: P1, P2 …
	Arrival  float64   // from 0 on
	Bursts   []float64 // computing, I/O, computing … in turn; at least one
	Device   string    // that its I/O uses; empty: "io"
	Priority int       // for policies that go by it
	Nice     int       // -20 to 19
	Tickets  int       // for lottery and stride
	Group    int
}

// Workload is processes that can be run under any policy.
type Workload struct {
	list []workload.Process
	stop func() bool // the cell is to stop; nil: that is not known
}

// Processes takes a textbook's processes. It panics where they cannot be run.
func Processes(list ...Process) *Workload {
	w := &Workload{}
	for i, p := range list {
		for _, ms := range append([]float64{p.Arrival}, p.Bursts...) {
			if !(math.Abs(ms) <= workload.MostTime) {
				panic(fmt.Sprintf("engine.Processes: process %d: a time of %v ms: want at most %v", i+1, ms, int(workload.MostTime)))
			}
		}
		q := workload.Process{Name: p.Name, Arrival: units(p.Arrival), Traits: policy.Traits{Priority: p.Priority, Nice: p.Nice, Tickets: p.Tickets, Group: p.Group}}
		if q.Name == "" {
			q.Name = fmt.Sprintf("P%d", i+1)
		}
		for k, ms := range p.Bursts {
			b := workload.Burst{Time: units(ms)}
			if k%2 == 1 {
				b.Device = p.Device
				if b.Device == "" {
					b.Device = "io"
				}
			}
			q.Bursts = append(q.Bursts, b)
		}
		w.list = append(w.list, q)
	}
	if err := workload.Check(w.list); err != nil {
		panic("engine.Processes: " + said(err))
	}
	return w
}

// units is a time in ns.
func units(ms float64) int64 { return int64(math.Round(ms * workload.Unit)) }

// ProcessTable reads a textbook's table: a heading, and a line for each process.
//
//	process  arrival  burst  priority
//	P1       0        24     2
//	P2       1.5      3+5+2  1         computes 3, does I/O for 5, computes 2
//
// Commas, tabs or bars may part the columns, too; those that there are, and how else
// bursts can be written, is said by the error of a table that cannot be read. It panics
// then.
func ProcessTable(table string) *Workload {
	list, err := workload.Parse(table)
	if err != nil {
		panic("engine.ProcessTable: " + said(err))
	}
	return &Workload{list: list}
}

// said is an error without the name of the package that it comes from.
func said(err error) string { return strings.TrimPrefix(err.Error(), "workload: ") }

// patience is how long a run of processes may take, in real time.
const patience = 20 * time.Second

// Run runs the processes to their end, and records it: by first come, first served on
// one core unless options say otherwise. Nothing but the bursts takes time unless
// Cost("switch", …) says what a context switch costs. A scheduler of your own that answers
// wrongly ends the run: see Execution.Err. It panics where an option is wrong, or where
// the run takes far too long.
func (w *Workload) Run(options ...Option) *Execution {
	e, err := w.run(options)
	if err != nil {
		panic("engine.Workload.Run: " + said(err))
	}
	return e
}

func (w *Workload) run(options []Option) (*Execution, error) {
	if w == nil {
		panic(missing("*engine.Workload", "table of processes", "engine.Processes and engine.ProcessTable give one"))
	}
	c := machine.Config{Cores: 1, Seed: 1}
	s := workload.Setup{}
	for _, o := range options {
		var err error
		switch o.name {
		case scheduler:
			c.Policy = o.own.policy()
		case "policy", "cores", "seed", "slice", "switch":
			c, err = host.Set(c, o.name, o.value)
		case events:
			if s.Events, err = strconv.Atoi(o.value); err == nil && s.Events < 1 {
				err = fmt.Errorf("events: want a number from 1 on, not %s", o.value)
			}
		case limit:
			var d time.Duration
			if d, err = time.ParseDuration(o.value); err == nil && d < 1 {
				err = fmt.Errorf("limit: want a time from 1ns on, not %s", o.value)
			}
			s.Limit = int64(d)
		default:
			err = fmt.Errorf("processes have no %s: the options are Policy, Scheduler, Cores, Seed, Slice, Cost(\"switch\", …), Limit and Events", o.name)
		}
		if err != nil {
			return nil, err
		}
	}
	if c.Policy == nil {
		p, err := policy.Named("fcfs")
		if err != nil {
			return nil, err
		}
		c.Policy = p
	}
	s.Policy, s.Cores, s.Seed, s.Slice, s.Switch = c.Policy, c.Cores, c.Seed, c.Slice, max(c.Cost.Switch, 0)
	begin := time.Now()
	s.Poll = func() bool { return time.Since(begin) > patience || w.stop != nil && w.stop() }
	t, err := workload.Run(w.list, s)
	stopped := errors.Is(err, workload.ErrStopped)
	if stopped && time.Since(begin) > patience {
		return nil, fmt.Errorf("not done after %v: a longer quantum or shorter bursts need fewer steps; Limit ends a run early", patience)
	}
	if t == nil {
		return nil, err
	}
	switch {
	case stopped: // no panic: the cell ends as it is told to
		t.Head.End = "interrupted"
	case err != nil:
		t.Head.End = "fatal"
	case t.Head.End == "limit":
		err = fmt.Errorf("the run was ended after %v of virtual time", time.Duration(s.Limit))
	}
	t.Head.Token = "" // it would replay a function, not these processes
	return &Execution{run: &host.Run{Trace: t, Err: err}}, nil
}

// rows is the processes as a table.
func (w *Workload) rows() [][]string {
	var priority, nice, tickets, group bool
	for _, p := range w.list {
		priority, nice, tickets, group = priority || p.Priority != 0, nice || p.Nice != 0, tickets || p.Tickets != 0, group || p.Group != 0
	}
	rows := [][]string{{"process", "arrival", "bursts (ms)"}}
	more := []struct {
		name string
		some bool
		of   func(p *workload.Process) int
	}{
		{"priority", priority, func(p *workload.Process) int { return p.Priority }},
		{"nice", nice, func(p *workload.Process) int { return p.Nice }},
		{"tickets", tickets, func(p *workload.Process) int { return p.Tickets }},
		{"group", group, func(p *workload.Process) int { return p.Group }},
	}
	for _, m := range more {
		if m.some {
			rows[0] = append(rows[0], m.name)
		}
	}
	for i := range w.list {
		p := &w.list[i]
		var bursts []string
		for _, b := range p.Bursts {
			s := ms(b.Time)
			if b.Device != "" {
				s = b.Device + ":" + s
			}
			bursts = append(bursts, s)
		}
		row := []string{p.Name, ms(p.Arrival), strings.Join(bursts, "+")}
		for _, m := range more {
			if m.some {
				row = append(row, strconv.Itoa(m.of(p)))
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// ms writes a time in ms.
func ms(ns int64) string { return strconv.FormatFloat(float64(ns)/workload.Unit, 'f', -1, 64) }

// String is the table as text.
func (w *Workload) String() string { return w.Display()["text/plain"].(string) }

// Display shows the table.
func (w *Workload) Display() display.Bundle { return display.AsTable(w.rows()) }
