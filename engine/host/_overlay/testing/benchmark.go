package testing

import (
	"fmt"
	"maps"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
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
	extra   map[string]float64
	ran     bool // others within it: it is not measured itself
	share   int  // goroutines of RunParallel for each core; 0: one
}

// BenchmarkResult is what a benchmark found.
type BenchmarkResult struct {
	N     int
	T     time.Duration
	Bytes int64

	MemAllocs, MemBytes uint64 // 0: the machine does not count them

	Extra map[string]float64 // what the benchmark reported, by unit
}

func (r BenchmarkResult) NsPerOp() int64 {
	if ns, ok := r.Extra["ns/op"]; ok {
		return int64(ns)
	}
	if r.N <= 0 {
		return 0
	}
	return r.T.Nanoseconds() / int64(r.N)
}

func (r BenchmarkResult) AllocsPerOp() int64       { return 0 }
func (r BenchmarkResult) AllocedBytesPerOp() int64 { return 0 }

func (r BenchmarkResult) MemString() string {
	return fmt.Sprintf("%8d B/op\t%8d allocs/op", r.AllocedBytesPerOp(), r.AllocsPerOp())
}

func (r BenchmarkResult) String() string {
	text := fmt.Sprintf("%8d", r.N)
	ns, ok := r.Extra["ns/op"]
	if !ok {
		ns = float64(r.T.Nanoseconds()) / float64(r.N)
	}
	if ns != 0 {
		text += "\t" + figures(ns, "ns/op")
	}
	rate, ok := r.Extra["MB/s"]
	if !ok && r.Bytes > 0 && r.T > 0 && r.N > 0 {
		rate = float64(r.Bytes) * float64(r.N) / 1e6 / r.T.Seconds()
	}
	if rate != 0 {
		text += fmt.Sprintf("\t%7.2f MB/s", rate)
	}
	for _, unit := range slices.Sorted(maps.Keys(r.Extra)) {
		if !slices.Contains([]string{"ns/op", "MB/s", "B/op", "allocs/op"}, unit) {
			text += "\t" + figures(r.Extra[unit], unit)
		}
	}
	return text
}

// figures writes a number to four figures, more before the point, which has its
// column.
func figures(x float64, unit string) string {
	places, width := 0, 10
	for limit := 999.95; x != 0 && places < 7 && math.Abs(x) < limit; limit /= 10 {
		places++
		width = 11 + places
	}
	return fmt.Sprintf("%*.*f %s", width, places, x, unit)
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
	clear(b.extra)
	b.total = 0
	b.start = time.Now()
}

func (b *B) Elapsed() time.Duration {
	if b.running {
		return b.total + time.Since(b.start)
	}
	return b.total
}

func (b *B) SetBytes(n int64) { b.bytes = n }
func (b *B) ReportAllocs()    {}

// ReportMetric adds a number to the result, in place of what has its unit.
func (b *B) ReportMetric(n float64, unit string) {
	if unit == "" {
		panic("metric unit must not be empty")
	}
	if strings.IndexFunc(unit, unicode.IsSpace) >= 0 {
		panic("metric unit must not contain whitespace")
	}
	if b.extra == nil {
		b.extra = map[string]float64{}
	}
	b.extra[unit] = n
}

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

// Run runs a benchmark within this one, and tells whether it passed.
func (b *B) Run(name string, f func(b *B)) bool {
	b.ran = true
	name = b.unique(name)
	sub, r := measure(name, f)
	if sub.Failed() {
		b.Fail()
		fmt.Printf("--- FAIL: %s\n", name)
		return false
	}
	if !sub.Skipped() {
		fmt.Printf("%s\t%s\n", name, r)
	}
	return true
}

// PB is the state of RunParallel.
type PB struct{ left *int }

// Next tells whether to go on.
func (pb *PB) Next() bool {
	*pb.left--
	return *pb.left >= 0
}

// SetParallelism sets how many goroutines RunParallel has for each core.
func (b *B) SetParallelism(p int) {
	if p >= 1 {
		b.share = p
	}
}

// RunParallel shares the iterations among as many goroutines as there are cores, or
// a multiple.
func (b *B) RunParallel(body func(*PB)) {
	var wg sync.WaitGroup
	n := runtime.GOMAXPROCS(0) * max(b.share, 1)
	for i := range n {
		left := (b.N + i) / n
		wg.Go(func() { body(&PB{&left}) })
	}
	wg.Wait()
}

// Benchmark measures a function; of one that fails it has nothing.
func Benchmark(f func(b *B)) BenchmarkResult {
	_, r := measure("", f)
	return r
}

// measure gives the last run of a benchmark, too.
func measure(name string, f func(b *B)) (*B, BenchmarkResult) {
	n := 1
	for {
		b := &B{N: n, common: common{name: name}}
		done := make(chan struct{})
		go func() {
			defer close(done)
			b.StartTimer()
			f(b)
			b.StopTimer()
		}()
		<-done
		b.cleanup()
		switch {
		case b.Failed() || b.Skipped() || b.ran:
			return b, BenchmarkResult{}
		case b.looped > 0 || n >= loops || b.total > time.Second:
			return b, BenchmarkResult{N: b.N, T: b.total, Bytes: b.bytes, Extra: b.extra}
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
