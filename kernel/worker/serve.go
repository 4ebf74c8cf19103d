package worker

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"interleave/kernel/protocol"
)

// Serve is the main function of a worker process: it speaks the protocol over
// standard input and output until the parent closes them. open makes the
// session; it is called after the standard files were replaced and the limits
// set. Serve returns when the parent wants no more; the process should then
// exit with 0, or with 1 on an error.
func Serve(open func() (protocol.Handler, error)) error {
	files, err := takeFiles()
	if err != nil {
		return fmt.Errorf("worker: standard files: %w", err)
	}
	err = files.serve(open)
	if err != nil {
		fmt.Fprintln(files.words, err) // os.Stderr leads back to this process by now
	}
	return err
}

func (files ownFiles) serve(open func() (protocol.Handler, error)) error {
	calls, unbuffered, err := newCalls(files.requests)
	if err != nil {
		return fmt.Errorf("worker: standard files: %w", err)
	}
	requests := bufio.NewReaderSize(unbuffered, 64<<10)
	setup, err := readSetup(requests)
	if err != nil {
		return err
	}
	if err := limitProcess(setup); err != nil {
		return fmt.Errorf("worker: limits: %w", err)
	}
	out := newOutput(files, setup.OutputLimit)
	if err := out.begin(""); err != nil {
		return fmt.Errorf("worker: standard files: %w", err)
	}
	handler, err := open()
	if err != nil {
		return fmt.Errorf("worker: session: %w", err)
	}
	s := &server{
		handler: handler, out: out, calls: calls, nice: setup.Nice,
		cells: newQueue[protocol.Frame](), questions: newQueue[protocol.Frame](), comms: newQueue[protocol.Frame](),
	}
	out.send(protocol.KindReady, 0, nil)
	s.tidy = time.AfterFunc(tidyAfter, debug.FreeOSMemory)
	if w, ok := handler.(protocol.Warmer); ok {
		go s.warm(w, setup.Spare)
	}
	return s.serve(requests)
}

// tidyAfter is how long nothing must have been to do until a worker collects its
// garbage and gives the memory back.
const tidyAfter = 2 * time.Second

func readSetup(r io.Reader) (protocol.Setup, error) {
	var setup protocol.Setup
	f, err := protocol.ReadFrame(r)
	if err != nil {
		return setup, fmt.Errorf("worker: setup: %w", err)
	}
	if f.Kind != protocol.KindSetup {
		return setup, fmt.Errorf("worker: frame %q before the setup", f.Kind)
	}
	return setup, f.Decode(&setup)
}

// server is the child's side. Its goroutines, besides those of output: serve
// reads requests; runCells runs cells and replays, each cell in a goroutine of
// its own; answer answers questions; hearComms delivers comm messages; warm
// prepares for cells.
type server struct {
	handler protocol.Handler
	out     *output
	calls   *calls
	nice    int
	niced   bool        // used by runCells only
	tidy    *time.Timer // gives memory back when there has been nothing to do for a while

	cells, questions, comms *queue[protocol.Frame]

	mu      sync.Mutex
	running uint32               // number of the request whose cell runs; 0: none
	early   uint32               // latest interrupt that named a cell
	stop    context.CancelFunc   // of the running cell
	ended   []context.CancelFunc // of ended cells, whose goroutines may go on
}

func (s *server) serve(requests io.Reader) error {
	go s.runCells()
	go s.answer()
	go s.hearComms()
	err := s.read(requests)
	s.interrupt(0)
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		s.handler.Close()
	}()
	select {
	case <-closed:
	case <-time.After(time.Second): // a cell that does not end may hold it up
	}
	endGroup() // the processes that cells left behind, and on unix this one
	return err
}

func (s *server) read(requests io.Reader) error {
	for {
		f, err := protocol.ReadFrame(requests)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch f.Kind {
		case protocol.KindExecute, protocol.KindReplay:
			s.cells.push(f)
		case protocol.KindComplete, protocol.KindInspect, protocol.KindIsComplete:
			s.questions.push(f)
		case protocol.KindComm:
			s.comms.push(f)
		case protocol.KindInterrupt:
			s.interrupt(f.Number)
		case protocol.KindInput:
			s.out.answered(f)
		case protocol.KindLimit:
			var limit int64
			if f.Decode(&limit) == nil {
				s.out.limitTo(limit)
			}
		default:
			return fmt.Errorf("worker: frame %q from the front", f.Kind)
		}
	}
}

// interrupt ends the running cell if the number is its own or 0. Without a
// running cell, 0 ends what the goroutines of ended cells do.
func (s *server) interrupt(number uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.running != 0 && (number == 0 || number == s.running):
		s.stop()
	case number != 0:
		s.early = number // that cell has not begun yet, or has ended
	default:
		for _, stop := range s.ended {
			stop()
		}
		s.ended = nil
	}
}

func (s *server) runCells() {
	for {
		f, ok := s.cells.pop()
		if !ok {
			return
		}
		s.tidy.Stop()
		if f.Kind == protocol.KindReplay {
			s.out.send(protocol.KindReplayed, f.Number, s.replay(f))
			s.tidy.Reset(tidyAfter)
			continue
		}
		if !s.niced {
			s.niced = true
			lowerPriority(s.nice)
		}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			s.execute(f)
		}()
		s.calls.look(ended)
		<-ended
		s.tidy.Reset(tidyAfter)
	}
}

// execute runs one cell. It answers whatever the handler does: return, panic,
// or end its goroutine.
func (s *server) execute(f protocol.Frame) {
	var req protocol.Execute
	done := protocol.Done{Error: &protocol.Error{Name: "internal error", Value: "the cell's goroutine was ended by runtime.Goexit"}}
	defer func() {
		if v := recover(); v != nil {
			done = protocol.Done{Error: internalError(v)}
		}
		done.ID = req.ID
		s.ran()
		s.out.done(f.Number, done)
	}()
	if err := f.Decode(&req); err != nil {
		done.Error.Value = err.Error()
		return
	}
	ctx := s.run(f.Number)
	if err := s.out.begin(req.ID); err != nil {
		done.Error.Value = "no standard files for the cell: " + err.Error()
		return
	}
	done = s.handler.Execute(ctx, req, s.out)
}

// run makes the cell of that request the running one.
func (s *server) run(number uint32) context.Context {
	ctx, stop := context.WithCancel(context.Background())
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running, s.stop = number, stop
	if s.early == number {
		stop()
	}
	return ctx
}

func (s *server) ran() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running != 0 {
		s.running = 0
		s.ended = append(s.ended, s.stop)
	}
}

func (s *server) replay(f protocol.Frame) (problem string) {
	defer func() {
		if v := recover(); v != nil {
			problem = internalError(v).Value
		}
	}()
	var rec protocol.Record
	if err := f.Decode(&rec); err != nil {
		return err.Error()
	}
	if err := s.handler.Replay(rec); err != nil {
		return err.Error()
	}
	return ""
}

func (s *server) answer() {
	for {
		f, ok := s.questions.pop()
		if !ok {
			return
		}
		kind, answer := s.answerTo(f)
		s.out.send(kind, f.Number, answer)
	}
}

// answerTo finds the answer; after a panic of the handler it is an empty one.
func (s *server) answerTo(f protocol.Frame) (kind protocol.Kind, answer any) {
	defer func() { recover() }()
	switch f.Kind {
	case protocol.KindComplete:
		var req protocol.Complete
		f.Decode(&req)
		kind, answer = protocol.KindCompletions, protocol.Completions{Start: req.Cursor, End: req.Cursor}
		answer = s.handler.Complete(req)
	case protocol.KindInspect:
		var req protocol.Inspect
		f.Decode(&req)
		kind, answer = protocol.KindInspection, protocol.Inspection{}
		answer = s.handler.Inspect(req)
	default:
		var code string
		f.Decode(&code)
		kind, answer = protocol.KindCompleteness, protocol.Completeness{Status: "unknown"}
		answer = s.handler.IsComplete(code)
	}
	return kind, answer
}

func (s *server) hearComms() {
	for {
		f, ok := s.comms.pop()
		if !ok {
			return
		}
		s.comm(f)
	}
}

func (s *server) comm(f protocol.Frame) {
	var msg protocol.Comm
	defer func() {
		if v := recover(); v != nil {
			s.out.Stream(protocol.Stream{Cell: msg.Cell, Name: "stderr", Text: strings.Join(internalError(v).Traceback, "\n") + "\n"})
		}
	}()
	if f.Decode(&msg) == nil {
		s.handler.Comm(msg, s.out)
	}
}

// spareWaits is how long a spare leaves the processor to the other worker, whose
// first cell may come at once.
const spareWaits = time.Second

// warm uses the time until there is something to do. A spare, which has time,
// collects its garbage often, so that what stays lies close together.
func (s *server) warm(w protocol.Warmer, spare bool) {
	defer func() { recover() }() // the cell that needs what failed will tell
	if spare {
		time.Sleep(spareWaits)
		defer debug.SetGCPercent(debug.SetGCPercent(collectAt / 2))
	}
	for w.Warm() {
	}
	s.tidy.Reset(tidyAfter)
}

// internalError reports a panic of our own code, with the frames that a bug
// report needs.
func internalError(v any) *protocol.Error {
	value := fmt.Sprint(v)
	return &protocol.Error{
		Name:      "internal error",
		Value:     value,
		Traceback: []string{"internal error: " + value, string(debug.Stack())},
	}
}
