package worker

import (
	"os"
	"sync"
	"time"
)

// lastWords collects what a worker's runtime says while it dies: the first and
// the last bytes of it.
type lastWords struct {
	alarm *os.File // the process begins to die when something comes; nil: when it comes in text
	text  *os.File

	mu    sync.Mutex
	first []byte
	last  []byte
}

const keepWords = 32 << 10 // bytes at each end

// listen reads until the end. When the process begins to die, dying is called
// after a second: a runtime that prints a hundred thousand stacks, or that is
// stuck in printing them, is not waited for. Without an alarm of its own, text
// is read from the start; otherwise it is left to the process until it dies.
func (l *lastWords) listen(dying func()) {
	var timer *time.Timer
	begins := func() {
		if timer == nil {
			timer = time.AfterFunc(time.Second, dying)
		}
	}
	defer func() {
		if timer != nil {
			timer.Stop()
		}
	}()
	buf := make([]byte, 8<<10)
	if l.alarm != nil {
		if n, _ := l.alarm.Read(buf); n > 0 {
			begins()
		}
	}
	for {
		n, err := l.text.Read(buf)
		if n > 0 {
			begins()
		}
		l.add(buf[:n])
		if err != nil {
			return
		}
	}
}

func (l *lastWords) add(p []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(keepWords-len(l.first), len(p))
	l.first = append(l.first, p[:n]...)
	l.last = append(l.last, p[n:]...)
	if extra := len(l.last) - keepWords; extra > 0 {
		l.last = append(l.last[:0], l.last[extra:]...)
	}
}

func (l *lastWords) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.first) + string(l.last)
}
