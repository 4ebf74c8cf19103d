package net

import (
	"strconv"
	"sync"
	"time"
)

func listenPacket(network, address string) (id int, local string, err error)

// awaitPacket waits for an answer or a deadline: real time passes meanwhile. servePacket
// waits for whoever may come, as accept does.
func awaitPacket(id, n int) (b []byte, from string, err error)
func servePacket(id, n int) (b []byte, from string, err error)
func sendPacket(id int, b []byte, to string) (int, error)

// A UDPConn sends and receives packets through the host.
type UDPConn struct {
	network string
	id      int
	local   *UDPAddr
	remote  *UDPAddr // nil: any
	closed  bool
	timed   bool // reading has a deadline
	mu      sync.Mutex
}

func udpAddr(s string) *UDPAddr {
	host, port, err := SplitHostPort(s)
	if err != nil {
		return &UDPAddr{}
	}
	n, _ := strconv.Atoi(port)
	return &UDPAddr{IP: ParseIP(host), Port: n}
}

// ListenPacket announces an address for packets.
func ListenPacket(network, address string) (PacketConn, error) {
	switch network {
	case "udp", "udp4", "udp6":
	default:
		return nil, &OpError{Op: "listen", Net: network, Err: UnknownNetworkError(network)}
	}
	id, local, err := listenPacket(network, address)
	if err != nil {
		return nil, err
	}
	return &UDPConn{network: network, id: id, local: udpAddr(local)}, nil
}

func ListenUDP(network string, laddr *UDPAddr) (*UDPConn, error) {
	address := ":0"
	if laddr != nil {
		address = laddr.String()
	}
	c, err := ListenPacket(network, address)
	if err != nil {
		return nil, err
	}
	return c.(*UDPConn), nil
}

func DialUDP(network string, laddr, raddr *UDPAddr) (*UDPConn, error) {
	if raddr == nil {
		return nil, &OpError{Op: "dial", Net: network, Err: errMissingAddress}
	}
	if laddr == nil && raddr.IP.IsLoopback() {
		laddr = &UDPAddr{IP: raddr.IP}
	}
	c, err := ListenUDP(network, laddr)
	if err != nil {
		return nil, err
	}
	c.remote = raddr
	return c, nil
}

func (c *UDPConn) fail(op string, to *UDPAddr, err error) error {
	if e, ok := err.(*OpError); ok {
		err = e.Err
	}
	e := &OpError{Op: op, Net: c.network, Source: c.local, Err: err}
	if to != nil {
		e.Addr = to
	}
	return e
}

func (c *UDPConn) gone() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed
}

func (c *UDPConn) ReadFromUDP(b []byte) (n int, addr *UDPAddr, err error) {
	receive := awaitPacket
	if c.remote == nil && !c.timed {
		receive = servePacket
	}
	for {
		if c.gone() {
			return 0, nil, c.fail("read", nil, ErrClosed)
		}
		data, from, err := receive(c.id, len(b))
		if err != nil {
			if c.gone() {
				err = ErrClosed
			}
			return 0, nil, c.fail("read", nil, err)
		}
		addr = udpAddr(from)
		if c.remote == nil || addr.Port == c.remote.Port && addr.IP.Equal(c.remote.IP) {
			return copy(b, data), addr, nil
		}
	}
}

func (c *UDPConn) ReadFrom(b []byte) (int, Addr, error) {
	n, addr, err := c.ReadFromUDP(b)
	if err != nil {
		return n, nil, err
	}
	return n, addr, nil
}

func (c *UDPConn) Read(b []byte) (int, error) {
	n, _, err := c.ReadFromUDP(b)
	return n, err
}

func (c *UDPConn) WriteToUDP(b []byte, addr *UDPAddr) (int, error) {
	if c.remote != nil {
		return 0, c.fail("write", addr, ErrWriteToConnected)
	}
	return c.send(b, addr)
}

func (c *UDPConn) send(b []byte, addr *UDPAddr) (int, error) {
	switch {
	case addr == nil:
		return 0, c.fail("write", nil, errMissingAddress)
	case c.gone():
		return 0, c.fail("write", addr, ErrClosed)
	}
	n, err := sendPacket(c.id, b, addr.String())
	if err != nil {
		err = c.fail("write", addr, err)
	}
	return n, err
}

func (c *UDPConn) WriteTo(b []byte, addr Addr) (int, error) {
	a, ok := addr.(*UDPAddr)
	if !ok {
		return 0, &OpError{Op: "write", Net: c.network, Source: c.local, Addr: addr, Err: InvalidAddrError("not a UDP address")}
	}
	return c.WriteToUDP(b, a)
}

func (c *UDPConn) Write(b []byte) (int, error) { return c.send(b, c.remote) }

func (c *UDPConn) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return c.fail("close", nil, ErrClosed)
	}
	c.closed = true
	return closeConn(c.id)
}

func (c *UDPConn) LocalAddr() Addr { return c.local }

func (c *UDPConn) RemoteAddr() Addr {
	if c.remote == nil {
		return nil
	}
	return c.remote
}

func (c *UDPConn) deadline(t time.Time, which int) error {
	nanos := int64(-1)
	if !t.IsZero() {
		nanos = max(0, int64(time.Until(t)))
	}
	if which != 2 {
		c.timed = !t.IsZero()
	}
	return deadlineConn(c.id, nanos, which)
}

func (c *UDPConn) SetDeadline(t time.Time) error      { return c.deadline(t, 0) }
func (c *UDPConn) SetReadDeadline(t time.Time) error  { return c.deadline(t, 1) }
func (c *UDPConn) SetWriteDeadline(t time.Time) error { return c.deadline(t, 2) }
func (c *UDPConn) SetReadBuffer(bytes int) error      { return nil }
func (c *UDPConn) SetWriteBuffer(bytes int) error     { return nil }
