package front

import (
	"sync"

	"interleave/kernel/message"
)

// publisher is the one way to iopub: a queue that keeps the order of its calls.
//
// Goroutines: run, started by the Front.
type publisher struct {
	send func(*message.Message)

	mu     sync.Mutex
	change sync.Cond // of any field below
	queue  []*message.Message
	sizes  int  // bytes of content and buffers in queue
	free   bool // output does not wait for room
	closed bool
}

// Output waits while this much is queued: enough to keep the socket busy, too
// little to fill the memory or to make an interrupt look late.
const (
	roomMessages = 1000
	roomBytes    = 32 << 20
)

func newPublisher(send func(*message.Message)) *publisher {
	p := &publisher{send: send}
	p.change.L = &p.mu
	return p
}

// post queues m and never waits.
func (p *publisher) post(m *message.Message) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.add(m)
}

// output queues m and waits for room first.
func (p *publisher) output(m *message.Message) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for !p.free && !p.closed && (len(p.queue) >= roomMessages || p.sizes >= roomBytes) {
		p.change.Wait()
	}
	p.add(m)
}

func (p *publisher) add(m *message.Message) {
	if p.closed {
		return
	}
	p.queue = append(p.queue, m)
	p.sizes += size(m)
	p.change.Broadcast()
}

// unbound says whether output goes without waiting. An interrupted cell is let
// finish this way even where its readers are slow: what it still has to say is
// bounded.
func (p *publisher) unbound(free bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free = free
	p.change.Broadcast()
}

// run sends until close was called and the queue is empty.
func (p *publisher) run() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		for len(p.queue) == 0 && !p.closed {
			p.change.Wait()
		}
		if len(p.queue) == 0 {
			return
		}
		m := p.queue[0]
		p.queue[0] = nil
		p.queue = p.queue[1:]
		p.sizes -= size(m)
		p.change.Broadcast()
		p.mu.Unlock()
		p.send(m)
		p.mu.Lock()
	}
}

// close refuses further messages; run ends when the queued ones are sent.
func (p *publisher) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.change.Broadcast()
}

func size(m *message.Message) int {
	n := len(m.Content)
	for _, b := range m.Buffers {
		n += len(b)
	}
	return n
}
