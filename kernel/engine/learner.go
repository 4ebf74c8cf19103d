package engine

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unsafe"

	"interleave/engine"
	"interleave/engine/host"
	"interleave/engine/machine"
	"interleave/engine/policy"
)

// learner is a scheduler of a cell's own, as Scheduler found it.
type learner struct {
	h    *host.Host
	cell *machine.Cell
	name string

	ready, pick                 *host.Method
	slice, preempt, stop, start *host.Method // nil: it has none
}

func schedulerNative(h *host.Host) machine.Native {
	return func(x *machine.Exec) machine.Status {
		l, err := newLearner(h, x.T.Cell, x.Arg(0))
		if err != nil {
			return x.Throw(x.M.Errors.Text("engine.Scheduler: " + err.Error()))
		}
		return x.Return(machine.Val{P: unsafe.Pointer(&Option{name: scheduler, value: l.name, own: l})})
	}
}

func newLearner(h *host.Host, cell *machine.Cell, v machine.Val) (*learner, error) {
	if v.P == nil {
		return nil, errors.New("there is no scheduler: it is nil")
	}
	l := &learner{h: h, cell: cell, name: strings.TrimPrefix(host.TypeName(v), "*")}
	var err error
	for _, m := range []struct {
		of, name string
		to       **host.Method
	}{
		{"Picker", "Ready", &l.ready}, {"Picker", "Pick", &l.pick},
		{"Slicer", "Slice", &l.slice}, {"Preempter", "Preempt", &l.preempt}, {"Stopper", "Stop", &l.stop}, {"Starter", "Start", &l.start},
	} {
		if *m.to, err = h.MethodOf(v, path, m.of, m.name); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// policy is the scheduler for one run, which is recorded: a token of it must say all.
func (l *learner) policy() policy.Policy { return policy.Record(&mine{l: l}) }

// mine is a learner's scheduler as a policy. It checks every answer.
type mine struct {
	l      *learner
	call   *host.Beside
	origin int64
	jobs   map[*policy.Task]*job
	own    map[*Job]*job
	cores  []seat
	err    error // what has gone wrong
	told   bool  // who runs the machine knows it
}

// job is what is known of a task.
type job struct {
	Job
	task  *policy.Task
	ready bool
	began int64 // the task's Ran when its burst began
	burst int64
}

// seat is a core.
type seat struct {
	job   *job // that runs there; nil: none
	ran   int64
	idle  bool
	asked bool
}

// Name implements policy.Policy.
func (p *mine) Name() string { return p.l.name }

// Start implements policy.Policy.
func (p *mine) Start(s policy.Setup) {
	p.jobs, p.own, p.cores = map[*policy.Task]*job{}, map[*Job]*job{}, make([]seat, s.Cores)
	for i := range p.cores {
		p.cores[i].idle = true
	}
	p.origin, p.err, p.told = s.Now, nil, false
	if p.call, p.err = p.l.h.Beside(p.l.cell); p.err == nil && p.l.start != nil {
		p.ask(s.Now, p.l.start, machine.Val{N: uint64(s.Cores)})
	}
}

// ask calls a method; nothing is asked after a failure.
func (p *mine) ask(now int64, m *host.Method, args ...machine.Val) (result machine.Val) {
	if p.err != nil {
		return result
	}
	vals, err := p.call.Call(now, m.Func, append([]machine.Val{m.Receiver}, args...)...)
	var failed *host.CallFailed
	switch {
	case errors.As(err, &failed):
		p.fail(m, failed.What, failed.Frames)
	case err != nil:
		p.err = err
	case len(vals) > 0:
		result = vals[0]
	}
	return result
}

// fail says that a method has not answered as it should.
func (p *mine) fail(m *host.Method, what string, frames []engine.Frame) {
	at := m.Position
	for _, f := range frames {
		if strings.Contains(f.Position, ":") { // not an instruction without a place, as of "for {}"
			at = f.Position
			break
		}
	}
	f := &engine.Fatal{Message: fmt.Sprintf("%s: the scheduler's %s %s", at, m.Name, what)}
	var lines []string
	for _, frame := range frames {
		lines = append(lines, frame.Function+"\n\t"+frame.Position)
	}
	f.Detail = strings.Join(lines, "\n")
	p.err = f
}

func (p *mine) time(now int64) machine.Val { return machine.Val{N: uint64(now - p.origin)} }

// show brings what a Job says up to date; ran is the core time that it has had.
func (p *mine) show(j *job, ran int64) machine.Val {
	t := j.task
	j.Group, j.Nice, j.Priority, j.Tickets, j.Core = t.Group, t.Nice, t.Priority, t.Tickets, t.Core
	j.Burst, j.Ran, j.Since = time.Duration(j.burst), time.Duration(ran), time.Duration(t.Since-p.origin)
	j.Left = max(time.Duration(j.burst-(ran-j.began)), 0)
	return machine.Val{P: unsafe.Pointer(&j.Job)}
}

// job is the account of a task.
func (p *mine) job(t *policy.Task) *job {
	j := p.jobs[t]
	if j == nil {
		m := machine.TaskOf(t)
		j = &job{task: t, Job: Job{ID: t.ID, Name: m.Name()}}
		if j.Name == "" {
			j.Name = fmt.Sprintf("g%d", m.Number)
		}
		p.jobs[t], p.own[&j.Job] = j, j
	}
	return j
}

// Ready implements policy.Policy.
func (p *mine) Ready(now int64, t *policy.Task, why policy.Why, by *policy.Task) policy.Look {
	j := p.job(t)
	if why <= policy.Woken {
		j.began, j.burst = t.Ran, t.Burst
	}
	j.ready = true
	p.ask(now, p.l.ready, p.time(now), p.show(j, t.Ran))
	if p.err != nil {
		return policy.Look{Core: 0, At: now} // it will be told to pause
	}
	if why > policy.Woken {
		return policy.Nobody
	}
	for i := range p.cores {
		if s := &p.cores[i]; s.idle {
			s.idle = false
			return policy.Look{Core: i, At: now}
		}
	}
	return p.preempt(now, j)
}

// preempt asks whether a job that has become ready takes a core.
func (p *mine) preempt(now int64, j *job) policy.Look {
	if p.l.preempt == nil {
		return policy.Nobody
	}
	for i := range p.cores {
		s := &p.cores[i]
		if s.job == nil || s.asked {
			continue
		}
		ran := s.ran + max(now-s.job.task.Began, 0)
		yes := p.ask(now, p.l.preempt, p.time(now), p.show(j, j.task.Ran), p.show(s.job, ran)).N != 0
		if yes || p.err != nil {
			s.asked = true
			return policy.Look{Core: i, At: now}
		}
	}
	return policy.Nobody
}

// Pick implements policy.Policy.
func (p *mine) Pick(now int64, core int) policy.Decision {
	d := policy.Decision{Look: policy.Nobody}
	got := p.ask(now, p.l.pick, p.time(now), machine.Val{N: uint64(core)})
	s := &p.cores[core]
	*s = seat{idle: true}
	if got.P != nil {
		j := p.own[(*Job)(got.P)]
		if what := refused(j); what != "" {
			p.fail(p.l.pick, what, nil)
		} else {
			j.ready = false
			d.Task, d.For = j.task, p.length(now, j)
			*s = seat{job: j, ran: j.task.Ran}
		}
	}
	if p.err != nil {
		return policy.Decision{Look: policy.Nobody, Pause: !p.told}
	}
	return d
}

// refused is why a job cannot be picked; empty: it can.
func refused(j *job) string {
	switch {
	case j == nil:
		return "gives a job that has ended, or that is none of this run (each run needs a new scheduler)"
	case !j.ready:
		return fmt.Sprintf("gives %s, which is not ready: it was picked already, and Ready has not been called for it since", j.Name)
	}
	return ""
}

// length is how long a job may run.
func (p *mine) length(now int64, j *job) int64 {
	if p.l.slice == nil {
		return 0
	}
	d := int64(p.ask(now, p.l.slice, p.show(j, j.task.Ran)).N)
	if d < 0 {
		p.fail(p.l.slice, fmt.Sprintf("gives %s a slice of %v: want 0, which is no limit, or more", j.Name, time.Duration(d)), nil)
	}
	return d
}

// Stop implements policy.Policy.
func (p *mine) Stop(now int64, core int, t *policy.Task, why policy.Why) {
	p.cores[core] = seat{}
	j := p.job(t)
	j.ready = false
	if p.l.stop != nil {
		words := map[policy.Why]string{policy.Expired: "slice", policy.Preempted: "preempted", policy.Yielded: "yield",
			policy.Blocked: "wait", policy.Outside: "io", policy.Ended: "end"}[why]
		p.ask(now, p.l.stop, p.time(now), p.show(j, t.Ran), machine.StringVal(words))
	}
	if why == policy.Ended {
		delete(p.own, &j.Job)
		delete(p.jobs, t)
	}
}

// Failure implements policy.Failing.
func (p *mine) Failure(stalled bool) error {
	if stalled && p.err == nil {
		var names []string
		for _, j := range p.jobs {
			if j.ready {
				names = append(names, j.Name)
			}
		}
		slices.Sort(names)
		p.fail(p.l.pick, "gives no core anything to run, though "+strings.Join(names, ", ")+" could, and nothing else is to come", nil)
	}
	p.told = p.err != nil
	return p.err
}

// kept is the state of a learner's scheduler.
type kept struct {
	mine   mine
	values map[*job]job
	memory *machine.Snapshot
}

// Save implements policy.Policy: what the scheduler itself keeps is in the program's memory.
func (p *mine) Save() any {
	k := kept{mine: *p, values: map[*job]job{}, memory: p.call.Snapshot()}
	k.mine.jobs, k.mine.own, k.mine.cores = maps.Clone(p.jobs), maps.Clone(p.own), slices.Clone(p.cores)
	for _, j := range p.jobs {
		k.values[j] = *j
	}
	return k
}

// Load implements policy.Policy.
func (p *mine) Load(saved any) {
	k := saved.(kept)
	*p = k.mine
	p.jobs, p.own, p.cores = maps.Clone(p.jobs), maps.Clone(p.own), slices.Clone(p.cores)
	for j, v := range k.values {
		*j = v
	}
	p.call.Restore(k.memory)
}
