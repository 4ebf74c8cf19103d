package host

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"interleave/engine/machine"
)

// driver lets tasks of cells that have ended go on while no cell runs: then the
// virtual clock follows the real one. Its one native goroutine lives while there
// is something to do; whoever else runs the machine holds mu.
type driver struct {
	mu      sync.Mutex
	driving bool          // its goroutine lives
	waiting atomic.Int32  // how many want mu: it lets them have it
	kick    chan struct{} // something may be due earlier than it thinks
	closed  atomic.Bool
	done    sync.WaitGroup
	start   time.Time // real time when the virtual clock stood at origin
	origin  int64
}

// enter takes the machine, from the driver if need be.
func (h *Host) enter() {
	h.driver.waiting.Add(1)
	h.driver.mu.Lock()
	h.driver.waiting.Add(-1)
}

// leave hands the machine to the driver.
func (h *Host) leave() {
	d := &h.driver
	defer d.mu.Unlock()
	h.world.abandon()
	d.start, d.origin = time.Now(), h.machine.Now()
	if d.closed.Load() {
		return
	}
	if d.driving {
		h.wake()
		return
	}
	if !h.machine.Idle() {
		d.driving = true
		d.done.Add(1)
		go h.drive()
	}
}

func (h *Host) wake() {
	select {
	case h.driver.kick <- struct{}{}:
	default:
	}
}

// settling is the virtual time that tasks of earlier cells have before a cell begins,
// however soon after the last one that is: where they come to rest within it, what a
// cell finds does not depend on how quick the computer or the learner was. In ns.
const settling = 1e6

// settle runs what is due before a cell begins.
func (h *Host) settle(ctx context.Context) {
	limit := h.driver.origin + settling
	done := func() bool { return ctx.Err() != nil || !h.machine.Due(limit) }
	for !done() {
		if end, _, err := h.followTo(limit, done); err != nil || end != machine.TaskDied {
			return
		}
	}
}

// behind is how far the virtual clock may fall behind the real one before the
// time is given up, in ns: the machine is slower than what it models.
const behind = 50e6

func (h *Host) drive() {
	d := &h.driver
	defer d.done.Done()
	for {
		d.mu.Lock()
		wait, more := h.follow()
		if !more {
			d.driving = false
			d.mu.Unlock()
			return
		}
		d.mu.Unlock()
		timer := time.NewTimer(wait)
		select {
		case <-d.kick:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// follow runs what is due, and gives the time until there is more.
func (h *Host) follow() (wait time.Duration, more bool) {
	d := &h.driver
	if d.closed.Load() {
		return 0, false
	}
	now := d.origin + time.Since(d.start).Nanoseconds()
	end, next, err := h.followTo(now, func() bool { return d.waiting.Load() > 0 || d.closed.Load() })
	if err != nil {
		return 0, true
	}
	if at := h.machine.Now(); now-at > behind && end != machine.AllAsleep {
		d.start, d.origin = time.Now(), at
	}
	switch end {
	case machine.AllAsleep:
		return 0, false
	case machine.Ahead, machine.Over:
		return time.Duration(max(next-now, 0)), true
	case machine.Interrupted:
		return time.Millisecond, true
	}
	return 0, true
}

// followTo runs what there is to run up to a virtual time, and reports what ends by that.
func (h *Host) followTo(limit int64, poll func() bool) (end machine.End, next int64, err error) {
	cell := h.current
	err = h.guarded(cell, func() error {
		h.died = nil
		end, next = h.machine.Follow(limit, poll)
		if end == machine.TaskDied {
			h.farewell(h.died)
		}
		return nil
	})
	if err != nil {
		h.report(cell, err)
	}
	return end, next, err
}
