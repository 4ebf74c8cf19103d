package policy

import (
	"encoding/binary"
	"slices"
)

// recorder is another policy whose decisions and notes it writes down.
type recorder struct {
	Policy
	step    Stepper
	choose  Chooser
	cost    Coster
	s       Schedule
	numbers numbering
	answers int // so far
	noted   int // how many there were at the last note
}

// Record returns p with its decisions written down.
func Record(p Policy) Scheduled {
	r := &recorder{Policy: p}
	r.step, r.choose, r.cost = Extras(p)
	return r
}

// Scheduled is a policy that knows its decisions so far.
type Scheduled interface {
	Policy
	Schedule() *Schedule
}

func (r *recorder) asked() asked { return asked{r.step != nil, r.choose != nil, r.cost != nil} }

// Failure implements Failing.
func (r *recorder) Failure(stalled bool) error {
	if f, ok := r.Policy.(Failing); ok {
		return f.Failure(stalled)
	}
	return nil
}

// Schedule gives the decisions so far.
func (r *recorder) Schedule() *Schedule {
	s := r.s
	s.data, s.notes = slices.Clone(s.data), slices.Clone(s.notes)
	return &s
}

// Start implements Policy.
func (r *recorder) Start(s Setup) {
	r.s = Schedule{Seed: s.Seed, Cores: s.Cores, Slice: s.Slice, asks: r.asked(), data: []byte{}}
	r.answers, r.noted, r.numbers = 0, 0, numbering{}
	note := s.Note
	s.Note = func(now int64, n Note) {
		r.note(n)
		note(now, n)
	}
	r.Policy.Start(s)
	r.s.Policy = r.Name() // it may take a part of its name from the machine
}

func (r *recorder) note(n Note) {
	b := binary.AppendUvarint(r.s.notes, uint64(r.answers-r.noted))
	r.noted = r.answers
	for _, t := range []*Task{n.Task, n.Cause} {
		b = binary.AppendUvarint(b, uint64(r.numbers.of(t)))
	}
	b = binary.AppendVarint(b, n.Arg)
	b = binary.AppendUvarint(b, uint64(len(n.Words)))
	r.s.notes = append(b, n.Words...)
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
	r.numbers.see(t)
	l := r.Policy.Ready(now, t, why, by)
	r.look(now, l)
	r.answers++
	return l
}

// Pick implements Policy. A pause is not a decision.
func (r *recorder) Pick(now int64, core int) Decision {
	d := r.Policy.Pick(now, core)
	if d.Pause {
		return d
	}
	r.number(int64(r.numbers.of(d.Task)))
	r.number(d.For)
	r.number(d.Delay)
	r.look(now, d.Look)
	r.answers++
	return d
}

// Step implements Stepper.
func (r *recorder) Step(now int64, core int, t *Task) Verdict {
	v := r.step.Step(now, core, t)
	give := v.Stall << 1
	if v.Give {
		give |= 1
	}
	r.number(give)
	r.answers++
	return v
}

// Choose implements Chooser.
func (r *recorder) Choose(now int64, what Choice, n int) int {
	i := r.choose.Choose(now, what, n)
	r.number(int64(i))
	r.answers++
	return i
}

// Work implements Coster.
func (r *recorder) Work(t *Task, ns int64) int64 {
	d := r.cost.Work(t, ns)
	r.number(d)
	return d
}

type recorded struct {
	state                                any
	length, notes, answers, noted, tasks int
}

// Save implements Policy.
func (r *recorder) Save() any {
	return recorded{r.Policy.Save(), len(r.s.data), len(r.s.notes), r.answers, r.noted, r.numbers.count()}
}

// Load implements Policy.
func (r *recorder) Load(saved any) {
	s := saved.(recorded)
	r.Policy.Load(s.state)
	r.s.data = r.s.data[:s.length:s.length]
	r.s.notes = r.s.notes[:s.notes:s.notes]
	r.answers, r.noted = s.answers, s.noted
	r.numbers.cut(s.tasks)
}
