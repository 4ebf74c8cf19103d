package policy

import (
	"encoding/binary"
	"slices"
)

// recorder is another policy whose decisions it writes down.
type recorder struct {
	Policy
	step   Stepper
	choose Chooser
	s      Schedule
}

// Record returns p with its decisions written down.
func Record(p Policy) Scheduled {
	r := &recorder{Policy: p}
	r.step, _ = p.(Stepper)
	r.choose, _ = p.(Chooser)
	return wrap(r, r.step != nil, r.choose != nil)
}

// Scheduled is a policy that knows its decisions so far.
type Scheduled interface {
	Policy
	Schedule() *Schedule
}

// Schedule gives the decisions so far.
func (r *recorder) Schedule() *Schedule {
	s := r.s
	s.data = slices.Clone(s.data)
	return &s
}

// Start implements Policy.
func (r *recorder) Start(s Setup) {
	r.Policy.Start(s) // it may take a part of its name from the machine
	r.s = Schedule{Policy: r.Name(), Seed: s.Seed, Cores: s.Cores, Slice: s.Slice, steps: r.step != nil, chooses: r.choose != nil, data: []byte{}}
}

func (r *recorder) number(n int64) { r.s.data = binary.AppendVarint(r.s.data, n) }

func (r *recorder) look(now int64, l Look) {
	r.number(int64(l.Core + 1))
	if l.Core >= 0 {
		r.number(l.At - now)
	}
}

// Ready implements Policy.
func (r *recorder) Ready(now int64, t *Task, why Why, by *Task) Look {
	l := r.Policy.Ready(now, t, why, by)
	r.look(now, l)
	return l
}

// Pick implements Policy. A pause is not a decision.
func (r *recorder) Pick(now int64, core int) Decision {
	d := r.Policy.Pick(now, core)
	if d.Pause {
		return d
	}
	id := 0
	if d.Task != nil {
		id = d.Task.ID
	}
	r.number(int64(id))
	r.number(d.For)
	r.number(d.Delay)
	r.look(now, d.Look)
	return d
}

func (r *recorder) stepped(now int64, core int, t *Task) Verdict {
	v := r.step.Step(now, core, t)
	give := v.Stall << 1
	if v.Give {
		give |= 1
	}
	r.number(give)
	return v
}

func (r *recorder) chosen(now int64, what Choice, n int) int {
	i := r.choose.Choose(now, what, n)
	r.number(int64(i))
	return i
}

type recorded struct {
	state  any
	length int
}

// Save implements Policy.
func (r *recorder) Save() any { return recorded{r.Policy.Save(), len(r.s.data)} }

// Load implements Policy.
func (r *recorder) Load(saved any) {
	s := saved.(recorded)
	r.Policy.Load(s.state)
	r.s.data = r.s.data[:s.length:s.length]
}
