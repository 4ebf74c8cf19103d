package worker

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"interleave/kernel/protocol"
)

// record is what one cell declared.
type record struct {
	protocol.Record
	deaths  int    // of workers that were replaying it
	problem string // why it could not be replayed; empty: it could
}

// maxDeaths is how many workers may die of one record before it is left out.
const maxDeaths = 2

// refill starts what is missing, unless too many workers ended unused. The
// caller holds mu. The error says that there is no active worker.
func (p *Pool) refill() error {
	if p.active == nil {
		p.active, p.spare = p.spare, nil
	}
	for _, place := range []**child{&p.active, &p.spare} {
		if *place != nil || p.early >= maxEarly {
			continue
		}
		c, err := startChild(p, p.cfg, place == &p.spare)
		if err != nil {
			if p.active == nil {
				return err
			}
			return nil
		}
		*place = c
		for _, r := range p.records {
			p.replay(c, r)
		}
	}
	if p.active == nil {
		return errors.New("it ended several times in a row right after its start")
	}
	return nil
}

// opened notes that the session of a worker is open.
func (p *Pool) opened(c *child) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c.open = true
	if c == p.active && !p.closed {
		p.refill() // starts the first spare
	}
}

// replay has a worker take over one record. The caller holds mu.
func (p *Pool) replay(c *child, r *record) {
	if r.deaths >= maxDeaths {
		return
	}
	c.replays = append(c.replays, r)
	if c.stuck == nil {
		c.stuck = time.AfterFunc(answerTime, func() { c.kill("stuck in restoring declarations") })
	}
	c.call(protocol.KindReplay, r.Record, func(f protocol.Frame) {
		problem := "the answer cannot be read"
		f.Decode(&problem)
		p.replayed(c, r, problem)
	})
}

func (p *Pool) replayed(c *child, r *record, problem string) {
	p.mu.Lock()
	tell := p.note("")
	defer func() { p.mu.Unlock(); tell() }()
	c.useful = true
	c.replays = slices.DeleteFunc(c.replays, func(other *record) bool { return other == r })
	if c.stuck.Stop() && len(c.replays) > 0 {
		c.stuck.Reset(answerTime)
	}
	if len(c.replays) == 0 {
		c.stuck = nil
	}
	r.problem = ""
	if problem != "" {
		r.problem = fmt.Sprintf("The declarations of cell[%d] could not be restored: %s", r.Count, problem)
		if c == p.active { // it was promised that they are there
			tell = p.note(r.problem)
		}
	}
}

// over sees to the end of a worker: it says what happened, lets the spare take
// over from the active one, and starts a new spare.
func (p *Pool) over(c *child, state *os.ProcessState) {
	p.mu.Lock()
	tell := p.note("")
	defer func() { p.mu.Unlock(); tell() }()
	if c.stuck != nil {
		c.stuck.Stop()
	}
	d := c.explain(state, p.cfg.Memory)
	c.died = d
	d.Unsaved = c.busy
	if c != p.active && c != p.spare { // restarted or shut down
		return
	}
	switch {
	case len(c.replays) > 0: // the oldest is the one it was at
		r := c.replays[0]
		if r.deaths++; r.deaths >= maxDeaths {
			r.problem = fmt.Sprintf("The declarations of cell[%d] could not be restored: the worker ends of them: %s", r.Count, d.Reason)
		}
	case !c.useful:
		p.early++
	}
	if c == p.spare {
		p.spare = nil
		p.refill()
		return
	}
	p.active = nil
	err := p.refill()
	d.Restored = err == nil
	if err != nil {
		d.Reason += fmt.Sprintf(" (and no new one can be started: %v)", err)
	}
	for _, r := range p.records {
		if r.problem != "" {
			d.NotBack = append(d.NotBack, r.problem)
		}
		for _, name := range r.Vars {
			if !slices.Contains(d.Lost, name) {
				d.Lost = append(d.Lost, name)
			}
		}
	}
	if !c.busy && !c.silent {
		tell = p.note(strings.Join(append([]string{d.Error() + "."}, append(d.Detail, d.consequences()...)...), "\n"))
	}
}

// note prepares to tell the learner something outside any cell, in the output
// of the latest one. The caller holds mu, and calls tell without it.
func (p *Pool) note(text string) (tell func()) {
	out, cell := p.out, p.cell
	return func() {
		if out != nil && text != "" {
			out.Stream(protocol.Stream{Cell: cell, Name: "stderr", Text: text + "\n"})
		}
	}
}

// explain says why the process ended.
func (c *child) explain(state *os.ProcessState, memory int64) *Died {
	c.mu.Lock()
	defer c.mu.Unlock()
	d := &Died{Asked: c.asked}
	d.Reason, d.Detail = cause(state, c.words.String(), memory)
	if c.ordered != "" {
		d.Reason, d.Detail = c.ordered, nil
	}
	return d
}
