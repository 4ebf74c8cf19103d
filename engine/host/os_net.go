package host

import (
	"context"
	"net"
	"time"

	"interleave/engine/machine"
)

// sockets are the host's ends of connections that leave the machine.
//
// A listener has a native goroutine that accepts until it is closed.
type sockets struct {
	h         *Host
	conns     table[net.Conn]
	listeners table[net.Listener]
}

func newSockets(h *Host) *sockets {
	return &sockets{h: h, conns: newTable[net.Conn](1), listeners: newTable[net.Listener](1)}
}

func (s *sockets) deeds() map[string]deed {
	return map[string]deed{
		"net.dial":          {f: s.dial, away: true, busy: true},
		"net.awaitConn":     {f: s.read, away: true, busy: true},
		"net.writeConn":     {f: s.write, away: true, busy: true},
		"net.lookupHost":    {f: net.LookupHost, away: true, busy: true},
		"net.lookupPort":    {f: net.LookupPort},
		"net.listen":        {f: s.listen},
		"net.closeListener": {f: s.closeListener},
		"net.closeConn":     {f: s.close},
		"net.shutConn":      {f: s.shut},
		"net.deadlineConn":  {f: s.deadline},
	}
}

func (s *sockets) natives() map[string]machine.Native {
	return map[string]machine.Native{"net.serve": s.serve, "net.servePackets": s.servePackets}
}

func (s *sockets) dial(network, address string, nanos int64) (int, string, string, error) {
	ctx := context.Background()
	if nanos > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(nanos))
		defer cancel()
	}
	c, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return 0, "", "", err
	}
	return s.conns.add(c), c.LocalAddr().String(), c.RemoteAddr().String(), nil
}

func (s *sockets) listen(network, address string) (int, string, error) {
	l, err := net.Listen(network, address)
	if err != nil {
		return 0, "", err
	}
	return s.listeners.add(l), l.Addr().String(), nil
}

// serve hands each connection that comes from outside to a function of the
// program.
func (s *sockets) serve(x *machine.Exec) machine.Status {
	l, _ := s.listeners.get(int(x.Arg(0).N))
	deliver, cell := (*machine.Closure)(x.Arg(1).P), x.T.Cell
	w := s.h.world
	w.expect(1)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				w.post(func() { w.expect(-1) })
				return
			}
			id, local, remote := s.conns.add(c), c.LocalAddr().String(), c.RemoteAddr().String()
			w.post(func() {
				fn, args := deliver.ClosureArgs([]machine.Val{number(id), machine.StringVal(local), machine.StringVal(remote)})
				s.h.machine.SpawnSystem(cell, nil, fn, args)
			})
		}
	}()
	return machine.Next
}

func (s *sockets) closeListener(id int) error {
	l, ok := s.listeners.get(id)
	if !ok {
		return net.ErrClosed
	}
	s.listeners.remove(id)
	return l.Close()
}

func (s *sockets) read(id, n int) ([]byte, error) {
	c, ok := s.conns.get(id)
	if !ok {
		return nil, net.ErrClosed
	}
	p := make([]byte, n)
	n, err := c.Read(p)
	return p[:n], err
}

func (s *sockets) write(id int, p []byte) (int, error) {
	c, ok := s.conns.get(id)
	if !ok {
		return 0, net.ErrClosed
	}
	return c.Write(p)
}

func (s *sockets) close(id int) error {
	c, ok := s.conns.get(id)
	if !ok {
		return net.ErrClosed
	}
	s.conns.remove(id)
	s.h.world.hasten(id)
	return c.Close()
}

func (s *sockets) shut(id, which int) error {
	c, _ := s.conns.get(id)
	half, ok := c.(interface {
		CloseRead() error
		CloseWrite() error
	})
	switch {
	case !ok:
		return net.ErrClosed
	case which == 0:
		return half.CloseRead()
	}
	return half.CloseWrite()
}

func (s *sockets) deadline(id int, nanos int64, which int) error {
	c, ok := s.conns.get(id)
	if !ok {
		return net.ErrClosed
	}
	var t time.Time
	if nanos >= 0 {
		t = time.Now().Add(time.Duration(nanos))
		s.h.world.hasten(id)
	}
	return []func(time.Time) error{c.SetDeadline, c.SetReadDeadline, c.SetWriteDeadline}[which](t)
}

// randomBytes is where package crypto/rand has its bytes from.
func randomBytes(x *machine.Exec) machine.Status {
	if !x.InOrder() {
		return machine.Again
	}
	p := slice(x.Arg(0))
	for i := range p {
		p[i] = byte(x.M.Rand().Uint64())
	}
	return machine.Next
}
