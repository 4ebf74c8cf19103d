package session

import (
	"context"
	"io"
	"strings"
	"sync"

	"interleave/kernel/protocol"
)

// stream is stdout or stderr of one cell. It stays good after the cell has
// ended, for goroutines that go on. Safe for concurrent use.
type stream struct {
	cell, name string
	out        protocol.Output
}

// errorStream is where a cell's standard error appears. nbgrader gives no points to a
// cell with anything on stderr, so that a forgotten println in an answer would take all
// of those that the learner saw: in a cell that grades, both streams are one.
func errorStream(code string) string {
	if strings.Contains(code, "engine.Grade()") {
		return "stdout"
	}
	return "stderr"
}

func (s stream) Write(p []byte) (int, error) {
	s.out.Stream(protocol.Stream{Cell: s.cell, Name: s.name, Text: string(p)})
	return len(p), nil
}

// stdin asks the learner for a line at a time. It ends with the cell, and at
// once where the front end allows no input. Safe for concurrent use.
type stdin struct {
	ctx   context.Context
	cell  string
	out   protocol.Output
	allow bool

	mu   sync.Mutex
	rest string
}

func (s *stdin) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(p) == 0 {
		return 0, nil
	}
	if s.rest == "" {
		if !s.allow || s.ctx.Err() != nil {
			return 0, io.EOF
		}
		in, err := s.out.Prompt(s.ctx, protocol.Prompt{Cell: s.cell})
		if err != nil || in.EOF {
			return 0, io.EOF
		}
		s.rest = in.Text + "\n"
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}
