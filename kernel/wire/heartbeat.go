package wire

import (
	"log/slog"
	"net"
	"time"

	"github.com/go-zeromq/zmq4"
)

// echoTimeout is for a peer that sends and does not read.
const echoTimeout = 5 * time.Second

// Heartbeat is a REP socket that sends every message back as it came. Each connection's own goroutine
// does it, so that nothing else in the process can hold an echo up.
type Heartbeat struct{ *server }

// NewHeartbeat binds ep and echoes from then on. A nil log discards.
func NewHeartbeat(ep Endpoint, log *slog.Logger) (*Heartbeat, error) {
	l, port, err := ep.listen()
	if err != nil {
		return nil, err
	}
	return newHeartbeat(l, port, log), nil
}

func newHeartbeat(l net.Listener, port int, log *slog.Logger) *Heartbeat {
	h := &Heartbeat{newServer(l, port, zmq4.Rep, smallLimits(), log)}
	h.start(h.echo)
	return h
}

// Close disconnects every peer and waits for all goroutines.
func (h *Heartbeat) Close() error { return h.close(0) }

func (h *Heartbeat) echo(l *link) {
	l.command = func(name string, body []byte) error {
		if name != zmq4.CmdPing || len(body) < 2 {
			return nil
		}
		return l.reply(func() error { return l.zmq.SendCmd(zmq4.CmdPong, body[2:]) })
	}
	for {
		msg, err := l.zmq.RecvMsg()
		if err != nil {
			h.log.Debug("heartbeat peer left", "err", err)
			return
		}
		if l.reply(func() error { return l.zmq.SendMsg(zmq4.Msg{Frames: msg.Frames}) }) != nil {
			return
		}
	}
}

// reply writes with a deadline, and flushes.
func (l *link) reply(write func() error) error {
	l.SetWriteDeadline(time.Now().Add(echoTimeout))
	if err := write(); err != nil {
		return err
	}
	return l.flush()
}
