// Package testing runs the tests of a cell.
package testing

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"
)

// TB is what T and B have in common.
type TB interface {
	Cleanup(func())
	Context() context.Context
	Error(args ...any)
	Errorf(format string, args ...any)
	Fail()
	FailNow()
	Failed() bool
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Helper()
	Log(args ...any)
	Logf(format string, args ...any)
	Name() string
	Setenv(key, value string)
	Chdir(dir string)
	Skip(args ...any)
	SkipNow()
	Skipf(format string, args ...any)
	Skipped() bool
	TempDir() string
	private()
}

// common is the state of a test or benchmark.
type common struct {
	mu       sync.Mutex
	name     string
	depth    int
	parent   *common
	failed   bool
	skipped  bool
	finished bool
	output   strings.Builder
	cleanups []func()
	helpers  map[string]bool
	started  time.Time
	spent    time.Duration
	ctx      context.Context
	cancel   context.CancelFunc
	parallel []chan struct{} // subtests that wait for this one to end
	subs     sync.WaitGroup
	paused   chan struct{} // the subtest has ended, or waits for its parent to
	reports  strings.Builder
	names    map[string]int
}

func (c *common) private() {}

func (c *common) Name() string { return c.name }

func (c *common) Fail() {
	if c.parent != nil {
		c.parent.Fail()
	}
	c.mu.Lock()
	c.failed = true
	c.mu.Unlock()
}

func (c *common) Failed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failed
}

func (c *common) FailNow() {
	c.Fail()
	c.mu.Lock()
	c.finished = true
	c.mu.Unlock()
	runtime.Goexit()
}

func (c *common) Skipped() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.skipped
}

func (c *common) SkipNow() {
	c.mu.Lock()
	c.skipped, c.finished = true, true
	c.mu.Unlock()
	runtime.Goexit()
}

// Helper leaves its caller out of the lines that messages name.
func (c *common) Helper() {
	pc, _, _, _ := runtime.Caller(1)
	c.mu.Lock()
	if c.helpers == nil {
		c.helpers = map[string]bool{}
	}
	c.helpers[runtime.FuncForPC(pc).Name()] = true
	c.mu.Unlock()
}

// log writes a message with the line that it comes from.
func (c *common) log(text string) {
	where := "???:1: "
	for skip := 2; skip < 50; skip++ {
		pc, file, line, ok := runtime.Caller(skip)
		if !ok {
			break
		}
		c.mu.Lock()
		helper := c.helpers[runtime.FuncForPC(pc).Name()]
		c.mu.Unlock()
		if !helper {
			if i := strings.LastIndexByte(file, '/'); i >= 0 {
				file = file[i+1:]
			}
			where = fmt.Sprintf("%s:%d: ", file, line)
			break
		}
	}
	text = strings.TrimSuffix(text, "\n")
	text = "    " + where + strings.ReplaceAll(text, "\n", "\n        ") + "\n"
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx == nil { // a T of the learner's own: nobody will report
		fmt.Print(text)
		return
	}
	c.output.WriteString(text)
}

func (c *common) Log(args ...any)                 { c.log(fmt.Sprintln(args...)) }
func (c *common) Logf(format string, args ...any) { c.log(fmt.Sprintf(format, args...)) }

func (c *common) Error(args ...any) {
	c.log(fmt.Sprintln(args...))
	c.Fail()
}

func (c *common) Errorf(format string, args ...any) {
	c.log(fmt.Sprintf(format, args...))
	c.Fail()
}

func (c *common) Fatal(args ...any) {
	c.log(fmt.Sprintln(args...))
	c.FailNow()
}

func (c *common) Fatalf(format string, args ...any) {
	c.log(fmt.Sprintf(format, args...))
	c.FailNow()
}

func (c *common) Skip(args ...any) {
	c.log(fmt.Sprintln(args...))
	c.SkipNow()
}

func (c *common) Skipf(format string, args ...any) {
	c.log(fmt.Sprintf(format, args...))
	c.SkipNow()
}

// Cleanup calls f when the test and its subtests are done.
func (c *common) Cleanup(f func()) {
	c.mu.Lock()
	c.cleanups = append(c.cleanups, f)
	c.mu.Unlock()
}

func (c *common) cleanup() {
	for {
		c.mu.Lock()
		n := len(c.cleanups)
		if n == 0 {
			c.mu.Unlock()
			return
		}
		f := c.cleanups[n-1]
		c.cleanups = c.cleanups[:n-1]
		c.mu.Unlock()
		f()
	}
}

// Context is cancelled just before the functions of Cleanup run.
func (c *common) Context() context.Context {
	if c.ctx == nil {
		return context.Background()
	}
	return c.ctx
}

func (c *common) TempDir() string {
	dir, err := os.MkdirTemp("", "test")
	if err != nil {
		c.Fatalf("TempDir: %v", err)
	}
	c.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func (c *common) Setenv(key, value string) {
	old, was := os.LookupEnv(key)
	if err := os.Setenv(key, value); err != nil {
		c.Fatalf("cannot set environment variable: %v", err)
	}
	c.Cleanup(func() {
		if was {
			os.Setenv(key, old)
		} else {
			os.Unsetenv(key)
		}
	})
}

func (c *common) Chdir(dir string) {
	old, err := os.Getwd()
	if err == nil {
		err = os.Chdir(dir)
	}
	if err != nil {
		c.Fatal(err)
	}
	c.Cleanup(func() { os.Chdir(old) })
}

// T is the state of a test.
type T struct {
	common
	isParallel bool
}

// Parallel lets the test run beside other parallel ones, when its parent's own
// code has ended.
func (t *T) Parallel() {
	if t.isParallel {
		panic("testing: t.Parallel called multiple times")
	}
	t.isParallel = true
	if t.parent == nil {
		return
	}
	turn := make(chan struct{})
	t.parent.mu.Lock()
	t.parent.parallel = append(t.parent.parallel, turn)
	t.parent.mu.Unlock()
	fmt.Printf("=== PAUSE %s\n", t.name)
	t.paused <- struct{}{}
	<-turn
	fmt.Printf("=== CONT  %s\n", t.name)
	t.started = time.Now()
}

func (t *T) Deadline() (deadline time.Time, ok bool) { return time.Time{}, false }

func (t *T) Attr(key, value string) {}

// Run runs a subtest, and tells whether it passed.
func (t *T) Run(name string, f func(t *T)) bool {
	return t.sub(t.unique(name), f)
}

func (c *common) unique(name string) string {
	name = strings.ReplaceAll(name, " ", "_")
	if name == "" {
		name = "#00"
	}
	if c.name != "" {
		name = c.name + "/" + name
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.names == nil {
		c.names = map[string]int{}
	}
	n := c.names[name]
	c.names[name]++
	if n > 0 {
		name = fmt.Sprintf("%s#%02d", name, n)
	}
	return name
}

func (c *common) sub(name string, f func(t *T)) bool {
	t := &T{common: common{name: name, depth: c.depth + 1, parent: c, paused: make(chan struct{}, 2)}}
	if c.name == "" {
		t.parent, t.depth = nil, 0
	}
	t.ctx, t.cancel = context.WithCancel(c.Context())
	fmt.Printf("=== RUN   %s\n", name)
	t.started = time.Now()
	c.subs.Add(1)
	go func() {
		defer c.subs.Done()
		defer func() {
			t.paused <- struct{}{}
		}()
		returned := false
		defer func() {
			if !returned && !t.finished {
				if r := recover(); r != nil {
					fmt.Print(t.output.String())
					fmt.Printf("--- FAIL: %s (%.2fs)\n", t.name, time.Since(t.started).Seconds())
					panic(r)
				}
			}
			t.end()
			c.report(t)
		}()
		f(t)
		returned = true
	}()
	<-t.paused
	return !t.Failed()
}

// end waits for parallel subtests, and cleans up.
func (t *T) end() {
	t.spent = time.Since(t.started)
	for _, turn := range t.parallel {
		close(turn)
	}
	if len(t.parallel) > 0 {
		t.subs.Wait()
		t.spent = time.Since(t.started)
	}
	t.cancel()
	t.cleanup()
}

// report tells how a test ended: to its parent's text, or on the output.
func (c *common) report(t *T) {
	word := "PASS"
	switch {
	case t.Failed():
		word = "FAIL"
	case t.Skipped():
		word = "SKIP"
	}
	indent := strings.Repeat("    ", t.depth)
	text := fmt.Sprintf("%s--- %s: %s (%.2fs)\n", indent, word, t.name, t.spent.Seconds())
	for line := range strings.Lines(t.output.String()) {
		text += indent + line
	}
	text += t.reports.String()
	if t.parent == nil {
		fmt.Print(text)
		return
	}
	t.parent.mu.Lock()
	t.parent.reports.WriteString(text)
	t.parent.mu.Unlock()
}

// InternalTest is a test with its name.
type InternalTest struct {
	Name string
	F    func(*T)
}

// RunTests runs tests, and tells whether all passed.
func RunTests(match func(pat, str string) (bool, error), tests []InternalTest) (ok bool) {
	root := &common{}
	ok = true
	for _, test := range tests {
		if !root.sub(test.Name, test.F) {
			ok = false
		}
	}
	for _, turn := range root.parallel {
		close(turn)
	}
	root.subs.Wait()
	return ok
}

func Short() bool       { return false }
func Verbose() bool     { return true }
func Testing() bool     { return true }
func CoverMode() string { return "" }

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

// Inner makes the T of a bubble of testing/synctest, and EndInner ends it.
func Inner(t *T) *T {
	in := &T{common: common{name: t.name, depth: t.depth, parent: &t.common, paused: make(chan struct{}, 2)}}
	in.ctx, in.cancel = context.WithCancel(t.Context())
	return in
}

func EndInner(in *T) {
	in.cancel()
	in.cleanup()
	in.parent.mu.Lock()
	in.parent.output.WriteString(in.output.String())
	in.parent.mu.Unlock()
}

// Init does nothing: tests of a cell have no flags.
func Init() {}
