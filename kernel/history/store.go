package history

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"sync"
)

// Store is the history as one kernel sees it. Its methods are safe for concurrent
// use.
//
// It owns one goroutine, which writes; Close ends it.
type Store struct {
	file file // file.path is "" for a history in memory
	log  *slog.Logger

	mu      sync.Mutex // guards what follows
	current []Entry    // all of this session
	closed  bool

	access  sync.Mutex // held while the file is used; guards what follows
	session int        // this session's number, 0 before it has one
	written int        // entries of current that are in the file

	wake chan struct{}
	done sync.WaitGroup
}

// Open returns the history kept at path, whose folder is made when needed. It does not touch
// the file yet. An empty path means a history in memory that ends with the process. A nil log discards.
func Open(path string, log *slog.Logger) *Store {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	s := &Store{file: file{path}, log: log, wake: make(chan struct{}, 1)}
	s.done.Go(func() {
		for range s.wake {
			s.flush()
		}
	})
	return s
}

// Add takes over one executed cell. It does not wait for the file.
func (s *Store) Add(line int, input, output string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	s.current = append(s.current, Entry{Line: line, Input: input, Output: cut(output, maxOutput)})
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Close writes what is not yet written, waiting up to 1 s for each of two attempts where another process
// holds the file. The error is that of the last attempt.
func (s *Store) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	close(s.wake)
	s.mu.Unlock()
	s.done.Wait()
	return s.flush()
}

// flush writes the entries that are not in the file yet.
func (s *Store) flush() error {
	s.access.Lock()
	defer s.access.Unlock()
	return s.flushHeld()
}

// flushHeld is flush for a caller that holds access.
func (s *Store) flushHeld() error {
	entries := s.snapshot()
	if s.file.path == "" || s.written == len(entries) {
		return nil
	}
	err := s.mend(func() error {
		session, err := s.file.write(s.session, entries[s.written:])
		if err == nil {
			s.session, s.written = session, len(entries)
		}
		return err
	})
	if err != nil {
		s.log.Warn("history is kept in memory for now", "err", err)
	}
	return err
}

// mend runs use, and once more on a new file where the old one turns out damaged; this session's
// entries are then written anew.
func (s *Store) mend(use func() error) error {
	var before fs.FileInfo
	if info, err := os.Stat(s.file.path); err == nil {
		before = info
	}
	err := use()
	if !errors.Is(err, errDamaged) {
		return err
	}
	aside, asideErr := s.file.setAside(before)
	if asideErr != nil {
		return errors.Join(err, asideErr)
	}
	s.log.Warn("the history file is damaged; a new one is begun", "err", err, "kept", aside)
	s.session, s.written = 0, 0
	return use()
}

// newest calls visit for entries, newest first, until it returns false: those of this session, from
// memory, then those of all others.
func (s *Store) newest(visit func(Entry) bool) {
	s.access.Lock()
	defer s.access.Unlock()
	number := s.numberHeld()
	for _, e := range slices.Backward(s.snapshot()) {
		e.Session = number
		if !visit(e) {
			return
		}
	}
	s.read(func(e Entry) bool { return e.Session == s.session || visit(e) })
}

// number returns this session's number, or the one that it is to get.
func (s *Store) number() int {
	s.access.Lock()
	defer s.access.Unlock()
	return s.numberHeld()
}

// numberHeld is number for a caller that holds access.
func (s *Store) numberHeld() int {
	s.flushHeld() // gives the number; an error is logged there
	if s.session > 0 {
		return s.session
	}
	return s.read(func(Entry) bool { return false }) + 1
}

// read visits what is in the file and returns the newest session's number. The caller holds access.
func (s *Store) read(visit func(Entry) bool) (newest int) {
	if s.file.path == "" {
		return 0
	}
	err := s.mend(func() (err error) {
		newest, err = s.file.read(visit)
		return err
	})
	if err != nil {
		s.log.Warn("history of earlier sessions cannot be read", "err", err)
	}
	return newest
}

func (s *Store) snapshot() []Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current[:len(s.current):len(s.current)]
}
