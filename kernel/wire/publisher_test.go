package wire

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// subscribe shakes hands, subscribes and waits until that took effect.
func subscribe(t *testing.T, l *pipes, topics ...string) *client {
	t.Helper()
	c := shake(t, l.dial(), "SUB", "")
	for _, topic := range topics {
		c.send("\x01" + topic)
	}
	synctest.Wait()
	return c
}

func TestTopics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		b := newPublisher(l, 0, nil, nil)
		all, some, none := subscribe(t, l, ""), subscribe(t, l, "kernel.a", "x"), subscribe(t, l)
		for _, topic := range []string{"kernel.ab", "kernel.b", "", "x"} {
			if err := b.Publish(bytesOf(topic, "text")); err != nil {
				t.Error(err)
			}
		}
		for _, topic := range []string{"kernel.ab", "kernel.b", "", "x"} {
			all.want(topic, "text")
		}
		some.want("kernel.ab", "text")
		some.want("x", "text")
		some.send("\x00x")
		some.send("\x00never subscribed")
		none.raw(command("SUBSCRIBE", "z"))
		none.send("\x01y")
		none.raw(command("CANCEL", "y"))
		none.send("neither")
		none.send("\x01a", "two frames")
		none.send("")
		synctest.Wait()
		for _, topic := range []string{"x", "y", "z", "kernel.a"} {
			b.Publish(bytesOf(topic, "text"))
		}
		some.want("kernel.a", "text")
		none.want("z", "text")
		b.Close()
	})
}

// A welcome goes to the one that subscribed, once for each subscription, before anything else.
func TestWelcome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		b := newPublisher(l, 0, nil, func(topic string) [][]byte {
			if topic == "quiet" {
				return nil
			}
			return bytesOf(topic, "welcome")
		})
		first := subscribe(t, l, "a", "quiet")
		second := subscribe(t, l, "")
		b.Publish(bytesOf("ab", "text"))
		b.Publish(bytesOf("quiet", "text"))
		first.want("a", "welcome")
		first.want("ab", "text")
		first.want("quiet", "text")
		second.want("", "welcome")
		second.want("ab", "text")
		second.want("quiet", "text")
		b.Close()
	})
}

// A subscriber that never reads holds the others up once, for 5 s, and is then disconnected; nobody else loses a message.
func TestDeafSubscriber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		b := newPublisher(l, 0, nil, nil)
		deaf, c := subscribe(t, l, ""), subscribe(t, l, "")
		const n = 3 * queueItems
		start := time.Now()
		go func() {
			for i := range n {
				b.Publish(bytesOf("topic", fmt.Sprint(i), strings.Repeat("x", 100)))
			}
		}()
		for i := range n {
			c.want("topic", fmt.Sprint(i), strings.Repeat("x", 100))
		}
		if time.Since(start) != patience {
			t.Errorf("it took %v", time.Since(start))
		}
		if b.Subscribers() != 1 {
			t.Errorf("%d subscribers are left", b.Subscribers())
		}
		for {
			if _, _, _, err := deaf.next(); err != nil {
				break
			}
		}
		b.Close()
	})
}

// A subscriber that reads slowly slows the publisher down and gets everything.
func TestSlowSubscriber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		b := newPublisher(l, 0, nil, nil)
		c := subscribe(t, l, "")
		const n = 2 * queueItems
		text := strings.Repeat("x", 500)
		start := time.Now()
		go func() {
			for i := range n {
				b.Publish(bytesOf("topic", fmt.Sprint(i), text))
			}
		}()
		for i := range n {
			if i%500 == 0 {
				time.Sleep(4 * time.Second) // of the test's own clock
			}
			c.want("topic", fmt.Sprint(i), text)
		}
		if time.Since(start) < n/500*4*time.Second {
			t.Error("the test's clock did not advance")
		}
		b.Close()
	})
}

// One that makes room in time for each message, and yet takes far less than 64 KB in 5 s, is disconnected as well.
func TestDrippingSubscriber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		b := newPublisher(l, 0, nil, nil)
		drip := subscribe(t, l, "")
		var reader sync.WaitGroup
		defer reader.Wait()
		reader.Go(func() {
			for {
				time.Sleep(patience - time.Second)
				if _, err := io.CopyN(io.Discard, drip, slowest/2+1000); err != nil {
					return
				}
			}
		})
		start := time.Now()
		for i := 0; b.Subscribers() > 0; i++ {
			b.Publish(bytesOf("topic", fmt.Sprint(i), strings.Repeat("x", 500)))
		}
		if d := time.Since(start); d > 2*patience {
			t.Errorf("it took %v", d)
		}
		b.Close()
	})
}

// A message larger than the whole queue is delivered, also to a subscriber that needs a minute for it, for whom the
// next message waits.
func TestHugeMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		b := newPublisher(l, 0, nil, nil)
		c := subscribe(t, l, "")
		c.in = bufio.NewReader(slowly{c.Conn})
		huge := make([]byte, queueBytes+1)
		start := time.Now()
		go func() {
			b.Publish([][]byte{[]byte("a"), huge})
			b.Publish(bytesOf("b"))
		}()
		_, _, got, err := c.next()
		if err != nil || len(got) != 2 || len(got[1]) != len(huge) {
			t.Errorf("%d frames, %v", len(got), err)
		}
		c.want("b")
		if time.Since(start) < 10*patience {
			t.Errorf("the test's clock advanced by %v", time.Since(start))
		}
		b.Close()
	})
}

// slowly reads at most 1 MB a second of the test's own clock.
type slowly struct{ net.Conn }

func (s slowly) Read(p []byte) (int, error) {
	p = p[:min(len(p), writeChunk)]
	time.Sleep(time.Second * time.Duration(len(p)) / (1 << 20))
	return s.Conn.Read(p)
}

// Close ends a Publish that waits.
func TestCloseWhilePublishing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		b := newPublisher(l, 0, nil, nil)
		subscribe(t, l, "")
		stopped := make(chan error)
		go func() {
			var err error
			for err == nil {
				err = b.Publish(bytesOf("topic", strings.Repeat("x", 100)))
			}
			stopped <- err
		}()
		synctest.Wait() // Publish waits for room
		start := time.Now()
		go b.Close()
		if err := <-stopped; err != ErrClosed || time.Since(start) != 0 {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		b.Close()
	})
}

// The last messages reach a subscriber over TCP although the kernel closes at once and the subscriber never stops
// sending. (Closing a connection with unread input makes the system discard what is on its way.)
func TestLastMessages(t *testing.T) {
	text := strings.Repeat("x", 4000) // so that much is still in the system's buffers
	for range 5 {
		b, err := NewPublisher(local(), nil, func(string) [][]byte { return bytesOf("welcome") })
		if err != nil {
			t.Fatal(err)
		}
		c := shake(t, dialTCP(t, b.Port()), "SUB", "")
		c.send("\x01")
		c.want("welcome")
		var sender sync.WaitGroup
		sender.Go(func() {
			for {
				if _, err := c.Write(message("\x00x")); err != nil {
					return
				}
			}
		})
		for i := range 2000 {
			b.Publish(bytesOf("topic", fmt.Sprint(i), text))
		}
		closed := make(chan error)
		go func() { closed <- b.Close() }()
		for i := range 2000 {
			c.want("topic", fmt.Sprint(i), text)
		}
		c.wantEnd()
		c.Close()
		sender.Wait()
		if err := <-closed; err != nil {
			t.Error(err)
		}
	}
}

// What was published just before Close is sent, where the transport has no half-closed state too.
func TestCloseSendsTheRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		b := newPublisher(l, 0, nil, nil)
		c := subscribe(t, l, "")
		b.Publish(bytesOf("topic", "last"))
		go b.Close()
		c.want("topic", "last")
		c.wantEnd()
	})
}
