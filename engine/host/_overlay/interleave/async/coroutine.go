package async

import (
	"fmt"
	"strings"
)

// None is the result of a coroutine that has none.
type None struct{}

// String is empty, so that the value of Run shows nothing.
func (None) String() string { return "None" }

// A Coroutine is a call that has not begun: Await it, make a task of it, or give it
// to Run. Each can be used once.
type Coroutine[T any] struct {
	f      func() T
	origin *origin
}

// Coro is what functions return that are "async def" in Python.
type Coro[T any] = *Coroutine[T]

// origin is where a coroutine comes from.
type origin struct {
	name, place string
	begun       bool
}

// Awaitable is what can be awaited: a coroutine, a task, a future.
type Awaitable[T any] interface {
	await() T
	ensure() *Future[T] // as a future: of a coroutine, a new task
}

// Def makes a coroutine of a function with a result. It is named after the function
// that calls Def.
func Def[T any](f func() T) *Coroutine[T] { return &Coroutine[T]{f, newOrigin("")} }

// Proc makes a coroutine of a function without a result.
func Proc(f func()) *Coroutine[None] {
	return &Coroutine[None]{func() None { f(); return None{} }, newOrigin("")}
}

// library makes one of this package's own.
func library[T any](name string, f func() T) *Coroutine[T] {
	return &Coroutine[T]{f, newOrigin(name)}
}

func newOrigin(name string) *origin {
	up := 1 // Def stands in the function that is called; who called that has made the coroutine
	if name != "" {
		up = 0
	}
	function, place := caller(up)
	if name == "" {
		name = strings.TrimPrefix(function, "main.")
	}
	o := &origin{name: name, place: place}
	if t := current(); t != nil {
		t.loop.made(o)
	}
	return o
}

// Await waits for a coroutine, a task or a future and gives its result; what it raised
// is raised here. The rest of a coroutine begins at once, in the same task; for a task
// or future that is not done, the running task gives way to the loop.
func Await[T any](a Awaitable[T]) T {
	if isNil(a) {
		throw(RuntimeError, "async.Await of nil")
	}
	return a.await()
}

func isNil[T any](a Awaitable[T]) bool {
	switch a := a.(type) {
	case nil:
		return true
	case *Coroutine[T]:
		return a == nil
	case *Task[T]:
		return a == nil
	case *Future[T]:
		return a == nil
	}
	return false
}

func (c *Coroutine[T]) await() T {
	awaiting()
	c.begin()
	return c.f()
}

func (c *Coroutine[T]) begin() {
	if c.origin.begun {
		throw(RuntimeError, fmt.Sprintf("cannot reuse already awaited coroutine %s (made at %s): call %s again for a new one", c.origin.name, c.origin.place, c.origin.name))
	}
	c.origin.begun = true
}

func (c *Coroutine[T]) ensure() *Future[T] { return &CreateTask(c).Future }

// String says what it is.
func (c *Coroutine[T]) String() string {
	if c.origin.begun {
		return "<coroutine " + c.origin.name + ">"
	}
	return "<coroutine " + c.origin.name + ", not begun: await it, or give it to async.Run>"
}
