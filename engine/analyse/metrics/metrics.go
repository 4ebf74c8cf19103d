package metrics

import (
	"interleave/engine/trace"
)

// Metrics are the figures of a run. Times are virtual ns.
type Metrics struct {
	From, To int64 // from the first arrival to the last event
	Tasks    []Task
	Cores    []Core

	Turnaround Average // of the tasks that Counted counts
	Waiting    Average
	Response   Average // of those that ran at all, even if they have not ended

	Counted     int     // tasks that averages are over
	Unfinished  int     // other tasks of the run, that have not ended
	Throughput  float64 // tasks that ended, by second
	Switches    int     // a core took up another task than its last
	Preemptions int     // of these, after the core was taken from a task that could go on
	Migrations  int     // a task ran on another core than before
	Utilization float64 // of all cores' time, 0 to 1: tasks ran
	Dispatch    int64   // core time that passed between a task being there for a free core and running on it
	Fairness    float64 // Jain's index of Task.Progress over the tasks that Counted counts; 0 where there is none
	Dropped     int     // events that the trace lost: the figures lack what they said
}

// Task is what one task did.
type Task struct {
	Number  uint32 // index in Trace.Tasks
	Name    string
	Arrival int64
	Start   int64 // when it first ran; -1: never
	Finish  int64 // when it ended; -1: it has not
	Burst   int64 // core time that it had
	IO      int64 // that it was outside: it used devices, or waited for their turn
	Queued  int64 // of that, waiting for a device that served others
	Blocked int64 // that it waited for other tasks, locks, channels or timers
	Waiting int64 // that it was ready and had no core
	Runs    int   // how many times it got a core
	Main    bool  // started the others: not in the averages
	Whole   bool  // its arrival is in the trace
}

// Turnaround is the time from arrival to end; -1: it has not ended.
func (t *Task) Turnaround() int64 {
	if t.Finish < 0 {
		return -1
	}
	return t.Finish - t.Arrival
}

// Response is the time from arrival to the first run; -1: it never ran.
func (t *Task) Response() int64 {
	if t.Start < 0 {
		return -1
	}
	return t.Start - t.Arrival
}

// Progress is the share of the time that it wanted a core in which it had one, 0 to 1.
func (t *Task) Progress() float64 {
	if t.Burst+t.Waiting == 0 {
		return 1
	}
	return float64(t.Burst) / float64(t.Burst+t.Waiting)
}

// Average is a mean that keeps what it is made of.
type Average struct {
	Sum, Most int64
	N         int
}

// Mean is the mean in ns; 0 where there is nothing.
func (a Average) Mean() float64 {
	if a.N == 0 {
		return 0
	}
	return float64(a.Sum) / float64(a.N)
}

func (a *Average) add(ns int64) {
	a.Sum += ns
	a.Most = max(a.Most, ns)
	a.N++
}

// Core is what one core did.
type Core struct {
	Busy        int64
	Dispatch    int64
	Switches    int
	Utilization float64 // of From to To, 0 to 1
}

// Jain is Jain's fairness index, (Σx)² / n·Σx²: 1 where all are equal, 1/n where one
// has everything, 0 for an empty list (Jain, Chiu, Hawe: A Quantitative Measure of
// Fairness and Discrimination, 1984).
func Jain(list []float64) float64 {
	var sum, squares float64
	for _, x := range list {
		sum += x
		squares += x * x
	}
	if squares == 0 {
		return 0
	}
	return sum * sum / (float64(len(list)) * squares)
}

// Of computes the metrics of a run.
func Of(t *trace.Trace) *Metrics {
	c := newCounter(t)
	for _, e := range t.Events() {
		c.event(&e)
	}
	return c.finish()
}
