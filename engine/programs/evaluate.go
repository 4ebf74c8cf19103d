package programs

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"interleave/engine"
	"interleave/engine/check"
	"interleave/engine/syntax"
)

// Evaluation is what an evaluator made of a program's cells.
type Evaluation struct {
	Result
	Refused  []string // why a cell was not run, or not to its end: said by the check or the evaluator
	Internal string   // an error of the evaluator itself, or how its process died
}

// Evaluate runs the cells of p in order in a fresh session, until one of them
// fails, as a session of the kernel does. ev may be nil: cells are then
// checked and declared, and nothing runs.
func Evaluate(ctx context.Context, p *Program, session *check.Session, ev engine.Evaluator) Evaluation {
	var e Evaluation
	var stdout, stderr safeBuilder
	io := engine.IO{Stdout: &stdout, Stderr: &stderr, Stdin: &lineReader{text: p.Input}}
	for i, source := range p.Cells {
		if !e.cell(ctx, fmt.Sprintf("cell[%d]", i+1), source, session, ev, io) {
			break
		}
	}
	e.Stdout, e.Stderr = stdout.String(), stderr.String()+e.Stderr
	return e
}

// cell runs one cell and says whether the next one may follow.
func (e *Evaluation) cell(ctx context.Context, name, source string, session *check.Session, ev engine.Evaluator, io engine.IO) bool {
	cell, syntaxErrs := syntax.Parse(session.Fset(), name, source)
	for _, err := range syntaxErrs {
		e.Errors = append(e.Errors, fmt.Sprintf("%v: syntax error: %s", err.Pos, err.Msg))
	}
	if len(syntaxErrs) > 0 {
		return false
	}
	program, checkErrs := session.Check(cell)
	for _, err := range checkErrs {
		e.Errors = append(e.Errors, oneLine(err))
		if strings.Contains(err.Msg+err.Hint, unavailable) {
			e.Refused = append(e.Refused, withHint(err))
		}
	}
	if len(checkErrs) > 0 {
		return false
	}
	if ev == nil {
		session.Commit(program, len(program.Body))
		return true
	}
	for _, err := range ev.Refuse(program) {
		e.Refused = append(e.Refused, withHint(err))
	}
	if len(e.Refused) > 0 {
		return false
	}
	outcome, err := ev.Run(ctx, program, io)
	session.Commit(program, outcome.Done)
	return e.ended(err)
}

// unavailable is how the check says that Go has something which cells cannot
// use. A name that Go has must never just be called undefined.
const unavailable = "not available on this evaluator"

// ended notes how a cell ended, as the exit of a program tells it.
func (e *Evaluation) ended(err error) bool {
	var panicked *engine.Panic
	var fatal *engine.Fatal
	var exit *engine.Exit
	var refused *engine.Refused
	switch {
	case err == nil:
		return true
	case errors.As(err, &panicked):
		message, _, _ := strings.Cut(panicked.Message, "\n")
		e.Exit, e.Stderr = 2, "panic: "+message+"\n"
	case errors.As(err, &fatal):
		e.Exit, e.Stderr = 2, "fatal error: "+fatal.Message+"\n"
	case errors.As(err, &exit):
		e.Exit = exit.Code
	case errors.As(err, &refused):
		e.Refused = append(e.Refused, refused.Error())
	case errors.Is(err, engine.ErrInterrupted):
		e.Internal = "interrupted: it did not end by itself"
	default:
		e.Internal = err.Error()
	}
	return false
}

// oneLine writes an error of the checker as compileErrors writes the compiler's.
func oneLine(err check.Error) string {
	return strings.ReplaceAll(err.Error(), "\n\t", "; ")
}

// withHint is an error in one line with what to do about it.
func withHint(err check.Error) string {
	if err.Hint == "" {
		return oneLine(err)
	}
	return oneLine(err) + " (" + err.Hint + ")"
}

// safeBuilder is a strings.Builder for several goroutines.
type safeBuilder struct {
	mu sync.Mutex
	b  strings.Builder
}

func (s *safeBuilder) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuilder) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
