package session

import (
	"context"
	"io"
	"strings"
	"sync"
	"unicode/utf8"

	"interleave/kernel/protocol"
)

// stream is stdout or stderr of one cell. It stays good after the cell has
// ended, for goroutines that go on. Safe for concurrent use.
type stream struct {
	cell, name string
	out        protocol.Output

	mu   sync.Mutex
	rest []byte // the beginning of a letter whose end is in the next Write
}

func (s *stream) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := p
	if len(s.rest) > 0 {
		text = append(s.rest, p...)
	}
	whole := len(text) - unfinished(text)
	s.rest = append([]byte(nil), text[whole:]...)
	s.send(text[:whole])
	return len(p), nil
}

// Flush sends what was held back, however broken.
func (s *stream) Flush() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.send(s.rest)
	s.rest = nil
}

func (s *stream) send(text []byte) {
	if len(text) > 0 {
		s.out.Stream(protocol.Stream{Cell: s.cell, Name: s.name, Text: strings.ToValidUTF8(string(text), "\uFFFD")})
	}
}

// unfinished is how many bytes at the end of p begin a letter that p does not end.
func unfinished(p []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(p); n++ {
		b := p[len(p)-n]
		if utf8.RuneStart(b) {
			if !utf8.FullRune(p[len(p)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}

// stdin asks the learner for a line at a time. It ends with the cell, and at
// once where the front end allows no input.
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
