package host

import (
	"bytes"
	"net"

	"interleave/engine/machine"
)

// packets lists the natives of package net that have to do with datagrams.
func (s *sockets) packets() map[string]deed {
	return map[string]deed{
		"net.listenPacket": {f: s.listenPacket},
		"net.awaitPacket":  {f: s.readPacket, away: true, busy: true},
		"net.servePacket":  {f: s.readPacket, away: true, socket: true},
		"net.sendPacket":   {f: s.writePacket},
	}
}

// listenPacket makes a socket for packets; the table holds it as a connection.
func (s *sockets) listenPacket(network, address string) (int, string, error) {
	c, err := net.ListenPacket(network, address)
	if err != nil {
		return 0, "", err
	}
	return s.conns.add(c.(net.Conn)), c.LocalAddr().String(), nil
}

func (s *sockets) readPacket(id, n int) ([]byte, string, error) {
	c, ok := s.conns.get(id)
	if !ok {
		return nil, "", net.ErrClosed
	}
	p := make([]byte, n)
	n, from, err := c.(net.PacketConn).ReadFrom(p)
	if err != nil {
		return nil, "", err
	}
	return p[:n], from.String(), nil
}

func (s *sockets) writePacket(id int, p []byte, to string) (int, error) {
	c, ok := s.conns.get(id)
	if !ok {
		return 0, net.ErrClosed
	}
	addr, err := net.ResolveUDPAddr("udp", to)
	if err != nil {
		return 0, err
	}
	return c.(net.PacketConn).WriteTo(p, addr)
}

// servePackets hands each packet that comes from outside to a function of the program.
func (s *sockets) servePackets(x *machine.Exec) machine.Status {
	c, ok := s.conns.get(int(x.Arg(0).N))
	if !ok {
		return machine.Next
	}
	deliver, cell := (*machine.Closure)(x.Arg(1).P), x.T.Cell
	w := s.h.world
	w.expect(1)
	go func() {
		p := make([]byte, 64<<10)
		for {
			n, from, err := c.(net.PacketConn).ReadFrom(p)
			if err != nil {
				w.post(func() { w.expect(-1) })
				return
			}
			data, addr := bytes.Clone(p[:n]), from.String()
			w.post(func() {
				fn, args := deliver.ClosureArgs([]machine.Val{bytesVal(data), machine.StringVal(addr)})
				s.h.machine.SpawnSystem(cell, nil, fn, args)
			})
		}
	}()
	return machine.Next
}
