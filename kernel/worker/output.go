package worker

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode/utf8"

	"interleave/kernel/protocol"
)

// output is the child's protocol.Output. Each event is in the pipe to the
// parent when its call returns, so a process that dies loses nothing that was
// printed before; a full pipe holds the writer back. Its goroutines are those
// of standard.
type output struct {
	mu     sync.Mutex // holds the order of events
	events io.Writer
	limit  int64 // bytes of text a cell may write; not positive: no limit
	cells  map[string]*cellText
	fds    *standard

	promptMu sync.Mutex
	prompts  map[uint32]chan protocol.Input
	asked    uint32
}

// cellText is what the output remembers of one cell.
type cellText struct {
	written int64
	cut     bool
	rest    map[string]string // by stream: the first bytes of a letter whose last ones have not come yet
}

func newOutput(own ownFiles, limit int64) *output {
	o := &output{events: own.events, limit: limit, cells: map[string]*cellText{}, prompts: map[uint32]chan protocol.Input{}}
	o.fds = newStandard(o, own)
	return o
}

// begin points the standard files of the process to a new cell.
func (o *output) begin(cell string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.fds.begin(cell)
}

// Stream sends text of a cell, after what its child processes and native code
// wrote before.
func (o *output) Stream(s protocol.Stream) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.fds.drainStdout()
	o.text(s.Cell, s.Name, s.Text)
}

// Display sends a rich output. One too large for a frame becomes a note.
func (o *output) Display(d protocol.Display) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.fds.drainStdout()
	f, err := protocol.NewFrame(protocol.KindDisplay, 0, d)
	if err == nil && len(f.Payload) > protocol.MaxFrame {
		err = protocol.ErrTooLarge
	}
	if err != nil {
		o.text(d.Cell, "stderr", fmt.Sprintf("[this output cannot be shown: %v]\n", err))
		return
	}
	protocol.WriteFrame(o.events, f)
}

// Clear clears the output of a cell.
func (o *output) Clear(c protocol.Clear) { o.send(protocol.KindClear, 0, c) }

// Comm sends a comm message to the front end.
func (o *output) Comm(c protocol.Comm) { o.send(protocol.KindComm, 0, c) }

// Prompt asks the learner for a line.
func (o *output) Prompt(ctx context.Context, p protocol.Prompt) (protocol.Input, error) {
	answer := make(chan protocol.Input, 1)
	o.promptMu.Lock()
	o.asked++
	number := o.asked
	o.prompts[number] = answer
	o.promptMu.Unlock()
	o.send(protocol.KindPrompt, number, p)
	select {
	case in := <-answer:
		return in, nil
	case <-ctx.Done():
	}
	o.promptMu.Lock()
	delete(o.prompts, number)
	o.promptMu.Unlock()
	o.send(protocol.KindPromptEnd, number, nil)
	return protocol.Input{}, ctx.Err()
}

// answered hands the learner's line to the Prompt that waits for it.
func (o *output) answered(f protocol.Frame) {
	var in protocol.Input
	if f.Decode(&in) != nil {
		in.EOF = true
	}
	o.promptMu.Lock()
	defer o.promptMu.Unlock()
	if answer, ok := o.prompts[f.Number]; ok {
		delete(o.prompts, f.Number)
		answer <- in
	}
}

// SetOutputLimit is how a cell changes its own limit and that of later cells;
// the parent is told, so that it holds for later workers too.
func (o *output) SetOutputLimit(bytes int64) {
	o.limitTo(bytes)
	o.send(protocol.KindLimit, 0, bytes)
}

func (o *output) limitTo(bytes int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.limit = bytes
}

// done ends a cell: everything it wrote goes before the answer.
func (o *output) done(number uint32, d protocol.Done) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.fds.drain()
	if c := o.cells[d.ID]; c != nil {
		for _, name := range []string{"stdout", "stderr"} {
			if rest := c.rest[name]; rest != "" {
				delete(c.rest, name)
				o.write(protocol.KindStream, 0, protocol.Stream{Cell: d.ID, Name: name, Text: rest})
			}
		}
	}
	if !o.write(protocol.KindDone, number, d) {
		o.write(protocol.KindDone, number, protocol.Done{ID: d.ID, Record: d.Record, Error: &protocol.Error{
			Name: "internal error", Value: "the cell's answer cannot be sent", Traceback: []string{"the cell's answer cannot be sent"}}})
	}
}

// send sends one event or answer in order.
func (o *output) send(kind protocol.Kind, number uint32, payload any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch kind {
	case protocol.KindClear, protocol.KindComm, protocol.KindPrompt:
		o.fds.drainStdout()
	}
	o.write(kind, number, payload)
}

// write reports false when the payload has no form that can be sent. An error
// of the pipe is no concern here: the parent is gone then, and the reader of
// requests ends the process. The caller holds mu.
func (o *output) write(kind protocol.Kind, number uint32, payload any) bool {
	f, err := protocol.NewFrame(kind, number, payload)
	if err != nil || len(f.Payload) > protocol.MaxFrame {
		return false
	}
	protocol.WriteFrame(o.events, f)
	return true
}

const maxText = 16 << 20 // bytes of text in one frame

// text sends text of a cell within the cell's limit. The caller holds mu.
func (o *output) text(cell, name, text string) {
	c := o.cells[cell]
	if c == nil {
		c = &cellText{rest: map[string]string{}}
		o.cells[cell] = c
	}
	text = c.rest[name] + text
	delete(c.rest, name)
	if n := wholeLetters(text); n < len(text) {
		c.rest[name] = text[n:]
		text = text[:n]
	}
	if room := o.limit - c.written; o.limit > 0 && int64(len(text)) > room {
		o.cut(c, cell, name, text[:wholeLetters(text[:max(room, 0)])])
		return
	}
	c.cut = false
	c.written += int64(len(text))
	for len(text) > 0 {
		n := len(text)
		if n > maxText {
			n = wholeLetters(text[:maxText])
		}
		o.write(protocol.KindStream, 0, protocol.Stream{Cell: cell, Name: name, Text: text[:n]})
		text = text[n:]
	}
}

// cut sends the last text of a cell that reached its limit, once.
func (o *output) cut(c *cellText, cell, name, text string) {
	if c.cut {
		return
	}
	c.cut = true
	c.written += int64(len(text))
	note := fmt.Sprintf("\n[output cut after %s; \"%%limit output=%s\" at the top of the cell allows more]\n",
		size(o.limit), strings.ReplaceAll(size(2*o.limit), " ", ""))
	o.write(protocol.KindStream, 0, protocol.Stream{Cell: cell, Name: name, Text: text + note})
}

// wholeLetters returns how many bytes of s come before an UTF-8 letter that is
// cut off at the end of s.
func wholeLetters(s string) int {
	for back := 1; back < utf8.UTFMax && back <= len(s); back++ {
		if i := len(s) - back; utf8.RuneStart(s[i]) {
			if utf8.FullRuneInString(s[i:]) {
				return len(s)
			}
			return i
		}
	}
	return len(s)
}

// size writes a number of bytes as people say it: "10 MB" for 10 << 20.
func size(bytes int64) string {
	units := []string{"bytes", "kB", "MB", "GB"}
	unit := 0
	for unit < len(units)-1 && bytes >= 1024 && bytes%1024 == 0 {
		bytes /= 1024
		unit++
	}
	return fmt.Sprintf("%d %s", bytes, units[unit])
}
