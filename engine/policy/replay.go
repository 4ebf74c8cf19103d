package policy

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
)

// replay makes the decisions of a schedule again, and its notes.
type replay struct {
	s     *Schedule
	note  func(now int64, n Note)
	rest  *bytes.Reader // of the answers
	notes *bytes.Reader
	until int // how many answers until the next note; -1: there is none
	ready map[*Task]bool

	numbers numbering
	lost    bool // it has diverged, and decides nothing more
}

// Replay returns the policy that makes the decisions of s. It has the name of the
// one that made them first, so that the trace is the same too. The machine must
// have the schedule's seed, cores and slice. Where the program asks something
// that the schedule does not answer, the methods panic with a *Diverged.
func Replay(s *Schedule) (Policy, error) {
	if s.data == nil {
		return Named(s.Policy)
	}
	return &replay{s: s}, nil
}

// Diverged says that a program does not do what it did when the schedule was made.
type Diverged struct{ Decision int } // bytes into the schedule

func (d *Diverged) Error() string {
	return fmt.Sprintf("policy: the program has gone another way than when the schedule was recorded (at %d)", d.Decision)
}

func (r *replay) asked() asked { return r.s.asks }

func (r *replay) number() int64 {
	n, err := binary.ReadVarint(r.rest)
	if err != nil {
		r.diverged()
	}
	return n
}

// time is a number that is no less than 0.
func (r *replay) time() int64 {
	n := r.number()
	if n < 0 {
		r.diverged()
	}
	return n
}

func (r *replay) diverged() {
	r.lost = true
	panic(&Diverged{len(r.s.data) - r.rest.Len()})
}

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

// answer begins an answer: it notes what was noted before it.
func (r *replay) answer(now int64) {
	for r.until == 0 {
		n := Note{Task: r.task(), Cause: r.task()}
		n.Arg, _ = binary.ReadVarint(r.notes)
		words := make([]byte, min(r.count(), uint64(r.notes.Len())))
		io.ReadFull(r.notes, words) // a token that was cut off is found by its answers
		n.Words = string(words)
		r.note(now, n)
		r.next()
	}
	if r.until > 0 {
		r.until--
	}
}

func (r *replay) next() {
	r.until = -1
	if r.notes.Len() > 0 {
		r.until = int(r.count())
	}
}

func (r *replay) count() uint64 {
	n, err := binary.ReadUvarint(r.notes)
	if err != nil {
		r.diverged()
	}
	return n
}

func (r *replay) task() *Task {
	n := int(r.count())
	t := r.numbers.task(n)
	if t == nil && n != 0 {
		r.diverged()
	}
	return t
}

// Name implements Policy.
func (r *replay) Name() string { return r.s.Policy }

// Schedule implements Scheduled.
func (r *replay) Schedule() *Schedule { return r.s }

// Start implements Policy.
func (r *replay) Start(s Setup) {
	r.note, r.rest, r.notes = s.Note, bytes.NewReader(r.s.data), bytes.NewReader(r.s.notes)
	r.ready, r.numbers, r.lost = map[*Task]bool{}, numbering{}, false
	r.next()
}

// Ready implements Policy.
func (r *replay) Ready(now int64, t *Task, why Why, by *Task) Look {
	if r.lost {
		return Nobody
	}
	r.ready[t] = true
	r.numbers.see(t)
	r.answer(now)
	return r.look(now)
}

// Pick implements Policy.
func (r *replay) Pick(now int64, core int) Decision {
	if r.lost {
		return Decision{Look: Nobody}
	}
	r.answer(now)
	var d Decision
	if n := int(r.number()); n != 0 {
		if d.Task = r.numbers.task(n); !r.ready[d.Task] {
			r.diverged()
		}
		delete(r.ready, d.Task)
	}
	d.For = r.number()
	d.Delay = r.time()
	d.Look = r.look(now)
	return d
}

// Step implements Stepper.
func (r *replay) Step(now int64, core int, t *Task) Verdict {
	r.answer(now)
	n := r.time()
	return Verdict{Give: n&1 != 0, Stall: n >> 1}
}

// Choose implements Chooser.
func (r *replay) Choose(now int64, what Choice, n int) int {
	r.answer(now)
	i := int(r.number())
	if i < 0 || i >= n {
		r.diverged()
	}
	return i
}

// Work implements Coster.
func (r *replay) Work(t *Task, ns int64) int64 { return r.time() }

// Stop implements Policy.
func (r *replay) Stop(now int64, core int, t *Task, why Why) {}

type replayed struct {
	rest, notes, until, tasks int
	ready                     map[*Task]bool
	lost                      bool
}

// Save implements Policy.
func (r *replay) Save() any {
	return replayed{r.rest.Len(), r.notes.Len(), r.until, r.numbers.count(), maps.Clone(r.ready), r.lost}
}

// Load implements Policy.
func (r *replay) Load(saved any) {
	s := saved.(replayed)
	r.rest.Reset(r.s.data[len(r.s.data)-s.rest:])
	r.notes.Reset(r.s.notes[len(r.s.notes)-s.notes:])
	r.until, r.ready, r.lost = s.until, maps.Clone(s.ready), s.lost
	r.numbers.cut(s.tasks)
}
