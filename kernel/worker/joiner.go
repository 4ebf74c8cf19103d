package worker

import (
	"sync"
	"time"

	"interleave/kernel/protocol"
)

// joiner hands the events of one worker on, in order and one at a time, and
// joins neighbouring pieces of text: the first piece goes on at once, what
// follows within flushEvery together.
type joiner struct {
	mu    sync.Mutex
	out   protocol.Output // nil: nobody listens
	held  protocol.Stream
	text  []byte // of held
	sent  time.Time
	timer *time.Timer
}

const (
	flushEvery = 20 * time.Millisecond
	flushSize  = 64 << 10 // bytes
)

func newJoiner() *joiner {
	j := &joiner{}
	j.timer = time.AfterFunc(time.Hour, j.flush)
	j.timer.Stop()
	return j
}

// to changes who listens.
func (j *joiner) to(out protocol.Output) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.out = out
}

func (j *joiner) stream(s protocol.Stream) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if s.Cell != j.held.Cell || s.Name != j.held.Name {
		j.send()
		j.held.Cell, j.held.Name = s.Cell, s.Name
	}
	if len(j.text) == 0 {
		if wait := flushEvery - time.Since(j.sent); wait > 0 {
			j.timer.Reset(wait)
		}
	}
	j.text = append(j.text, s.Text...)
	if len(j.text) >= flushSize || time.Since(j.sent) >= flushEvery {
		j.send()
	}
}

// then flushes and calls f, so that what f does comes after the text so far.
func (j *joiner) then(f func(out protocol.Output)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.send()
	if j.out != nil {
		f(j.out)
	}
}

func (j *joiner) flush() { j.then(func(protocol.Output) {}) }

// send hands the held text on. The caller holds mu.
func (j *joiner) send() {
	if len(j.text) == 0 {
		return
	}
	j.timer.Stop()
	j.held.Text = string(j.text)
	j.text = j.text[:0]
	if j.out != nil {
		j.out.Stream(j.held)
	}
	j.sent = time.Now()
}
