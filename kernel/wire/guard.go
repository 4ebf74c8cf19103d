package wire

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"
)

// limits bound what a peer may send in one message.
type limits struct {
	frame   uint64 // bytes of one frame
	message uint64 // bytes of all frames of one message
	frames  int    // frames of one message
}

// smallLimits returns what subscriptions and heartbeats need.
func smallLimits() limits { return limits{frame: 64 << 10, message: 64 << 10, frames: 16} }

const (
	greetingSize   = 64      // bytes of a ZMTP greeting
	handshakeFrame = 4 << 10 // bytes of a frame before the handshake is over
	trustedFrame   = 1 << 20 // bytes of a frame that is read straight into zmq4's buffer
	writeChunk     = 256 << 10
)

// Bits of a ZMTP frame's first byte.
const (
	flagMore    = 1
	flagLong    = 2
	flagCommand = 4
)

// guard stands between zmq4 and a connection. zmq4 allocates whatever length a
// frame header names; so the guard reads every header first and refuses, with an error from Read, what
// breaks ZMTP or the limits. A frame above 1 MB is collected as its bytes arrive, so that
// a peer costs no more memory than it sends.
//
// Commands that follow the handshake never reach zmq4, which would answer them from the reading
// goroutine, in the middle of what the writer sends: they go to command.
//
// Writes are buffered once the handshake is over; see flush. One goroutine may read
// while another writes.
type guard struct {
	net.Conn
	limits  limits
	command func(name string, body []byte) error // called by Read

	in      *bufio.Reader
	left    uint64 // bytes to hand over before the next frame header
	big     []byte // what is left of a large frame, collected beforehand
	size    uint64 // of the message so far
	frames  int    // of the message so far
	ready   bool   // the handshake is over
	out     *bufio.Writer
	written atomic.Int64 // bytes that the system took
}

func newGuard(conn net.Conn, lim limits) *guard {
	g := &guard{Conn: conn, limits: lim, in: bufio.NewReaderSize(conn, 16<<10), left: greetingSize}
	g.out = bufio.NewWriterSize(countingWriter{conn, &g.written}, 32<<10)
	return g
}

// Read implements io.Reader for zmq4.
func (g *guard) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for g.left == 0 {
		if err := g.header(); err != nil {
			return 0, err
		}
	}
	if uint64(len(p)) > g.left {
		p = p[:g.left]
	}
	if len(g.big) > 0 {
		n := copy(p, g.big)
		g.big = g.big[n:]
		g.left -= uint64(n)
		return n, nil
	}
	n, err := g.in.Read(p)
	g.left -= uint64(n)
	return n, err
}

// header looks at the next frame header without consuming it, and admits the frame by
// setting left. A command after the handshake is consumed and dispatched; left stays 0.
func (g *guard) header() error {
	head, err := g.in.Peek(2)
	if err != nil {
		return err
	}
	flags, size, n := head[0], uint64(head[1]), uint64(2)
	if flags&flagLong != 0 {
		if head, err = g.in.Peek(9); err != nil {
			return err
		}
		size, n = binary.BigEndian.Uint64(head[1:]), 9
	}
	if err := g.admit(flags, size); err != nil {
		return err
	}
	if flags&flagCommand != 0 && g.ready {
		return g.dispatch(n, size)
	}
	if size > trustedFrame {
		return g.collect(n, size)
	}
	g.left = n + size
	return nil
}

// admit holds one frame to ZMTP and to the limits.
func (g *guard) admit(flags byte, size uint64) error {
	command := flags&flagCommand != 0
	switch {
	case flags&^(flagMore|flagLong|flagCommand) != 0:
		return fmt.Errorf("wire: frame flags %#x are not ZMTP", flags)
	case command && flags&flagMore != 0:
		return errors.New("wire: a command of several frames")
	case !g.ready && !command:
		return errors.New("wire: a message before the handshake is over")
	case (command || !g.ready) && size > handshakeFrame:
		return fmt.Errorf("wire: a command of %d bytes, at most %d are allowed", size, handshakeFrame)
	case command:
		return nil
	case size > g.limits.frame:
		return fmt.Errorf("wire: a frame of %d bytes, at most %d are allowed", size, g.limits.frame)
	}
	g.size += size
	g.frames++
	switch {
	case g.size > g.limits.message:
		return fmt.Errorf("wire: a message of more than %d bytes", g.limits.message)
	case g.frames > g.limits.frames:
		return fmt.Errorf("wire: a message of more than %d frames", g.limits.frames)
	}
	if flags&flagMore == 0 {
		g.size, g.frames = 0, 0
	}
	return nil
}

// dispatch consumes a command frame and hands it to command.
func (g *guard) dispatch(head, size uint64) error {
	frame := make([]byte, head+size)
	if _, err := io.ReadFull(g.in, frame); err != nil {
		return err
	}
	body := frame[head:]
	if len(body) == 0 || int(body[0]) > len(body)-1 {
		return errors.New("wire: a command without a name")
	}
	name := body[1 : 1+body[0]]
	return g.command(string(name), body[1+len(name):])
}

// collect reads a large frame ahead.
func (g *guard) collect(n, size uint64) error {
	var frame bytes.Buffer
	if _, err := io.CopyN(&frame, g.in, int64(n+size)); err != nil {
		return err
	}
	g.left, g.big = n+size, frame.Bytes()
	return nil
}

// open ends the handshake: other limits hold, and writes are buffered.
func (g *guard) open() { g.ready = true }

// Write implements io.Writer for zmq4.
func (g *guard) Write(p []byte) (int, error) {
	n, err := g.out.Write(p)
	if err == nil && !g.ready {
		err = g.out.Flush()
	}
	return n, err
}

func (g *guard) flush() error { return g.out.Flush() }

// countingWriter writes in chunks, so that progress within a large message shows.
type countingWriter struct {
	io.Writer
	written *atomic.Int64
}

func (w countingWriter) Write(p []byte) (int, error) {
	done := 0
	for {
		chunk := p[done:min(len(p), done+writeChunk)]
		n, err := w.Writer.Write(chunk)
		done += n
		w.written.Add(int64(n))
		if err != nil || done == len(p) {
			return done, err
		}
	}
}
