package machine_test

import (
	"testing"

	"interleave/engine/machine"
	"interleave/engine/policy"
)

const three = `
var mu Mutex
var total int
var counts = map[string]int{"a": 1, "b": 2}
func main() {
	c, done := make(chan int, 2), make(chan bool)
	for i := range 3 { go func() {
		for j := range 4 { mu.Lock(); total += i*j; counts["a"]++; mu.Unlock(); c <- i }
		done <- true
	}() }
	for n := 0; n < 3; { select { case v := <-c: total += v; case <-done: n++ } }
}`

// BenchmarkSnapshot takes a snapshot before every step of a program of four
// goroutines and goes back to it once, as an explorer of all orders does: ns/step is
// what that costs beyond the step.
func BenchmarkSnapshot(b *testing.B) {
	for _, back := range []bool{false, true} {
		name := "without"
		if back {
			name = "each step"
		}
		b.Run(name, func(b *testing.B) {
			steps := 0
			for b.Loop() {
				b.StopTimer()
				guide := policy.NewGuide()
				r := newGuided(b, machine.Config{Cores: 1, Policy: guide}, guide, three)
				main := r.m.Spawn(nil, nil, r.fn("main"), nil)
				pick := 0
				steps = 0
				b.StartTimer()
				for r.m.Until(main, never) == machine.Paused {
					pick = (pick*5 + 3) % 7
					n := len(guide.Tasks())
					if back {
						s := r.m.Snapshot()
						guide.Go(pick % n)
						r.m.Until(main, never)
						r.m.Restore(s)
						r.m.Release(s)
					}
					guide.Go(pick % n)
					steps++
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(steps), "ns/step")
			b.ReportMetric(float64(steps), "steps")
		})
	}
}
