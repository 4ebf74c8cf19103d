// Package testing runs the tests of a cell.
package testing

import (
	"context"
	"fmt"
	"io"
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
	Output() io.Writer
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
	finished bool // it has returned, or FailNow or SkipNow has ended it
	done     bool // and so have its subtests and cleanups
	cleaning bool
	alone    bool // it changed what parallel tests share

	isParallel bool

	output   strings.Builder
	partial  string // of a line that is written to Output
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
	if c.over() {
		return
	}
	if c.parent != nil {
		c.parent.Fail()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done {
		panic("Fail in goroutine after " + c.name + " has completed")
	}
	c.failed = true
}

// over tells whether all tests are done: go test's program would have ended.
func (c *common) over() bool {
	for c.parent != nil {
		c = c.parent
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.done
}

// ended tells whether the test's own code has.
func (c *common) ended() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.finished
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
		name := runtime.FuncForPC(pc).Name()
		c.mu.Lock()
		helper := c.helpers[name]
		c.mu.Unlock()
		if !helper && !strings.HasPrefix(name, "runtime.") && !strings.HasPrefix(name, "testing.") { // a test's end calls what is deferred
			if i := strings.LastIndexByte(file, '/'); i >= 0 {
				file = file[i+1:]
			}
			where = fmt.Sprintf("%s:%d: ", file, line)
			break
		}
	}
	text = strings.TrimSuffix(text, "\n")
	text = "    " + where + strings.ReplaceAll(text, "\n", "\n        ") + "\n"
	for c.depth >= 0 { // what comes when the test is done is its parent's
		c.mu.Lock()
		done := c.done
		if !done {
			c.flush()
			c.put(text)
		}
		c.mu.Unlock()
		if !done || c.parent == nil {
			return
		}
		c = c.parent
	}
}

func (c *common) put(text string) {
	if c.ctx == nil { // a T of the learner's own: nobody will report
		fmt.Print(text)
		return
	}
	c.output.WriteString(text)
}

// Output is a writer to where Log writes, which adds no place and no newline.
func (c *common) Output() io.Writer { return outputWriter{c} }

type outputWriter struct{ c *common }

func (w outputWriter) Write(p []byte) (int, error) {
	w.c.mu.Lock()
	defer w.c.mu.Unlock()
	lines := strings.SplitAfter(w.c.partial+string(p), "\n")
	last := len(lines) - 1
	for _, line := range lines[:last] {
		w.c.put("    " + line)
	}
	w.c.partial = lines[last]
	return len(p), nil
}

// flush ends a line that was begun.
func (c *common) flush() {
	if c.partial != "" {
		c.put("    " + c.partial + "\n")
		c.partial = ""
	}
}

// written is all that the test has written.
func (c *common) written() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.flush()
	return c.output.String()
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

// cleanup runs them, the last one first; one that ends itself ends no other.
func (c *common) cleanup() {
	c.mu.Lock()
	c.cleaning = true
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		more := len(c.cleanups) > 0
		c.cleaning = more
		c.mu.Unlock()
		if more {
			c.cleanup()
		}
	}()
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
	dir, err := os.MkdirTemp(os.Getenv("GOTMPDIR"), "test")
	if err != nil {
		c.Fatalf("TempDir: %v", err)
	}
	c.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// conflict is what tests that run beside others may not do, and the other way round.
const conflict = "testing: test using t.Setenv, t.Chdir, or cryptotest.SetGlobalRandom can not use t.Parallel"

// forbidParallel keeps a test alone that changes what belongs to the process.
func (c *common) forbidParallel() {
	for p := c; p != nil; p = p.parent {
		if p.isParallel {
			panic(conflict)
		}
	}
	c.alone = true
}

func (c *common) Setenv(key, value string) {
	c.forbidParallel()
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
	c.forbidParallel()
	old, err := os.Getwd()
	if err == nil {
		err = os.Chdir(dir)
	}
	if err != nil {
		c.Fatal(err)
	}
	c.Cleanup(func() { os.Chdir(old) })
	if dir, err = os.Getwd(); err != nil {
		c.Fatal(err)
	}
	c.Setenv("PWD", dir)
}
