package policy_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"interleave/engine/policy"
	"interleave/engine/trace"
	"interleave/engine/workload"
)

// ms is a unit of time of the textbooks.
const ms = workload.Unit

// proc is a process of a textbook.
type proc struct {
	at     int64   // when it arrives, in units
	bursts []int64 // of computing, waiting, computing …, in units

	policy.Traits
}

// piece is a time that a process had a core.
type piece struct {
	proc, core int
	from, to   int64 // units
}

// timeline is what a run of processes gave.
type timeline struct {
	pieces []piece // in order of their beginnings; a process that went on is one piece
	procs  []proc
}

// processes are procs for the machine: each waits for a device of its own.
func processes(unit int64, procs []proc) (list []workload.Process) {
	for i, p := range procs {
		w := workload.Process{Name: fmt.Sprintf("P%d", i+1), Arrival: p.at * unit, Traits: p.Traits}
		for k, b := range p.bursts {
			if k%2 == 0 {
				w.Bursts = append(w.Bursts, workload.CPU(b*unit))
			} else {
				w.Bursts = append(w.Bursts, workload.IO("device of "+w.Name, b*unit))
			}
		}
		list = append(list, w)
	}
	return list
}

// simulate runs processes to their end on the machine, without any costs.
func simulate(t testing.TB, name string, cores int, procs []proc) *timeline {
	t.Helper()
	return simulateIn(t, ms, name, cores, procs)
}

// simulateIn does so with units of that many ns.
func simulateIn(t testing.TB, unit int64, name string, cores int, procs []proc) *timeline {
	t.Helper()
	tr, err := workload.Run(processes(unit, procs), workload.Setup{Policy: named(t, name), Cores: cores})
	if err != nil {
		t.Fatal(err)
	}
	l := &timeline{procs: procs}
	for _, s := range trace.Spans(tr) {
		if s.State == trace.IsRunning && s.To > s.From {
			i, err := strconv.Atoi(tr.TaskName(s.Task)[1:])
			if err != nil {
				t.Fatal(err)
			}
			l.pieces = append(l.pieces, piece{i - 1, int(s.Core), s.From / unit, s.To / unit})
		}
	}
	slices.SortStableFunc(l.pieces, func(a, b piece) int {
		if a.from != b.from {
			return int(a.from - b.from)
		}
		return a.core - b.core
	})
	l.join()
	return l
}

// join makes one piece of those between which nobody else had the core.
func (l *timeline) join() {
	last := map[int]int{} // by core: index of its last piece
	list := l.pieces[:0]
	for _, p := range l.pieces {
		if k, ok := last[p.core]; ok && list[k].proc == p.proc && list[k].to == p.from {
			list[k].to = p.to
			continue
		}
		last[p.core] = len(list)
		list = append(list, p)
	}
	l.pieces = list
}

func named(t testing.TB, name string) policy.Policy {
	t.Helper()
	p, err := policy.Named(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// String is a timeline in the form "0 P1 4 P2 7": of several cores, core by core.
func (l *timeline) String() string {
	var b strings.Builder
	cores := 0
	for _, p := range l.pieces {
		cores = max(cores, p.core+1)
	}
	for core := range cores {
		end := int64(-1)
		for _, p := range l.pieces {
			if p.core != core {
				continue
			}
			if p.from != end {
				if end >= 0 {
					b.WriteString(" -")
				}
				fmt.Fprintf(&b, " %d", p.from)
			}
			fmt.Fprintf(&b, " P%d %d", p.proc+1, p.to)
			end = p.to
		}
		if core < cores-1 {
			b.WriteString(" |")
		}
	}
	return strings.TrimSpace(b.String())
}

// Measures of each process, in units.

func (l *timeline) finished(i int) (end int64) {
	for _, p := range l.pieces {
		if p.proc == i {
			end = max(end, p.to)
		}
	}
	return end
}

func (l *timeline) turnaround(i int) int64 { return l.finished(i) - l.procs[i].at }

// waiting is the time in which it was ready: not computing, and not waiting.
func (l *timeline) waiting(i int) int64 {
	w := l.turnaround(i)
	for _, b := range l.procs[i].bursts {
		w -= b
	}
	return w
}

func (l *timeline) response(i int) int64 {
	for _, p := range l.pieces {
		if p.proc == i {
			return p.from - l.procs[i].at
		}
	}
	return -1
}

func (l *timeline) switches() int { return len(l.pieces) - 1 }

func (l *timeline) each(f func(int) int64) []int64 {
	var list []int64
	for i := range l.procs {
		list = append(list, f(i))
	}
	return list
}

func (l *timeline) average(f func(int) int64) float64 {
	sum := int64(0)
	for i := range l.procs {
		sum += f(i)
	}
	return float64(sum) / float64(len(l.procs))
}
