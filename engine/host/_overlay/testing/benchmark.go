package testing

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

// B is the state of a benchmark. Time is the machine's.
type B struct {
	common
	N       int
	running bool
	start   time.Time
	total   time.Duration
	bytes   int64
	looped  int
}

// BenchmarkResult is what a benchmark found.
type BenchmarkResult struct {
	N     int
	T     time.Duration
	Bytes int64
}

func (r BenchmarkResult) NsPerOp() int64 {
	if r.N <= 0 {
		return 0
	}
	return r.T.Nanoseconds() / int64(r.N)
}

func (r BenchmarkResult) AllocsPerOp() int64       { return 0 }
func (r BenchmarkResult) AllocedBytesPerOp() int64 { return 0 }

func (r BenchmarkResult) String() string {
	return fmt.Sprintf("%8d\t%10d ns/op", r.N, r.NsPerOp())
}

func (b *B) StartTimer() {
	if !b.running {
		b.start, b.running = time.Now(), true
	}
}

func (b *B) StopTimer() {
	if b.running {
		b.total += time.Since(b.start)
		b.running = false
	}
}

func (b *B) ResetTimer() {
	b.total = 0
	b.start = time.Now()
}

func (b *B) Elapsed() time.Duration {
	if b.running {
		return b.total + time.Since(b.start)
	}
	return b.total
}

func (b *B) SetBytes(n int64)                    { b.bytes = n }
func (b *B) ReportAllocs()                       {}
func (b *B) ReportMetric(n float64, unit string) {}

// Loop tells whether the benchmark is to go on.
func (b *B) Loop() bool {
	if b.looped == 0 {
		b.ResetTimer()
	}
	if b.looped < loops {
		b.looped++
		b.N = b.looped
		return true
	}
	b.StopTimer()
	return false
}

// loops is how often a benchmark runs: virtual time varies little.
const loops = 1000

// Run runs a benchmark within this one.
func (b *B) Run(name string, f func(b *B)) bool {
	r := Benchmark(f)
	fmt.Printf("%s\t%s\n", b.unique(name), r)
	return true
}

// PB is the state of RunParallel.
type PB struct{ left *int }

// Next tells whether to go on.
func (pb *PB) Next() bool {
	*pb.left--
	return *pb.left >= 0
}

// RunParallel shares the iterations among as many goroutines as there are cores.
func (b *B) RunParallel(body func(*PB)) {
	var wg sync.WaitGroup
	n := runtime.GOMAXPROCS(0)
	for i := range n {
		left := (b.N + i) / n
		wg.Go(func() { body(&PB{&left}) })
	}
	wg.Wait()
}

// Benchmark measures a function.
func Benchmark(f func(b *B)) BenchmarkResult {
	n := 1
	for {
		b := &B{N: n}
		done := make(chan struct{})
		go func() {
			defer close(done)
			b.StartTimer()
			f(b)
			b.StopTimer()
		}()
		<-done
		b.cleanup()
		if b.looped > 0 || n >= loops || b.total > time.Second {
			return BenchmarkResult{N: b.N, T: b.total, Bytes: b.bytes}
		}
		n *= 10
	}
}

// AllocsPerRun calls f; the machine does not count allocations.
func AllocsPerRun(runs int, f func()) (avg float64) {
	for range runs + 1 {
		f()
	}
	return 0
}
