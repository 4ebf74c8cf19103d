package engine

import (
	"fmt"
	"strings"

	"interleave/engine/analyse/gil"
	"interleave/engine/draw/chart"
	"interleave/engine/policy"
	"interleave/engine/workload"
)

// What the charts of locks are made of, in virtual ns.
const (
	chartWork  = 200 * workload.Unit // that CPU-bound threads share
	chartIO    = 1 * workload.Unit   // one wait of an I/O-bound thread
	chartShort = 20_000              // what it computes between two waits
	chartWaits = 100                 // how many waits I/O-bound threads share
	chartCores = 4
	chartMost  = 8 // threads
)

// lockPolicies are those of the charts where none are given.
var lockPolicies = []string{"gil", "gil-ticks", "free-threaded"}

// GILSpeedup draws how much faster threads are than one alone, under each policy, on four
// virtual cores: threads that share 200 ms of computing, and threads that share 100 waits of 1 ms for
// I/O, with 20 µs of computing each. Without policies it takes "gil", "gil-ticks" and
// "free-threaded". It panics where there is no such policy.
func GILSpeedup(policies ...string) *Drawing {
	cpu := chart.Chart{
		Title: "Threads that compute", Lead: "200 ms of computing, shared by more and more threads on four cores; 1 is as fast as one thread that has no lock and pays nothing.",
		X: chart.Axis{Label: "threads"}, Y: chart.Axis{Label: "speed-up"},
	}
	io := cpu
	io.Title, io.Lead = "Threads that wait for I/O", "100 waits of 1 ms with 20 µs of computing each, shared by more and more threads; each waits for a device of its own."
	for _, name := range orLocks(policies) {
		a, b := chart.Series{Name: name}, chart.Series{Name: name}
		for n := 1; n <= chartMost; n++ {
			var computing, waiting []workload.Process
			for i := range n {
				waits := chartWaits / n
				if i < chartWaits%n {
					waits++
				}
				p := workload.Process{Name: fmt.Sprintf("thread %d", i+1)}
				for range waits {
					p.Bursts = append(p.Bursts, workload.IO(p.Name, chartIO), workload.CPU(chartShort))
				}
				waiting = append(waiting, p)
				computing = append(computing, workload.Process{Name: p.Name, Bursts: []workload.Burst{workload.CPU(int64(chartWork / n))}})
			}
			x := float64(n)
			a.Points = append(a.Points, chart.Point{X: x, Y: float64(chartWork) / float64(wallOf("GILSpeedup", name, computing))})
			b.Points = append(b.Points, chart.Point{X: x, Y: float64(chartWaits*(chartIO+chartShort)) / float64(wallOf("GILSpeedup", name, waiting))})
		}
		cpu.Series, io.Series = append(cpu.Series, a), append(io.Series, b)
	}
	return drawn(chart.Draw(cpu, io))
}

// GILResponse draws how long a thread that waits for I/O takes to go on when its I/O is
// done, on average, beside 0 to 4 threads that compute, under each policy, on more virtual
// cores than threads. Policies are as for GILSpeedup.
func GILResponse(policies ...string) *Drawing {
	c := chart.Chart{
		Title: "How soon an I/O thread goes on", Lead: "Its I/O takes 2 ms; on average it goes on so long after that, beside threads that only compute, each of which has a core of its own.",
		X: chart.Axis{Label: "threads that compute"}, Y: chart.Axis{Label: "response time", Format: chart.Duration},
	}
	for _, name := range orLocks(policies) {
		s := chart.Series{Name: name}
		for n := range 5 {
			answers := answersOf(name, n)
			var sum int64
			for _, a := range answers {
				sum += a
			}
			s.Points = append(s.Points, chart.Point{X: float64(n), Y: float64(sum) / float64(max(len(answers), 1))})
		}
		c.Series = append(c.Series, s)
	}
	return drawn(chart.Draw(c))
}

func orLocks(policies []string) []string {
	if len(policies) == 0 {
		return lockPolicies
	}
	return policies
}

// answersOf are the response times of an I/O thread beside n threads that compute.
func answersOf(name string, n int) []int64 {
	io := workload.Process{Name: "io"}
	for range 50 {
		io.Bursts = append(io.Bursts, workload.IO("net", 2*chartIO), workload.CPU(chartShort))
	}
	list := []workload.Process{io}
	for i := range n {
		list = append(list, workload.Process{Name: fmt.Sprintf("cpu %d", i+1), Bursts: []workload.Burst{workload.CPU(10_000 * workload.Unit)}})
	}
	p := namedPolicy("GILResponse", name)
	t, err := workload.Run(list, workload.Setup{Policy: p, Cores: 8, Limit: 1500 * workload.Unit})
	if err != nil {
		panic("engine.GILResponse: " + err.Error())
	}
	for _, th := range gil.Of(t).Threads {
		if th.Name == "io" {
			return th.Answer
		}
	}
	return nil
}

func namedPolicy(method, name string) policy.Policy {
	p, err := policy.Named(name)
	if err != nil {
		panic("engine." + method + ": " + strings.TrimPrefix(err.Error(), "policy: "))
	}
	return p
}

func wallOf(method, name string, list []workload.Process) int64 {
	t, err := workload.Run(list, workload.Setup{Policy: namedPolicy(method, name), Cores: chartCores})
	if err != nil {
		panic("engine." + method + ": " + err.Error())
	}
	return max(gil.Of(t).Wall(), 1)
}
