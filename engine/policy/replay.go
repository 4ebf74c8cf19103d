package policy

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
)

// replay makes the decisions of a schedule again.
type replay struct {
	s     *Schedule
	rest  *bytes.Reader
	ready map[int]*Task
}

// Replay returns the policy that makes the decisions of s. It has the name of the
// one that made them first, so that the trace is the same too. The machine must
// have the schedule's seed, cores and slice. Where the program asks something
// that the schedule does not answer, the methods panic with a *Diverged.
func Replay(s *Schedule) (Policy, error) {
	if s.data == nil {
		return Named(s.Policy)
	}
	r := &replay{s: s, rest: bytes.NewReader(s.data), ready: map[int]*Task{}}
	return wrap(r, s.steps, s.chooses), nil
}

// Diverged says that a program does not do what it did when the schedule was made.
type Diverged struct{ Decision int } // bytes into the schedule

func (d *Diverged) Error() string {
	return fmt.Sprintf("policy: the program has gone another way than when the schedule was recorded (at %d)", d.Decision)
}

func (r *replay) number() int64 {
	n, err := binary.ReadVarint(r.rest)
	if err != nil {
		r.diverged()
	}
	return n
}

func (r *replay) diverged() { panic(&Diverged{len(r.s.data) - r.rest.Len()}) }

func (r *replay) look(now int64) Look {
	core := int(r.number()) - 1
	if core < 0 {
		return Nobody
	}
	if core >= r.s.Cores {
		r.diverged()
	}
	return Look{core, now + r.number()}
}

// Name implements Policy.
func (r *replay) Name() string { return r.s.Policy }

// Schedule implements Scheduled.
func (r *replay) Schedule() *Schedule { return r.s }

// Start implements Policy.
func (r *replay) Start(Setup) {}

// Ready implements Policy.
func (r *replay) Ready(now int64, t *Task, why Why, by *Task) Look {
	r.ready[t.ID] = t
	return r.look(now)
}

// Pick implements Policy.
func (r *replay) Pick(now int64, core int) Decision {
	var d Decision
	if id := int(r.number()); id != 0 {
		if d.Task = r.ready[id]; d.Task == nil {
			r.diverged()
		}
		delete(r.ready, id)
	}
	d.For = r.number()
	d.Delay = r.number()
	d.Look = r.look(now)
	return d
}

func (r *replay) stepped(now int64, core int, t *Task) Verdict {
	n := r.number()
	return Verdict{Give: n&1 != 0, Stall: n >> 1}
}

func (r *replay) chosen(now int64, what Choice, n int) int {
	i := int(r.number())
	if i < 0 || i >= n {
		r.diverged()
	}
	return i
}

// Stop implements Policy.
func (r *replay) Stop(now int64, core int, t *Task, why Why) {}

type replayed struct {
	rest  int
	ready map[int]*Task
}

// Save implements Policy.
func (r *replay) Save() any { return replayed{r.rest.Len(), maps.Clone(r.ready)} }

// Load implements Policy.
func (r *replay) Load(saved any) {
	s := saved.(replayed)
	r.rest.Reset(r.s.data[len(r.s.data)-s.rest:])
	r.ready = maps.Clone(s.ready)
}
