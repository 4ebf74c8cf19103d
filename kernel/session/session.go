package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"interleave/engine"
	"interleave/engine/check"
	"interleave/engine/host"
	"interleave/engine/library/source"
	"interleave/kernel/display"
	cells "interleave/kernel/engine"
	"interleave/kernel/protocol"
	"interleave/kernel/python"
	"interleave/kernel/session/assist"
)

// Session is one learner's session in a worker. Execute and Replay are called
// one at a time; the other methods also while a cell runs. It starts no
// goroutines of its own; those of cells belong to the evaluator.
type Session struct {
	cfg     Config
	archive func() *source.Archive // opened when it is first wanted

	// turn is full while Execute, Replay or a step of Warm is at work. Who waits
	// for it gets it in the order of asking.
	turn chan struct{}

	// Used by Execute, Replay, Warm and Close only; eval by Comm, too, and set under mu.
	eval    engine.Evaluator
	chosen  Evaluator
	records []protocol.Record // what was declared so far, for another evaluator to take over
	notice  string            // to be shown by the next cell
	closed  atomic.Bool

	// mu is held while something is parsed into the session's file set or while
	// the fields below change, never while a cell runs.
	mu        sync.Mutex
	check     *check.Session
	sources   *sources
	assistant *assist.Assistant
}

// New starts a session. The error says which evaluators there are where the
// named one is not among them.
func New(cfg Config) (*Session, error) {
	if len(cfg.Evaluators) == 0 {
		return nil, fmt.Errorf("session: no evaluator")
	}
	s := &Session{cfg: cfg, sources: newSources(), turn: make(chan struct{}, 1), archive: sync.OnceValue(func() *source.Archive { return openSource(cfg.Source) })}
	if cfg.Evaluator == "" {
		return s, s.beginAny()
	}
	chosen, ok := s.evaluator(cfg.Evaluator)
	if !ok {
		return nil, fmt.Errorf("session: no evaluator %q (there is: %s)", cfg.Evaluator, strings.Join(s.evaluatorNames(), ", "))
	}
	return s, s.begin(chosen)
}

// beginAny begins with the first evaluator that can be opened, and keeps a notice
// where that is not the first.
func (s *Session) beginAny() error {
	var failed []error
	for _, e := range s.cfg.Evaluators {
		err := s.begin(e)
		if err == nil {
			if len(failed) > 0 {
				s.notice = fmt.Sprintf("these cells are run by %s: %v", e.Name, failed[0])
			}
			return nil
		}
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

// begin starts anew with an evaluator; what was declared is forgotten.
func (s *Session) begin(chosen Evaluator) error {
	checked, eval, err := chosen.Open(s.archive)
	switch {
	case err != nil && chosen.Mend != "":
		return fmt.Errorf("evaluator %s: %w\nto mend it: %s", chosen.Name, err, chosen.Mend)
	case err != nil:
		return fmt.Errorf("evaluator %s: %w", chosen.Name, err)
	}
	if s.eval != nil {
		s.eval.Close()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.eval, s.chosen, s.records = eval, chosen, nil
	s.check = checked
	s.assistant = assist.New(assist.Config{Session: s.check, Lock: &s.mu, Source: s.archive, Magics: magicList()})
	return nil
}

func (s *Session) evaluator(name string) (Evaluator, bool) {
	for _, e := range s.cfg.Evaluators {
		if e.Name == name {
			return e, true
		}
	}
	return Evaluator{}, false
}

func (s *Session) evaluatorNames() []string {
	var names []string
	for _, e := range s.cfg.Evaluators {
		names = append(names, e.Name)
	}
	return names
}

// openSource opens the archive, or else the source of a Go installation of the
// version that this program was built with; the source of our own packages for
// cells is there in any case.
func openSource(name string) *source.Archive {
	a := librarySource(name)
	a.Add(reflect.TypeFor[display.Bundle]().PkgPath(), display.Source)
	a.Add(reflect.TypeFor[cells.Option]().PkgPath(), cells.Source)
	a.Add(host.AsyncPath, host.AsyncSource())
	a.Add(host.ProcessPath, host.ProcessSource())
	a.Add(reflect.TypeFor[python.Program]().PkgPath(), python.Source)
	return a
}

func librarySource(name string) *source.Archive {
	if name != "" {
		if a, err := source.Open(name); err == nil {
			return a
		}
	}
	out, err := exec.Command("go", "env", "GOVERSION", "GOROOT").Output()
	version, root, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if err != nil || strings.TrimSpace(version) != runtime.Version() {
		return source.Empty()
	}
	a, err := source.Installed(strings.TrimSpace(root))
	if err != nil {
		return source.Empty()
	}
	return a
}

// Complete implements protocol.Handler.
func (s *Session) Complete(req protocol.Complete) (c protocol.Completions) {
	defer func() {
		if recover() != nil { // no candidates are better than no worker
			c = protocol.Completions{Start: max(req.Cursor, 0), End: max(req.Cursor, 0)}
		}
	}()
	return s.assist().Complete(req)
}

// Inspect implements protocol.Handler.
func (s *Session) Inspect(req protocol.Inspect) (i protocol.Inspection) {
	defer func() {
		if recover() != nil {
			i = protocol.Inspection{}
		}
	}()
	return s.assist().Inspect(req)
}

func (s *Session) assist() *assist.Assistant {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.assistant
}

// Comm implements protocol.Handler. The one target that lives in a worker is that of
// timelines: each message asks for a part of a run, and gets it. A comm of another target,
// or for a run that is no longer kept, is closed at once, as the protocol asks.
func (s *Session) Comm(msg protocol.Comm, out protocol.Output) {
	if msg.Type == "comm_close" {
		return
	}
	s.mu.Lock()
	eval := s.eval
	s.mu.Unlock()
	answer, ok := json.RawMessage(nil), false
	if msg.Type == "comm_msg" || msg.Target == cells.ZoomTarget {
		answer, ok = cells.Zoom(eval, msg.Data)
	}
	if !ok {
		out.Comm(protocol.Comm{Cell: msg.Cell, Type: "comm_close", ID: msg.ID})
		return
	}
	out.Comm(protocol.Comm{Cell: msg.Cell, Type: "comm_msg", ID: msg.ID, Data: json.RawMessage(fmt.Sprintf(`{"part":%s}`, answer))})
}

// Close implements protocol.Handler.
func (s *Session) Close() error {
	s.closed.Store(true)
	if err := s.eval.Close(); err != nil {
		return fmt.Errorf("session: %w", err)
	}
	return nil
}

// Warm implements protocol.Warmer: it loads what the next cells will probably use.
func (s *Session) Warm() (more bool) {
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	w, ok := s.eval.(interface{ Warm() bool })
	if !ok || s.closed.Load() {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return w.Warm()
}

// Replay implements protocol.Handler: it declares what an earlier cell declared.
// Of the record's code only declarations and settings take effect.
func (s *Session) Replay(rec protocol.Record) error {
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	if err := s.replay(rec, false); err != nil {
		return fmt.Errorf("session: record %d: %w", rec.Count, err)
	}
	return nil
}

// replay declares what a record has; moving says that it does so for another
// evaluator, which stays the chosen one.
func (s *Session) replay(rec protocol.Record, moving bool) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("internal error: %v", r)
		}
	}()
	c := &cellRun{s: s, ctx: context.Background(), name: cellName(rec.Count), replay: true, moving: moving}
	c.req.Count = rec.Count
	if bad := c.execute(rec.Code); bad != nil {
		return fmt.Errorf("%s: %s", bad.Name, bad.Value)
	}
	return nil
}

func cellName(count int) string { return fmt.Sprintf("cell[%d]", count) }
