package net

import (
	"context"
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"
)

func dial(network, address string, nanos int64) (id int, local, remote string, err error)
func listen(network, address string) (id int, local string, err error)
func serve(id int, deliver func(conn int, local, remote string))
func closeListener(id int) error
func awaitConn(id, n int) ([]byte, error)
func writeConn(id int, b []byte) (int, error)
func closeConn(id int) error
func shutConn(id, which int) error
func deadlineConn(id int, nanos int64, which int) error

// The listeners of the machine, by address. Who dials one of them meets it
// without leaving the machine.
var (
	mu        sync.Mutex
	listeners = map[string]*TCPListener{}
	lastPort  = 32767 // of the dialing ends within the machine
)

// A TCPListener waits for connections, from tasks of the machine and from the
// host's network.
type TCPListener struct {
	network  string
	addr     Addr
	id       int
	queue    chan Conn
	closed   chan struct{}
	once     sync.Once
	deadline pipeDeadline
}

// A UnixListener waits at a socket of the file system.
type UnixListener struct{ *TCPListener }

func (l *UnixListener) AcceptUnix() (*UnixConn, error) {
	c, err := l.Accept()
	if err != nil {
		return nil, err
	}
	return c.(*UnixConn), nil
}

// backlog is how many connections may wait to be accepted.
const backlog = 128

func place(network, s string) Addr {
	if network == "unix" {
		return &UnixAddr{s, network}
	}
	host, port, err := SplitHostPort(s)
	if err != nil {
		return &TCPAddr{}
	}
	n, _ := strconv.Atoi(port)
	return &TCPAddr{IP: ParseIP(host), Port: n}
}

// key is what listeners go by: on this computer a port is enough.
func key(network, address string) string {
	if network == "unix" {
		return "unix " + address
	}
	host, port, err := SplitHostPort(address)
	if err != nil {
		return ""
	}
	switch ip := ParseIP(host); {
	case host == "", host == "localhost", ip != nil && (ip.IsLoopback() || ip.IsUnspecified()):
		return "tcp " + port
	}
	return ""
}

func family(network string) (string, error) {
	switch network {
	case "tcp", "tcp4", "tcp6":
		return "tcp", nil
	case "unix":
		return "unix", nil
	}
	return "", UnknownNetworkError(network)
}

// Listen announces an address.
func Listen(network, address string) (Listener, error) {
	kind, err := family(network)
	if err != nil {
		return nil, &OpError{Op: "listen", Net: network, Err: err}
	}
	if kind == "tcp" && address != "" {
		if _, _, err := SplitHostPort(address); err != nil {
			return nil, &OpError{Op: "listen", Net: network, Err: err}
		}
	}
	id, local, err := listen(network, address)
	if err != nil {
		return nil, err
	}
	l := &TCPListener{network: network, addr: place(kind, local), id: id, queue: make(chan Conn, backlog), closed: make(chan struct{}), deadline: makePipeDeadline()}
	mu.Lock()
	listeners[key(kind, local)] = l
	mu.Unlock()
	serve(id, func(id int, local, remote string) {
		c := newConn(network, place(kind, local), place(kind, remote))
		c.id = id
		select {
		case l.queue <- c.outer():
		default:
			c.Close()
		}
	})
	if kind == "unix" {
		return &UnixListener{l}, nil
	}
	return l, nil
}

func ListenTCP(network string, laddr *TCPAddr) (*TCPListener, error) {
	address := ":0"
	if laddr != nil {
		address = laddr.String()
	}
	if kind, err := family(network); kind != "tcp" {
		if err == nil {
			err = UnknownNetworkError(network)
		}
		return nil, &OpError{Op: "listen", Net: network, Addr: laddr.orNil(), Err: err}
	}
	l, err := Listen(network, address)
	if err != nil {
		return nil, err
	}
	return l.(*TCPListener), nil
}

// ListenUnix announces a socket of the file system.
func ListenUnix(network string, laddr *UnixAddr) (*UnixListener, error) {
	switch {
	case network != "unix":
		return nil, &OpError{Op: "listen", Net: network, Addr: laddr.orNil(), Err: UnknownNetworkError(network)}
	case laddr == nil:
		return nil, &OpError{Op: "listen", Net: network, Err: errMissingAddress}
	}
	l, err := Listen(network, laddr.Name)
	if err != nil {
		return nil, err
	}
	return l.(*UnixListener), nil
}

func (l *TCPListener) Addr() Addr { return l.addr }

func (l *TCPListener) SetDeadline(t time.Time) error {
	l.deadline.set(t)
	return nil
}

func (l *TCPListener) Accept() (Conn, error) {
	if isClosedChan(l.closed) {
		return nil, &OpError{Op: "accept", Net: l.network, Addr: l.addr, Err: ErrClosed}
	}
	select {
	case c := <-l.queue:
		return c, nil
	case <-l.closed:
		return nil, &OpError{Op: "accept", Net: l.network, Addr: l.addr, Err: ErrClosed}
	case <-l.deadline.wait():
		return nil, &OpError{Op: "accept", Net: l.network, Addr: l.addr, Err: errTimeout}
	}
}

func (l *TCPListener) AcceptTCP() (*TCPConn, error) {
	c, err := l.Accept()
	if err != nil {
		return nil, err
	}
	return c.(*TCPConn), nil
}

func (l *TCPListener) Close() error {
	err := error(&OpError{Op: "close", Net: l.network, Addr: l.addr, Err: ErrClosed})
	l.once.Do(func() {
		close(l.closed)
		mu.Lock()
		for k, v := range listeners {
			if v == l {
				delete(listeners, k)
			}
		}
		mu.Unlock()
		closeListener(l.id)
		for {
			select {
			case c := <-l.queue:
				c.Close()
				continue
			default:
			}
			break
		}
		err = nil
	})
	return err
}

// A Dialer connects.
type Dialer struct {
	Timeout       time.Duration
	Deadline      time.Time
	LocalAddr     Addr
	DualStack     bool
	FallbackDelay time.Duration
	KeepAlive     time.Duration
	Resolver      *Resolver
	Cancel        <-chan struct{}

	KeepAliveConfig KeepAliveConfig
}

func Dial(network, address string) (Conn, error) {
	var d Dialer
	return d.Dial(network, address)
}

func DialTimeout(network, address string, timeout time.Duration) (Conn, error) {
	d := Dialer{Timeout: timeout}
	return d.Dial(network, address)
}

func DialTCP(network string, laddr, raddr *TCPAddr) (*TCPConn, error) {
	if kind, err := family(network); kind != "tcp" {
		if err == nil {
			err = UnknownNetworkError(network)
		}
		return nil, &OpError{Op: "dial", Net: network, Addr: raddr.orNil(), Err: err}
	}
	if raddr == nil {
		return nil, &OpError{Op: "dial", Net: network, Err: errMissingAddress}
	}
	c, err := Dial(network, raddr.String())
	if err != nil {
		return nil, err
	}
	return c.(*TCPConn), nil
}

// DialUnix connects with a socket of the file system.
func DialUnix(network string, laddr, raddr *UnixAddr) (*UnixConn, error) {
	switch {
	case network != "unix":
		return nil, &OpError{Op: "dial", Net: network, Addr: raddr.orNil(), Err: UnknownNetworkError(network)}
	case raddr == nil:
		return nil, &OpError{Op: "dial", Net: network, Err: errMissingAddress}
	}
	c, err := Dial(network, raddr.Name)
	if err != nil {
		return nil, err
	}
	return c.(*UnixConn), nil
}

func (d *Dialer) Dial(network, address string) (Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

// DialContext connects to an address.
func (d *Dialer) DialContext(ctx context.Context, network, address string) (Conn, error) {
	if len(network) >= 3 && network[:3] == "udp" {
		to, err := ResolveUDPAddr(network, address)
		if err != nil {
			return nil, &OpError{Op: "dial", Net: network, Err: err}
		}
		return DialUDP(network, nil, to)
	}
	kind, err := family(network)
	if err != nil {
		return nil, &OpError{Op: "dial", Net: network, Err: err}
	}
	var to Addr
	if kind == "unix" {
		to = &UnixAddr{address, kind}
	} else {
		a, err := ResolveTCPAddr(network, address)
		if err != nil {
			return nil, &OpError{Op: "dial", Net: network, Err: err}
		}
		to, address = a, a.String()
	}
	if err := ctx.Err(); err != nil {
		return nil, &OpError{Op: "dial", Net: network, Addr: to, Err: mapError(err)}
	}
	mu.Lock()
	l := listeners[key(kind, address)]
	lastPort++
	port := lastPort
	mu.Unlock()
	if l != nil {
		return d.meet(l, kind, to, port)
	}
	nanos := int64(0)
	if d.Timeout > 0 {
		nanos = int64(d.Timeout)
	}
	if at, ok := ctx.Deadline(); ok {
		if left := max(int64(time.Until(at)), 1); nanos == 0 || left < nanos {
			nanos = left
		}
	}
	id, local, remote, err := dial(network, address, nanos)
	if err != nil {
		if e, ok := err.(*OpError); ok {
			err = e.Err
		}
		return nil, &OpError{Op: "dial", Net: network, Addr: to, Err: err}
	}
	c := newConn(network, place(kind, local), place(kind, remote))
	c.id = id
	return c.outer(), nil
}

// meet connects with a listener of the machine.
func (d *Dialer) meet(l *TCPListener, kind string, to Addr, port int) (Conn, error) {
	var from Addr = &UnixAddr{"@", kind} // it has no name
	if a, ok := to.(*TCPAddr); ok {
		ip := a.IP
		switch {
		case ip == nil || ip.Equal(IPv4zero):
			ip = IPv4(127, 0, 0, 1)
		case ip.IsUnspecified():
			ip = IPv6loopback
		}
		to, from = &TCPAddr{IP: ip, Port: a.Port}, &TCPAddr{IP: ip, Port: port}
	}
	a, b := newStream(), newStream()
	near, far := newConn(kind, from, to), newConn(kind, to, from)
	near.in, near.out = a, b
	far.in, far.out = b, a
	select {
	case l.queue <- far.outer():
		return near.outer(), nil
	default:
		return nil, &OpError{Op: "dial", Net: kind, Addr: to, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	}
}

func mapError(err error) error {
	switch err {
	case context.Canceled:
		return canceledError{}
	case context.DeadlineExceeded:
		return errTimeout
	}
	return err
}

type canceledError struct{}

func (canceledError) Error() string        { return "operation was canceled" }
func (canceledError) Is(target error) bool { return target == context.Canceled }

// A ListenConfig announces addresses.
type ListenConfig struct {
	KeepAlive       time.Duration
	KeepAliveConfig KeepAliveConfig
}

func (lc *ListenConfig) Listen(ctx context.Context, network, address string) (Listener, error) {
	return Listen(network, address)
}

func (lc *ListenConfig) ListenPacket(ctx context.Context, network, address string) (PacketConn, error) {
	return ListenPacket(network, address)
}
