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
// cell runs, others look for requests at intervals. Such a looker, too, is put
// behind all others now and then: it runs in what is left of the time of the
// goroutine before it. Therefore there are several, out of step, and one takes
// the lock only where there is something to read, so that none holds up the
// next. Goroutines: wait, until the end of the pipe, and the lookers, while a
// cell runs.
type calls struct {
	mu  sync.Mutex
	end readEnd
	to  *io.PipeWriter
	buf []byte
}

const (
	lookers   = 4
	lookEvery = 20 * time.Millisecond // all of them together
)

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
	for i := range lookers {
		time.AfterFunc(time.Duration(i)*lookEvery, func() { c.lookAlone(over) })
	}
}

func (c *calls) lookAlone(over <-chan struct{}) {
	tick := time.NewTicker(lookers * lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if c.end.ready() {
				c.pull()
			}
		case <-over:
			return
		}
	}
}
