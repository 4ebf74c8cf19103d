// Package singleflight makes calls with one key that happen at one time a single
// call.
package singleflight

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
)

var errGoexit = errors.New("runtime.Goexit was called")

// panicError is a panic of a call, for all who wait for it.
type panicError struct {
	value any
	stack []byte
}

func (p *panicError) Error() string { return fmt.Sprintf("%v\n\n%s", p.value, p.stack) }

func (p *panicError) Unwrap() error {
	err, _ := p.value.(error)
	return err
}

// Result is what DoChan sends.
type Result struct {
	Val    any
	Err    error
	Shared bool
}

type call struct {
	done  sync.WaitGroup
	val   any
	err   error
	more  int // others that wait for it
	chans []chan<- Result
}

// Group is a space of keys.
type Group struct {
	mu    sync.Mutex
	calls map[string]*call
}

// Do calls fn, unless a call with the key is under way: then it gives that one's
// results. shared tells whether others get them too.
func (g *Group) Do(key string, fn func() (any, error)) (v any, err error, shared bool) {
	c, first := g.join(key, nil)
	if first {
		g.run(c, key, fn)
		return c.val, c.err, c.more > 0
	}
	c.done.Wait()
	if p, ok := c.err.(*panicError); ok {
		panic(p)
	}
	if c.err == errGoexit {
		runtime.Goexit()
	}
	return c.val, c.err, true
}

// DoChan is Do that sends the results.
func (g *Group) DoChan(key string, fn func() (any, error)) <-chan Result {
	ch := make(chan Result, 1)
	if c, first := g.join(key, ch); first {
		go g.run(c, key, fn)
	}
	return ch
}

// Forget makes the next Do with the key a new call.
func (g *Group) Forget(key string) {
	g.mu.Lock()
	delete(g.calls, key)
	g.mu.Unlock()
}

func (g *Group) join(key string, ch chan<- Result) (c *call, first bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if c = g.calls[key]; c != nil {
		c.more++
	} else {
		if g.calls == nil {
			g.calls = map[string]*call{}
		}
		c, first = new(call), true
		c.done.Add(1)
		g.calls[key] = c
	}
	if ch != nil {
		c.chans = append(c.chans, ch)
	}
	return c, first
}

func (g *Group) run(c *call, key string, fn func() (any, error)) {
	returned, recovered := false, false
	defer func() {
		if !returned && !recovered {
			c.err = errGoexit
		}
		g.mu.Lock()
		defer g.mu.Unlock()
		c.done.Done()
		if g.calls[key] == c {
			delete(g.calls, key)
		}
		p, panicked := c.err.(*panicError)
		switch {
		case panicked && len(c.chans) > 0:
			go panic(p) // those who wait at a channel cannot be told otherwise
		case panicked:
			panic(p)
		case c.err != errGoexit:
			for _, ch := range c.chans {
				ch <- Result{c.val, c.err, c.more > 0}
			}
		}
	}()
	func() {
		defer func() {
			if returned {
				return
			}
			if r := recover(); r != nil {
				stack := debug.Stack()
				if line := bytes.IndexByte(stack, '\n'); line >= 0 { // "goroutine 1 [running]:" is no longer true
					stack = stack[line+1:]
				}
				c.err, recovered = &panicError{r, stack}, true
			}
		}()
		c.val, c.err = fn()
		returned = true
	}()
}
