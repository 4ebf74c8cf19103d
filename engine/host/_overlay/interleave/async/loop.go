package async

import (
	"fmt"
	"os"
	"strings"
	"time"
	"unsafe"
)

// eventLoop is what a run of its own has of tasks. What is ready, and the timers, the
// machine has. (Lib/asyncio/base_events.py, runners.py)
type eventLoop struct {
	runner      unsafe.Pointer // the goroutine that called Run
	first, last *task          // of those that are not done
	tasks       int            // how many there were
	failed      []*core        // futures with an exception
	born        []*origin      // coroutines that were made within the loop
	compact     int            // how many born there may be before the used ones are dropped
	debug       bool
	slow        int64
}

// defaultSlow is from when on a step is told of in debug mode, in ns: asyncio's
// loop.slow_callback_duration.
const defaultSlow = 100_000_000

// Debug has a run tell, on the standard error stream, of each step that takes at least
// 100 ms: while it takes, nothing else can run. (asyncio.run(main(), debug=True))
func Debug() Option { return Option{func(s *settings) { s.debug = true }} }

// Slow is Debug with another bound.
func Slow(d time.Duration) Option {
	return Option{func(s *settings) { s.debug, s.slow = true, int64(d) }}
}

// Run makes an event loop, runs the coroutine in it as its first task, cancels what is
// left when that is done, and gives its result; what it raised, Run raises.
func Run[T any](main *Coroutine[T], options ...Option) T {
	if current() != nil {
		throw(RuntimeError, "async.Run cannot be called from a running event loop")
	}
	if main == nil {
		throw(ValueError, "a coroutine was expected, got nil")
	}
	s := configured(options)
	l := &eventLoop{compact: 1024, debug: s.debug, slow: s.slow}
	var t *Task[T]
	body := func() {
		l.runner = self()
		around(1)
		t = newTask(l, main, s.name)
		defer around(0)
		l.until(&t.core)
		t.log = false // Run tells it
		l.close()
	}
	if looping() {
		body()
	} else if end, problem, code := apart(body); end != "returned" {
		l.broken(end, problem, code)
	}
	return t.Result()
}

// until runs the loop until a future is done, and the turn in which it notices to its
// end.
func (l *eventLoop) until(c *core) {
	c.then("end of the loop", func() { wake(l.runner) })
	park("event loop", nil) // the words are known to package analyse/loop
}

// close cancels the tasks that are left, waits for them, and tells what nobody has
// asked for.
func (l *eventLoop) close() {
	var left []*core
	for t := l.first; t != nil; t = t.behind {
		left = append(left, t.future)
		t.cancel()
	}
	if len(left) > 0 {
		l.until(l.all(left))
	}
	for _, c := range left {
		if c.log {
			c.log = false
			l.say("unhandled exception during async.Run shutdown\ntask: %s", c.task)
		}
	}
	for _, c := range l.failed {
		switch {
		case !c.log:
		case c.task != nil:
			at := ""
			if p := placeOf(c.stack); p != "" {
				at = "\nraised at " + p
			}
			l.say("Task exception was never retrieved\nfuture: %s%s", c.task, at)
		default:
			l.say("Future exception was never retrieved\nfuture: <Future %s>", c.stateText())
		}
	}
	for _, o := range l.born {
		if !o.begun {
			l.say("RuntimeWarning: coroutine '%s' was never awaited (made at %s)", o.name, o.place)
		}
	}
}

// all is a future that is done when all of some are.
func (l *eventLoop) all(list []*core) *core {
	f := newFuture[None](l, "gather")
	n := len(list)
	for _, c := range list {
		c.then("gather", func() {
			if n--; n == 0 {
				f.set(None{})
			}
		})
	}
	return &f.core
}

// broken ends the program, since its loop's run did not come to its end.
func (l *eventLoop) broken(end, problem string, code int) {
	switch end {
	case "exit":
		exit(code)
	case "deadlock":
		lines := []string{"the event loop waits for ever: nothing is ready, no timer is set, and nothing is to come from outside"}
		for t := l.first; t != nil; t = t.behind {
			on := "has not begun"
			if t.waiter != nil {
				on = "waits in " + t.waiter.reason()
			}
			lines = append(lines, fmt.Sprintf("%s %s() %s", t.name, t.coroutine.name, on))
		}
		_, stacks, _ := strings.Cut(problem, "\n\n")
		fatal(strings.Join(lines, "\n\t") + "\n\n" + stacks)
	}
	first, _, _ := strings.Cut(problem, "\n")
	fatal("async.Run: " + first)
}

func (l *eventLoop) say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
}

// callSoon has the loop call f in its next turn.
func (l *eventLoop) callSoon(label string, f func()) { soon(label, l.asCallback(label, f)) }

// callLater has the loop call f, but not before so many ns.
func (l *eventLoop) callLater(label string, ns int64, f func()) *Timer {
	return &Timer{after(label, ns, l.asCallback(label, f))}
}

// asCallback gives f what tells it that it runs in the loop. What it raises is told
// of, and the loop goes on.
func (l *eventLoop) asCallback(label string, f func()) func() {
	return func() {
		t := &task{name: label, loop: l, callback: true, began: now()}
		setLocal(unsafe.Pointer(t))
		if r := catch(f); r != nil {
			l.say("Exception in %s: %v\nraised at %s", label, r.err, placeOf(r.stack))
		}
		if took := now() - t.began; l.debug && took >= l.slow {
			l.say("Executing <%s> took %.3f seconds", label, float64(took)/1e9)
		}
	}
}

// A Timer is a call that is to come.
type Timer struct{ timer unsafe.Pointer }

// Cancel takes it back, unless it was made.
func (t *Timer) Cancel() { stop(t.timer) }

// CallSoon has the loop call f in its next turn.
func CallSoon(f func()) { running("async.CallSoon").loop.callSoon("call_soon", f) }

// CallLater has the loop call f, but not before d is over.
func CallLater(d time.Duration, f func()) *Timer {
	return running("async.CallLater").loop.callLater("call_later", int64(d), f)
}

// Time is the loop's clock, since some moment before it began.
func Time() time.Duration { return time.Duration(now()) }

// Sleep gives way to the others for at least d; with 0 once, to all that are ready.
// (tasks.sleep)
func Sleep(d time.Duration) *Coroutine[None] {
	return library("sleep", func() (none None) {
		t := awaiting()
		if d <= 0 {
			t.suspend(yield)
			t.resumed()
			return none
		}
		f := newFuture[None](t.loop, "sleep")
		timer := t.loop.callLater("sleep of "+t.name, int64(d), func() {
			if !f.Done() {
				f.set(none)
			}
		})
		defer timer.Cancel()
		return f.await()
	})
}

// made notes a coroutine, so that one that is never awaited can be told of.
func (l *eventLoop) made(o *origin) {
	if len(l.born) >= l.compact {
		kept := l.born[:0]
		for _, b := range l.born {
			if !b.begun {
				kept = append(kept, b)
			}
		}
		l.born = kept
		l.compact = max(1024, 2*len(kept))
	}
	l.born = append(l.born, o)
}

func (l *eventLoop) link(t *task) {
	if t.before = l.last; t.before != nil {
		t.before.behind = t
	} else {
		l.first = t
	}
	l.last = t
}

func (l *eventLoop) unlink(t *task) {
	if t.before != nil {
		t.before.behind = t.behind
	} else {
		l.first = t.behind
	}
	if t.behind != nil {
		t.behind.before = t.before
	} else {
		l.last = t.before
	}
}

// AllTasks names the tasks that are not done.
func AllTasks() (names []string) {
	for t := running("async.AllTasks").loop.first; t != nil; t = t.behind {
		names = append(names, t.name)
	}
	return names
}
