package worker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"interleave/kernel/protocol"
)

// Pool owns the worker that runs cells (the active one) and a warm spare. It
// is what the front calls a Worker. Its methods may be called at the same
// time. Its goroutines are those of its children.
type Pool struct {
	turn sync.Mutex // held while a cell runs

	mu      sync.Mutex
	cfg     Config
	active  *child // nil: none could be started
	spare   *child // nil: not started yet
	records []*record
	early   int // workers in a row that ended without having answered anything
	cell    string
	out     protocol.Output // of the latest Execute or Comm
	closed  bool
}

// maxEarly is how many workers in a row may end unused before the pool waits
// for the next cell with starting another one.
const maxEarly = 3

// answerTime is how long a spare may take for one answer or one replay before
// it is taken for stuck and replaced.
const answerTime = 5 * time.Second

// Start starts the active worker and its spare and returns at once; a cell may
// be executed immediately.
func Start(cfg Config) (*Pool, error) {
	p := &Pool{cfg: cfg.withDefaults()}
	if len(p.cfg.Command) == 0 {
		self, err := ownBinary()
		if err != nil {
			return nil, fmt.Errorf("worker: %w", err)
		}
		p.cfg.Command = append([]string{self, "worker"}, p.cfg.Flags...)
	}
	c, err := startChild(p, p.cfg, false)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.active = c // its spare is started when its session is open
	return p, nil
}

// ownBinary names the program of this process, the very file that it was
// started from even where an upgrade has replaced that since.
func ownBinary() (string, error) {
	const linux = "/proc/self/exe"
	if _, err := os.Stat(linux); err == nil {
		return linux, nil
	}
	return os.Executable()
}

// Execute runs one cell on the active worker and waits for its end. What the
// cell prints, shows and asks goes to out, in order, one call at a time except
// Prompt, which is called in a goroutine of its own with a ctx that ends when
// nobody waits for the answer any more. All output of the cell's main part has
// been given to out before Execute returns; what comes later goes to the out
// of the latest call. Cancelling ctx interrupts the cell: first by asking, and
// after Config.Patience by killing the process.
//
// If the worker dies, the error is a *Died and the spare has taken over when
// Execute returns. A second call waits for the first.
func (p *Pool) Execute(ctx context.Context, req protocol.Execute, out protocol.Output) (protocol.Done, error) {
	p.turn.Lock()
	defer p.turn.Unlock()
	c, err := p.begin(req, out)
	if err != nil {
		return protocol.Done{ID: req.ID}, err
	}
	c.join.to(out)
	reply := make(chan protocol.Done, 1)
	number, err := c.call(protocol.KindExecute, req, func(f protocol.Frame) { reply <- p.finish(c, f) })
	if err != nil && !errors.Is(err, errDied) {
		p.mu.Lock()
		c.busy = false
		p.mu.Unlock()
		return protocol.Done{ID: req.ID}, fmt.Errorf("worker: %w", err)
	}
	ended := make(chan struct{})
	defer close(ended)
	defer context.AfterFunc(ctx, func() { p.interrupt(c, number, ended) })()
	select {
	case done := <-reply:
		return p.replaced(c, done, out), nil
	case <-c.gone:
	}
	select {
	case done := <-reply: // it ended just after the cell
		return p.replaced(c, done, out), nil
	default:
		return protocol.Done{ID: req.ID}, c.died
	}
}

// begin makes the active worker busy with a cell.
func (p *Pool) begin(req protocol.Execute, out protocol.Output) (*child, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, &Died{Reason: "the kernel was shut down"}
	}
	if p.active == nil { // all attempts failed; the cause may be gone by now
		p.early = maxEarly - 1
		if err := p.refill(); err != nil {
			return nil, &Died{Reason: "no new one can be started: " + err.Error()}
		}
	}
	p.cell, p.out = req.ID, out
	p.active.busy = true
	return p.active, nil
}

// finish takes a cell's answer, before anything that its worker sends later.
func (p *Pool) finish(c *child, f protocol.Frame) protocol.Done {
	var done protocol.Done
	if err := f.Decode(&done); err != nil {
		done.Error = &protocol.Error{Name: "internal error", Value: err.Error(), Traceback: []string{err.Error()}}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	c.busy, c.useful = false, true
	if c != p.active {
		return done
	}
	p.early = 0
	if done.Record != nil {
		r := &record{Record: *done.Record}
		p.records = append(p.records, r)
		if p.spare != nil {
			p.replay(p.spare, r)
		}
	}
	if done.Ends {
		c.silent = true
		c.kill("")
	}
	if p.spare == nil && !p.closed {
		p.refill() // without a spare the session goes on, too
	}
	return done
}

// replaced waits for the spare to take over where the session asked for that,
// and adds to the answer what that means for the learner.
func (p *Pool) replaced(c *child, done protocol.Done, out protocol.Output) protocol.Done {
	if !done.Ends {
		return done
	}
	<-c.gone
	lines := c.died.consequences()
	if done.Error != nil {
		done.Error.Traceback = append(done.Error.Traceback, lines...)
	} else if len(lines) > 0 {
		out.Stream(protocol.Stream{Cell: done.ID, Name: "stderr", Text: strings.Join(lines, "\n") + "\n"})
	}
	return done
}

// interrupt asks the cell to end, and kills it if that takes too long.
func (p *Pool) interrupt(c *child, number uint32, ended <-chan struct{}) {
	c.send(protocol.KindInterrupt, number, nil)
	select {
	case <-ended:
	case <-c.gone:
	case <-time.After(p.cfg.Patience):
		c.mu.Lock()
		c.asked = true
		c.mu.Unlock()
		c.kill("interrupted")
	}
}

// Interrupt stops the goroutines that ended cells left running.
func (p *Pool) Interrupt() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.active != nil {
		p.active.send(protocol.KindInterrupt, 0, nil)
	}
}

// Complete answers from the spare, so it is quick while a cell runs.
func (p *Pool) Complete(ctx context.Context, req protocol.Complete) (answer protocol.Completions, err error) {
	return answer, p.ask(ctx, protocol.KindComplete, req, &answer)
}

// Inspect answers from the spare, as Complete does.
func (p *Pool) Inspect(ctx context.Context, req protocol.Inspect) (answer protocol.Inspection, err error) {
	return answer, p.ask(ctx, protocol.KindInspect, req, &answer)
}

// IsComplete answers from the spare, as Complete does.
func (p *Pool) IsComplete(ctx context.Context, code string) (answer protocol.Completeness, err error) {
	return answer, p.ask(ctx, protocol.KindIsComplete, code, &answer)
}

// ask puts a question to the spare, or to the active worker while the spare is
// not ready. A spare that does not answer is replaced.
func (p *Pool) ask(ctx context.Context, kind protocol.Kind, question, answer any) error {
	p.mu.Lock()
	c := p.spare
	if c == nil || !c.open || len(c.replays) > 0 {
		c = p.active
	}
	p.mu.Unlock()
	if c == nil {
		return errDied
	}
	ctx, cancel := context.WithTimeoutCause(ctx, answerTime, errStuck)
	defer cancel()
	err := c.ask(ctx, kind, question, answer)
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case err == nil:
		c.useful = true
	case context.Cause(ctx) == errStuck && c == p.spare:
		c.kill("stuck in answering a question")
	}
	return err
}

var errStuck = errors.New("worker: no answer")

// Comm hands a comm message of the front end to the active worker; what that
// sends goes to out.
func (p *Pool) Comm(_ context.Context, msg protocol.Comm, out protocol.Output) error {
	const manyWaiting = 10_000
	p.mu.Lock()
	c := p.active
	p.out = out
	p.mu.Unlock()
	if c == nil {
		return errDied
	}
	if c.queue.len() > manyWaiting {
		return errors.New("worker: too many messages wait for the worker")
	}
	c.join.to(out)
	if !c.send(protocol.KindComm, 0, msg) {
		return errDied
	}
	return nil
}

// SetOutputLimit changes Config.OutputLimit for all cells from now on,
// in bytes; negative: no limit.
func (p *Pool) SetOutputLimit(bytes int64) { p.limited(nil, bytes) }

// limited makes a new output limit known to all workers but from.
func (p *Pool) limited(from *child, bytes int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cfg.OutputLimit = bytes
	for _, c := range []*child{p.active, p.spare} {
		if c != nil && c != from {
			c.send(protocol.KindLimit, 0, bytes)
		}
	}
}

// Restart forgets the session: it ends a running cell and both workers and
// starts new ones with no declarations. A running Execute returns a *Died.
func (p *Pool) Restart() error {
	p.mu.Lock()
	old := p.dismiss("the kernel was restarted")
	p.early = 0
	var err error
	if !p.closed {
		err = p.refill()
	}
	p.mu.Unlock()
	for _, c := range old {
		c.kill("")
		<-c.gone
	}
	return err
}

// Close ends both workers and every process they started, and returns when all
// goroutines of the pool have ended. A running Execute returns a *Died.
func (p *Pool) Close() error {
	const politely = 300 * time.Millisecond
	p.mu.Lock()
	p.closed = true
	old := p.dismiss("the kernel was shut down")
	for _, c := range old {
		if c.busy {
			c.kill("")
		}
	}
	p.mu.Unlock()
	late := time.NewTimer(politely)
	defer late.Stop()
	for _, c := range old {
		c.requests.Close() // which an idle worker takes as its end
	}
	for _, c := range old {
		select {
		case <-c.gone:
			continue
		case <-late.C:
			late.Reset(0)
		}
		c.kill("")
		<-c.gone
	}
	return nil
}

// dismiss takes both workers out of the pool. The caller holds mu.
func (p *Pool) dismiss(why string) (old []*child) {
	for _, c := range []*child{p.active, p.spare} {
		if c != nil {
			c.order(why)
			old = append(old, c)
		}
	}
	p.active, p.spare, p.records = nil, nil, nil
	return old
}
