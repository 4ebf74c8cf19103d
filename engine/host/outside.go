package host

import (
	"context"
	"time"

	"interleave/engine/machine"
)

// outside is what tasks do in the world: calls that wait for a socket, a pipe, a
// child process or the learner. It implements machine.Outside.
//
// Each such call runs on a native goroutine of its own, which touches nothing of
// the machine: it works on copies, and hands what is to be done with its result
// to the machine, which does that when it next looks. The goroutine ends when its
// call does; that of a task that was stopped may outlive it until then.
type outside struct {
	m     *machine.Machine
	calls []*outing
	open  int // others out there that may post
	done  chan *outing
}

// outing is one call.
type outing struct {
	task   *machine.Task // nil: news that nobody waits for
	news   func()
	busy   bool
	socket int                // that it waits at; 0: at none
	cancel context.CancelFunc // has it come to its end before; nil: it cannot
	finish func(x *machine.Exec) machine.Status
}

func newOutside(m *machine.Machine) *outside { return &outside{m: m, done: make(chan *outing)} }

// call does work out there, and then, back in the task, what work gives. The
// native function that calls it returns its status. busy false: it waits for the
// world to turn to it, and the virtual clock does not follow the real one.
func (o *outside) call(x *machine.Exec, why string, busy bool, work func() func(*machine.Exec) machine.Status) machine.Status {
	return o.callAs(x, why, &outing{busy: busy}, work)
}

// callAs is call, as an outing that says more of it.
func (o *outside) callAs(x *machine.Exec, why string, c *outing, work func() func(*machine.Exec) machine.Status) machine.Status {
	c.task = x.T
	o.calls = append(o.calls, c)
	base := x.Here()
	x.Leave(&machine.Wait{Why: why})
	x.Then(func(x *machine.Exec) machine.Status {
		x.At(base)
		return c.finish(x)
	})
	go func() {
		c.finish = work()
		o.done <- c
	}()
	return machine.Parked
}

// hasten says that calls which wait at a socket come to their end by the real clock
// from now on: it was closed, or has a deadline.
func (o *outside) hasten(socket int) {
	for _, c := range o.calls {
		c.busy = c.busy || c.socket == socket
	}
}

// abandon cancels the calls whose tasks were stopped.
func (o *outside) abandon() {
	for _, c := range o.calls {
		if c.cancel != nil && c.task.State == machine.Done {
			c.cancel()
		}
	}
}

// Pending leaves out the calls whose tasks were stopped.
func (o *outside) Pending() (some, busy bool) {
	some = o.open > 0
	for _, c := range o.calls {
		if c.task.State == machine.External {
			some, busy = true, busy || c.busy
		}
	}
	return some, busy
}

// Poll applies completions.
func (o *outside) Poll(wait int64) int64 {
	passed := int64(0)
	if len(o.calls) == 0 && o.open == 0 {
		return 0
	}
	o.abandon()
	select {
	case c := <-o.done:
		o.apply(c)
	default:
		if wait == 0 {
			return 0
		}
		start := time.Now()
		var timeout <-chan time.Time
		if wait > 0 {
			timeout = time.After(time.Duration(wait))
		}
		select {
		case c := <-o.done:
			o.apply(c)
		case <-timeout:
		}
		passed = int64(time.Since(start))
	}
	for {
		select {
		case c := <-o.done:
			o.apply(c)
		default:
			return passed
		}
	}
}

// expect says that n more others may post.
func (o *outside) expect(n int) { o.open += n }

// post, which others out there call, makes the machine call f when it next looks.
func (o *outside) post(f func()) { o.done <- &outing{news: f} }

func (o *outside) apply(c *outing) {
	if c.task == nil {
		c.news()
		return
	}
	for i, have := range o.calls {
		if have == c {
			o.calls = append(o.calls[:i], o.calls[i+1:]...)
			if c.cancel != nil {
				c.cancel()
			}
			break
		}
	}
	if c.task.State == machine.External {
		o.m.Wake(c.task, nil)
	}
}
