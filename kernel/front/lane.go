package front

import "sync"

// lane runs functions one after another, in the order in which they were added,
// and never makes the one who adds wait.
//
// Goroutines: run, started by the Front.
type lane struct {
	mu     sync.Mutex
	change sync.Cond
	queue  []func()
	closed bool
}

func newLane() *lane {
	l := &lane{}
	l.change.L = &l.mu
	return l
}

func (l *lane) add(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.queue = append(l.queue, f)
		l.change.Signal()
	}
}

// run returns when close was called and all that was added before is done.
func (l *lane) run() {
	for {
		l.mu.Lock()
		for len(l.queue) == 0 && !l.closed {
			l.change.Wait()
		}
		if len(l.queue) == 0 {
			l.mu.Unlock()
			return
		}
		f := l.queue[0]
		l.queue[0] = nil
		l.queue = l.queue[1:]
		l.mu.Unlock()
		f()
	}
}

func (l *lane) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.change.Signal()
}
