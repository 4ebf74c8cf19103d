package async

import (
	"time"
	"unsafe"
)

// A Socket is one end of a connection within the program. What one end sends can be
// received at the other; the loop's selector sees it between two turns.
// (selector_events.py: sock_recv, _sock_recv)
type Socket struct {
	peer   *Socket
	text   []byte
	closed bool // the other end was
	reader *Future[string]
	most   int
	watch  unsafe.Pointer // the goroutine that stands for the registration with the selector
}

// SocketPair makes a connection and gives its two ends: socket.socketpair().
func SocketPair() (a, b *Socket) {
	l := running("async.SocketPair").loop
	a, b = &Socket{}, &Socket{}
	a.peer, b.peer = b, a
	for _, s := range []*Socket{a, b} {
		soon("socket readable", func() { s.watching(l) })
	}
	return a, b
}

// watching is what the selector does for a socket: it waits outside until there is
// something to read and somebody to read it.
func (s *Socket) watching(l *eventLoop) {
	s.watch = self()
	for {
		if s.reader == nil || !s.readable() {
			leave("selector", unsafe.Pointer(s))
		}
		if r := s.reader; r != nil && s.readable() {
			s.reader = nil
			if !r.Done() {
				r.set(s.read(s.most))
			}
		}
	}
}

func (s *Socket) readable() bool { return len(s.text) > 0 || s.closed }

func (s *Socket) read(most int) string {
	n := min(most, len(s.text))
	text := string(s.text[:n])
	s.text = s.text[n:]
	return text
}

// Send sends at once; it never waits.
func (s *Socket) Send(text string) {
	p := s.peer
	p.text = append(p.text, text...)
	p.notify()
}

// Close ends the connection: the other end receives "" when it has read the rest.
func (s *Socket) Close() {
	s.peer.closed = true
	s.peer.notify()
}

func (s *Socket) notify() {
	if s.reader != nil && s.readable() && s.watch != nil {
		wake(s.watch)
	}
}

// Recv waits until there is something, and gives at most so many bytes of it; "" at
// the end of the connection. (loop.sock_recv)
func (s *Socket) Recv(most int) *Coroutine[string] {
	return library("sock_recv", func() string {
		t := awaiting()
		if s.readable() {
			return s.read(most)
		}
		if s.reader != nil {
			throw(RuntimeError, "another task is receiving from this socket already")
		}
		f := newFuture[string](t.loop, "socket")
		s.reader, s.most = f, most
		defer func() {
			if s.reader == f {
				s.reader = nil
			}
		}()
		return f.await()
	})
}

// IO sends a request to a device that serves one after another, each for d, and waits
// for the answer, as for that of a database at the other end of a socket: the selector
// brings it. A device is made when it is named first.
func IO(device string, d time.Duration) *Coroutine[None] {
	return library("io", func() None {
		f := newFuture[None](awaiting().loop, "I/O of "+device)
		soon("I/O of "+device, func() {
			use(device, int64(d))
			if !f.Done() {
				f.set(None{})
			}
		})
		return f.await()
	})
}
