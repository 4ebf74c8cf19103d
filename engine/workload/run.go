package workload

import (
	"errors"
	"fmt"
	"go/token"

	"interleave/engine/layout"
	"interleave/engine/machine"
	"interleave/engine/policy"
	"interleave/engine/trace"
)

// Setup says what the processes run on.
type Setup struct {
	Policy  policy.Policy
	Cores   int            // 0 stands for 1
	Seed    uint64         // 0 stands for 1
	Slice   int64          // the machine's default slice, ns; 0 stands for 10 ms
	Switch  int64          // what it costs a core to take up another process, ns
	Servers map[string]int // how many requests each device serves at a time; not named: 1
	Events  int            // that the trace holds at most; 0 stands for trace.DefaultBound, negative: no trace is made
	Limit   int64          // virtual ns after which the run is cut; 0: it goes to its end
	Poll    func() bool    // is asked now and then whether to stop; nil: never
}

// ErrStopped is Run's error where Setup.Poll said so.
var ErrStopped = errors.New("workload: stopped")

// Run runs processes to their end. The trace is nil where none was asked for. A policy
// that leaves processes lying is an error.
func Run(list []Process, s Setup) (*trace.Trace, error) {
	if err := Check(list); err != nil {
		return nil, err
	}
	r := &runner{list: list, devices: map[string]*machine.Device{}}
	m := machine.New(machine.Config{
		Cores: max(s.Cores, 1), Seed: s.Seed, Slice: s.Slice, Policy: s.Policy,
		Cost: machine.Cost{Call: -1, Switch: orNothing(s.Switch), Wake: -1, Spawn: -1, Jitter: -1},
	})
	for _, p := range list {
		for _, b := range p.Bursts {
			if b.Device != "" && r.devices[b.Device] == nil {
				r.devices[b.Device] = machine.NewDevice(b.Device, s.Servers[b.Device])
			}
		}
	}
	var t *trace.Trace
	if s.Events >= 0 {
		t = trace.New(s.Events)
		m.Record(t)
	}
	fn := r.function()
	cell := &machine.Cell{}
	for i, p := range list {
		traits := p.Traits
		traits.Burst = r.burst(i, 0)
		m.Schedule(p.Arrival, func(int64) {
			m.SpawnAs(p.Name, traits, nil, cell, fn, []machine.Val{{N: uint64(i)}})
		})
	}
	poll := s.Poll
	if poll == nil {
		poll = func() bool { return false }
	}
	if s.Limit > 0 {
		m.Bound(s.Limit)
	}
	end := m.Until(nil, poll)
	if end == machine.Ahead {
		m.MarkBound()
	}
	m.Record(nil)
	if f, ok := m.Policy().(policy.Failing); ok {
		if err := f.Failure(end == machine.Astray); err != nil {
			return t, err
		}
	}
	switch {
	case end == machine.Ahead:
		if t != nil {
			t.Head.End = "limit"
		}
		return t, nil
	case end == machine.Over:
		return t, errors.New("workload: the processes take longer than virtual time lasts, 146 years")
	case end == machine.Interrupted:
		return t, ErrStopped
	case end != machine.AllAsleep || m.Count() > 0:
		return t, fmt.Errorf("workload: the policy %s leaves %d process(es) lying that could run", m.Policy().Name(), m.Count())
	}
	if t != nil {
		t.Head.End = "returned"
	}
	return t, nil
}

func orNothing(cost int64) int64 {
	if cost <= 0 {
		return -1
	}
	return cost
}

// runner is what the tasks of a run share. It does not change while they run.
type runner struct {
	list    []Process
	devices map[string]*machine.Device
}

// The registers of a process: its index, that of its next burst, and whether there is
// one.
const index, next, more = 0, 8, 16

// function is what all processes run: a loop around one step, whose state lies in
// registers.
func (r *runner) function() *machine.Func {
	const size = int32(machine.InsSize)
	return &machine.Func{
		Name: "process", Recover: -1, N: 3,
		Params: []machine.Reg{{Class: layout.Int, N: index}},
		Code: []machine.Ins{
			{Op: machine.OpKI, A: next, B: 0}, // registers hold what a task before has left in them
			{Op: machine.OpStep}, {Op: machine.OpIf, A: more, B: size, C: 3 * size}, {Op: machine.OpRet},
		},
		Steps: []machine.Step{r.step},
		Lines: make([]token.Pos, 4),
	}
}

// step begins a process's next burst.
func (r *runner) step(x *machine.Exec) machine.Status {
	i, k := int(x.I(index)), int(x.I(next))
	bursts := r.list[i].Bursts
	if k == len(bursts) { // the last one was a native call
		x.SetI(more, 0)
		x.Call(policy.Bytecode)
		return machine.Parked
	}
	if now, next := x.Calling(), bursts[k].Call; now != next {
		if now != policy.Bytecode { // from one native call to another the way is through bytecode
			next = policy.Bytecode
		}
		x.Call(next)
		return machine.Again // the policy is asked first
	}
	if b := bursts[k]; b.Device != "" {
		if !x.InOrder() {
			return machine.Again
		}
		r.advance(x, i, k+1)
		return x.Use(r.devices[b.Device], b.Time)
	}
	if bursts[k].Memory {
		if !x.InOrder() {
			return machine.Again
		}
		r.advance(x, i, k+1)
		return x.Stream(bursts[k].Time)
	}
	r.advance(x, i, k+1)
	return x.Work(bursts[k].Time)
}

// advance sets the task up for burst k, and tells the policy how long it computes then.
func (r *runner) advance(x *machine.Exec, i, k int) {
	x.SetI(next, int64(k))
	left := 0
	if k < len(r.list[i].Bursts) || r.list[i].Bursts[k-1].Call != policy.Bytecode {
		left = 1
	}
	x.SetI(more, int64(left))
	if k > 0 && r.list[i].Bursts[k-1].Device != "" {
		traits := x.T.Traits()
		traits.Burst = r.burst(i, k)
		x.T.SetTraits(traits)
	}
}

// burst is for how long a process computes from burst k on, until it does something else.
func (r *runner) burst(i, k int) (time int64) {
	for bursts := r.list[i].Bursts; k < len(bursts) && bursts[k].Device == ""; k++ {
		time += bursts[k].Time
	}
	return time
}
