package wire

import (
	"bytes"
	"io"
	"log"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// One client that connects and says nothing holds nobody up, and is let go after 5 s.
func TestSilentClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		r := echoes(t, l)
		silent := l.dial()
		start := time.Now()
		c := shake(t, l.dial(), "DEALER", "")
		c.send("a")
		c.want("a")
		if time.Since(start) != 0 {
			t.Errorf("the second client waited %v", time.Since(start))
		}
		io.Copy(io.Discard, silent)
		if time.Since(start) != handshakeTimeout {
			t.Errorf("let go after %v", time.Since(start))
		}
		r.Close()
	})
}

// A client may be idle as long as it likes once it has shaken hands.
func TestIdleClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		r := echoes(t, l)
		c := shake(t, l.dial(), "DEALER", "")
		time.Sleep(24 * time.Hour) // of the test's own clock
		c.send("a")
		c.want("a")
		r.Close()
	})
}

// What breaks the handshake ends that connection and nothing else.
func TestBadHandshakes(t *testing.T) {
	long := strings.Repeat("x", handshakeFrame+1)
	for name, bytes := range map[string][]byte{
		"text":                        []byte("GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: a browser that is not a ZeroMQ peer\r\n\r\n"),
		"zeros":                       make([]byte, 100),
		"ones":                        bytes.Repeat([]byte{0xff}, 100),
		"another mechanism":           append(greeting()[:12], make([]byte, 52)...),
		"a message":                   append(greeting(), message("hello")...),
		"garbage":                     append(greeting(), "\x04\x05garba"...),
		"an empty command":            append(greeting(), 4, 0),
		"a name beyond the command":   append(greeting(), 4, 2, 200, 'R'),
		"another command":             append(greeting(), command("HELLO", "")...),
		"READY without properties":    append(greeting(), command("READY", "")...),
		"READY cut in a name":         append(greeting(), command("READY", "\x0bSocket")...),
		"READY cut in a length":       append(greeting(), command("READY", "\x0bSocket-Type\x00")...),
		"READY cut in a value":        append(greeting(), command("READY", "\x0bSocket-Type\x00\x00\x00\x08DEAL")...),
		"READY with a long value":     append(greeting(), command("READY", "\x0bSocket-Type\xff\xff\xff\xffDEAL")...),
		"an unknown socket type":      append(greeting(), ready("TEAPOT", "")...),
		"a socket type that is wrong": append(greeting(), ready("SUB", "")...),
		"a READY of 4 KB and more":    append(greeting(), command("READY", long)...),
		"a READY of 2^62 bytes":       append(greeting(), 6, 0x40, 0, 0, 0, 0, 0, 0, 0),
		"a READY of several frames":   append(greeting(), frame(flagCommand|flagMore, []byte("\x05READY"))...),
		"a forbidden identity":        append(greeting(), ready("DEALER", "\x00abc")...),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newPipes()
				r := echoes(t, l)
				bad := l.dial()
				go io.Copy(io.Discard, bad)
				start := time.Now()
				bad.Write(bytes)
				synctest.Wait()
				if _, err := bad.Write([]byte{0}); err == nil {
					t.Error("still connected")
				}
				if time.Since(start) != 0 {
					t.Errorf("ended after %v only", time.Since(start))
				}
				good := shake(t, l.dial(), "DEALER", "")
				good.send("a", "")
				good.want("a", "")
				r.Close()
			})
		})
	}
}

// A 65th connection is refused; when one leaves there is room again.
func TestAtMost64Peers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		r := echoes(t, l)
		var clients []*client
		for range maxPeers {
			clients = append(clients, shake(t, l.dial(), "DEALER", ""))
		}
		if _, err := l.dial().Read(make([]byte, 1)); err == nil {
			t.Error("65 peers")
		}
		clients[7].Close()
		synctest.Wait()
		c := shake(t, l.dial(), "DEALER", "")
		c.send("a")
		c.want("a")
		r.Close()
	})
}

// 200 clients that vanish leave nothing behind.
func TestVanishedClients(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		b := newPublisher(l, 0, nil, nil)
		for range 200 {
			c := shake(t, l.dial(), "SUB", "")
			c.send("\x01")
			c.Close()
			b.Publish(bytesOf("topic", "x"))
			synctest.Wait()
		}
		if n := b.Subscribers(); n != 0 || len(b.conns) != 0 {
			t.Errorf("%d subscribers, %d connections left", n, len(b.conns))
		}
		b.Close()
	})
}

// An error of Accept is waited out, 50 ms each.
func TestAcceptErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		l.fail = 3
		start := time.Now()
		r := echoes(t, l)
		c := shake(t, l.dial(), "DEALER", "")
		if time.Since(start) != 3*acceptPause {
			t.Errorf("accepted after %v", time.Since(start))
		}
		c.send("a")
		c.want("a")
		r.Close()
	})
}

// Close ends whatever state a connection is in, at once or after 1 s where something is queued for a client that does
// not read. That no goroutine is left is held by synctest itself.
func TestCloseEndsEverything(t *testing.T) {
	for _, test := range []struct {
		name string
		meet func(l *pipes, r *Router)
		want time.Duration
	}{
		{"nobody", func(*pipes, *Router) {}, 0},
		{"silent", func(l *pipes, _ *Router) { l.dial() }, 0},
		{"in the handshake", func(l *pipes, _ *Router) {
			c := l.dial()
			io.CopyN(io.Discard, c, greetingSize)
			c.Write(greeting())
		}, 0},
		{"idle", func(l *pipes, _ *Router) { shake(t, l.dial(), "DEALER", "") }, 0},
		{"in a message", func(l *pipes, _ *Router) {
			shake(t, l.dial(), "DEALER", "").raw(frame(flagMore, []byte("a")))
		}, 0},
		{"in a large frame", func(l *pipes, _ *Router) {
			shake(t, l.dial(), "DEALER", "").raw([]byte{flagLong, 0, 0, 0, 0, 1, 0, 0, 0, 'x'})
		}, 0},
		{"not reading", func(l *pipes, r *Router) {
			shake(t, l.dial(), "DEALER", "me").send("a")
			synctest.Wait()
			for range 100 {
				r.Send(bytesOf("me", strings.Repeat("x", 1000)))
			}
		}, drainTimeout},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newPipes()
				r := newRouter(l, 0, nil, func([][]byte) {})
				test.meet(l, r)
				synctest.Wait()
				start := time.Now()
				for range 2 {
					if err := r.Close(); err != nil {
						t.Error(err)
					}
				}
				if got := time.Since(start); got != test.want {
					t.Errorf("closed after %v, want %v", got, test.want)
				}
				if err := r.Send(bytesOf("me", "x")); err != ErrClosed {
					t.Errorf("Send after Close: %v", err)
				}
			})
		})
	}
}

// While Close waits for a peer that does not read, requests of that peer are dropped.
func TestRequestsDuringClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		var handled []string
		r := newRouter(l, 0, nil, func(frames [][]byte) { handled = append(handled, string(frames[1])) })
		c := shake(t, l.dial(), "DEALER", "me")
		c.send("before")
		synctest.Wait()
		r.Send(bytesOf("me", "not read"))
		go r.Close()
		synctest.Wait()
		c.send("too late")
		r.Close()
		if strings.Join(handled, ",") != "before" {
			t.Errorf("handled %q", handled)
		}
	})
}

// Without a logger nothing is written anywhere, and with one it goes there only.
func TestLogsStayOffStderr(t *testing.T) {
	stderr, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	var std, own bytes.Buffer
	old := os.Stderr
	os.Stderr = stderr
	log.SetOutput(&std)
	defer func() {
		os.Stderr = old
		log.SetOutput(old)
		stderr.Close()
	}()
	for _, logger := range []*slog.Logger{nil, slog.New(slog.NewTextHandler(&own, &slog.HandlerOptions{Level: slog.LevelDebug}))} {
		synctest.Test(t, func(t *testing.T) {
			l := newPipes()
			r := newRouter(l, 0, logger, func([][]byte) {})
			bad := l.dial()
			go io.Copy(io.Discard, bad)
			bad.Write(make([]byte, 100))
			shake(t, l.dial(), "DEALER", "\x00chosen")
			shake(t, l.dial(), "DEALER", "").raw([]byte{0x80, 0})
			synctest.Wait()
			r.Close()
		})
	}
	written, err := os.ReadFile(stderr.Name())
	if err != nil || len(written) > 0 || std.Len() > 0 {
		t.Errorf("stderr %q, log %q, %v", written, &std, err)
	}
	if got := own.String(); !strings.Contains(got, "handshake") || !strings.Contains(got, "zero byte") || !strings.Contains(got, "flags 0x80") {
		t.Errorf("log: %s", got)
	}
}
