package async

// Gather makes tasks of the coroutines at once and waits for all: the results, in the
// order of the arguments. The first exception is raised right away; the others go on.
// Cancelling it cancels them all. (tasks.gather)
func Gather[T any](list ...Awaitable[T]) *Future[[]T] {
	g := gather[T](list)
	results := newFuture[[]T](g.loop, "gather")
	results.cancelBy = func() bool { return g.cancel(&results.core) }
	g.done = func(child *Future[T]) {
		if results.Done() {
			if !child.Cancelled() {
				child.log = false
			}
			return
		}
		if err := child.failure(); err != nil {
			results.stack = child.stack
			results.fail(err)
			return
		}
		if g.left > 0 {
			return
		}
		if g.cancelled {
			results.fail(CancelledError)
			return
		}
		values := make([]T, len(g.children))
		for i, c := range g.children {
			values[i] = c.value
		}
		results.set(values)
	}
	if len(list) == 0 {
		results.set([]T{})
	}
	g.begin()
	return results
}

// Outcome is how one of several ended.
type Outcome[T any] struct {
	Value T
	Err   error
}

// GatherOutcomes is gather with return_exceptions=True: exceptions are results like
// others.
func GatherOutcomes[T any](list ...Awaitable[T]) *Future[[]Outcome[T]] {
	g := gather[T](list)
	results := newFuture[[]Outcome[T]](g.loop, "gather")
	results.cancelBy = func() bool { return g.cancel(&results.core) }
	g.done = func(child *Future[T]) {
		if results.Done() {
			if !child.Cancelled() {
				child.log = false
			}
			return
		}
		if g.left > 0 {
			return
		}
		if g.cancelled {
			results.fail(CancelledError)
			return
		}
		values := make([]Outcome[T], len(g.children))
		for i, c := range g.children {
			values[i] = Outcome[T]{c.value, c.failure()}
		}
		results.set(values)
	}
	if len(list) == 0 {
		results.set([]Outcome[T]{})
	}
	g.begin()
	return results
}

// gathering is a gather under way.
type gathering[T any] struct {
	loop      *eventLoop
	children  []*Future[T]
	own       []*Future[T] // each once
	left      int
	cancelled bool // somebody asked for that
	done      func(child *Future[T])
}

func gather[T any](list []Awaitable[T]) *gathering[T] {
	g := &gathering[T]{loop: running("async.Gather").loop}
	known := map[Awaitable[T]]*Future[T]{}
	for _, a := range list {
		f := known[a]
		if f == nil {
			f = a.ensure()
			known[a] = f
			g.own = append(g.own, f)
		}
		g.children = append(g.children, f)
	}
	g.left = len(g.own)
	return g
}

// begin waits for those that are not done; the others count at once, as since Python
// 3.12.
func (g *gathering[T]) begin() {
	for _, f := range g.own {
		if !f.Done() {
			f.then("gather", func() { g.ended(f) })
		}
	}
	for _, f := range g.own {
		if f.Done() {
			g.ended(f)
		}
	}
}

func (g *gathering[T]) ended(f *Future[T]) {
	g.left--
	g.done(f)
}

func (g *gathering[T]) cancel(results *core) bool {
	if results.Done() {
		return false
	}
	for _, c := range g.own {
		if c.Cancel() {
			g.cancelled = true
		}
	}
	return g.cancelled
}

// failure is the exception of a future that is done, or CancelledError; it counts as
// retrieved.
func (c *core) failure() error {
	c.log = false
	if c.state == isCancelled {
		return CancelledError
	}
	return c.err
}

// Shield waits for a without passing on a cancellation: who awaits it is cancelled,
// and a goes on. (tasks.shield)
func Shield[T any](a Awaitable[T]) *Future[T] {
	inner := a.ensure()
	if inner.Done() {
		return inner
	}
	outer := newFuture[T](inner.loop, "shield")
	back := inner.then("shield", func() {
		switch err := inner.failure(); {
		case outer.Cancelled():
		case inner.Cancelled():
			outer.Cancel()
		case err != nil:
			outer.stack = inner.stack
			outer.fail(err)
		default:
			outer.set(inner.value)
		}
	})
	outer.then("shield", func() {
		if !inner.Done() {
			inner.remove(back)
		}
	})
	return outer
}
