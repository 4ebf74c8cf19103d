package engine

import (
	"time"
)

// Job is a task as a scheduler sees it: a goroutine, or a textbook's process. What it
// says is as of the call that it is given to. Each task is one Job throughout a run, so
// that jobs can be compared, kept in slices and be keys of maps.
type Job struct {
	ID       int    // from 1, in the order in which tasks came
	Name     string // "P1", "g2", or as engine.Name says
	Group    int    // its process or interpreter
	Nice     int    // -20 to 19
	Priority int
	Tickets  int
	Core     int           // where it ran last; -1: nowhere yet
	Burst    time.Duration // core time from when it was last new or woken to its next wait; 0: not known
	Left     time.Duration // what is left of that
	Ran      time.Duration // core time it has had
	Since    time.Duration // when it last became ready, since the run's beginning
}

// Picker is a scheduler that a cell writes by itself. These two methods are enough:
//
//	type Mine struct{ queue []*engine.Job }
//
//	func (m *Mine) Ready(now time.Duration, j *engine.Job) { m.queue = append(m.queue, j) }
//
//	func (m *Mine) Pick(now time.Duration, core int) *engine.Job {
//		if len(m.queue) == 0 {
//			return nil
//		}
//		j := m.queue[0]
//		m.queue = m.queue[1:]
//		return j
//	}
//
//	engine.Run(f, engine.Scheduler(&Mine{}))
//	engine.ProcessTable(…).Run(engine.Scheduler(&Mine{}))
//
// That is first come, first served. With one method more it is round robin:
//
//	func (m *Mine) Slice(j *engine.Job) time.Duration { return 4 * time.Millisecond }
//
// Slicer, Preempter, Stopper and Starter say which further methods a scheduler may have.
//
// The methods are called while the machine stands still: they take no virtual time, and
// what they read and write is no part of the run. They must answer by themselves: no
// goroutine, no waiting, no more than ten million steps. One that panics, does not
// answer, or picks what cannot run ends the run with an error that says where. A token
// of the run holds its schedule, so Replay needs no scheduler.
type Picker interface {
	// Ready says that j can run: it is new, was woken, or has just lost its core or
	// given it up. The scheduler keeps it until Pick hands it out.
	Ready(now time.Duration, j *Job)

	// Pick gives a free core its next job; nil: none, until another becomes ready.
	Pick(now time.Duration, core int) *Job
}

// Slicer is a Picker that says how long a job may run until Ready and Pick are called
// anew. Without it, and where the answer is 0, a job runs until it waits, yields or ends.
type Slicer interface {
	Slice(j *Job) time.Duration
}

// Preempter is a Picker that may take a core from a job at once. It is asked for every
// job that is new or woken while no core is idle, and every running job, until it says
// yes: then the running one is Ready again, and its core calls Pick.
type Preempter interface {
	Preempt(now time.Duration, j, running *Job) bool
}

// Stopper is a Picker that wants to know when a job leaves its core, and why: "slice",
// "preempted", "yield", "wait", "io" or "end". After the first three Ready follows.
type Stopper interface {
	Stop(now time.Duration, j *Job, why string)
}

// Starter is a Picker that is told, before all else, how many cores there are.
type Starter interface {
	Start(cores int)
}

// Scheduler has p decide what runs next, in place of a policy of the machine's: see
// Picker. Each run needs a new one, or one whose Start forgets the run before. It
// panics where p has a method of one of the further names in another form.
func Scheduler(p Picker) Option { panic(elsewhere("Scheduler")) }
