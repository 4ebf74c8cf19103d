package wire

import "testing"

// BenchmarkRoundTrip is one request and its reply over TCP.
func BenchmarkRoundTrip(b *testing.B) {
	l, port, err := local().listen()
	if err != nil {
		b.Fatal(err)
	}
	r := echoes(b, l)
	defer r.Close()
	c := shake(b, dialTCP(b, port), "DEALER", "")
	request := message("one", "two", "three", "four", "five", "six")
	for b.Loop() {
		c.raw(request)
		if _, _, _, err := c.next(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPublish100k is 100,000 messages of 400 bytes to two subscribers over TCP.
func BenchmarkPublish100k(b *testing.B) {
	const n, subscribers = 100_000, 2
	p, err := NewPublisher(local(), nil, func(string) [][]byte { return bytesOf("welcome") })
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	got := make(chan error)
	for range subscribers {
		c := shake(b, dialTCP(b, p.Port()), "SUB", "")
		c.send("\x01")
		if _, _, _, err := c.next(); err != nil {
			b.Fatal(err)
		}
		go func() {
			for {
				var err error
				for i := 0; i < n && err == nil; i++ {
					_, _, _, err = c.next()
				}
				got <- err
				if err != nil {
					return
				}
			}
		}()
	}
	body := make([]byte, 400)
	for b.Loop() {
		for range n {
			p.Publish([][]byte{[]byte("topic"), body})
		}
		for range subscribers {
			if err := <-got; err != nil {
				b.Fatal(err)
			}
		}
	}
	p.Close()
	for range subscribers {
		<-got
	}
}
