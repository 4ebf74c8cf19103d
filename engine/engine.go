package engine

import (
	"context"
	"fmt"
	"go/types"
	"io"
	"strings"

	"interleave/engine/check"
)

// Evaluator runs checked cells of one session. It knows nothing of Jupyter.
// Run is called for one cell at a time; goroutines that a cell started may
// outlive its call.
type Evaluator interface {
	// Name is what %evaluator calls it: "yaegi" or "machine".
	Name() string

	// Refuse lists what this evaluator is known to get wrong in p, each at its
	// own position and naming the way out. Nothing of p runs when it returns any.
	Refuse(p *check.Program) []check.Error

	// Run declares p's declarations, runs its body in order and then, for a
	// whole program, its main function. It returns when the main part ended.
	// Cancelling ctx ends the cell's tasks; Run then returns ErrInterrupted.
	// The error is one of *Panic, *Fatal, *Exit, *Refused, ErrInterrupted, or an
	// internal one that wraps with the evaluator's name.
	Run(ctx context.Context, p *check.Program, io IO) (Outcome, error)

	// Call calls the method of that name, without arguments, on a result of
	// this evaluator (how a value with a display method shows itself).
	Call(ctx context.Context, v Value, method string, io IO) (any, error)

	Close() error
}

// IO is where a cell's output goes and its input comes from. It belongs to the
// cell: a goroutine that outlives its cell still writes to the IO of the cell
// that started it.
type IO struct {
	Stdout, Stderr io.Writer // safe for concurrent use
	Stdin          io.Reader // a Read asks the learner for one line

	// Host is handed back by the evaluator to functions of the host (the
	// display package) that a cell calls; the engine does not look into it.
	Host any
}

// Outcome is what a cell left behind.
type Outcome struct {
	Done   int     // how many items of the body were completed
	Values []Value // of the last expression; several for a call with several results
}

// Value is one value of the session, for showing it.
type Value interface {
	Type() types.Type    // static type of the expression, as the session knows it
	Dynamic() types.Type // of the value in an interface, where it is a type of the session's; else Type
	Text() string        // one-line or multi-line text as a learner writes it in Go: strings quoted, fields named
	Native() any         // the value as native Go sees it, for tables and encoders; nil where there is no such form
}

// Frame is one line of a goroutine's stack, in the learner's own code.
type Frame struct {
	Function string // "main.worker", "main.(*T).Run", "main.main.func1"; "cell" for the body of a cell
	Position string // "cell[3]:12:5"
	Created  bool   // of a goroutine that runs nothing of the learner's own: "created by main.f in goroutine 1", and the go statement
}

// Line is how a trace names the frame.
func (f Frame) Line() string {
	if f.Created {
		return f.Function
	}
	return f.Function + "(...)"
}

// Panic is a run-time panic that nobody recovered.
type Panic struct {
	Message   string // Go's words after "panic: ", e.g. `runtime error: index out of range [5] with length 3`
	Goroutine int    // 1 for the cell's main goroutine
	Frames    []Frame
}

func (p *Panic) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "panic: %s\n\ngoroutine %d [running]:", p.Message, p.Goroutine)
	for _, f := range p.Frames {
		fmt.Fprintf(&b, "\n%s\n\t%s", f.Line(), f.Position)
	}
	return b.String()
}

// Fatal is an error that ends a Go program and cannot be recovered, in Go's
// words: "all goroutines are asleep - deadlock!", "concurrent map writes",
// "stack overflow", "out of memory".
type Fatal struct {
	Message string
	Detail  string // further lines; may be empty
}

func (f *Fatal) Error() string {
	if f.Detail == "" {
		return "fatal error: " + f.Message
	}
	return "fatal error: " + f.Message + "\n\n" + f.Detail
}

// Exit is a call of os.Exit. It ends the cell, not the kernel.
type Exit struct{ Code int }

func (e *Exit) Error() string { return fmt.Sprintf("exit status %d", e.Code) }

// Refused says that an evaluator found, while a cell ran, that it cannot carry
// it. What the cell did before that is right.
type Refused struct{ Message string }

func (r *Refused) Error() string { return r.Message + "; the cell was ended here" }

// ErrInterrupted says that the learner stopped the cell.
var ErrInterrupted = fmt.Errorf("interrupted")
