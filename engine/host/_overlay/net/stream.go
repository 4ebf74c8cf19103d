package net

import (
	"io"
	"os"
	"sync"
	"syscall"
	"time"
)

// stream is one direction of a connection within the machine.
type stream struct {
	mu      sync.Mutex
	data    []byte
	ended   bool          // the writer is done
	dropped bool          // the reader is gone
	warned  bool          // the writer has written to nobody once
	lost    bool          // the reader is gone and left something unread: the writer is to be told
	reset   bool          // so did the writer, with what it was sent: the reader is to be told
	changed chan struct{} // closed at the next change
}

// window is how much may lie unread, in bytes.
const window = 64 << 10

func newStream() *stream { return &stream{changed: make(chan struct{})} }

// change tells whoever waits; mu is held.
func (s *stream) change() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// conn is one end of a connection, over two streams or over a socket of the host.
type conn struct {
	network       string
	local, remote Addr

	in, out       *stream // nil: a socket
	id            int
	closed        chan struct{}
	deaf          bool // no more is read
	abrupt        bool // no lingering
	once          sync.Once
	readDeadline  pipeDeadline
	writeDeadline pipeDeadline
}

func newConn(network string, local, remote Addr) *conn {
	return &conn{network: network, local: local, remote: remote, closed: make(chan struct{}), readDeadline: makePipeDeadline(), writeDeadline: makePipeDeadline()}
}

func (c *conn) LocalAddr() Addr  { return c.local }
func (c *conn) RemoteAddr() Addr { return c.remote }

func (c *conn) fail(op string, err error) error {
	if e, ok := err.(*OpError); ok {
		err = e.Err
	}
	if c.in == nil && isClosedChan(c.closed) {
		err = ErrClosed // the host's is another
	}
	return &OpError{Op: op, Net: c.network, Source: c.local, Addr: c.remote, Err: err}
}

func (c *conn) Read(b []byte) (int, error) {
	if isClosedChan(c.closed) {
		return 0, c.fail("read", ErrClosed)
	}
	if isClosedChan(c.readDeadline.wait()) {
		return 0, c.fail("read", errTimeout)
	}
	if len(b) == 0 {
		return 0, nil
	}
	if c.in == nil {
		data, err := awaitConn(c.id, len(b))
		if err != nil && err != io.EOF {
			err = c.fail("read", err)
		}
		return copy(b, data), err
	}
	s := c.in
	for {
		s.mu.Lock()
		if len(s.data) > 0 {
			n := copy(b, s.data)
			s.data = s.data[n:]
			s.change()
			s.mu.Unlock()
			return n, nil
		}
		ended, changed, reset := s.ended || c.deaf, s.changed, s.reset
		s.reset = false
		s.mu.Unlock()
		if reset {
			c.out.mu.Lock()
			c.out.lost, c.out.warned = false, true
			c.out.mu.Unlock()
			return 0, c.fail("read", os.NewSyscallError("read", syscall.ECONNRESET))
		}
		if ended {
			return 0, io.EOF
		}
		select {
		case <-changed:
		case <-c.closed:
			return 0, c.fail("read", ErrClosed)
		case <-c.readDeadline.wait():
			return 0, c.fail("read", errTimeout)
		}
	}
}

func (c *conn) Write(b []byte) (n int, err error) {
	if isClosedChan(c.closed) {
		return 0, c.fail("write", ErrClosed)
	}
	if isClosedChan(c.writeDeadline.wait()) {
		return 0, c.fail("write", errTimeout)
	}
	if c.out == nil {
		if n, err = writeConn(c.id, b); err != nil {
			err = c.fail("write", err)
		}
		return n, err
	}
	s := c.out
	for len(b) > 0 {
		s.mu.Lock()
		if s.dropped || s.ended {
			err := s.broken(c.network)
			s.mu.Unlock()
			switch err {
			case nil:
				return n + len(b), nil
			case syscall.ECONNRESET:
				c.in.mu.Lock()
				c.in.reset = false
				c.in.mu.Unlock()
			}
			return n, c.fail("write", os.NewSyscallError("write", err))
		}
		if room := window - len(s.data); room > 0 {
			m := min(room, len(b))
			s.data = append(s.data, b[:m]...)
			b = b[m:]
			n += m
			s.change()
			s.mu.Unlock()
			continue
		}
		changed := s.changed
		s.mu.Unlock()
		select {
		case <-changed:
		case <-c.closed:
			return n, c.fail("write", ErrClosed)
		case <-c.writeDeadline.wait():
			return n, c.fail("write", errTimeout)
		}
	}
	return n, nil
}

func (c *conn) Close() error {
	err := c.fail("close", ErrClosed)
	c.once.Do(func() {
		close(c.closed)
		err = nil
		if c.in == nil {
			closeConn(c.id)
			return
		}
		c.in.mu.Lock()
		lost := len(c.in.data) > 0 || c.abrupt
		c.in.dropped, c.in.lost = true, lost
		c.in.data = nil
		c.in.change()
		c.in.mu.Unlock()
		c.finish(lost)
	})
	return err
}

// finish ends what this end writes.
func (c *conn) finish(reset bool) {
	c.out.mu.Lock()
	c.out.ended, c.out.reset = true, reset
	c.out.change()
	c.out.mu.Unlock()
}

// broken tells who writes to a stream that nobody reads, or that it has ended itself,
// what became of it; s.mu is held. A first packet of TCP goes out: only the answer
// to it says that the other end is gone.
func (s *stream) broken(network string) error {
	switch {
	case s.ended || network == "unix" || s.warned && !s.lost:
		return syscall.EPIPE
	case s.lost:
		s.lost, s.warned = false, true
		return syscall.ECONNRESET
	}
	s.warned = true
	return nil
}

func (c *conn) CloseWrite() error {
	if isClosedChan(c.closed) {
		return c.fail("close", ErrClosed)
	}
	if c.out == nil {
		return shutConn(c.id, 1)
	}
	c.finish(false)
	return nil
}

func (c *conn) CloseRead() error {
	if isClosedChan(c.closed) {
		return c.fail("close", ErrClosed)
	}
	if c.in == nil {
		return shutConn(c.id, 0)
	}
	c.in.mu.Lock()
	c.deaf = true
	c.in.change()
	c.in.mu.Unlock()
	return nil
}

func (c *conn) SetDeadline(t time.Time) error {
	if err := c.SetReadDeadline(t); err != nil {
		return err
	}
	return c.SetWriteDeadline(t)
}

func (c *conn) SetReadDeadline(t time.Time) error  { return c.deadline(&c.readDeadline, t, 1) }
func (c *conn) SetWriteDeadline(t time.Time) error { return c.deadline(&c.writeDeadline, t, 2) }

func (c *conn) deadline(d *pipeDeadline, t time.Time, which int) error {
	if isClosedChan(c.closed) {
		return &OpError{Op: "set", Net: c.network, Addr: c.local, Err: ErrClosed}
	}
	d.set(t)
	if c.in == nil {
		nanos := int64(-1)
		if !t.IsZero() {
			nanos = max(0, int64(time.Until(t)))
		}
		return deadlineConn(c.id, nanos, which)
	}
	return nil
}

// option is a setting of a socket that changes nothing here.
func (c *conn) option() error {
	if isClosedChan(c.closed) {
		return c.fail("set", ErrClosed)
	}
	return nil
}

func (c *conn) SetReadBuffer(bytes int) error  { return c.option() }
func (c *conn) SetWriteBuffer(bytes int) error { return c.option() }

// A TCPConn is a TCP connection.
type TCPConn struct{ *conn }

// A KeepAliveConfig tells when a silent connection is probed: never here.
type KeepAliveConfig struct {
	Enable         bool
	Idle, Interval time.Duration
	Count          int
}

func (c *TCPConn) SetKeepAlive(keepalive bool) error               { return c.option() }
func (c *TCPConn) SetKeepAlivePeriod(d time.Duration) error        { return c.option() }
func (c *TCPConn) SetKeepAliveConfig(config KeepAliveConfig) error { return c.option() }
func (c *TCPConn) SetNoDelay(noDelay bool) error                   { return c.option() }

// SetLinger with 0 has Close throw away what was not yet sent or read.
func (c *TCPConn) SetLinger(sec int) error {
	c.abrupt = sec == 0
	return c.option()
}

// A UnixConn is a connection through a socket of the file system.
type UnixConn struct{ *conn }

func (c *UnixConn) ReadFromUnix(b []byte) (int, *UnixAddr, error) {
	n, err := c.Read(b)
	return n, nil, err
}

func (c *UnixConn) ReadFrom(b []byte) (int, Addr, error) {
	n, err := c.Read(b)
	return n, nil, err
}

func (c *UnixConn) WriteToUnix(b []byte, addr *UnixAddr) (int, error) { return c.WriteTo(b, addr) }
func (c *UnixConn) WriteTo(b []byte, addr Addr) (int, error) {
	return 0, &OpError{Op: "write", Net: c.network, Source: c.local, Addr: addr, Err: ErrWriteToConnected}
}

func (c *conn) outer() Conn {
	if c.network == "unix" {
		return &UnixConn{c}
	}
	return &TCPConn{c}
}
