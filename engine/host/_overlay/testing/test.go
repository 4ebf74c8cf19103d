package testing

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"
)

// T is the state of a test.
type T struct {
	common
	inBubble bool // of testing/synctest
	orphaned bool // its parent has ended itself
	dying    bool // its panic is to end the program
}

// Parallel lets the test run beside other parallel ones, when its parent's own
// code has ended.
func (t *T) Parallel() {
	if t.inBubble {
		panic("testing: t.Parallel called inside synctest bubble")
	}
	switch {
	case t.isParallel:
		panic("testing: t.Parallel called multiple times")
	case t.alone:
		panic(conflict)
	}
	t.isParallel = true
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

func (t *T) Deadline() (deadline time.Time, ok bool) {
	if t.inBubble {
		panic("testing: t.Deadline called inside synctest bubble")
	}
	return time.Time{}, false
}

func (t *T) Attr(key, value string) { fmt.Printf("=== ATTR  %s %s %s\n", t.name, key, value) }

// Run runs a subtest, and tells whether it passed.
func (t *T) Run(name string, f func(t *T)) bool {
	if t.inBubble {
		panic("testing: t.Run called inside synctest bubble")
	}
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
	c.mu.Lock()
	cleaning := c.cleaning
	c.mu.Unlock()
	if cleaning {
		panic("testing: t.Run called during t.Cleanup")
	}
	t := &T{common: common{name: name, depth: c.depth + 1, parent: c, paused: make(chan struct{}, 2)}}
	t.ctx, t.cancel = context.WithCancel(c.Context())
	fmt.Printf("=== RUN   %s\n", name)
	t.started = time.Now()
	c.subs.Add(1)
	go func() {
		defer c.subs.Done()
		defer func() {
			t.paused <- struct{}{}
		}()
		defer func() {
			if t.dying {
				return
			}
			if r := recover(); r != nil { // of a cleanup
				t.die(r)
			}
			t.report()
		}()
		defer func() {
			if r := recover(); r != nil {
				t.die(r)
			}
			t.exited()
			t.end()
		}()
		f(t)
		t.mu.Lock()
		t.finished = true
		t.mu.Unlock()
	}()
	<-t.paused
	if t.orphaned {
		runtime.Goexit()
	}
	return !t.Failed()
}

// exited looks at how a test's goroutine ended that did not panic: by itself, by
// FailNow or SkipNow, or else by what ends its parent or nothing that may.
func (t *T) exited() {
	if t.ended() {
		return
	}
	const why = "test executed panic(nil) or runtime.Goexit"
	for p := t.parent; p != nil; p = p.parent {
		if p.ended() {
			t.orphaned = true
			if !t.isParallel {
				t.put("    " + why + ": subtest may have called FailNow on a parent test\n")
				t.Fail()
			}
			return
		}
	}
	t.die(errors.New(why))
}

// die ends the program with a panic of the test, after what it and those around it
// have to tell.
func (t *T) die(r any) {
	t.dying = true
	t.Fail()
	for c := &t.common; c.depth >= 0; c = c.parent {
		c.cleanupAtDeath()
		c.spent = time.Since(c.started)
		c.report()
	}
	panic(r)
}

func (c *common) cleanupAtDeath() {
	defer func() {
		if r := recover(); r != nil {
			c.log(fmt.Sprintf("cleanup panicked with %v", r))
		}
	}()
	c.cleanup()
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
func (c *common) report() {
	word := "PASS"
	switch {
	case c.Failed():
		word = "FAIL"
	case c.Skipped():
		word = "SKIP"
	}
	indent := strings.Repeat("    ", c.depth)
	text := fmt.Sprintf("%s--- %s: %s (%.2fs)\n", indent, word, c.name, c.spent.Seconds())
	for line := range strings.Lines(c.written()) {
		text += indent + line
	}
	c.mu.Lock()
	text += c.reports.String()
	c.done = true
	c.mu.Unlock()
	if c.depth == 0 {
		fmt.Print(text)
		return
	}
	c.parent.mu.Lock()
	c.parent.reports.WriteString(text)
	c.parent.mu.Unlock()
}

// InternalTest is a test with its name.
type InternalTest struct {
	Name string
	F    func(*T)
}

// RunTests runs tests, and tells whether all passed.
func RunTests(match func(pat, str string) (bool, error), tests []InternalTest) (ok bool) {
	root := &common{depth: -1}
	for _, test := range tests {
		root.sub(test.Name, test.F)
	}
	for _, turn := range root.parallel {
		close(turn)
	}
	root.subs.Wait() // a parallel test fails only now
	root.mu.Lock()
	defer root.mu.Unlock()
	root.done = true
	return !root.failed
}

func Short() bool       { return false }
func Verbose() bool     { return true }
func Testing() bool     { return true }
func CoverMode() string { return "" }

// Inner makes the T of a bubble of testing/synctest, and EndInner ends it.
func Inner(t *T) *T {
	in := &T{inBubble: true, common: common{name: t.name, depth: t.depth, parent: &t.common, paused: make(chan struct{}, 2)}}
	in.ctx, in.cancel = context.WithCancel(t.Context())
	return in
}

func EndInner(in *T) {
	in.cancel()
	in.cleanup()
	text := in.written()
	in.parent.mu.Lock()
	in.parent.output.WriteString(text)
	in.parent.mu.Unlock()
}

// Init does nothing: tests of a cell have no flags.
func Init() {}
