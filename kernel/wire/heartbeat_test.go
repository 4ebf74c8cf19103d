package wire

import (
	"strings"
	"testing"
	"testing/synctest"
)

func TestEcho(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		h := newHeartbeat(l, 0, nil)
		for _, kind := range []string{"REQ", "DEALER"} {
			c := shake(t, l.dial(), kind, "")
			for _, frames := range [][]string{{"", "ping"}, {"", ""}, {""}, {"ping"}, {"", strings.Repeat("x", 300), "b"}} {
				c.send(frames...)
				c.want(frames...)
			}
			c.raw(command("PING", "\x00\x01ctx"))
			if name, body, _, err := c.next(); name != "PONG" || body != "ctx" || err != nil {
				t.Errorf("%s %q, %v", name, body, err)
			}
			c.raw(command("OTHER", ""))
			c.send("", "after")
			c.want("", "after")
		}
		h.Close()
	})
}

// A client that sends and never reads takes no echo from another, and is let go.
func TestDeafHeartbeatClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		h := newHeartbeat(l, 0, nil)
		deaf := shake(t, l.dial(), "REQ", "")
		deaf.send("", "ping")
		c := shake(t, l.dial(), "REQ", "")
		c.send("", "ping")
		c.want("", "ping")
		var err error
		for err == nil { // until the test's own clock has advanced by echoTimeout
			_, err = deaf.Write(message("", strings.Repeat("x", 1000)))
		}
		c.send("", "ping")
		c.want("", "ping")
		h.Close()
	})
}

func TestHeartbeatRefusesLargeFrames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		h := newHeartbeat(l, 0, nil)
		c := shake(t, l.dial(), "REQ", "")
		c.raw(header(0, 1<<20))
		c.wantEnd()
		h.Close()
	})
}
