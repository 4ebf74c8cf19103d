package yaegi

import (
	"context"
	"runtime"
	"sync"
	"time"

	"interleave/engine"
)

// run is one cell while anything of it runs.
type run struct {
	ev       *Evaluator
	io       engine.IO
	previous *run
	done     chan struct{} // closed when the cell is cancelled

	mu        sync.Mutex
	cancelled bool
	live      int // goroutines
	started   int
	finished  bool // its main part ended
	step      int
	values    []engine.Value
	err       error
	ended     chan struct{} // closed when err is set, or the main part ended
}

func (ev *Evaluator) newRun(io engine.IO) *run {
	r := &run{ev: ev, io: io, done: make(chan struct{}), ended: make(chan struct{})}
	ev.runMu.Lock()
	defer ev.runMu.Unlock()
	// Only cells that still have goroutines are worth remembering.
	for p := ev.last; p != nil; p = p.previous {
		if p.alive() {
			r.previous = p
			break
		}
	}
	ev.last = r
	return r
}

func (r *run) alive() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.live > 0
}

// main runs body as the cell's main goroutine and waits for it, for a failure
// anywhere in the cell, or for ctx.
func (r *run) main(ctx context.Context, body func()) (engine.Outcome, error) {
	exited := make(chan struct{})
	r.start(func() {
		body()
	}, func() { close(exited) })
	interrupted := false
	select {
	case <-exited:
	case <-r.ended:
	case <-ctx.Done():
		interrupted = true
	}
	r.mu.Lock()
	failed := r.err != nil
	r.mu.Unlock()
	if failed || interrupted {
		r.cancel()
		select {
		case <-exited:
		case <-time.After(300 * time.Millisecond): // stuck in native code; it ends at its next step
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.finished = true
	out := engine.Outcome{Done: r.step, Values: r.values}
	if r.err != nil {
		out.Values = nil
		return out, r.err
	}
	if interrupted {
		out.Values = nil
		return out, engine.ErrInterrupted
	}
	return out, nil
}

// fail ends the cell with err; the first failure counts.
func (r *run) fail(err error) {
	r.mu.Lock()
	first := r.err == nil && !r.cancelled
	if first {
		r.err = err
	}
	late := r.finished
	r.mu.Unlock()
	if !first {
		return
	}
	if late { // nobody waits for this cell any more
		if r.io.Stderr != nil {
			r.io.Stderr.Write([]byte(err.Error() + "\n"))
		}
	}
	r.cancel()
	close(r.ended)
}

// cancel ends all goroutines of the cell: those that wait at once, those that
// run at their next loop or call.
func (r *run) cancel() {
	r.mu.Lock()
	if r.cancelled {
		r.mu.Unlock()
		return
	}
	r.cancelled = true
	live := r.live
	close(r.done)
	r.mu.Unlock()
	if live > 0 {
		r.ev.countStopped(1)
	}
}

func (ev *Evaluator) countStopped(n int) {
	ev.runMu.Lock()
	defer ev.runMu.Unlock()
	ev.stopped += n
	setStop(ev.stop, ev.stopped > 0)
}

// setStop sets the flag that emitted code reads without a lock at every loop: a
// late look costs one more round, and an atomic read each round would cost as
// much as the round. The race detector is told so.
//
//go:norace
func setStop(flag *bool, to bool) { *flag = to }

// start begins a goroutine of the cell; end is called when it is over.
func (r *run) start(body, end func()) {
	r.mu.Lock()
	if r.cancelled && r.started > 0 {
		r.mu.Unlock()
		return
	}
	r.live++
	r.started++
	g := &goroutine{run: r, id: r.started}
	r.mu.Unlock()
	r.ev.waiting.add(1)
	go func() {
		g.enter()
		defer func() {
			x := recover()
			if x != nil {
				g.report(x)
			}
			r.mu.Lock()
			r.live--
			last := r.live == 0 && r.cancelled
			r.mu.Unlock()
			if last {
				r.ev.countStopped(-1)
			}
			r.ev.waiting.add(-1)
			if end != nil {
				end()
			}
		}()
		body()
	}()
}

// poll ends the calling goroutine if its cell was cancelled.
func (ev *Evaluator) poll() {
	r := ev.current().run
	select {
	case <-r.done:
		runtime.Goexit()
	default:
	}
}
