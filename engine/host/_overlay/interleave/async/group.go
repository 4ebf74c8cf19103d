package async

// Group is what tasks are created in: see TaskGroup.
type Group struct {
	parent    *task
	tasks     []*task
	errors    []error
	exiting   bool
	aborting  bool
	asked     bool // it has cancelled its parent itself
	completed *Future[None]
}

// TaskGroup calls f and then waits for all tasks that were created in the group. Where
// one fails, the others and f are cancelled, and an *ExceptionGroup is raised. It is
// "async with asyncio.TaskGroup() as g:", and CreateTask(c, In(g)) is
// g.create_task(c). (Lib/asyncio/taskgroups.py)
func TaskGroup(f func(g *Group)) {
	g := &Group{parent: awaiting()}
	body := catch(func() { f(g) })
	g.exiting = true
	var passOn *raised
	if body.cancelled() {
		passOn = body
	}
	if body != nil && !g.aborting {
		g.abort()
	}
	for len(g.tasks) > 0 {
		if g.completed == nil {
			g.completed = newFuture[None](g.parent.loop, "TaskGroup")
		}
		if stopped := catch(func() { g.completed.await() }); stopped != nil && !g.aborting {
			passOn = stopped
			g.abort()
		}
		g.completed = nil
	}
	// here, and not before: a task may have failed since, while this waited for the rest
	if g.asked && g.parent.uncancel() == 0 {
		passOn = nil
	}
	if passOn != nil && len(g.errors) == 0 {
		passOn.again()
	}
	if body != nil && !body.cancelled() {
		g.errors = append(g.errors, body.err)
	}
	if len(g.errors) > 0 {
		if g.parent.requests > 0 { // it was cancelled from outside as well
			g.parent.uncancel()
			g.parent.cancel()
		}
		panic(&ExceptionGroup{"unhandled errors in a TaskGroup", g.errors})
	}
}

// CreateTask creates a task without a result in the group. CreateTask with In(g) does
// so for all kinds.
func (g *Group) CreateTask(c *Coroutine[None], options ...Option) *Task[None] {
	return CreateTask(c, append(options[:len(options):len(options)], In(g))...)
}

// admit raises where the group takes no more tasks.
func (g *Group) admit() {
	switch {
	case g.exiting && len(g.tasks) == 0:
		throw(RuntimeError, "TaskGroup is finished")
	case g.aborting:
		throw(RuntimeError, "TaskGroup is shutting down")
	}
}

func (g *Group) add(t *task) {
	g.tasks = append(g.tasks, t)
	t.future.then("TaskGroup", func() { g.ended(t) })
}

func (g *Group) abort() {
	g.aborting = true
	for _, t := range g.tasks {
		if !t.future.Done() {
			t.cancel()
		}
	}
}

func (g *Group) ended(t *task) {
	for i, o := range g.tasks {
		if o == t {
			g.tasks = append(g.tasks[:i], g.tasks[i+1:]...)
			break
		}
	}
	if g.completed != nil && len(g.tasks) == 0 && !g.completed.Done() {
		g.completed.set(None{})
	}
	if t.future.Cancelled() {
		return
	}
	err := t.future.failure()
	if err == nil {
		return
	}
	g.errors = append(g.errors, err)
	if g.parent.future.Done() {
		t.loop.say("Task %s has errored out but its parent task %s is already completed", t, g.parent)
		return
	}
	if !g.aborting && !g.asked {
		g.abort()
		g.asked = true
		g.parent.cancel()
	}
}
