package async

import (
	"fmt"
	"unsafe"
)

// A Task runs a coroutine beside others. (Lib/asyncio/tasks.py)
type Task[T any] struct {
	Future[T]
	own task
}

// task is a task but for its result.
type task struct {
	future     *core
	name       string
	coroutine  *origin
	goroutine  unsafe.Pointer
	loop       *eventLoop
	waiter     *core // that it awaits
	mustCancel bool  // CancelledError is to be raised when it runs next
	requests   int   // to cancel it, that nobody took back
	began      int64 // when it was resumed
	callback   bool  // a callback of the loop's: no task that could await

	before, behind *task // of the loop's tasks that are not done
}

// Option is a setting of a task or of a run.
type Option struct{ set func(*settings) }

type settings struct {
	name  string
	group *Group
	debug bool
	slow  int64
}

func configured(options []Option) settings {
	s := settings{slow: defaultSlow}
	for _, o := range options {
		o.set(&s)
	}
	return s
}

// Name names a task.
func Name(name string) Option { return Option{func(s *settings) { s.name = name }} }

// In makes a task one of a group: see TaskGroup.
func In(g *Group) Option { return Option{func(s *settings) { s.group = g }} }

// CreateTask has the loop run a coroutine as a task, beginning in the next turn.
func CreateTask[T any](c *Coroutine[T], options ...Option) *Task[T] {
	r := running("async.CreateTask")
	s := configured(options)
	if s.group != nil {
		s.group.admit()
	}
	t := newTask(r.loop, c, s.name)
	if s.group != nil {
		s.group.add(&t.own)
	}
	return t
}

func newTask[T any](l *eventLoop, c *Coroutine[T], name string) *Task[T] {
	if c == nil {
		throw(RuntimeError, "a coroutine was expected, got nil")
	}
	c.begin()
	t := &Task[T]{}
	t.Future.core = core{loop: l, what: "task", task: &t.own}
	l.tasks++
	if name == "" {
		name = fmt.Sprintf("Task-%d", l.tasks)
	}
	t.own = task{future: &t.core, name: name, coroutine: c.origin, loop: l}
	t.cancelBy = t.own.cancel
	l.link(&t.own)
	spawn(name, c.origin.name, func() { t.run(c) })
	return t
}

// run is the task's goroutine.
func (t *Task[T]) run(c *Coroutine[T]) {
	own := &t.own
	own.goroutine = self()
	setLocal(unsafe.Pointer(own))
	own.began = now()
	var value T
	var stack unsafe.Pointer
	err := CancelledError
	defer func() { // also where the coroutine calls runtime.Goexit
		own.loop.unlink(own)
		switch {
		case err == nil && own.mustCancel, err != nil && cancelled(err):
			own.mustCancel = false
			t.cancelPlain()
		case err != nil:
			t.stack = stack
			t.fail(err)
		default:
			t.set(value)
		}
		own.stepped()
	}()
	if own.mustCancel { // it was cancelled before it began
		own.mustCancel = false
		return
	}
	err = &Error{"RuntimeError", "the coroutine called runtime.Goexit"}
	if r := catch(func() { value = c.f() }); r != nil {
		err, stack = r.err, r.stack
	} else {
		err = nil
	}
}

// Cancel asks the task to end: CancelledError is raised where it awaits, when the loop
// comes to it. The task may clean up, and may even go on. It tells whether the task
// was not done yet.
func (t *Task[T]) Cancel() bool { return t.own.cancel() }

func (t *task) cancel() bool {
	t.future.log = false
	if t.future.Done() {
		return false
	}
	t.requests++
	if t.waiter != nil && t.waiter.Cancel() {
		return true
	}
	t.mustCancel = true
	return true
}

// Cancelling is how many requests to cancel it nobody has taken back.
func (t *Task[T]) Cancelling() int { return t.own.requests }

// Uncancel takes one back, and gives how many are left.
func (t *Task[T]) Uncancel() int { return t.own.uncancel() }

func (t *task) uncancel() int {
	if t.requests > 0 {
		t.requests--
	}
	return t.requests
}

// Name is its name: "Task-2" where none was given.
func (t *Task[T]) Name() string { return t.own.name }

// String describes the task.
func (t *Task[T]) String() string { return t.own.String() }

func (t *task) String() string {
	return fmt.Sprintf("<Task %s name='%s' coro=<%s() made at %s>>", t.future.stateText(), t.name, t.coroutine.name, t.coroutine.place)
}

// suspend gives way to the loop. What is done meanwhile is none of this step.
func (t *task) suspend(away func()) {
	t.stepped()
	away()
	t.began = now()
}

// resumed raises CancelledError where the task was cancelled meanwhile.
func (t *task) resumed() {
	if t.mustCancel {
		t.mustCancel = false
		panic(CancelledError)
	}
}

// stepped looks how long the step took that ends here.
func (t *task) stepped() {
	if took := now() - t.began; t.loop.debug && took >= t.loop.slow {
		t.loop.say("Executing %s took %.3f seconds", t, float64(took)/1e9)
	}
}

// current is the running task, or a callback that stands for one; nil: no loop runs
// the caller.
func current() *task { return (*task)(local()) }

// running is current; without a loop it raises.
func running(what string) *task {
	t := current()
	if t == nil {
		throw(RuntimeError, "no running event loop: "+what+" is for coroutines; async.Run(…) runs one")
	}
	return t
}

// awaiting is the task that is about to await.
func awaiting() *task {
	t := current()
	switch {
	case t == nil:
		throw(RuntimeError, "'await' outside async function: async.Await is for coroutines; async.Run(…) runs one, and go starts none")
	case t.callback:
		throw(RuntimeError, "'await' outside async function: a callback cannot wait; create a task in it")
	}
	return t
}

// CurrentTask is the name of the running task; empty: none runs.
func CurrentTask() string {
	if t := current(); t != nil && !t.callback {
		return t.name
	}
	return ""
}
