package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"sync"

	"github.com/go-zeromq/zmq4"
)

// ErrNoPeer is returned by Send where nobody of that identity is connected.
var ErrNoPeer = errors.New("wire: no such peer")

// ErrClosed is returned by Send and Publish after Close.
var ErrClosed = errors.New("wire: the socket is closed")

// Router is a ROUTER socket: shell, control or stdin.
type Router struct {
	*server
	handle func(frames [][]byte)

	mu    sync.Mutex
	peers map[string]*peer // by identity
	next  uint32           // of the identities invented here
}

// NewRouter binds ep and calls handle for every message that arrives; frames[0] is the identity of
// the peer that sent it. handle runs in that peer's own goroutine: in order for one peer, at the
// same time for different ones, and while it runs the peer's next messages wait. It must return
// when the process is closing down, and must not call Close. A nil log discards.
func NewRouter(ep Endpoint, log *slog.Logger, handle func(frames [][]byte)) (*Router, error) {
	l, port, err := ep.listen()
	if err != nil {
		return nil, err
	}
	return newRouter(l, port, log, handle), nil
}

func newRouter(l net.Listener, port int, log *slog.Logger, handle func(frames [][]byte)) *Router {
	lim := limits{frame: 256 << 20, message: 512 << 20, frames: 1024}
	r := &Router{
		server: newServer(l, port, zmq4.Router, lim, log),
		handle: handle,
		peers:  map[string]*peer{},
		next:   rand.Uint32(),
	}
	r.start(r.talk)
	return r
}

// Send queues a message for the peer whose identity is frames[0], and does not wait. A
// peer whose queue is full (10,000 messages or 64 MB) is disconnected.
func (r *Router) Send(frames [][]byte) error {
	select {
	case <-r.closing:
		return ErrClosed
	default:
	}
	if len(frames) < 2 {
		return errors.New("wire: a message without an identity or without content")
	}
	r.mu.Lock()
	p := r.peers[string(frames[0])]
	r.mu.Unlock()
	if p == nil {
		return ErrNoPeer
	}
	if !p.send(frames[1:]) {
		r.log.Warn("disconnected a peer that does not read")
		p.end()
		return errSlow
	}
	return nil
}

// Close stops accepting, sends what is queued for up to 1 s, disconnects every peer and waits for
// all goroutines. Messages that arrive meanwhile are dropped.
func (r *Router) Close() error { return r.close(drainTimeout) }

// talk serves one connection.
func (r *Router) talk(l *link) {
	p := newPeer(l)
	id, err := r.enter(p)
	if err != nil {
		r.log.Warn("refused a peer", "err", err)
		return
	}
	defer r.leave(id, p)
	err = p.converse(r.closing, func(frames [][]byte) error {
		r.handle(append([][]byte{[]byte(id)}, frames...))
		return nil
	})
	r.log.Debug("peer left", "err", err)
}

// enter gives the peer its identity: its own, or an invented one that begins with a zero byte, which no
// peer may choose. Of two peers of one identity the newer stays: the older is mostly
// the same client before it lost its connection.
func (r *Router) enter(p *peer) (string, error) {
	id := p.identity
	if id != "" && id[0] == 0 {
		return "", fmt.Errorf("wire: identity %q begins with a zero byte", id)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if id == "" {
		r.next++
		id = string(binary.BigEndian.AppendUint32([]byte{0}, r.next))
	}
	if old := r.peers[id]; old != nil {
		old.end()
	}
	r.peers[id] = p
	return id, nil
}

func (r *Router) leave(id string, p *peer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.peers[id] == p {
		delete(r.peers, id)
	}
}
