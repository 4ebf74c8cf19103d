package wire

import (
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/go-zeromq/zmq4/security/null"
)

const (
	maxPeers         = 64 // connections of one socket, handshakes included
	handshakeTimeout = 5 * time.Second
	acceptPause      = 50 * time.Millisecond // after an error of Accept
	drainTimeout     = time.Second           // for what is still queued at Close
)

// server accepts the connections of one socket.
//
// Its goroutines: one accepts; one a connection shakes hands and then reads (serve
// may add a writer). Close ends and joins all of them.
type server struct {
	kind     zmq4.SocketType
	limits   limits
	log      *slog.Logger
	listener net.Listener
	port     int
	serve    func(*link) // talks to a peer until its connection ends; returns soon after closing is closed and the connection too

	closing chan struct{} // closed by Close
	mu      sync.Mutex
	closed  bool
	conns   map[net.Conn]bool // value: the handshake is over
	wg      sync.WaitGroup
}

// newServer takes over a listener; nothing is accepted before start.
func newServer(l net.Listener, port int, kind zmq4.SocketType, lim limits, log *slog.Logger) *server {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &server{
		kind:     kind,
		limits:   lim,
		log:      log.With("socket", l.Addr().String()),
		listener: l,
		port:     port,
		closing:  make(chan struct{}),
		conns:    map[net.Conn]bool{},
	}
}

// start begins to accept; serve is called in a goroutine a connection.
func (s *server) start(serve func(*link)) {
	s.serve = serve
	s.wg.Go(s.accept)
}

// Port returns the port that the socket listens on.
func (s *server) Port() int { return s.port }

func (s *server) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			select {
			case <-s.closing:
				return
			case <-time.After(acceptPause):
				s.log.Warn("accept", "err", err)
				continue
			}
		}
		if !s.admit(conn) {
			conn.Close()
			continue
		}
		s.wg.Go(func() {
			defer s.release(conn)
			s.meet(conn)
		})
	}
}

// admit counts a new connection in.
func (s *server) admit(conn net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.conns) >= maxPeers {
		s.log.Warn("too many connections", "peers", len(s.conns))
		return false
	}
	if s.closed {
		return false
	}
	s.conns[conn] = false
	return true
}

func (s *server) release(conn net.Conn) {
	conn.Close()
	s.mu.Lock()
	delete(s.conns, conn)
	s.mu.Unlock()
}

// meet shakes hands and then serves the connection to its end.
func (s *server) meet(conn net.Conn) {
	conn.SetDeadline(time.Now().Add(handshakeTimeout))
	l, err := open(conn, s.kind, s.limits)
	if err != nil {
		s.log.Debug("handshake", "err", err)
		return
	}
	conn.SetDeadline(time.Time{})
	s.mu.Lock()
	s.conns[conn] = true
	closed := s.closed
	s.mu.Unlock()
	if !closed {
		s.serve(l)
	}
}

// close stops accepting, gives the peers up to drain to be sent what is queued, then
// closes every connection and waits for all goroutines.
func (s *server) close(drain time.Duration) error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		s.wg.Wait()
		return nil
	}
	s.closed = true
	for conn, open := range s.conns {
		if !open {
			conn.Close()
		}
	}
	s.mu.Unlock()
	err := s.listener.Close()
	close(s.closing)

	force := time.AfterFunc(drain, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for conn := range s.conns {
			conn.Close()
		}
	})
	defer force.Stop()
	s.wg.Wait()
	if err != nil {
		return fmt.Errorf("wire: close: %w", err)
	}
	return nil
}

// link is a connection after its handshake.
type link struct {
	*guard
	zmq      *zmq4.Conn
	identity string // as the peer named itself; may be empty
}

// open shakes hands over conn. zmq4 panics on some malformed metadata; that is an
// error like any other here.
func open(conn net.Conn, kind zmq4.SocketType, lim limits) (l *link, err error) {
	defer func() {
		if r := recover(); r != nil {
			l, err = nil, fmt.Errorf("wire: handshake: malformed: %v", r)
		}
	}()
	g := newGuard(conn, lim)
	z, err := zmq4.Open(g, null.Security(), kind, nil, true, nil)
	if err != nil {
		return nil, fmt.Errorf("wire: handshake: %w", err)
	}
	g.open()
	return &link{guard: g, zmq: z, identity: z.Peer.Meta["Identity"]}, nil
}
