package hardware

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// Trips is what a server and its clients did over the loopback network.
type Trips struct {
	RoundTrip Time    // ns from a byte sent to its answer
	Rate      float64 // bytes a second, in one direction
	Waits     []Waits
}

// Waits is how long requests took whose answer comes after a delay.
type Waits struct {
	Clients int
	Delay   time.Duration // of the server, for each answer
	Each    int           // requests of a client, one after another
	Wall    time.Duration // of all of them
}

// Bounds of Loopback.
const (
	trips       = 2_000
	streamed    = 32 << 20
	answerDelay = 5 * time.Millisecond
	requests    = 16
)

// Loopback runs a server on 127.0.0.1 that sends every byte back, and clients of it:
// round trips of one byte, a stream, and the same 16 requests, each answered after 5 ms, by
// 1, 2, 4, 8 and 16 clients at one time.
func Loopback(ctx context.Context) (Trips, error) {
	var t Trips
	if err := ctx.Err(); err != nil {
		return t, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return t, fmt.Errorf("hardware: no server on the loopback network: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	var serving sync.WaitGroup
	serving.Go(func() { serve(ctx, l, &serving) })
	defer serving.Wait()
	defer cancel()
	stop := context.AfterFunc(ctx, func() { l.Close() })
	defer stop()
	defer l.Close()
	if t.RoundTrip, err = roundTrips(ctx, l.Addr().String()); err != nil {
		return t, interrupted(ctx, err)
	}
	if t.Rate, err = stream(ctx, l.Addr().String()); err != nil {
		return t, interrupted(ctx, err)
	}
	for clients := 1; clients <= requests; clients *= 2 {
		wall, err := waits(ctx, l.Addr().String(), clients)
		if err != nil {
			return t, interrupted(ctx, err)
		}
		t.Waits = append(t.Waits, Waits{clients, answerDelay, requests / clients, wall})
	}
	return t, nil
}

// interrupted prefers the context's word on an error that its end has caused.
func interrupted(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("hardware: loopback: %w", err)
}

// What a client's first byte asks of the server.
const (
	echo = 'e' // each byte back
	sink = 's' // nothing, until the end; then one byte
	slow = 'w' // each byte back after a delay
)

func serve(ctx context.Context, l net.Listener, all *sync.WaitGroup) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		all.Go(func() {
			defer c.Close()
			stop := context.AfterFunc(ctx, func() { c.Close() })
			defer stop()
			answer(ctx, c)
		})
	}
}

func answer(ctx context.Context, c net.Conn) {
	b := make([]byte, 64<<10)
	if _, err := io.ReadFull(c, b[:1]); err != nil {
		return
	}
	if b[0] == sink {
		for {
			if _, err := c.Read(b); err != nil {
				if errors.Is(err, io.EOF) {
					c.Write(b[:1])
				}
				return
			}
		}
	}
	delay := b[0] == slow
	for {
		n, err := c.Read(b)
		if err != nil {
			return
		}
		if delay {
			select {
			case <-ctx.Done():
				return
			case <-time.After(answerDelay):
			}
		}
		if _, err := c.Write(b[:n]); err != nil {
			return
		}
	}
}

// dial connects, and says what is wanted.
func dial(ctx context.Context, address string, what byte) (net.Conn, func(), error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, nil, err
	}
	stop := context.AfterFunc(ctx, func() { c.Close() })
	end := func() { stop(); c.Close() }
	if _, err := c.Write([]byte{what}); err != nil {
		end()
		return nil, nil, err
	}
	return c, end, nil
}

func roundTrips(ctx context.Context, address string) (Time, error) {
	c, end, err := dial(ctx, address, echo)
	if err != nil {
		return Time{}, err
	}
	defer end()
	b := []byte{1}
	return repeat(ctx, trips, func() error { return trip(c, b) })
}

func trip(c net.Conn, b []byte) error {
	if _, err := c.Write(b); err != nil {
		return err
	}
	_, err := io.ReadFull(c, b)
	return err
}

func stream(ctx context.Context, address string) (float64, error) {
	c, end, err := dial(ctx, address, sink)
	if err != nil {
		return 0, err
	}
	defer end()
	b := make([]byte, 256<<10)
	began := time.Now()
	for sent := 0; sent < streamed; sent += len(b) {
		if _, err := c.Write(b); err != nil {
			return 0, err
		}
	}
	if half, ok := c.(*net.TCPConn); ok {
		half.CloseWrite()
	}
	if _, err := io.ReadFull(c, b[:1]); err != nil {
		return 0, err
	}
	return streamed / time.Since(began).Seconds(), nil
}

func waits(ctx context.Context, address string, clients int) (time.Duration, error) {
	errs := make([]error, clients)
	began := time.Now()
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() {
			c, end, err := dial(ctx, address, slow)
			if err != nil {
				errs[i] = err
				return
			}
			defer end()
			b := []byte{1}
			for range requests / clients {
				if errs[i] = trip(c, b); errs[i] != nil {
					return
				}
			}
		})
	}
	all.Wait()
	return time.Since(began), errors.Join(errs...)
}
