package yaegi

import (
	"bytes"
	"runtime"
	"sync"
	"time"

	"interleave/engine"
)

// waiting counts the goroutines of all cells, and those that wait for another
// one: where all do, nothing will ever happen again. A goroutine that sleeps,
// reads input or is in library code does not count as waiting.
type waiting struct {
	ev *Evaluator

	mu       sync.Mutex
	live     int
	blocked  int
	changes  uint64 // counts every change, so that a look twice notices one
	outside  bool   // something that is no goroutine of ours may wake one: timers, the network
	checking bool
}

func (w *waiting) add(n int) {
	w.mu.Lock()
	w.live += n
	w.changes++
	w.suspect()
	w.mu.Unlock()
}

func (w *waiting) enter() {
	w.mu.Lock()
	w.blocked++
	w.changes++
	w.suspect()
	w.mu.Unlock()
}

func (w *waiting) leave() {
	w.mu.Lock()
	w.blocked--
	w.changes++
	w.mu.Unlock()
}

// suspect starts a closer look if everybody seems to wait. w.mu is held.
func (w *waiting) suspect() {
	if w.blocked == 0 || w.blocked < w.live || w.outside || w.checking {
		return
	}
	w.checking = true
	go w.check(w.changes)
}

// check decides whether the suspicion holds: one that was just woken still
// counts as waiting until it runs.
func (w *waiting) check(changes uint64) {
	for calm := 0; calm < 3; calm++ {
		time.Sleep(5 * time.Millisecond)
		w.mu.Lock()
		if w.blocked < w.live || w.blocked == 0 || w.outside {
			w.checking = false
			w.mu.Unlock()
			return
		}
		live := w.live
		if w.changes != changes {
			changes, calm = w.changes, -1
		}
		w.mu.Unlock()
		if calm == 2 && live <= 2000 && runnable() {
			calm = -1
		}
	}
	w.mu.Lock()
	w.checking = false
	w.mu.Unlock()
	w.ev.runMu.Lock()
	r := w.ev.last
	w.ev.runMu.Unlock()
	r.mu.Lock()
	over := r.finished || r.live == 0
	r.mu.Unlock()
	if !over {
		r.fail(&engine.Fatal{Message: "all goroutines are asleep - deadlock!"})
	}
}

// runnable reports whether any goroutine of a cell could run, by its state in
// a dump of all.
func runnable() bool {
	buf := make([]byte, 1<<20)
	for {
		n := runtime.Stack(buf, true)
		if n < len(buf) {
			buf = buf[:n]
			break
		}
		if len(buf) > 1<<26 {
			return true
		}
		buf = make([]byte, 2*len(buf))
	}
	for _, g := range bytes.Split(buf, []byte("\n\n")) {
		head, rest, _ := bytes.Cut(g, []byte("\n"))
		if bytes.Contains(rest, []byte("yaegi.(*run).start")) && (bytes.Contains(head, []byte("[runnable")) || bytes.Contains(head, []byte("[running"))) {
			return true
		}
	}
	return false
}

// quiet lists the packages of which nothing wakes a goroutine by itself.
var quiet = map[string]bool{
	"bufio": true, "bytes": true, "cmp": true, "context": true, "errors": true, "fmt": true, "hash": true,
	"html": true, "io": true, "log": true, "maps": true, "math": true, "os": true, "path": true, "reflect": true,
	"regexp": true, "runtime": true, "slices": true, "sort": true, "strconv": true, "strings": true,
	"sync": true, "time": true, "unicode": true, "container": true, "encoding": true, "text": true, "crypto": true,
	hostPath: true, "interleave": true,
}

// wakes reports whether calling a library function may lead to a goroutine
// being woken from outside.
func wakes(path, name string) bool {
	first, _, _ := bytes.Cut([]byte(path), []byte("/"))
	if !quiet[string(first)] || path == "os/signal" || path == "os/exec" || path == "log/syslog" {
		return true
	}
	switch path + "." + name {
	case "time.After", "time.NewTimer", "time.Tick", "time.NewTicker", "time.AfterFunc",
		"context.WithTimeout", "context.WithDeadline", "context.WithTimeoutCause", "context.WithDeadlineCause",
		"context.AfterFunc", "io.Pipe", "os.Pipe":
		return true
	}
	return false
}
