package metrics

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"interleave/engine/policy"
	"interleave/engine/trace"
	"interleave/engine/workload"
)

const unit = 1_000_000

// run is a task's stay on a core, in units.
type run struct {
	task     string
	core     int16
	from, to int64
}

// made is a trace with tasks that arrive, run as listed, and do I/O between runs
// where that is said.
func made(cores int, arrivals string, io map[string]bool, runs ...run) *trace.Trace {
	t := trace.New(0)
	t.Head.Cores = cores
	index, last := map[string]uint32{}, map[string]int{}
	for i, r := range runs {
		last[r.task] = i
	}
	for i, word := range strings.Fields(arrivals) {
		var at int64
		name, rest, _ := strings.Cut(word, ":")
		fmt.Sscan(rest, &at)
		n := t.AddTask(trace.Task{Number: i + 1, Start: name})
		index[name] = n
		t.Add(trace.Event{Time: at * unit, Task: n, Kind: trace.Create, Core: -1})
		t.Add(trace.Event{Time: at * unit, Task: n, Kind: trace.Ready, Core: -1})
	}
	for i, r := range runs {
		n := index[r.task]
		t.Add(trace.Event{Time: r.from * unit, Task: n, Kind: trace.Run, Core: r.core})
		e := trace.Event{Time: r.to * unit, Task: n, Core: r.core, Kind: trace.Preempt}
		switch {
		case last[r.task] == i:
			e.Kind = trace.End
		case io[r.task]:
			e.Kind = trace.Outside
		}
		t.Add(e)
	}
	return t
}

// line is the averages of a run in units, and what happened to each task.
func line(m *Metrics) string {
	u := func(x float64) string { return fmt.Sprintf("%.2f", x/unit) }
	return fmt.Sprintf("turnaround %s waiting %s response %s switches %d", u(m.Turnaround.Mean()), u(m.Waiting.Mean()), u(m.Response.Mean()), m.Switches)
}

// The figures that the books give for the Gantt charts that they print.
func TestTextbooks(t *testing.T) {
	tests := []struct {
		name string
		t    *trace.Trace
		want string
	}{
		{"Silberschatz 5.3.1, FCFS 24, 3, 3: waiting 17", made(1, "P1:0 P2:0 P3:0", nil,
			run{"P1", 0, 0, 24}, run{"P2", 0, 24, 27}, run{"P3", 0, 27, 30}), "turnaround 27.00 waiting 17.00 response 17.00 switches 2"},
		{"Silberschatz 5.3.3, RR q=4: waiting 17/3", made(1, "P1:0 P2:0 P3:0", nil,
			run{"P1", 0, 0, 4}, run{"P2", 0, 4, 7}, run{"P3", 0, 7, 10}, run{"P1", 0, 10, 30}), "turnaround 15.67 waiting 5.67 response 3.67 switches 3"},
		{"Silberschatz 5.3.2, SRTF: waiting 6.5", made(1, "P1:0 P2:1 P3:2 P4:3", nil,
			run{"P1", 0, 0, 1}, run{"P2", 0, 1, 5}, run{"P4", 0, 5, 10}, run{"P1", 0, 10, 17}, run{"P3", 0, 17, 26}), "turnaround 13.00 waiting 6.50 response 4.25 switches 4"},
		{"OSTEP 7.3, FIFO 100, 10, 10: turnaround 110", made(1, "A:0 B:0 C:0", nil,
			run{"A", 0, 0, 100}, run{"B", 0, 100, 110}, run{"C", 0, 110, 120}), "turnaround 110.00 waiting 70.00 response 70.00 switches 2"},
		{"OSTEP 7.5, the tens arrive at 10, STCF: turnaround 50", made(1, "A:0 B:10 C:10", nil,
			run{"A", 0, 0, 10}, run{"B", 0, 10, 20}, run{"C", 0, 20, 30}, run{"A", 0, 30, 120}), "turnaround 50.00 waiting 10.00 response 3.33 switches 3"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := line(Of(test.t)); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// I/O is not waiting; cores are counted each; what a switch costs is counted.
func TestParts(t *testing.T) {
	m := Of(made(2, "A:0 B:0 C:1", map[string]bool{"A": true}, run{"A", 0, 0, 2}, run{"B", 1, 0, 6}, run{"C", 0, 3, 8}, run{"A", 1, 7, 9}))
	a, c := m.Tasks[0], m.Tasks[2]
	if a.IO != 5*unit || a.Burst != 4*unit || a.Waiting != 0 || a.Turnaround() != 9*unit || a.Runs != 2 {
		t.Errorf("A: %+v", a)
	}
	if c.Waiting != 2*unit || c.Response() != 2*unit {
		t.Errorf("C: %+v", c)
	}
	if m.Switches != 2 || m.Preemptions != 0 || m.Migrations != 1 || m.Dispatch != unit {
		t.Errorf("%d switches, %d preemptions, %d migrations, dispatch %d", m.Switches, m.Preemptions, m.Migrations, m.Dispatch)
	}
	if got := fmt.Sprintf("%.4f %.4f %.4f %.2f", m.Cores[0].Utilization, m.Cores[1].Utilization, m.Utilization, m.Throughput*unit/1e9*9); got != "0.7778 0.8889 0.8333 3.00" {
		t.Errorf("utilization and throughput: %s", got)
	}
	if want := Jain([]float64{1, 1, 5. / 7}); math.Abs(m.Fairness-want) > 1e-12 {
		t.Errorf("fairness %v, want %v", m.Fairness, want)
	}
}

// Whoever has not ended is counted apart; main is not in the averages; a trace that
// lost its beginning says so.
func TestWhoCounts(t *testing.T) {
	tr := trace.New(0)
	tr.Head = trace.Head{Cores: 1, Cell: "cell[1]"}
	main := tr.AddTask(trace.Task{Number: 1, Cell: "cell[1]"})
	work := tr.AddTask(trace.Task{Number: 2, Cell: "cell[1]", Parent: main})
	late := tr.AddTask(trace.Task{Number: 3, Cell: "cell[1]", Parent: main})
	old := tr.AddTask(trace.Task{Number: 2, Cell: "cell[0]"})
	sys := tr.AddTask(trace.Task{Number: 9, Cell: "cell[1]", System: true})
	group := tr.AddObject(trace.Object{Kind: trace.WaitGroup})
	wait := tr.Reason("sync.WaitGroup.Wait")
	for _, e := range []trace.Event{
		{Time: 0, Task: old, Kind: trace.Create}, {Time: 0, Task: old, Kind: trace.Block},
		{Time: 0, Task: main, Kind: trace.Create}, {Time: 0, Task: main, Kind: trace.Ready}, {Time: 0, Task: main, Kind: trace.Run},
		{Time: 1, Task: work, Kind: trace.Create, Cause: main}, {Time: 1, Task: work, Kind: trace.Ready},
		{Time: 1, Task: late, Kind: trace.Create, Cause: main}, {Time: 1, Task: late, Kind: trace.Ready},
		{Time: 2, Task: main, Kind: trace.Block, Reason: wait, Object: group},
		{Time: 2, Task: work, Kind: trace.Run}, {Time: 5, Task: work, Kind: trace.End},
		{Time: 5, Task: sys, Kind: trace.Run}, {Time: 6, Task: sys, Kind: trace.End},
	} {
		tr.Add(e)
	}
	m := Of(tr)
	if len(m.Tasks) != 3 || !m.Tasks[0].Main || m.Counted != 1 || m.Unfinished != 1 {
		t.Fatalf("%+v", m)
	}
	if m.Turnaround != (Average{Sum: 4, Most: 4, N: 1}) || m.Tasks[0].Blocked != 4 || m.Tasks[2].Waiting != 5 || m.Tasks[2].Response() != -1 || m.Tasks[2].Turnaround() != -1 {
		t.Errorf("%+v", m)
	}

	few := trace.New(3)
	few.Head.Cores = 1
	n := few.AddTask(trace.Task{Number: 1})
	for i, k := range []trace.Kind{trace.Create, trace.Ready, trace.Run, trace.Preempt, trace.Run, trace.End} {
		few.Add(trace.Event{Time: int64(i), Task: n, Kind: k})
	}
	if m := Of(few); m.Dropped != 3 || m.Counted != 0 || m.Tasks[0].Whole || m.Throughput == 0 {
		t.Errorf("%+v", m)
	}
}

// Nothing gets lost: a task's turnaround is what it ran, waited and did I/O, cores are
// busy for what tasks computed, and all of that is what was asked for.
func TestTimesAddUp(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, name := range []string{"fcfs", "rr(q=2)", "srtf", "priority(aging=3)", "mlfq(q=1/2/4,boost=20)", "lottery(q=1)", "cfs", "eevdf", "multi(q=2)"} {
		for range 20 {
			var list []workload.Process
			for i := range 1 + r.IntN(8) {
				p := workload.Process{Name: fmt.Sprint(i), Arrival: int64(r.IntN(20)) * unit}
				for k := range 1 + r.IntN(5) {
					b := workload.CPU(int64(1+r.IntN(9)) * unit)
					if k%2 == 1 {
						b.Device = "disk"
					}
					p.Bursts = append(p.Bursts, b)
				}
				p.Priority = r.IntN(3)
				list = append(list, p)
			}
			p, err := policy.Named(name)
			if err != nil {
				t.Fatal(err)
			}
			run, err := workload.Run(list, workload.Setup{Policy: p, Cores: 1 + r.IntN(3), Switch: int64(r.IntN(2)) * unit / 4})
			if err != nil {
				t.Fatal(err)
			}
			m := Of(run)
			var busy, computed int64
			for _, c := range m.Cores {
				busy += c.Busy
			}
			for i := range m.Tasks {
				k := &m.Tasks[i]
				j := slices.IndexFunc(list, func(p workload.Process) bool { return p.Name == k.Name })
				var cpu, io int64
				for _, b := range list[j].Bursts {
					if b.Device == "" {
						cpu += b.Time
					} else {
						io += b.Time
					}
				}
				computed += cpu
				if k.Arrival != list[j].Arrival || k.Burst != cpu || k.IO-k.Queued != io || k.Turnaround() != k.Burst+k.IO+k.Waiting || k.Blocked != 0 {
					t.Fatalf("%s: %+v of %+v", name, k, list[j])
				}
			}
			if busy != computed || m.Counted != len(list) || len(m.Tasks) != len(list) {
				t.Fatalf("%s: %d of %d ended, cores were busy for %d, want %d", name, m.Counted, len(list), busy, computed)
			}
		}
	}
}

func TestJain(t *testing.T) {
	for _, c := range []struct {
		list []float64
		want float64
	}{{nil, 0}, {[]float64{0, 0}, 0}, {[]float64{3, 3, 3}, 1}, {[]float64{1, 0, 0, 0}, 0.25}, {[]float64{1, 3}, 0.8}} {
		if got := Jain(c.list); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("Jain(%v) = %v, want %v", c.list, got, c.want)
		}
	}
	if m := Of(trace.New(0)); len(m.Tasks) != 0 || m.Throughput != 0 {
		t.Errorf("%+v", m)
	}
}

func BenchmarkOf(b *testing.B) {
	tr := trace.New(0)
	tr.Head.Cores = 1
	for i := range 100 {
		tr.AddTask(trace.Task{Number: i + 1})
	}
	for i := range 100_000 {
		tr.Add(trace.Event{Time: int64(i) * 10, Task: uint32(i/2%100) + 1, Kind: []trace.Kind{trace.Run, trace.Preempt}[i%2]})
	}
	for b.Loop() {
		Of(tr)
	}
	b.ReportMetric(float64(b.N)*100_000/b.Elapsed().Seconds(), "events/s")
}

// The same from the start: the books' tables, run by the machine.
func TestRuns(t *testing.T) {
	tests := []struct{ name, table, policy, want string }{
		{"Silberschatz 5.3.1, FCFS", "P1 24\nP2 3\nP3 3", "fcfs", "turnaround 27.00 waiting 17.00 response 17.00 switches 2"},
		{"Silberschatz 5.3.1, FCFS in the other order", "P2 3\nP3 3\nP1 24", "fcfs", "turnaround 13.00 waiting 3.00 response 3.00 switches 2"},
		{"Silberschatz 5.3.3, RR", "P1 24\nP2 3\nP3 3", "rr(q=4)", "turnaround 15.67 waiting 5.67 response 3.67 switches 3"},
		{"Silberschatz 5.3.2, FCFS beside SJF", "P1 6\nP2 8\nP3 7\nP4 3", "fcfs", "turnaround 16.25 waiting 10.25 response 10.25 switches 3"},
		{"OSTEP 7.3, FIFO", "A 100\nB 10\nC 10", "fcfs", "turnaround 110.00 waiting 70.00 response 70.00 switches 2"},
		{"OSTEP 7.4, the tens arrive at 10", "A 0 100\nB 10 10\nC 10 10", "fcfs", "turnaround 103.33 waiting 63.33 response 63.33 switches 2"},
		{"Silberschatz 5.3.2, SJF", "P1 6\nP2 8\nP3 7\nP4 3", "sjf", "turnaround 13.00 waiting 7.00 response 7.00 switches 3"},
		{"Silberschatz 5.3.2, SRTF", "P1 0 8\nP2 1 4\nP3 2 9\nP4 3 5", "srtf", "turnaround 13.00 waiting 6.50 response 4.25 switches 4"},
		{"Silberschatz 5.3.2, the same by SJF", "P1 0 8\nP2 1 4\nP3 2 9\nP4 3 5", "sjf", "turnaround 14.25 waiting 7.75 response 7.75 switches 3"},
		{"Silberschatz 5.3.4, priority, low numbers first", "process burst priority\nP1 10 3\nP2 1 1\nP3 2 4\nP4 1 5\nP5 5 2", "priority(first=low)", "turnaround 12.00 waiting 8.20 response 8.20 switches 4"},
		{"OSTEP 7.4, SJF", "A 100\nB 10\nC 10", "sjf", "turnaround 50.00 waiting 10.00 response 10.00 switches 2"},
		{"OSTEP 7.5, STCF", "A 0 100\nB 10 10\nC 10 10", "srtf", "turnaround 50.00 waiting 10.00 response 3.33 switches 3"},
		{"OSTEP 7.7, SJF", "A 5\nB 5\nC 5", "sjf", "turnaround 10.00 waiting 5.00 response 5.00 switches 2"},
		{"OSTEP 8.2, MLFQ", "A 0 180\nB 100 20", "mlfq(queues=3,q=10,boost=0)", "turnaround 110.00 waiting 10.00 response 0.00 switches 2"},
		{"OSTEP 7.7, RR", "A 5\nB 5\nC 5", "rr(q=1)", "turnaround 14.00 waiting 9.00 response 1.00 switches 14"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			list, err := workload.Parse(test.table)
			if err != nil {
				t.Fatal(err)
			}
			p, err := policy.Named(test.policy)
			if err != nil {
				t.Fatal(err)
			}
			run, err := workload.Run(list, workload.Setup{Policy: p})
			if err != nil {
				t.Fatal(err)
			}
			if got := line(Of(run)); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}
