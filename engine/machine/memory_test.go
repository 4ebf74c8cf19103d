package machine_test

import (
	"runtime"
	"testing"
	"time"

	"interleave/engine/machine"
	"interleave/engine/trace"
)

const waiting = `
func wait(c chan int, n int) int { return n + <-c }
func main() { c := make(chan int); for i := range 100000 { go func() { if wait(c, i) == -1 { println(i) } }() }; c <- 1; Gosched(); <-make(chan bool) }`

// BenchmarkWaiting reports the bytes that each of 100,000 goroutines takes that waits
// for a channel, two calls deep.
func BenchmarkWaiting(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		r := newRig(b, machine.Config{}, waiting)
		before := heap()
		b.StartTimer()
		main := r.m.Spawn(nil, nil, r.fn("main"), nil)
		if end := r.m.Until(main, never); end != machine.AllAsleep {
			b.Fatalf("main ended with %d", end)
		}
		b.StopTimer()
		if n := r.m.Count(); n < 99999 {
			b.Fatalf("%d tasks", n)
		}
		b.ReportMetric(float64(heap()-before)/100_000, "B/goroutine")
		runtime.KeepAlive(r)
		b.StartTimer()
	}
}

// A hundred thousand goroutines that wait take less than 200 MB, and so does what
// the collector lets lie until it comes to it.
func TestWaitingTakesLittle(t *testing.T) {
	r := newRig(t, machine.Config{}, waiting)
	before := heap()
	main := r.m.Spawn(nil, nil, r.fn("main"), nil)
	if end := r.m.Until(main, never); end != machine.AllAsleep {
		t.Fatalf("main ended with %d", end)
	}
	if n := r.m.Count(); n != 100_000 {
		t.Errorf("%d tasks", n)
	}
	if each := int64(heap()-before) / 100_000; each > 900 {
		t.Errorf("%d bytes a goroutine", each)
	}
	runtime.KeepAlive(r)
}

// heap is the number of bytes that live.
func heap() uint64 {
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return s.HeapAlloc
}

// BenchmarkTenMillionEvents reports what recording costs an event, beyond the
// program, and what the trace keeps of them.
func BenchmarkTenMillionEvents(b *testing.B) {
	const src = `func main() { a, c := make(chan int), make(chan int); go func() { for v := range a { c <- v }; close(c) }(); for i := range 1000000 { a <- i; <-c } }`
	run := func(bound int) (time.Duration, *trace.Trace, *rig) {
		r := newRig(b, machine.Config{}, src)
		began := time.Now()
		tr := r.run(b, bound)
		return time.Since(began), tr, r
	}
	for b.Loop() {
		plain, _, _ := run(-1)
		before := heap()
		traced, tr, r := run(0)
		events := tr.Len() + tr.Dropped
		b.ReportMetric(float64(events), "events")
		b.ReportMetric(float64((traced-plain).Nanoseconds())/float64(events), "ns/event")
		b.ReportMetric(float64(heap()-before), "B/trace")
		runtime.KeepAlive(tr)
		runtime.KeepAlive(r)
	}
}
