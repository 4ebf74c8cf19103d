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

// servePackets hands each packet that comes from outside to a function, until the
// socket is closed.
func servePackets(id int, deliver func(b []byte, from string))

// A UDPConn sends and receives packets. Those between sockets of the machine stay in
// it; all others are the host's.
type UDPConn struct {
	network  string
	id       int
	local    *UDPAddr
	remote   *UDPAddr // nil: any
	timed    bool     // reading has a deadline
	queue    chan packet
	served   bool // the host's packets come into the queue, too
	outside  bool // it has sent a packet to the host's network
	closing  chan struct{}
	deadline pipeDeadline // of reading from the queue
	mu       sync.Mutex
}

type packet struct {
	data []byte
	from *UDPAddr
}

// unread is how many packets wait at a socket; more are lost.
const unread = 256

// The sockets of the machine, by port.
var sockets = map[int]*UDPConn{}

// socketAt gives the machine's own at an address of this computer; nil: there is none.
func socketAt(addr *UDPAddr) *UDPConn {
	if addr.IP != nil && !addr.IP.IsLoopback() && !addr.IP.IsUnspecified() {
		return nil
	}
	mu.Lock()
	defer mu.Unlock()
	return sockets[addr.Port]
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
	c := &UDPConn{network: network, id: id, local: udpAddr(local), queue: make(chan packet, unread), closing: make(chan struct{}), deadline: makePipeDeadline()}
	mu.Lock()
	sockets[c.local.Port] = c
	mu.Unlock()
	return c, nil
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

func (c *UDPConn) gone() bool { return isClosedChan(c.closing) }

// inside tells whether what the socket reads next comes into its queue: not so where
// it waits for an answer from the host's network.
func (c *UDPConn) inside() bool {
	if c.remote != nil {
		return !c.outside && socketAt(c.remote) != nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.outside && !c.served {
		return false
	}
	if !c.served {
		c.served = true
		deadlineConn(c.id, -1, 1)
		servePackets(c.id, func(b []byte, from string) { c.put(packet{b, udpAddr(from)}) })
	}
	return true
}

func (c *UDPConn) put(p packet) {
	select {
	case c.queue <- p:
	default:
	}
}

// take waits for the next packet of the queue.
func (c *UDPConn) take() (packet, error) {
	if isClosedChan(c.deadline.wait()) {
		return packet{}, errTimeout
	}
	select {
	case p := <-c.queue:
		return p, nil
	default:
	}
	select {
	case p := <-c.queue:
		return p, nil
	case <-c.closing:
		return packet{}, ErrClosed
	case <-c.deadline.wait():
		return packet{}, errTimeout
	}
}

func (c *UDPConn) ReadFromUDP(b []byte) (n int, addr *UDPAddr, err error) {
	for {
		if c.gone() {
			return 0, nil, c.fail("read", nil, ErrClosed)
		}
		p, err := c.next(len(b))
		if err != nil {
			if c.gone() {
				err = ErrClosed
			}
			return 0, nil, c.fail("read", nil, err)
		}
		if c.remote == nil || p.from.Port == c.remote.Port && p.from.IP.Equal(c.remote.IP) {
			return copy(b, p.data), p.from, nil
		}
	}
}

func (c *UDPConn) next(n int) (packet, error) {
	if c.inside() {
		return c.take()
	}
	receive := awaitPacket
	if c.remote == nil && !c.timed {
		receive = servePacket
	}
	data, from, err := receive(c.id, n)
	return packet{data, udpAddr(from)}, err
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
	if to := socketAt(addr); to != nil {
		from := *c.local
		if from.IP.IsUnspecified() {
			if from.IP = addr.IP; from.IP == nil || from.IP.IsUnspecified() {
				from.IP = IPv4(127, 0, 0, 1)
			}
		}
		to.put(packet{append([]byte(nil), b...), &from})
		return len(b), nil
	}
	c.outside = true
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
	if c.gone() {
		return c.fail("close", nil, ErrClosed)
	}
	close(c.closing)
	mu.Lock()
	if sockets[c.local.Port] == c {
		delete(sockets, c.local.Port)
	}
	mu.Unlock()
	return closeConn(c.id)
}

func (c *UDPConn) LocalAddr() Addr { return c.local }

func (c *UDPConn) RemoteAddr() Addr {
	if c.remote == nil {
		return nil
	}
	return c.remote
}

func (c *UDPConn) setDeadline(t time.Time, which int) error {
	if c.gone() {
		return &OpError{Op: "set", Net: c.network, Addr: c.local, Err: ErrClosed}
	}
	nanos := int64(-1)
	if !t.IsZero() {
		nanos = max(0, int64(time.Until(t)))
	}
	if which != 2 {
		c.timed = !t.IsZero()
		c.deadline.set(t)
		if c.served {
			return nil
		}
	}
	return deadlineConn(c.id, nanos, which)
}

func (c *UDPConn) SetDeadline(t time.Time) error      { return c.setDeadline(t, 0) }
func (c *UDPConn) SetReadDeadline(t time.Time) error  { return c.setDeadline(t, 1) }
func (c *UDPConn) SetWriteDeadline(t time.Time) error { return c.setDeadline(t, 2) }
func (c *UDPConn) SetReadBuffer(bytes int) error      { return nil }
func (c *UDPConn) SetWriteBuffer(bytes int) error     { return nil }
