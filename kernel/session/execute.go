package session

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"io"
	"regexp"
	"runtime/debug"
	"strings"

	"interleave/engine"
	"interleave/engine/check"
	"interleave/engine/syntax"
	"interleave/kernel/display"
	cells "interleave/kernel/engine"
	"interleave/kernel/protocol"
)

// cellRun is one cell on its way through the session.
type cellRun struct {
	s      *Session
	ctx    context.Context
	req    protocol.Execute
	out    protocol.Output
	name   string // "cell[3]"
	io     engine.IO
	replay bool // declares only
	moving bool // for another evaluator than the records name

	record *protocol.Record
	page   map[string]any // help for the front end's pager, by mime type
	tests  *regexp.Regexp // which tests to run at the end; nil: none
	ends   bool           // the evaluator's state is beyond trust

	abandoned <-chan struct{} // closed when a check ends that goes on behind the cell's back; nil: there is none
}

// Execute implements protocol.Handler.
func (s *Session) Execute(ctx context.Context, req protocol.Execute, out protocol.Output) (done protocol.Done) {
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return protocol.Done{ID: req.ID, Error: stopped()}
	}
	c := &cellRun{s: s, ctx: ctx, req: req, out: out, name: cellName(req.Count)}
	if req.Silent {
		c.name = "silent" // its count is that of another cell
	}
	defer func() {
		if c.abandoned == nil {
			<-s.turn
			return
		}
		go func() {
			<-c.abandoned
			<-s.turn
		}()
	}()
	c.io = engine.IO{
		Stdout: stream{req.ID, "stdout", out},
		Stderr: stream{req.ID, errorStream(req.Code), out},
		Stdin:  &stdin{ctx: ctx, cell: req.ID, out: out, allow: req.AllowStdin},
		Host:   sink{ctx: ctx, cell: req.ID, out: out, allow: req.AllowStdin},
	}
	done.ID = req.ID
	if s.notice != "" && !req.Silent {
		c.note(s.notice)
		s.notice = ""
	}
	done.Error = c.guarded(func() *protocol.Error { return c.execute(req.Code) })
	if done.Error == nil && len(req.Expressions) > 0 {
		done.Expressions = map[string]protocol.Expression{}
		for key, text := range req.Expressions {
			done.Expressions[key] = c.expression(text)
		}
	}
	done.Record, done.Page, done.Ends = c.record, c.page, c.ends
	return done
}

// guarded turns a fault of our own code into the error of this cell.
func (c *cellRun) guarded(f func() *protocol.Error) (bad *protocol.Error) {
	defer func() {
		if r := recover(); r != nil {
			bad = internalError(fmt.Sprint(r), debug.Stack())
		}
	}()
	return f()
}

// execute runs one text, and then the tests that it asks for.
func (c *cellRun) execute(code string) *protocol.Error {
	if bad := c.cell(code); bad != nil || c.tests == nil || c.replay {
		return bad
	}
	return c.runTests()
}

// cell takes one text through parse, magics, check, evaluator and commit.
func (c *cellRun) cell(code string) *protocol.Error {
	s := c.s
	cell, errs := c.parse(code)
	if len(errs) > 0 {
		c.forget(cell)
		return c.syntaxErrors(errs)
	}
	before := s.check
	if bad := c.magics(cell); bad != nil {
		return bad
	}
	if s.check != before { // a magic began a new session, with a file set of its own
		cell, _ = c.parse(code)
	}
	c.keep(withSettings(cell, ""), nil)
	if len(cell.Items) == 0 {
		c.forget(cell)
		return nil
	}
	p, bad, stop := c.check(cell)
	if stop != nil {
		return stop
	}
	if len(bad) > 0 {
		c.forget(cell)
		return c.checkErrors("compile error", bad)
	}
	if c.replay {
		declareOnly(p)
	}
	if bad := s.eval.Refuse(p); len(bad) > 0 {
		c.forget(cell)
		return c.checkErrors("refused", bad)
	}
	outcome, err := c.run(p)
	s.mu.Lock()
	s.check.Commit(p, outcome.Done)
	s.mu.Unlock()
	text, vars := s.check.Record(p, outcome.Done)
	c.keep(withSettings(cell, text), vars)
	if err != nil {
		return c.runError(err)
	}
	c.tellLeft()
	if c.replay || c.req.Silent || len(outcome.Values) == 0 || prints(p) || isNone(outcome.Values) {
		return nil
	}
	return c.show(c.addressed(p, outcome.Values))
}

// tellLeft shows which goroutines the run left behind that wait for ever.
func (c *cellRun) tellLeft() {
	if left, ok := cells.Left(c.s.eval); ok && !c.replay && !c.req.Silent {
		c.out.Display(protocol.Display{Cell: c.req.ID, Kind: "display_data", Data: left})
	}
}

// parse parses a text as part of the session and keeps it for showing its lines.
func (c *cellRun) parse(code string) (*syntax.Cell, []syntax.Error) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.s.sources.add(c.name, code)
	return syntax.Parse(c.s.check.Fset(), c.name, code)
}

// checked is what became of a check.
type checked struct {
	program *check.Program
	errors  []check.Error
	fault   any
}

// check checks a cell, and loads the packages that it imports. That can take a
// second; where the cell is stopped it ends behind the cell's back, at which
// abandoned is closed.
func (c *cellRun) check(cell *syntax.Cell) (*check.Program, []check.Error, *protocol.Error) {
	done := make(chan checked, 1)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		done <- c.checkNow(cell)
	}()
	select {
	case r := <-done:
		if r.fault != nil {
			panic(r.fault)
		}
		return r.program, r.errors, nil
	case <-c.ctx.Done():
		c.abandoned = ended
		return nil, nil, stopped()
	}
}

func (c *cellRun) checkNow(cell *syntax.Cell) (r checked) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	defer func() { r.fault = recover() }()
	if c.replay {
		r.program, r.errors = c.s.check.CheckReplay(cell)
	} else {
		r.program, r.errors = c.s.check.Check(cell)
	}
	return r
}

// run runs a program. A panic of the evaluator itself leaves it in a state that
// nobody can trust.
func (c *cellRun) run(p *check.Program) (outcome engine.Outcome, err error) {
	defer func() {
		if r := recover(); r != nil {
			c.ends = true
			err = fault{fmt.Sprint(r), debug.Stack()}
		}
	}()
	if c.replay {
		c.io = engine.IO{Stdout: io.Discard, Stderr: io.Discard, Stdin: strings.NewReader(""), Host: nowhere{}}
	}
	return c.s.eval.Run(c.ctx, p, c.io)
}

// declareOnly leaves of a program what runs nothing: its declarations, and its
// variables without their values.
func declareOnly(p *check.Program) {
	var kept []*check.Item
	for _, item := range p.Body {
		if item.Stmt == nil && item.Result == nil {
			kept = append(kept, item)
		}
	}
	p.Body, p.Main = kept, nil
}

// forget drops the positions of a cell that did not become part of the session.
func (c *cellRun) forget(cell *syntax.Cell) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.s.check.Fset().RemoveFile(cell.File)
}

// keep notes what the cell declared and set, for a worker or an evaluator that
// takes over.
func (c *cellRun) keep(code string, vars []string) {
	if code == "" {
		return
	}
	count := c.req.Count
	if c.record != nil {
		c.s.records = c.s.records[:len(c.s.records)-1]
	}
	c.record = &protocol.Record{Count: count, Code: code, Vars: vars}
	c.s.records = append(c.s.records, *c.record)
}

// took takes over what matters of a run within this one.
func (c *cellRun) took(e *cellRun) {
	c.ends = c.ends || e.ends
	if e.abandoned != nil {
		c.abandoned = e.abandoned
	}
}

// expression evaluates one user expression.
func (c *cellRun) expression(text string) protocol.Expression {
	var data display.Bundle
	e := &cellRun{s: c.s, ctx: c.ctx, req: c.req, out: c.out, name: "expression", io: c.io}
	bad := c.guarded(func() *protocol.Error {
		values, bad := e.evaluate(text)
		if bad != nil {
			return bad
		}
		if len(values) == 0 {
			return plainError("compile error", firstLine(text)+" has no value")
		}
		var err error
		if data, err = e.bundle(values); err != nil {
			return e.runError(err)
		}
		return nil
	})
	c.took(e)
	if bad != nil {
		return protocol.Expression{Error: bad}
	}
	return protocol.Expression{Data: data}
}

// evaluate runs one expression, which declares nothing.
func (c *cellRun) evaluate(text string) ([]engine.Value, *protocol.Error) {
	cell, errs := c.parse(text)
	defer func() {
		if c.abandoned == nil {
			c.forget(cell)
		}
	}()
	if len(errs) > 0 {
		return nil, c.syntaxErrors(errs)
	}
	if cell.Result == nil || len(cell.Items) != 1 || len(cell.Magics) > 0 {
		return nil, plainError("syntax error", "not an expression: "+firstLine(text))
	}
	p, bad, stop := c.check(cell)
	if stop != nil {
		return nil, stop
	}
	if len(bad) > 0 {
		return nil, c.checkErrors("compile error", bad)
	}
	if bad := c.s.eval.Refuse(p); len(bad) > 0 {
		return nil, c.checkErrors("refused", bad)
	}
	outcome, err := c.run(p)
	if err != nil {
		return nil, c.runError(err)
	}
	return outcome.Values, nil
}

// addressed is the values of a cell's result; for a variable whose pointer has
// a method to show itself that the variable has not, it is the pointer, as
// variable.Method() would take it.
func (c *cellRun) addressed(p *check.Program, values []engine.Value) []engine.Value {
	id, ok := p.Body[len(p.Body)-1].Result.(*ast.Ident)
	if !ok || len(values) != 1 || !needsPointer(values[0]) {
		return values
	}
	e := &cellRun{s: c.s, ctx: c.ctx, req: c.req, out: c.out, name: "expression", io: c.io}
	pointers, bad := e.evaluate("&" + id.Name)
	c.took(e)
	if bad != nil || len(pointers) != 1 {
		return values
	}
	return []engine.Value{pointed{values[0], pointers[0]}}
}

// show sends the result of the cell.
func (c *cellRun) show(values []engine.Value) *protocol.Error {
	data, err := c.bundle(values)
	c.out.Display(protocol.Display{Cell: c.req.ID, Kind: "execute_result", Data: data})
	if err != nil {
		return c.runError(err)
	}
	return nil
}

func stopped() *protocol.Error { return plainError("interrupted", "the cell was stopped") }

// fault is a panic in our own code.
type fault struct {
	text  string
	stack []byte
}

func (f fault) Error() string { return f.text }

// runError renders what ended a cell. A program that exits with 0 is content.
func (c *cellRun) runError(err error) *protocol.Error {
	var (
		panicked *engine.Panic
		fatal    *engine.Fatal
		exit     *engine.Exit
		ours     fault
	)
	switch {
	case errors.As(err, &panicked):
		return c.panicError(panicked)
	case errors.As(err, &fatal):
		if why, ok := cells.Explain(c.s.eval, err); ok {
			c.out.Display(protocol.Display{Cell: c.req.ID, Kind: "display_data", Data: why})
		}
		return c.fatalError(fatal)
	case errors.As(err, &exit):
		if exit.Code == 0 {
			return nil
		}
		return plainError("exit", exit.Error())
	case errors.Is(err, engine.ErrInterrupted), errors.Is(err, context.Canceled) && c.ctx.Err() != nil:
		return stopped()
	case errors.As(err, &ours):
		return internalError(ours.text, ours.stack)
	}
	return internalError(err.Error(), nil)
}
