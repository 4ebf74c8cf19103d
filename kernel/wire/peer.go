package wire

import (
	"sync"

	"github.com/go-zeromq/zmq4"
)

const (
	queueItems = 10_000   // messages waiting for one peer
	queueBytes = 64 << 20 // bytes waiting for one peer
)

// peer is a connection with a queue. Its goroutines: the connection's own, which reads (in
// converse), and a writer, the only one that writes.
type peer struct {
	*link
	queue *queue
	gone  chan struct{} // closed by end
	once  sync.Once
}

func newPeer(l *link) *peer {
	p := &peer{link: l, queue: newQueue(queueItems, queueBytes), gone: make(chan struct{})}
	l.command = p.answer
	return p
}

// end disconnects the peer; what is queued is lost. It does not wait.
func (p *peer) end() {
	p.once.Do(func() {
		close(p.gone)
		p.link.Close()
	})
}

// send queues one message without waiting; false means that the queue is full.
func (p *peer) send(frames [][]byte) bool { return p.queue.put(newItem(frames)) }

// answer replies to the peer's ZMTP commands; PING is the one that wants it.
func (p *peer) answer(name string, body []byte) error {
	const ttl = 2 // bytes before the context, which the PONG repeats
	if name != zmq4.CmdPing || len(body) < ttl {
		return nil
	}
	it := item{command: zmq4.CmdPong, frames: [][]byte{body[ttl:]}, size: len(body)}
	if !p.queue.put(it) {
		return errSlow
	}
	return nil
}

// converse reads messages until the connection ends or receive returns an error, and
// writes what is queued meanwhile.
func (p *peer) converse(closing <-chan struct{}, receive func(frames [][]byte) error) error {
	var writer sync.WaitGroup
	writer.Go(func() { p.write(closing) })
	defer writer.Wait()
	defer p.end()
	for {
		msg, err := p.zmq.RecvMsg()
		if err != nil {
			return err
		}
		select {
		case <-closing:
			continue // only waiting for the peer to hang up
		default:
		}
		if err := receive(msg.Frames); err != nil {
			return err
		}
	}
}

// write sends what is queued until the peer is gone. When closing is closed it sends the rest and
// then the end of the stream, and leaves the reading side open: closing that as well could make the
// system throw away what the peer has not yet read.
func (p *peer) write(closing <-chan struct{}) {
	for {
		if !p.drain() {
			p.end()
			return
		}
		select {
		case <-p.queue.wake:
		case <-p.gone:
			return
		case <-closing:
			if half, ok := p.Conn.(interface{ CloseWrite() error }); !p.drain() || !ok || half.CloseWrite() != nil {
				p.end()
			}
			return
		}
	}
}

// drain writes all that is queued; false means that the connection broke.
func (p *peer) drain() bool {
	for {
		it, ok := p.queue.take()
		if !ok {
			return p.flush() == nil
		}
		var err error
		if it.command != "" {
			err = p.zmq.SendCmd(it.command, it.frames[0])
		} else {
			err = p.zmq.SendMsg(zmq4.Msg{Frames: it.frames})
		}
		if err != nil {
			return false
		}
		p.queue.done(it)
	}
}
