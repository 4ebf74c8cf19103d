package gil_test

import (
	"fmt"
	"math"
	"testing"

	"interleave/engine/analyse/gil"
	"interleave/engine/policy"
	"interleave/engine/trace"
	"interleave/engine/workload"
)

const ms = workload.Unit

func of(t *testing.T, name string, cores int, list ...workload.Process) *gil.Contention {
	t.Helper()
	p, err := policy.Named(name)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := workload.Run(list, workload.Setup{Policy: p, Cores: cores})
	if err != nil {
		t.Fatal(err)
	}
	return gil.Of(tr)
}

func process(name string, arrival int64, bursts ...workload.Burst) workload.Process {
	return workload.Process{Name: name, Arrival: arrival * ms, Bursts: bursts}
}

// Two threads of 12 ms each: A 0-5 10-15 20-22, B 5-10 15-20 22-24.
func TestTurns(t *testing.T) {
	c := of(t, "gil", 2, process("A", 0, workload.CPU(12*ms)), process("B", 0, workload.CPU(12*ms)))
	a, b := c.Threads[0], c.Threads[1]
	if c.Share() != 1 || c.Switches != 5 || math.Abs(c.Rate()-5/0.024) > 1e-9 || c.Computed() != 24*ms {
		t.Errorf("share %v, %d switches, rate %v, computed %d", c.Share(), c.Switches, c.Rate(), c.Computed())
	}
	if a.Time[gil.Holds] != 12*ms || a.Time[gil.Wants] != 10*ms || b.Time[gil.Wants] != 12*ms {
		t.Errorf("A %v, B %v", a.Time, b.Time)
	}
	if got := fmt.Sprint(a.Waits, b.Waits); got != "[5000000 5000000] [5000000 5000000 2000000]" {
		t.Errorf("waits %s", got)
	}
	if a.Count[gil.Asked] != 2 || a.Count[gil.Forced] != 2 || b.Count[gil.Asked] != 2 || b.Count[gil.Forced] != 2 {
		t.Errorf("asked and forced: A %v, B %v", a.Count, b.Count)
	}
}

// An I/O thread answers after a whole interval for each thread that computes, or two.
func TestAnswers(t *testing.T) {
	var io []workload.Burst
	for range 20 {
		io = append(io, workload.IO("net", 2*ms), workload.CPU(100_000))
	}
	var before float64
	for n, want := range []float64{0, 5, 10, 15, 20} {
		list := []workload.Process{process("io", 0, io...)}
		for i := range n {
			list = append(list, process(fmt.Sprint("cpu ", i), 0, workload.CPU(1000*ms)))
		}
		c := of(t, "gil", 4, list...)
		th := c.Threads[0]
		if len(th.Answer) != 20 {
			t.Fatalf("%d answers", len(th.Answer))
		}
		var sum int64
		for _, a := range th.Answer {
			sum += a
		}
		got := float64(sum) / 20 / ms
		if got < before || math.Abs(got-want) > 5 {
			t.Errorf("beside %d: answers after %.2f ms, want about %v", n, got, want)
		}
		before = got
	}
}

// Native code without the lock, and native code that keeps it.
func TestNative(t *testing.T) {
	c := of(t, "gil", 2,
		process("A", 0, workload.CPU(ms), workload.Burst{Time: 10 * ms, Call: policy.Released}, workload.CPU(ms)),
		process("B", 0, workload.Burst{Time: 20 * ms, Call: policy.Holding}))
	a, b := c.Threads[0], c.Threads[1]
	if a.Time[gil.Runs] != 10*ms || a.Time[gil.Holds] != 2*ms || a.Time[gil.Wants] != 10*ms || b.Count[gil.Forced] != 1 || b.Marks[0].At != 21*ms {
		t.Errorf("A %v, B %v %v", a.Time, b.Time, b.Count)
	}
}

// A trace without notes is one without a lock.
func TestNoLock(t *testing.T) {
	for _, name := range []string{"go", "free-threaded(overhead=0)"} {
		c := of(t, name, 2, process("A", 0, workload.CPU(3*ms)), process("B", 0, workload.CPU(4*ms)))
		if c.Locked || c.Share() != 0 || c.Computed() != 7*ms || c.Threads[0].Time[gil.Wants] != 0 || c.Threads[1].Time[gil.Runs] != 4*ms {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

// A thread's parts fill its life, whatever the policy.
func TestPartsFillLives(t *testing.T) {
	var list []workload.Process
	for i := range 7 {
		p := process(fmt.Sprint(i), int64(i%3))
		for k := range 5 {
			p.Bursts = append(p.Bursts, workload.Burst{Time: int64(1+(i*7+k*3)%9) * ms / 2, Call: policy.Call((i + k) % 3)}, workload.IO("net", int64(1+i*k%4)*ms/3))
		}
		list = append(list, p)
	}
	for _, name := range []string{"gil", "gil-ticks", "gil(per=interpreter)", "free-threaded", "go"} {
		c := of(t, name, 3, list...)
		for _, th := range c.Threads {
			for k, p := range th.Parts {
				if k > 0 && p.From != th.Parts[k-1].To || p.To <= p.From {
					t.Fatalf("%s: %s: parts %v and %v", name, th.Name, th.Parts[k-1], p)
				}
			}
			var sum int64
			for _, ns := range th.Time {
				sum += ns
			}
			if n := len(th.Parts); sum != th.Parts[n-1].To-th.Parts[0].From {
				t.Errorf("%s: %s: %d ns in states", name, th.Name, sum)
			}
		}
	}
}

func TestPercentile(t *testing.T) {
	list := []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	for p, want := range map[float64]int64{0: 1, 0.1: 1, 0.5: 5, 0.55: 6, 0.95: 10, 1: 10} {
		if got := gil.Percentile(list, p); got != want {
			t.Errorf("%v: %d, want %d", p, got, want)
		}
	}
	if gil.Percentile(nil, 0.5) != 0 {
		t.Error("of nothing")
	}
}

func TestEmpty(t *testing.T) {
	if c := gil.Of(trace.New(0)); c.Locked || c.Wall() != 0 || c.Rate() != 0 || c.Share() != 0 {
		t.Errorf("%+v", c)
	}
}
