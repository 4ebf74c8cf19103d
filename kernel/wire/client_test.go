package wire

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// client speaks ZMTP 3.0 by hand, so that it can also break it.
type client struct {
	net.Conn
	in *bufio.Reader
	t  testing.TB
}

// greeting is what opens a connection, for the security mechanism NULL.
func greeting() []byte {
	b := make([]byte, greetingSize)
	b[0], b[9], b[10] = 0xff, 0x7f, 3
	copy(b[12:], "NULL")
	return b
}

// frame encodes one frame.
func frame(flags byte, body []byte) []byte {
	if len(body) > 255 {
		return append(binary.BigEndian.AppendUint64([]byte{flags | flagLong}, uint64(len(body))), body...)
	}
	return append([]byte{flags, byte(len(body))}, body...)
}

func command(name string, body string) []byte {
	return frame(flagCommand, append(append([]byte{byte(len(name))}, name...), body...))
}

// property encodes one property of a READY command.
func property(name, value string) string {
	return string(append(binary.BigEndian.AppendUint32(append([]byte{byte(len(name))}, name...), uint32(len(value))), value...))
}

func ready(kind, identity string) []byte {
	return command("READY", property("Socket-Type", kind)+property("Identity", identity))
}

// message encodes the frames of one message.
func message(frames ...string) []byte {
	var out []byte
	for i, f := range frames {
		flags := byte(flagMore)
		if i == len(frames)-1 {
			flags = 0
		}
		out = append(out, frame(flags, []byte(f))...)
	}
	return out
}

// shake makes a client of a fresh connection and shakes hands.
func shake(t testing.TB, conn net.Conn, kind, identity string) *client {
	t.Helper()
	c := &client{Conn: conn, in: bufio.NewReader(conn), t: t}
	if _, err := io.CopyN(io.Discard, c.in, greetingSize); err != nil {
		t.Fatal("greeting:", err)
	}
	c.raw(greeting())
	if name, _, frames, err := c.next(); err != nil || name != "READY" {
		t.Fatalf("instead of READY: %q %q, %v", name, frames, err)
	}
	c.raw(ready(kind, identity))
	return c
}

func (c *client) raw(b []byte) {
	c.t.Helper()
	if _, err := c.Write(b); err != nil {
		c.t.Fatal("write:", err)
	}
}

func (c *client) send(frames ...string) {
	c.t.Helper()
	c.raw(message(frames...))
}

// next reads one command (name and body) or one message.
func (c *client) next() (name, body string, frames []string, err error) {
	for {
		flags, err := c.in.ReadByte()
		if err != nil {
			return "", "", nil, err
		}
		size := make([]byte, 1, 8)
		if flags&flagLong != 0 {
			size = size[:8]
		}
		if _, err := io.ReadFull(c.in, size); err != nil {
			return "", "", nil, err
		}
		n := uint64(0)
		for _, b := range size {
			n = n<<8 | uint64(b)
		}
		data := make([]byte, n)
		if _, err := io.ReadFull(c.in, data); err != nil {
			return "", "", nil, err
		}
		if flags&flagCommand != 0 {
			if len(frames) > 0 {
				return "", "", nil, errors.New("a command within a message")
			}
			return string(data[1 : 1+data[0]]), string(data[1+data[0]:]), nil, nil
		}
		frames = append(frames, string(data))
		if flags&flagMore == 0 {
			return "", "", frames, nil
		}
	}
}

// want reads one message and compares it.
func (c *client) want(frames ...string) {
	c.t.Helper()
	name, _, got, err := c.next()
	if err != nil || name != "" || strings.Join(got, "|") != strings.Join(frames, "|") || len(got) != len(frames) {
		c.t.Fatalf("got %s %q, %v; want %q", name, got, err, frames)
	}
}

// wantEnd reads to the end of the connection and fails where a message comes before it.
func (c *client) wantEnd() {
	c.t.Helper()
	if name, _, frames, err := c.next(); err == nil {
		c.t.Fatalf("got %s %q, not the end", name, frames)
	}
}

// pipes is a listener without a system underneath, so that tests run on testing/synctest's clock.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
	fail   int // errors that Accept returns first
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), closed: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	if p.fail > 0 {
		p.fail--
		return nil, errors.New("out of file descriptors")
	}
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.once.Do(func() { close(p.closed) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipes"} }

// dial connects; the connection is a net.Pipe, which holds no byte back.
func (p *pipes) dial() net.Conn {
	ours, theirs := net.Pipe()
	p.conns <- theirs
	return ours
}

// dialTCP connects to a socket on this machine.
func dialTCP(t testing.TB, port int) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func local() Endpoint { return Endpoint{Transport: "tcp", Address: "127.0.0.1"} }

func bytesOf(frames ...string) [][]byte {
	out := make([][]byte, len(frames))
	for i, f := range frames {
		out[i] = []byte(f)
	}
	return out
}

func textOf(frames [][]byte) []string {
	out := make([]string, len(frames))
	for i, f := range frames {
		out[i] = string(f)
	}
	return out
}

// echoes returns a router that sends everything back.
func echoes(t testing.TB, l net.Listener) *Router {
	made := make(chan *Router, 1)
	var once sync.Once
	var r *Router
	router := newRouter(l, 0, nil, func(frames [][]byte) {
		once.Do(func() { r = <-made })
		r.Send(frames)
	})
	made <- router
	return router
}
