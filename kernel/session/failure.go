package session

import (
	"fmt"
	"go/token"
	"strings"

	"interleave/engine"
	"interleave/engine/check"
	"interleave/engine/syntax"
	"interleave/kernel/protocol"
)

// The colours of tracebacks, as ANSI codes that every front end knows. Without
// them the text reads the same.
const (
	red   = "\x1b[31m"
	bold  = "\x1b[1m"
	cyan  = "\x1b[36m"
	plain = "\x1b[0m"
)

// mostErrors and mostFrames bound what one traceback shows.
const (
	mostErrors = 100
	mostFrames = 40
)

func paint(colour, text string) string { return colour + text + plain }

// syntaxErrors renders the errors of the parser, one an entry of the traceback.
func (c *cellRun) syntaxErrors(errs []syntax.Error) *protocol.Error {
	list := make([]check.Error, len(errs))
	for i, e := range errs {
		list[i] = check.Error{Pos: e.Pos, Msg: e.Msg}
	}
	return c.checkErrors("syntax error", list)
}

// checkErrors renders errors with their source lines.
func (c *cellRun) checkErrors(name string, errs []check.Error) *protocol.Error {
	out := &protocol.Error{Name: name, Value: firstLine(errs[0].Error())}
	if n := len(errs) - 1; n > 0 {
		out.Value += fmt.Sprintf(" (and %d more)", n)
	}
	for i, e := range errs {
		if i == mostErrors {
			out.Traceback = append(out.Traceback, fmt.Sprintf("… and %d more errors", len(errs)-i))
			break
		}
		entry := paint(bold, e.Pos.String()+":") + " " + paint(red, e.Msg)
		if where := c.where(e.Pos, e.End); where != "" {
			entry += "\n" + where
		}
		if e.Hint != "" {
			entry += "\n" + paint(cyan, "    "+strings.ReplaceAll(e.Hint, "\n", "\n    "))
		}
		out.Traceback = append(out.Traceback, entry)
	}
	return out
}

// where is the source line of a position and a caret below it; empty where the
// text is not kept.
func (c *cellRun) where(pos, end token.Position) string {
	if !pos.IsValid() {
		return ""
	}
	c.s.mu.Lock()
	line, ok := c.s.sources.line(pos.Filename, pos.Line)
	c.s.mu.Unlock()
	if !ok {
		return ""
	}
	stop := 0
	if end.Filename == pos.Filename {
		switch {
		case end.Line == pos.Line:
			stop = end.Column
		case end.Line > pos.Line:
			stop = len(line) + 1
		}
	}
	source, caret := excerpt(line, pos.Column, stop)
	return source + "\n" + paint(red, caret)
}

// panicError renders a panic in Go's words, with the line of each frame.
func (c *cellRun) panicError(p *engine.Panic) *protocol.Error {
	out := &protocol.Error{
		Name:      "panic",
		Value:     firstLine(p.Message),
		Traceback: []string{paint(red, "panic: "+p.Message), "", fmt.Sprintf("goroutine %d [running]:", p.Goroutine)},
	}
	for i, f := range p.Frames {
		if i == mostFrames {
			out.Traceback = append(out.Traceback, fmt.Sprintf("… and %d more frames", len(p.Frames)-i))
			break
		}
		entry := f.Line()
		if f.Function == "cell" {
			entry = f.Function
		}
		if f.Position != "" {
			entry += "\n\t" + paint(bold, f.Position)
		}
		if cell, line, col, ok := splitPosition(f.Position); ok {
			if where := c.where(token.Position{Filename: cell, Line: line, Column: col}, token.Position{}); where != "" {
				entry += "\n" + where
			}
		}
		out.Traceback = append(out.Traceback, entry)
	}
	return out
}

// fatalError renders a fatal error in Go's words, and the line at which its goroutine
// ran, if it did.
func (c *cellRun) fatalError(f *engine.Fatal) *protocol.Error {
	out := &protocol.Error{Name: "fatal error", Value: firstLine(f.Message), Traceback: []string{paint(red, "fatal error: "+f.Message)}}
	if f.Detail != "" {
		out.Traceback = append(out.Traceback, "", c.withLine(f.Detail))
	}
	return out
}

// withLine adds to the stack of a running goroutine the source line of its innermost
// frame.
func (c *cellRun) withLine(stack string) string {
	lines := strings.SplitN(stack, "\n", 4)
	if len(lines) < 3 || !strings.HasSuffix(lines[0], "[running]:") {
		return stack
	}
	cell, line, col, ok := splitPosition(strings.TrimSpace(lines[2]))
	if !ok {
		return stack
	}
	if where := c.where(token.Position{Filename: cell, Line: line, Column: col}, token.Position{}); where != "" {
		lines[2] += "\n" + where
	}
	return strings.Join(lines, "\n")
}

// internalError says that the fault is ours, with the place for a report.
func internalError(text string, stack []byte) *protocol.Error {
	out := &protocol.Error{
		Name:  "internal error",
		Value: firstLine(text),
		Traceback: []string{
			paint(red, "internal error: "+text),
			"This is a fault of the kernel, not of your code. What the session declared before is still there.",
		},
	}
	if len(stack) > 0 {
		lines := strings.Split(strings.TrimSpace(string(stack)), "\n")
		out.Traceback = append(out.Traceback, strings.Join(lines[:min(len(lines), 40)], "\n"))
	}
	return out
}

// plainError is an error whose name and value say it all.
func plainError(name, value string) *protocol.Error {
	return &protocol.Error{Name: name, Value: firstLine(value), Traceback: []string{paint(red, name+": ") + value}}
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}
