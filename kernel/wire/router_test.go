package wire

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestRouterSendsToTheIdentity(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		r := newRouter(l, 0, nil, func([][]byte) {})
		a, b := shake(t, l.dial(), "DEALER", "a"), shake(t, l.dial(), "DEALER", "b")
		synctest.Wait()
		for _, to := range []string{"b", "a"} {
			if err := r.Send(bytesOf(to, "for", to)); err != nil {
				t.Error(err)
			}
		}
		a.want("for", "a")
		b.want("for", "b")
		if err := r.Send(bytesOf("c", "x")); !errors.Is(err, ErrNoPeer) {
			t.Errorf("to nobody: %v", err)
		}
		if err := r.Send(bytesOf("a")); err == nil {
			t.Error("sent nothing")
		}
		a.Close()
		synctest.Wait()
		if err := r.Send(bytesOf("a", "x")); !errors.Is(err, ErrNoPeer) {
			t.Errorf("to one that left: %v", err)
		}
		r.Close()
	})
}

// A client that comes back under its identity, before the kernel saw the old connection break, gets the answers.
func TestNewestConnectionWins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		r := echoes(t, l)
		old := shake(t, l.dial(), "DEALER", "me")
		old.send("1")
		old.want("1")
		again := shake(t, l.dial(), "DEALER", "me")
		old.wantEnd()
		again.send("2")
		again.want("2")
		synctest.Wait() // the old one is gone by now and must not have taken the entry along
		if err := r.Send(bytesOf("me", "3")); err != nil {
			t.Error(err)
		}
		again.want("3")
		r.Close()
	})
}

// Clients without an identity get different ones, which no client may choose.
func TestInventedIdentities(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		seen := make(chan string, 100)
		r := newRouter(l, 0, nil, func(frames [][]byte) { seen <- string(frames[0]) })
		ids := map[string]bool{}
		for range 50 {
			shake(t, l.dial(), "DEALER", "").send("x")
			id := <-seen
			if len(id) != 5 || id[0] != 0 || ids[id] {
				t.Errorf("identity %q", id)
			}
			ids[id] = true
		}
		r.Close()
	})
}

// REQ clients put an empty frame before their message; it comes and goes like any other.
func TestREQ(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		r := echoes(t, l)
		c := shake(t, l.dial(), "REQ", "")
		c.send("", "x")
		c.want("", "x")
		r.Close()
	})
}

// Frames that were handed out stay as they are, whatever arrives later.
func TestFramesAreTheReceivers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		got := make(chan [][]byte, 1000)
		r := newRouter(l, 0, nil, func(frames [][]byte) { got <- frames })
		c := shake(t, l.dial(), "DEALER", "me")
		for i := range 1000 {
			c.send(fmt.Sprint(i), strings.Repeat(fmt.Sprint(i%10), 100))
		}
		synctest.Wait()
		r.Close()
		for i := range 1000 {
			f := textOf(<-got)
			if f[0] != "me" || f[1] != fmt.Sprint(i) || f[2] != strings.Repeat(fmt.Sprint(i%10), 100) {
				t.Fatalf("message %d: %q", i, f)
			}
		}
	})
}

// Messages that many goroutines send to one peer arrive whole and in the order of each sender.
func TestConcurrentSends(t *testing.T) {
	const senders, each = 8, 500
	l := newPipes()
	r := newRouter(l, 0, nil, func(frames [][]byte) {})
	defer r.Close()
	c := shake(t, l.dial(), "DEALER", "me")
	for r.Send(bytesOf("me", "0", "ready", "")) != nil { // it is entered soon after the handshake
	}
	c.want("0", "ready", "")
	var all sync.WaitGroup
	for s := range senders {
		all.Go(func() {
			for i := range each {
				r.Send(bytesOf("me", fmt.Sprint(s), fmt.Sprint(i), strings.Repeat("x", i)))
			}
		})
	}
	next := map[string]int{}
	for range senders * each {
		_, _, f, err := c.next()
		if err != nil || len(f) != 3 || f[1] != fmt.Sprint(next[f[0]]) || len(f[2]) != next[f[0]] {
			t.Fatalf("%q, %v", f, err)
		}
		next[f[0]]++
	}
	all.Wait()
}

// Send never waits: a peer that does not read is disconnected when its queue is full, and hinders no other.
func TestRouterQueueIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		r := echoes(t, l)
		start := time.Now()
		deaf := shake(t, l.dial(), "DEALER", "deaf")
		synctest.Wait()
		sent := 0
		var err error
		for err == nil {
			err = r.Send(bytesOf("deaf", strings.Repeat("x", 100)))
			sent++
		}
		if sent <= queueItems || sent > queueItems+1000 { // the writer's buffer takes some more
			t.Errorf("%d messages were taken, then: %v", sent, err)
		}
		c := shake(t, l.dial(), "DEALER", "")
		c.send("a")
		c.want("a")
		for {
			if _, _, _, err := deaf.next(); err != nil {
				break
			}
		}
		if time.Since(start) != 0 {
			t.Errorf("it took %v", time.Since(start))
		}
		r.Close()
	})
}

func TestQueueLimits(t *testing.T) {
	q := newQueue(3, 100)
	put := func(n int) bool { return q.put(newItem([][]byte{make([]byte, n)})) }
	done := func() {
		it, ok := q.take()
		if !ok {
			t.Fatal("nothing to take")
		}
		q.done(it)
	}
	if !put(1000) {
		t.Error("an empty queue takes any message")
	}
	if put(0) {
		t.Error("over the limit of bytes")
	}
	done()
	if !put(50) || !put(50) || put(1) || !put(0) || put(0) {
		t.Error("limits of 100 bytes and 3 messages")
	}
	done()
	if !put(50) || put(0) {
		t.Error("room for one more")
	}
	for range 3 {
		done()
	}
	if _, ok := q.take(); ok || q.bytes != 0 || q.count != 0 {
		t.Errorf("left: %d bytes, %d messages", q.bytes, q.count)
	}
	// A queue that never runs empty gives memory back all the same.
	put(1)
	put(1)
	for range 100_000 {
		done()
		put(1)
	}
	if cap(q.items) > 10_000 {
		t.Errorf("room for %d items", cap(q.items))
	}
}
