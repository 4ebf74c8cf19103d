package client

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/go-zeromq/zmq4/security/null"

	"interleave/kernel/message"
)

// The kinds of sockets that a client opens.
const (
	dealer     = string(zmq4.Dealer)
	subscriber = string(zmq4.Sub)
)

// redial is the pause between two attempts to reach a kernel that does not
// listen yet.
const redial = 10 * time.Millisecond

// conn is one connection to a kernel: zmq4's handshake and framing over tcp.
type conn struct {
	net net.Conn
	zmq *zmq4.Conn
	key []byte
}

// open dials until the kernel listens or ctx ends. A subscriber gets everything.
func open(ctx context.Context, kind string, port int, key []byte) (*conn, error) {
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	var dialer net.Dialer
	for {
		tcp, err := dialer.DialContext(ctx, "tcp", address)
		if err == nil {
			return handshake(ctx, tcp, kind, key)
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("the kernel does not listen: %w", err)
		case <-time.After(redial):
		}
	}
}

func handshake(ctx context.Context, tcp net.Conn, kind string, key []byte) (*conn, error) {
	c := &conn{net: tcp, key: key}
	defer c.deadline(ctx)()
	zmq, err := zmq4.Open(tcp, null.Security(), zmq4.SocketType(kind), nil, false, nil)
	if err != nil {
		tcp.Close()
		return nil, fmt.Errorf("handshake: %w", err)
	}
	c.zmq = zmq
	if kind == subscriber {
		if err := zmq.SendMsg(zmq4.NewMsg([]byte{1})); err != nil {
			tcp.Close()
			return nil, fmt.Errorf("subscribe: %w", err)
		}
	}
	return c, nil
}

func (c *conn) send(ctx context.Context, m *message.Message) error {
	defer c.deadline(ctx)()
	if err := c.zmq.SendMsg(zmq4.NewMsgFrom(m.Encode(c.key)...)); err != nil {
		return fmt.Errorf("send %s: %w", m.Header.Type, err)
	}
	return nil
}

// receive returns the first message that wanted accepts; others are dropped.
func (c *conn) receive(ctx context.Context, wanted func(*message.Message) bool) (*message.Message, error) {
	defer c.deadline(ctx)()
	for {
		frames, err := c.zmq.RecvMsg()
		if ctx.Err() != nil {
			return nil, fmt.Errorf("no answer from the kernel: %w", ctx.Err())
		}
		if err != nil {
			return nil, fmt.Errorf("receive: %w", err)
		}
		if frames.Type == zmq4.CmdMsg {
			continue
		}
		m, err := message.Decode(frames.Frames, c.key)
		if err != nil {
			return nil, err
		}
		if wanted(m) {
			return m, nil
		}
	}
}

// deadline makes reads and writes fail once ctx has ended, until the function
// that it returns is called.
func (c *conn) deadline(ctx context.Context) (stop func() bool) {
	return context.AfterFunc(ctx, func() { _ = c.net.SetDeadline(time.Unix(1, 0)) })
}

func (c *conn) close() { _ = c.net.Close() }
