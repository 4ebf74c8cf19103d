package testing

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// T is the state of a test.
type T struct {
	common
	isParallel bool
	inBubble   bool // of testing/synctest
}

// Parallel lets the test run beside other parallel ones, when its parent's own
// code has ended.
func (t *T) Parallel() {
	if t.inBubble {
		panic("testing: t.Parallel called inside synctest bubble")
	}
	if t.isParallel {
		panic("testing: t.Parallel called multiple times")
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

func (t *T) Attr(key, value string) {}

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
		returned := false
		defer func() {
			if !returned && !t.finished {
				if r := recover(); r != nil {
					fmt.Print(t.written())
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
	for line := range strings.Lines(t.written()) {
		text += indent + line
	}
	text += t.reports.String()
	if t.depth == 0 {
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
	root := &common{depth: -1}
	for _, test := range tests {
		root.sub(test.Name, test.F)
	}
	for _, turn := range root.parallel {
		close(turn)
	}
	root.subs.Wait() // a parallel test fails only now
	return !root.Failed()
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
