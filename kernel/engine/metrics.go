package engine

import (
	"fmt"
	"math"
	"time"

	"interleave/engine/analyse/metrics"
	"interleave/engine/draw"
	"interleave/engine/draw/gantt"
	"interleave/kernel/display"
)

// Metrics are the figures by which textbooks judge a scheduler. Times are of the virtual
// clock; averages are over the tasks that began and ended in the run, without main where
// it started others, and are rounded to the ns.
type Metrics struct {
	Tasks       []TaskMetrics
	Turnaround  time.Duration // average, from arrival to end
	Waiting     time.Duration // average: ready, and no core
	Response    time.Duration // average, from arrival to the first time that it ran
	Throughput  float64       // tasks that ended, a second
	Switches    int           // a core took up another task than its last
	Preemptions int           // of these, from a task that could go on
	Migrations  int           // a task ran on another core than before
	Switching   time.Duration // core time until a task ran that was there for it
	Utilization float64       // of all cores' time, 0 to 1
	Fairness    float64       // Jain's index, 0 to 1, of each task's share of the time in which it wanted a core

	of *Execution
}

// TaskMetrics is what one task did. Times that are not known, because it has not ended or
// never ran, are negative.
type TaskMetrics struct {
	Name       string
	Arrival    time.Duration // since the run's beginning, as Start and Finish
	Start      time.Duration // when it first ran
	Finish     time.Duration
	CPU        time.Duration // core time
	IO         time.Duration // outside: it used devices, or waited for its turn there
	Blocked    time.Duration // it waited for other tasks, locks, channels or timers
	Turnaround time.Duration
	Waiting    time.Duration
	Response   time.Duration
}

// Metrics gives the figures by which textbooks judge a scheduler.
func (e *Execution) Metrics() *Metrics {
	m := metrics.Of(e.of().Trace)
	mean := func(a metrics.Average) time.Duration { return time.Duration(math.Round(a.Mean())) }
	out := &Metrics{
		Turnaround: mean(m.Turnaround), Waiting: mean(m.Waiting), Response: mean(m.Response), Throughput: m.Throughput,
		Switches: m.Switches, Preemptions: m.Preemptions, Migrations: m.Migrations, Switching: time.Duration(m.Dispatch),
		Utilization: m.Utilization, Fairness: m.Fairness, of: e,
	}
	for i := range m.Tasks {
		t := &m.Tasks[i]
		out.Tasks = append(out.Tasks, TaskMetrics{
			Name: t.Name, Arrival: time.Duration(t.Arrival), Start: time.Duration(t.Start), Finish: time.Duration(t.Finish),
			CPU: time.Duration(t.Burst), IO: time.Duration(t.IO), Blocked: time.Duration(t.Blocked),
			Turnaround: time.Duration(t.Turnaround()), Waiting: time.Duration(t.Waiting), Response: time.Duration(t.Response()),
		})
	}
	return out
}

// Task is the first one with that name. It panics where there is none.
func (m *Metrics) Task(name string) TaskMetrics {
	m.run()
	for _, t := range m.Tasks {
		if t.Name == name {
			return t
		}
	}
	panic(fmt.Sprintf("engine.Metrics.Task: no task is called %q", name))
}

// run is what the figures are of.
func (m *Metrics) run() *Execution {
	if m == nil || m.of == nil {
		panic(missing("*engine.Metrics", "run", "Execution.Metrics gives one"))
	}
	return m.of
}

// String is the figures as text.
func (m *Metrics) String() string { return m.run().table().Text }

// Display shows the figures as a table.
func (m *Metrics) Display() display.Bundle { return drawn(m.run().table()).Display() }

// Gantt draws the run as textbooks on scheduling do: who ran on each core when, what each
// task did, and the figures of Metrics. It takes the view Between.
func (e *Execution) Gantt(views ...View) *Drawing {
	o := e.options()
	for _, v := range views {
		if v.what == between {
			o.From, o.To = v.from, v.to
		}
	}
	return drawn(gantt.Draw(e.of().Trace, o))
}

func (e *Execution) table() draw.Drawing { return gantt.Table(e.of().Trace, e.options()) }

func (e *Execution) options() gantt.Options {
	o := gantt.Options{Title: e.policy()}
	if err := e.Err(); err != nil {
		o.Error = err.Error()
	}
	return o
}

// CompareGantt draws two runs on one scale, with their figures beside each other.
func CompareGantt(a, b *Execution) *Drawing {
	x, y := a.options(), b.options()
	return drawn(gantt.Compare(gantt.Side{Name: x.Title, Trace: a.of().Trace, Error: x.Error}, gantt.Side{Name: y.Title, Trace: b.of().Trace, Error: y.Error}))
}

// policy is what a run was scheduled by, in words.
func (e *Execution) policy() string {
	h := e.of().Trace.Head
	return h.Policy + " on " + count(h.Cores, "core")
}
