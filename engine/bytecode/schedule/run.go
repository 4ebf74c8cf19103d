package schedule

import (
	"fmt"
	"go/token"
	"strings"
	"unsafe"

	"interleave/engine/bytecode"
	"interleave/engine/layout"
	"interleave/engine/machine"
	"interleave/engine/policy"
	"interleave/engine/trace"
)

// Setup says what a program runs on.
type Setup struct {
	Policy policy.Policy // nil: "random"
	Cores  int           // 0 stands for 1
	Seed   uint64        // 0 stands for 1
	Poll   func() bool   // is asked now and then whether to stop; nil: never
}

// Run runs the program's threads as tasks of the machine under a policy. The trace
// marks each step: see Order.
func Run(p *bytecode.Program, s Setup) (*trace.Trace, error) {
	if s.Policy == nil {
		s.Policy = policy.NewRandom()
	}
	t := trace.New(0)
	_, err := run(p, s, t, nil)
	return t, err
}

// run drives the machine. choose, where a Guide is the policy, says who is next.
func run(p *bytecode.Program, s Setup, t *trace.Trace, choose func(ready []int) int) (*bytecode.State, error) {
	m := machine.New(machine.Config{
		Cores: max(s.Cores, 1), Seed: s.Seed, Policy: s.Policy,
		Cost: machine.Cost{Call: -1, Switch: -1, Wake: -1, Spawn: -1, Jitter: -1},
	})
	r := &runner{s: p.Start(), parked: make([]*machine.Task, len(p.Threads()))}
	if t != nil {
		m.Record(t)
	}
	fn, cell := r.function(), &machine.Cell{}
	for i := range p.Threads() {
		m.SpawnAs(p.Name(i), policy.Traits{}, nil, cell, fn, []machine.Val{{N: uint64(i)}})
	}
	poll := s.Poll
	if poll == nil {
		poll = func() bool { return false }
	}
	end := m.Until(nil, poll)
	for end == machine.Paused {
		g := s.Policy.(*policy.Guide)
		var ready, at []int
		for k, t := range g.Tasks() {
			if i := t.ID - 1; r.s.Can(i) {
				ready, at = append(ready, i), append(at, k)
			}
		}
		if len(ready) == 0 { // what is left only goes back to wait
			at = []int{0}
		} else {
			at = at[choose(ready):]
		}
		g.Go(at[0])
		end = m.Until(nil, poll)
	}
	m.Record(nil)
	if end == machine.Interrupted {
		return nil, fmt.Errorf("bytecode: the run was stopped")
	}
	if t != nil {
		t.Head.End = "returned"
		if m.Count() > 0 {
			t.Head.End = "deadlock"
		}
	}
	return r.s, nil
}

// runner is what the tasks of a run share.
type runner struct {
	s      *bytecode.State
	parked []*machine.Task // that wait for a lock
}

// The registers of a task: its thread's index, and whether there is more to do.
const index, more = 0, 8

// function is what all threads run: a loop around one step.
func (r *runner) function() *machine.Func {
	const size = int32(machine.InsSize)
	return &machine.Func{
		Name: "thread", Recover: -1, N: 2,
		Params: []machine.Reg{{Class: layout.Int, N: index}},
		Code:   []machine.Ins{{Op: machine.OpStep}, {Op: machine.OpIf, A: more, B: 0, C: 2 * size}, {Op: machine.OpRet}},
		Steps:  []machine.Step{r.step},
		Lines:  make([]token.Pos, 3),
	}
}

// step makes the thread's next step.
func (r *runner) step(x *machine.Exec) machine.Status {
	if !x.InOrder() {
		return machine.Again
	}
	i := int(x.I(index))
	switch {
	case r.s.Fault != "": // another has ended the run
		x.SetI(more, 0)
		return machine.Next
	case !r.s.Can(i): // it was woken, and another was faster
		return r.park(x, i)
	}
	st := r.s.Step(i)
	x.Mark(st.Mark())
	x.SetI(more, 1)
	if r.s.Done(i) || r.s.Fault != "" {
		x.SetI(more, 0)
	}
	for k, t := range r.parked {
		if t != nil && r.s.Can(k) {
			r.parked[k] = nil
			x.M.Wake(t, x.T)
		}
	}
	if r.s.Waits(i) != "" {
		return r.park(x, i)
	}
	return x.Work(st.Ins.Op.Cost() / int64(st.Parts))
}

// park has a thread wait for a lock.
func (r *runner) park(x *machine.Exec, i int) machine.Status {
	x.SetI(more, 1)
	r.parked[i] = x.T
	x.Park(&machine.Wait{Why: "sync.Mutex.Lock", Object: unsafe.Pointer(r)})
	return machine.Parked
}

// Order reads from a trace of Run who made each step.
func Order(t *trace.Trace) string {
	var b strings.Builder
	for _, e := range t.Events() {
		if e.Kind == trace.Mark {
			b.WriteString(t.TaskName(e.Task))
		}
	}
	return b.String()
}
