package session

import (
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"

	"interleave/engine/syntax"
	"interleave/kernel/protocol"
	"interleave/kernel/real"
)

// Interpretation is a cell for a process of its own: it runs after what the earlier
// cells declared.
type Interpretation struct {
	Earlier []protocol.Record
	Count   int
	Code    string
}

// inReal runs the body of a cell as a program of its own. It declares nothing in the
// session.
func inReal(c *cellRun, m syntax.Magic) *protocol.Error {
	cfg := real.Config{Interpreter: c.s.cfg.Interpreter, Stdout: c.io.Stdout, Stderr: c.io.Stderr}
	for _, arg := range m.Args {
		n, err := strconv.Atoi(strings.TrimPrefix(arg, "cores="))
		if !strings.HasPrefix(arg, "cores=") || err != nil || n < 1 {
			return c.magicError(m, fmt.Sprintf("%%%%real: want cores=N with N from 1 on, not %q\nexample: %%%%real cores=2", arg))
		}
		cfg.Cores = n
	}
	code := strings.Repeat("\n", m.Line) + m.Body // so that positions are the cell's
	c.s.mu.Lock()
	cell, errs := syntax.Parse(c.s.check.Fset(), c.name, code)
	c.s.mu.Unlock()
	defer c.forget(cell)
	if len(errs) > 0 {
		return c.syntaxErrors(errs)
	}
	if len(cell.Items) == 0 {
		return c.magicError(m, "%%real: the cell has no program below this line\nexample: %%real, and below it what is to run")
	}
	p, bad := c.s.check.Check(cell)
	if len(bad) > 0 {
		return c.checkErrors("compile error", bad)
	}
	source, err := real.Source(c.s.check, p)
	if err != nil {
		return c.magicError(m, "%%real: "+err.Error())
	}
	if cfg.Input, err = json.Marshal(Interpretation{c.s.records, c.req.Count, code}); err != nil {
		return internalError(err.Error(), nil)
	}
	use, err := real.Run(c.ctx, source, cfg)
	var wrong *real.CompileError
	var exit *exec.ExitError
	switch {
	case c.ctx.Err() != nil:
		return plainError("interrupted", "the program was stopped")
	case errors.As(err, &wrong):
		return &protocol.Error{Name: "compile error", Value: wrong.Lines[0], Traceback: wrong.Lines}
	case errors.As(err, &exit):
		c.note(use.String())
		return plainError("exit", exit.Error())
	case err != nil:
		return c.magicError(m, "%%real: "+err.Error())
	}
	c.note(use.String())
	return nil
}
