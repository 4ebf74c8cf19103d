package session

import (
	"context"
	"io"

	"interleave/kernel/display"
	"interleave/kernel/protocol"
)

// sink is where the rich output of one cell goes; it is the Host of the cell's
// engine.IO. It stays good after the cell has ended. Safe for concurrent use.
type sink struct {
	ctx   context.Context
	cell  string
	out   protocol.Output
	allow bool // the front end lets the learner be asked
}

// Display implements display.Sink.
func (s sink) Display(o display.Output) {
	kind := "display_data"
	if o.Update {
		kind = "update_display_data"
	}
	s.out.Display(protocol.Display{Cell: s.cell, Kind: kind, Data: o.Data, DisplayID: o.ID})
}

// Clear implements display.Sink.
func (s sink) Clear(wait bool) { s.out.Clear(protocol.Clear{Cell: s.cell, Wait: wait}) }

// Prompt implements display.Sink.
func (s sink) Prompt(text string, password bool) (string, error) {
	if !s.allow || s.ctx.Err() != nil {
		return "", io.EOF
	}
	in, err := s.out.Prompt(s.ctx, protocol.Prompt{Cell: s.cell, Text: text, Password: password})
	if err != nil || in.EOF {
		return "", io.EOF
	}
	return in.Text, nil
}

// nowhere is the sink of a replay, which shows nothing and asks nobody.
type nowhere struct{}

func (nowhere) Display(display.Output)              {}
func (nowhere) Clear(bool)                          {}
func (nowhere) Prompt(string, bool) (string, error) { return "", io.EOF }
