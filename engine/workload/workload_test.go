package workload

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"interleave/engine/policy"
	"interleave/engine/trace"
)

// gantt writes who ran when, in units: "A:0-5 B:5-8".
func gantt(t *trace.Trace) string {
	var list []string
	for _, s := range trace.Spans(t) {
		if s.State == trace.IsRunning && s.To > s.From {
			list = append(list, fmt.Sprintf("%s:%v-%v", t.TaskName(s.Task), float64(s.From)/Unit, float64(s.To)/Unit))
		}
	}
	return strings.Join(list, " ")
}

func process(name string, arrival int64, bursts ...Burst) Process {
	for i := range bursts {
		bursts[i].Time *= Unit
	}
	return Process{Name: name, Arrival: arrival * Unit, Bursts: bursts}
}

func TestRun(t *testing.T) {
	tests := []struct {
		name  string
		setup Setup
		list  []Process
		want  string
	}{
		{"one after another", Setup{}, []Process{process("A", 0, CPU(5)), process("B", 2, CPU(3))}, "A:0-5 B:5-8"},
		{"a slice ends", Setup{Slice: 2 * Unit}, []Process{process("A", 0, CPU(5)), process("B", 0, CPU(3))}, "A:0-2 B:2-4 A:4-6 B:6-7 A:7-8"},
		{"a burst that ends as its slice does is over", Setup{Slice: 2 * Unit}, []Process{process("A", 0, CPU(4)), process("B", 0, CPU(2)), process("C", 0, CPU(2))}, "A:0-2 B:2-4 C:4-6 A:6-8"},
		{"so is one before I/O", Setup{Slice: 2 * Unit}, []Process{process("A", 0, CPU(2), IO("disk", 3), CPU(1)), process("B", 0, CPU(4))}, "A:0-2 B:2-6 A:6-7"},
		{"who arrives as a slice ends is before the one that loses the core", Setup{Slice: 2 * Unit},
			[]Process{process("A", 0, CPU(4)), process("B", 2, CPU(2))}, "A:0-2 B:2-4 A:4-6"},
		{"the core is free during I/O", Setup{}, []Process{process("A", 0, CPU(2), IO("disk", 3), CPU(1)), process("B", 0, CPU(4))}, "A:0-2 B:2-6 A:6-7"},
		{"a device serves one after another", Setup{},
			[]Process{process("A", 0, CPU(1), IO("disk", 5), CPU(1)), process("B", 0, CPU(1), IO("disk", 5), CPU(1))}, "A:0-1 B:1-2 A:6-7 B:11-12"},
		{"or two at a time", Setup{Servers: map[string]int{"disk": 2}},
			[]Process{process("A", 0, CPU(1), IO("disk", 5), CPU(1)), process("B", 0, CPU(1), IO("disk", 5), CPU(1))}, "A:0-1 B:1-2 A:6-7 B:7-8"},
		{"I/O comes first", Setup{}, []Process{process("A", 1, IO("disk", 2), CPU(1))}, "A:3-4"},
		{"two cores", Setup{Cores: 2}, []Process{process("A", 0, CPU(5)), process("B", 0, CPU(3)), process("C", 1, CPU(1))}, "A:0-5 B:0-3 C:3-4"},
		{"a switch takes time", Setup{Switch: Unit}, []Process{process("A", 0, CPU(1)), process("B", 0, CPU(1))}, "A:1-2 B:3-4"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.setup.Policy = policy.NewGo()
			got, err := Run(test.list, test.setup)
			if err != nil {
				t.Fatal(err)
			}
			if g := gantt(got); g != test.want {
				t.Errorf("got  %s\nwant %s", g, test.want)
			}
		})
	}
}

func TestRunRefuses(t *testing.T) {
	good := process("A", 0, CPU(1))
	bad := func(change func(p *Process)) []Process {
		p := good
		p.Name = "B"
		change(&p)
		return []Process{good, p}
	}
	tests := []struct {
		list []Process
		want string
	}{
		{nil, "no processes"},
		{bad(func(p *Process) { p.Arrival = -1 }), "B arrives before time 0"},
		{bad(func(p *Process) { p.Bursts = nil }), "B has no burst"},
		{bad(func(p *Process) { p.Bursts = []Burst{CPU(1), CPU(0)} }), "B: burst 2 takes no time"},
		{bad(func(p *Process) { p.Nice = 20 }), "B: nice 20: want -20 to 19"},
		{bad(func(p *Process) { p.Tickets = -1 }), "B: -1 tickets"},
		{bad(func(p *Process) { p.Name, p.Bursts = "", nil }), "process 2 has no burst"},
	}
	for _, test := range tests {
		if _, err := Run(test.list, Setup{Policy: policy.NewGo()}); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("want %q, got %v", test.want, err)
		}
	}
	if _, err := Run([]Process{good}, Setup{Policy: idler{policy.NewGo()}}); err == nil || !strings.Contains(err.Error(), "go leaves 1 process") {
		t.Errorf("a policy that hands out nothing: %v", err)
	}
}

// idler leaves every process lying.
type idler struct{ policy.Policy }

func (idler) Pick(now int64, core int) policy.Decision { return policy.Decision{Look: policy.Nobody} }

func TestRunStops(t *testing.T) {
	var list []Process
	for i := range 10_000 {
		list = append(list, process(fmt.Sprint(i), 0, CPU(1), IO("disk", 1), CPU(1)))
	}
	if _, err := Run(list, Setup{Policy: policy.NewGo(), Poll: func() bool { return true }}); !errors.Is(err, ErrStopped) {
		t.Errorf("err = %v", err)
	}
}

// The burst that a policy sees is what is to come until the next I/O.
func TestBurst(t *testing.T) {
	p := &watcher{Policy: policy.NewGo()}
	if _, err := Run([]Process{process("A", 0, CPU(2), CPU(3), IO("disk", 1), CPU(4), IO("disk", 1))}, Setup{Policy: p}); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(p.bursts); got != "[5000000 4000000 0]" {
		t.Errorf("bursts %s", got)
	}
}

type watcher struct {
	policy.Policy
	bursts []int64
}

func (w *watcher) Ready(now int64, t *policy.Task, why policy.Why, by *policy.Task) policy.Look {
	w.bursts = append(w.bursts, t.Burst)
	return w.Policy.Ready(now, t, why, by)
}

func BenchmarkRun(b *testing.B) {
	const processes, bursts = 10_000, 100
	var list []Process
	for i := range processes {
		p := Process{Arrival: int64(i) * 1000}
		for k := range bursts / 2 {
			p.Bursts = append(p.Bursts, CPU(int64(1000+i%7+k%3)), IO("disk", 500))
		}
		list = append(list, p)
	}
	for _, events := range []int{-1, 0} {
		name := "traced"
		if events < 0 {
			name = "untraced"
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Run(list, Setup{Policy: policy.NewGo(), Events: events}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)*processes*(bursts*3/2+2)/b.Elapsed().Seconds(), "events/s")
		})
	}
}

// The sum of what a process has had may be days: shares stay right.
func TestSharesOfDays(t *testing.T) {
	const day = 24 * 3600 * 1000 * Unit
	for _, name := range []string{"stride", "cfs", "eevdf"} {
		p, err := policy.Named(name)
		if err != nil {
			t.Fatal(err)
		}
		list := []Process{{Name: "A", Bursts: []Burst{CPU(2 * day)}}, {Name: "B", Bursts: []Burst{CPU(2 * day)}}}
		tr, err := Run(list, Setup{Policy: &long{Policy: p}})
		if err != nil {
			t.Fatal(err)
		}
		order := ""
		for _, e := range tr.Events() {
			if e.Kind == trace.Run {
				order += tr.Tasks[e.Task].Name
			}
		}
		if !strings.HasPrefix(order, "ABABABABABAB") {
			t.Errorf("%s: %s", name, order)
		}
	}
}

// long has tasks run for hours at a time.
type long struct{ policy.Policy }

func (l *long) Pick(now int64, core int) policy.Decision {
	d := l.Policy.Pick(now, core)
	d.For *= 1_000_000
	return d
}
