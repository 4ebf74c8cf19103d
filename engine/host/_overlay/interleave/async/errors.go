package async

import (
	"errors"
	"fmt"
	"unsafe"
)

// Error is an exception of asyncio's own.
type Error struct {
	Kind string // Python's name of it: "TimeoutError"
	Text string // may be empty
}

func (e *Error) Error() string {
	if e.Text == "" {
		return e.Kind
	}
	return e.Kind + ": " + e.Text
}

// Is makes errors.Is(err, CancelledError) true for each of that kind.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Kind == e.Kind && (t.Text == "" || t.Text == e.Text)
}

// The exceptions, for errors.Is. CancelledError is raised in a task, where it awaits,
// when somebody has cancelled it: clean up and let it pass on.
var (
	CancelledError    error = &Error{Kind: "CancelledError"}
	TimeoutError      error = &Error{Kind: "TimeoutError"}
	InvalidStateError error = &Error{Kind: "InvalidStateError"}
	RuntimeError      error = &Error{Kind: "RuntimeError"}
	ValueError        error = &Error{Kind: "ValueError"}
	QueueEmpty        error = &Error{Kind: "QueueEmpty"}
	QueueFull         error = &Error{Kind: "QueueFull"}
)

func throw(kind error, text string) { panic(&Error{kind.(*Error).Kind, text}) }

// PanicError is what a panic with something else than an error is raised as.
type PanicError struct{ Value any }

func (p *PanicError) Error() string { return fmt.Sprint(p.Value) }

// ExceptionGroup holds the exceptions of a TaskGroup's tasks.
type ExceptionGroup struct {
	Message string
	Errors  []error
}

func (g *ExceptionGroup) Error() string {
	s := "s"
	if len(g.Errors) == 1 {
		s = ""
	}
	return fmt.Sprintf("%s (%d sub-exception%s)", g.Message, len(g.Errors), s)
}

// Unwrap lets errors.Is and errors.As look into the group.
func (g *ExceptionGroup) Unwrap() []error { return g.Errors }

// asError is what a recovered value is raised as.
func asError(v any) error {
	if err, ok := v.(error); ok {
		return err
	}
	return &PanicError{v}
}

// Try calls f and returns what it raises; nil where it returns. It is Python's try and
// except:
//
//	err := async.Try(func() { async.Await(work()) })
//	if errors.Is(err, async.TimeoutError) { … }
func Try(f func()) error {
	if r := catch(f); r != nil {
		return r.err
	}
	return nil
}

// raised is an exception that was caught, with where it came from.
type raised struct {
	err   error
	stack unsafe.Pointer
}

// catch calls f and returns what it raises; nil where it returns.
func catch(f func()) (r *raised) {
	defer func() {
		stack := raisedAt()
		if v := recover(); v != nil {
			r = &raised{asError(v), stack}
		}
	}()
	f()
	return nil
}

// again raises it once more.
func (r *raised) again() { raise(r.err, r.stack) }

func (r *raised) cancelled() bool { return r != nil && cancelled(r.err) }

func cancelled(err error) bool { return errors.Is(err, CancelledError) }
