package workload

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"interleave/engine/policy"
	"interleave/engine/trace"
)

func named(name string) policy.Policy {
	p, err := policy.Named(name)
	if err != nil {
		panic(err)
	}
	return p
}

func gil() policy.Policy   { return named("gil") }
func ticks() policy.Policy { return named("gil-ticks") }

func holding(units int64) Burst  { return Burst{Time: units, Call: policy.Holding} }
func released(units int64) Burst { return Burst{Time: units, Call: policy.Released} }
func many(n int, b ...Burst) (list []Burst) {
	for range n {
		list = append(list, b...)
	}
	return list
}

func run(t *testing.T, p policy.Policy, cores int, list ...Process) *trace.Trace {
	t.Helper()
	tr, err := Run(list, Setup{Policy: p, Cores: cores})
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// Each timeline follows by hand from take_gil and drop_gil in CPython's Python/ceval_gil.c.
func TestGIL(t *testing.T) {
	tests := []struct {
		name  string
		cores int // 0: it is the same on one and on two
		list  []Process
		want  string
	}{
		{"one after the other, after 5 ms of waiting", 0, []Process{process("A", 0, CPU(12)), process("B", 0, CPU(12))},
			"A:0-5 B:5-10 A:10-15 B:15-20 A:20-22 B:22-24"},
		{"the 5 ms begin when the waiting does", 0, []Process{process("A", 0, CPU(12)), process("B", 3, CPU(2))}, "A:0-8 B:8-10 A:10-14"},
		{"who has waited longest is woken, not who asked", 0, []Process{process("A", 0, CPU(12)), process("B", 1, CPU(12)), process("C", 2, CPU(12))},
			"A:0-6 C:6-11 B:11-16 A:16-21 C:21-26 B:26-31 A:31-32 C:32-34 B:34-36"},
		{"who was asked does not take it again at once", 0, []Process{process("A", 0, CPU(7)), process("B", 0, CPU(1))}, "A:0-5 B:5-6 A:6-8"},
		{"released while a thread waits for I/O", 0, []Process{process("A", 0, CPU(1), IO("net", 4), CPU(1)), process("B", 0, CPU(3))}, "A:0-1 B:1-4 A:5-6"},
		{"the convoy: 1 ms of computing waits 5 ms each time", 0, []Process{process("cpu", 0, CPU(20)), process("io", 1, many(3, CPU(1), IO("net", 2))...)},
			"cpu:0-6 io:6-7 cpu:7-14 io:14-15 cpu:15-22 io:22-23"},
		{"native code that keeps the lock cannot be asked", 0, []Process{process("A", 0, holding(20), CPU(3)), process("B", 0, CPU(2))}, "A:0-20 B:20-22 A:22-25"},
		{"native code that releases it runs beside others", 2, []Process{process("A", 0, CPU(1), released(10), CPU(3)), process("B", 0, CPU(12))},
			"A:0-11 B:1-13 A:13-16"},
		{"on one core beside means in turns", 1, []Process{process("A", 0, CPU(1), released(15), CPU(3)), process("B", 0, CPU(12))},
			"A:0-10 B:10-20 A:20-26 B:26-28 A:28-31"},
	}
	for _, test := range tests {
		for _, cores := range []int{1, 2} {
			if test.cores != 0 && test.cores != cores {
				continue
			}
			if got := gantt(run(t, gil(), cores, test.list...)); got != test.want {
				t.Errorf("%s, %d cores:\ngot  %s\nwant %s", test.name, cores, got, test.want)
			}
		}
	}
}

// rate is how often a second a thread comes back from its I/O in a run.
func rate(tr *trace.Trace, name string) float64 {
	var first, last int64
	n := 0
	for _, e := range tr.Events() {
		if e.Kind == trace.Outside && tr.TaskName(e.Task) == name {
			if n == 0 {
				first = e.Time
			}
			n, last = n+1, e.Time
		}
	}
	return float64(n-1) / (float64(last-first) / 1e9)
}

// An I/O thread that would do so many operations a second alone waits a whole interval
// for the lock each time: 1/(1/alone + interval).
func TestConvoy(t *testing.T) {
	tests := []struct {
		alone    float64 // operations a second
		interval time.Duration
		cpu      int
		want     float64
	}{
		{600, 5 * time.Millisecond, 0, 600},
		{600, 5 * time.Millisecond, 1, 150},
		{600, 1 * time.Millisecond, 1, 375},
		{600, 20 * time.Millisecond, 1, 46.154},
		{100, 5 * time.Millisecond, 1, 66.667},
		{1000, 5 * time.Millisecond, 1, 166.667},
	}
	for _, test := range tests {
		d := int64(math.Round(1e9 / test.alone))
		list := []Process{{Name: "io", Bursts: many(41, IO("net", d))}}
		for range test.cpu {
			list = append(list, Process{Name: "cpu", Bursts: []Burst{CPU(1e9)}})
		}
		if got := rate(run(t, named(fmt.Sprintf("gil(interval=%v)", test.interval)), 2, list...), "io"); math.Abs(got-test.want) > 0.001*test.want {
			t.Errorf("%v Hz beside %d with %v: %.2f Hz, want %.2f", test.alone, test.cpu, test.interval, got, test.want)
		}
	}
}

func notes(tr *trace.Trace) map[string]int {
	n := map[string]int{}
	for _, e := range tr.Events() {
		if e.Kind == trace.Note {
			n[tr.Reasons[e.Reason]]++
		}
	}
	return n
}

func length(tr *trace.Trace) int64 { return tr.Events()[tr.Len()-1].Time }

func TestGILNotes(t *testing.T) {
	n := notes(run(t, gil(), 2, process("A", 0, CPU(12)), process("B", 0, CPU(12))))
	if n[trace.LockAsked] != 4 || n[trace.LockForced] != 4 || n[trace.LockTaken] != 6 || n[trace.LockReleased] != 2 {
		t.Errorf("%v", n)
	}
	deaf := run(t, gil(), 2, process("A", 0, holding(50)), process("B", 0, CPU(2)))
	if n := notes(deaf); n[trace.LockAsked] != 1 || n[trace.LockForced] != 1 || waited(deaf, "B") != 50*Unit {
		t.Errorf("a request that is met at the end of a native call: %v, B waits %d µs", n, waited(deaf, "B")/1000)
	}
}

// Four CPU-bound threads on four cores: one lock for all, one an interpreter, none.
func TestLocksAndCores(t *testing.T) {
	var list []Process
	for i := range 4 {
		p := process(fmt.Sprint("T", i), 0, CPU(100))
		p.Group = i
		list = append(list, p)
	}
	for _, test := range []struct {
		policy policy.Policy
		want   int64
	}{
		{gil(), 400}, {named("gil(per=interpreter)"), 100}, {named("free-threaded(overhead=0)"), 100}, {named("free-threaded(overhead=8)"), 108},
	} {
		if got := length(run(t, test.policy, 4, list...)); got != test.want*Unit {
			t.Errorf("%s: %d µs, want %d ms", test.policy.Name(), got/1000, test.want)
		}
	}
}

// The lock of ticks on several cores: woken threads mostly come too late. On one core the
// operating system decides, and an I/O thread has the lock at the next check.
func TestTickGIL(t *testing.T) {
	cpu := process("A", 0, CPU(100))
	two := run(t, ticks(), 2, cpu, process("B", 0, CPU(100)))
	n := notes(two)
	if n[trace.LockMissed] < 20*n[trace.LockTaken] || n[trace.LockTaken] < 10 {
		t.Errorf("on two cores: %v", n)
	}
	if l := length(two); l < 205*Unit {
		t.Errorf("two threads on two cores take %d µs: no longer than one after the other", l/1000)
	}
	if got := gantt(run(t, ticks(), 1, process("A", 0, CPU(25)), process("B", 0, CPU(25)))); got != "A:0-10 B:10-20 A:20-30 B:30-40 A:40-45 B:45-50" {
		t.Errorf("on one core: %s", got)
	}
	io := process("io", 1, many(20, IO("net", 2), CPU(1))...)
	one := run(t, ticks(), 1, process("cpu", 0, CPU(200)), io)
	several := run(t, ticks(), 2, process("cpu", 0, CPU(200)), io)
	if a, b := waited(one, "io"), waited(several, "io"); a > 10*Unit+20*6000 || b < 3*a { // a thread is new once: it waits a time slice
		t.Errorf("the I/O thread waits %d ns on one core, %d ns on two", a, b)
	}
}

// waited is how long a thread was ready.
func waited(tr *trace.Trace, name string) (ns int64) {
	for _, s := range trace.Spans(tr) {
		if s.State == trace.IsReady && tr.TaskName(s.Task) == name {
			ns += s.To - s.From
		}
	}
	return ns
}

func random(r *policy.Rand) (list []Process, cores int) {
	for i := range 1 + r.Intn(6) {
		p := Process{Name: string(rune('A' + i)), Arrival: int64(r.Intn(20)) * Unit}
		p.Group = r.Intn(3)
		for range 1 + r.Intn(6) {
			b := CPU(1 + int64(r.Intn(20*Unit)))
			switch r.Intn(5) {
			case 0:
				b.Call = policy.Holding
			case 1:
				b.Call = policy.Released
			case 2:
				b = IO("net", 1+int64(r.Intn(5*Unit)))
			}
			p.Bursts = append(p.Bursts, b)
		}
		list = append(list, p)
	}
	return list, 1 + r.Intn(4)
}

// In any run all threads come to their end, none without the time it asked for, and at
// most one a lock has that lock.
func TestLocksExclude(t *testing.T) {
	r := policy.NewRand(1, 0)
	for round := range 100 {
		list, cores := random(&r)
		for _, p := range []policy.Policy{gil(), ticks(), named("gil(per=interpreter)")} {
			tr := run(t, p, cores, list...)
			holder := map[int32]uint32{}
			ran := map[string]int64{}
			for _, s := range trace.Spans(tr) {
				if s.State == trace.IsRunning {
					ran[tr.TaskName(s.Task)] += s.To - s.From
				}
			}
			for _, e := range tr.Events() {
				if e.Kind != trace.Note {
					continue
				}
				switch h := holder[e.Arg]; tr.Reasons[e.Reason] {
				case trace.LockTaken:
					if h != 0 {
						t.Fatalf("round %d, %s: two hold the lock at %d", round, p.Name(), e.Time)
					}
					holder[e.Arg] = e.Task
				case trace.LockForced, trace.LockReleased, trace.LockLost:
					if h != e.Task {
						t.Fatalf("round %d, %s: a lock given back by who does not hold it at %d", round, p.Name(), e.Time)
					}
					holder[e.Arg] = 0
				}
			}
			for _, q := range list {
				var want int64
				for _, b := range q.Bursts {
					if b.Device == "" {
						want += b.Time
					}
				}
				got := ran[q.Name]
				if got < want || got != want && !strings.HasPrefix(p.Name(), "gil-ticks") {
					t.Fatalf("round %d, %s: %s ran %d ns, want %d", round, p.Name(), q.Name, got, want)
				}
			}
		}
	}
}

// forgetful saves its state before many questions, spoils it, and loads it.
type forgetful struct {
	policy.Policy
	n int
}

func (f *forgetful) Pick(now int64, core int) policy.Decision {
	if f.n++; f.n%3 == 0 {
		s := f.Policy.Save()
		f.Policy.Pick(now, core)
		f.Policy.Load(s)
	}
	return f.Policy.Pick(now, core)
}

func lines(t *testing.T, tr *trace.Trace) string {
	t.Helper()
	var b bytes.Buffer
	if err := trace.Lines(&b, tr); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGILSaveAndLoad(t *testing.T) {
	r := policy.NewRand(2, 0)
	for range 50 {
		list, cores := random(&r)
		for _, make := range []func() policy.Policy{gil, ticks, func() policy.Policy { return named("gil(per=interpreter)") }, func() policy.Policy { return named("free-threaded(overhead=0)") }} {
			// A spoiling Pick speaks, too: only what happens is compared.
			a, b := gantt(run(t, make(), cores, list...)), gantt(run(t, &forgetful{Policy: make()}, cores, list...))
			if a != b {
				t.Fatalf("%s on %d cores:\n%s\n%s", make().Name(), cores, a, b)
			}
			if a, b := lines(t, run(t, make(), cores, list...)), lines(t, run(t, make(), cores, list...)); a != b {
				t.Fatalf("%s: two runs differ", make().Name())
			}
		}
	}
}
