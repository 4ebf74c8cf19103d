package speed

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/traefik/yaegi/stdlib"
	"github.com/traefik/yaegi/stdlib/syscall"
	"github.com/traefik/yaegi/stdlib/unrestricted"
	"github.com/traefik/yaegi/stdlib/unsafe"

	"interleave/engine"
	"interleave/engine/check"
	"interleave/engine/host"
	"interleave/engine/library"
	"interleave/engine/library/source"
	"interleave/engine/machine"
	"interleave/engine/syntax"
	"interleave/engine/yaegi"
)

// Session is an evaluator with the cells that it has run.
type Session struct {
	check *check.Session
	ev    engine.Evaluator
	out   strings.Builder
	errs  strings.Builder
}

// ErrRefused says that the evaluator does not run a cell; the text says why.
var ErrRefused = errors.New("refused")

// NewMachine begins a session on the machine.
func NewMachine(archive *source.Archive, config machine.Config) (*Session, error) {
	s := &Session{check: check.NewSession(library.New(stdlib.Symbols))}
	h, err := host.New(s.check, archive, config)
	if err != nil {
		return nil, fmt.Errorf("speed: %w", err)
	}
	s.ev = h
	return s, nil
}

// NewYaegi begins a session on yaegi.
func NewYaegi() (*Session, error) {
	tables := []map[string]map[string]reflect.Value{stdlib.Symbols, syscall.Symbols, unrestricted.Symbols, unsafe.Symbols}
	lib := library.New(tables...)
	ev, err := yaegi.New(yaegi.Config{Library: lib, Tables: tables})
	if err != nil {
		return nil, fmt.Errorf("speed: %w", err)
	}
	return &Session{check: check.NewSession(lib), ev: ev}, nil
}

// Check is what checks the session's cells.
func (s *Session) Check() *check.Session { return s.check }

// Evaluator is what runs them.
func (s *Session) Evaluator() engine.Evaluator { return s.ev }

// Time runs a cell and gives what it printed and how long the evaluator took,
// without parse and check. A cell whose name is "cell[n]" is traced as a notebook's
// are.
func (s *Session) Time(name, text string) (string, time.Duration, error) {
	cell, syntaxErrs := syntax.Parse(s.check.Fset(), name, text)
	if len(syntaxErrs) > 0 {
		return "", 0, fmt.Errorf("speed: %s: %s", name, syntaxErrs[0].Msg)
	}
	p, errs := s.check.Check(cell)
	if len(errs) > 0 {
		return "", 0, fmt.Errorf("speed: %s: %w", name, errs[0])
	}
	if no := s.ev.Refuse(p); len(no) > 0 {
		return "", 0, fmt.Errorf("speed: %s: %w: %s", name, ErrRefused, no[0].Error())
	}
	s.out.Reset()
	began := time.Now()
	outcome, err := s.ev.Run(context.Background(), p, engine.IO{Stdout: &s.out, Stderr: &s.errs, Stdin: strings.NewReader("")})
	took := time.Since(began)
	s.check.Commit(p, outcome.Done)
	if err != nil {
		return "", 0, fmt.Errorf("speed: %s: %w", name, err)
	}
	return s.out.String(), took, nil
}

// Close ends the session's tasks.
func (s *Session) Close() error { return s.ev.Close() }
