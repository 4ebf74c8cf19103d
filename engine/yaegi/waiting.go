package yaegi

import "sync"

// waiting counts the goroutines of all cells and those that wait for each other.
type waiting struct {
	ev      *Evaluator
	mu      sync.Mutex
	live    int
	blocked int
}

func (w *waiting) add(n int) {
	w.mu.Lock()
	w.live += n
	w.mu.Unlock()
}

func (w *waiting) enter() {
	w.mu.Lock()
	w.blocked++
	w.mu.Unlock()
}

func (w *waiting) leave() {
	w.mu.Lock()
	w.blocked--
	w.mu.Unlock()
}
