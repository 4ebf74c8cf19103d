package front

import (
	"context"
	"errors"
	"sync"
	"time"

	"interleave/kernel/message"
	"interleave/kernel/protocol"
)

// inFlight is how long after a failure a request may arrive that was sent
// before the failure was told.
const inFlight = 100 * time.Millisecond

// executor runs the execute_requests one after another.
//
// Goroutines: run, started by the front.
type executor struct {
	front *front
	now   func() time.Time

	mu     sync.Mutex
	change sync.Cond
	queue  []*job
	cancel context.CancelFunc // of the running cell; nil: none runs
	failed time.Time          // when the last failure that aborts others was told
	closed bool

	count int // cells counted so far; only run uses it
}

// job is one execute_request in the queue.
type job struct {
	message *message.Message
	request message.ExecuteRequest
	aborted bool // an earlier one failed
}

func newExecutor(f *front, now func() time.Time) *executor {
	e := &executor{front: f, now: now}
	e.change.L = &e.mu
	return e
}

// add queues a request.
func (e *executor) add(m *message.Message, r message.ExecuteRequest) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.queue = append(e.queue, &job{message: m, request: r, aborted: e.wasInFlight(m)})
	e.change.Signal()
}

// wasInFlight reports whether m, arriving now, was made before the last failure
// was told. Where a front end dates in milliseconds, and where the clock of
// another machine is off, it errs on the side of running the cell.
func (e *executor) wasInFlight(m *message.Message) bool {
	if e.now().Sub(e.failed) > inFlight {
		return false
	}
	made, err := time.Parse(time.RFC3339Nano, m.Header.Date)
	if err != nil {
		return false
	}
	failed := e.failed
	if whole := failed.Truncate(time.Millisecond); made.Equal(whole) {
		failed = whole
	}
	return made.Before(failed)
}

// fail aborts what is queued, and what is on its way.
func (e *executor) fail() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.failed = e.now()
	for _, j := range e.queue {
		j.aborted = true
	}
}

// interrupt stops the running cell and reports whether there was one.
func (e *executor) interrupt() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.cancel == nil {
		return false
	}
	e.front.iopub.unbound(true)
	e.cancel()
	return true
}

// run works until close is called; what is queued then is dropped.
func (e *executor) run(ctx context.Context) {
	for {
		e.mu.Lock()
		for len(e.queue) == 0 && !e.closed {
			e.change.Wait()
		}
		if e.closed {
			e.mu.Unlock()
			return
		}
		j := e.queue[0]
		e.queue[0] = nil
		e.queue = e.queue[1:]
		cell, cancel := context.WithCancel(ctx)
		if !j.aborted {
			e.cancel = cancel
		}
		e.mu.Unlock()
		e.do(cell, j)
		cancel()
	}
}

func (e *executor) close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	e.change.Signal()
}

// do answers one request.
func (e *executor) do(ctx context.Context, j *job) {
	f := e.front
	f.status.begin(j.message)
	defer f.status.end(j.message)
	if j.aborted {
		f.reply(shell, j.message, message.NewExecuteAborted(e.count))
		return
	}
	started := e.now()
	number := e.count + 1
	if j.request.StoreHistory {
		e.count = number
	}
	c := f.cells.add(cell{request: j.message, count: number, silent: j.request.Silent, stdin: j.request.AllowStdin})
	out := output{f}
	out.publish(c.id, "execute_input", message.ExecuteInput{Code: j.request.Code, Count: number})
	done, failure := e.execute(ctx, c, j.request)
	e.mu.Lock()
	e.cancel = nil
	e.mu.Unlock()
	defer f.iopub.unbound(false)

	if j.request.StoreHistory {
		f.cfg.History.Add(number, j.request.Code, f.results.of(c.id))
	}
	var content any = e.success(number, done)
	if failure != nil {
		if j.request.StopOnError {
			e.fail() // before anybody can know of the failure and react to it
		}
		out.publish(c.id, "error", *failure)
		content = message.NewExecuteError(number, *failure)
	}
	f.answerCell(j.message, started, content)
}

// execute hands the cell to the worker and turns every way of failing into the
// error that the learner sees.
func (e *executor) execute(ctx context.Context, c *cell, r message.ExecuteRequest) (protocol.Done, *message.Error) {
	done, err := e.front.cfg.Worker.Execute(ctx, protocol.Execute{
		ID:          c.id,
		Count:       c.count,
		Code:        r.Code,
		Silent:      r.Silent,
		AllowStdin:  r.AllowStdin,
		Expressions: r.Expressions,
	}, output{e.front})
	if err == nil && done.Error == nil {
		return done, nil
	}
	report := done.Error
	if err != nil {
		e.front.comms.forget()
		var died interface{ Report() protocol.Error }
		if errors.As(err, &died) {
			r := died.Report()
			report = &r
		} else {
			report = &protocol.Error{Name: "kernel error", Value: err.Error(), Traceback: []string{err.Error()}}
		}
	}
	return done, &message.Error{Name: report.Name, Value: report.Value, Traceback: report.Traceback}
}

// success is the reply to a cell that ran through.
func (e *executor) success(number int, done protocol.Done) message.ExecuteReply {
	reply := message.ExecuteReply{Count: number, Expressions: message.Object{}}
	for name, x := range done.Expressions {
		if x.Error != nil {
			reply.Expressions[name] = message.ErrorReply{Status: "error", Error: message.Error{Name: x.Error.Name, Value: x.Error.Value, Traceback: x.Error.Traceback}}
			continue
		}
		reply.Expressions[name] = message.Expression{Data: x.Data}
	}
	if done.Page != nil {
		reply.Payload = message.Payloads{{Source: "page", Data: done.Page}}
	}
	return reply
}
