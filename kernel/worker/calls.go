package worker

import (
	"io"
	"os"
	"sync"
	"time"
)

// calls brings the requests of the parent, also while a cell keeps all threads
// busy. A goroutine that waits for the network poller is put behind all others
// when its data comes, and a thousand busy ones keep it out for seconds; one
// that wakes from a timer runs next, and so does one that it wakes. So while a
// cell runs, a second goroutine looks for requests at intervals. Goroutines:
// wait, until the end of the pipe, and look, while a cell runs.
type calls struct {
	mu  sync.Mutex
	end readEnd
	to  *io.PipeWriter
	buf []byte
}

const lookEvery = 20 * time.Millisecond

// newCalls starts to read file; the requests come out of r.
func newCalls(file *os.File) (c *calls, r io.Reader, err error) {
	end, err := newReadEnd(file)
	if err != nil {
		return nil, nil, err
	}
	reader, writer := io.Pipe()
	c = &calls{end: end, to: writer, buf: make([]byte, 64<<10)}
	go end.wait(c.pull)
	return c, reader, nil
}

// pull moves what is there; over says that nothing will come any more.
func (c *calls) pull() (over bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		n, eof := c.end.poll(c.buf)
		if n == 0 {
			if eof {
				c.to.Close()
			}
			return eof
		}
		c.to.Write(c.buf[:n])
	}
}

// look pulls at intervals until over is closed.
func (c *calls) look(over <-chan struct{}) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			c.pull()
		case <-over:
			return
		}
	}
}
