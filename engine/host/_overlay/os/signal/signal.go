// Package signal hands on the signals that the program sends to itself.
package signal

import (
	"context"
	"internal/selfsignal"
	"os"
	"slices"
	"sync"
	"syscall"
)

type subscriber struct {
	c    chan<- os.Signal
	sigs []os.Signal // empty: all
}

var (
	mu      sync.Mutex
	list    []*subscriber
	ignored []os.Signal
)

func init() {
	selfsignal.Handler = func(n int) bool {
		mu.Lock()
		defer mu.Unlock()
		sig := os.Signal(syscall.Signal(n))
		taken := slices.Contains(ignored, sig)
		for _, s := range list {
			if len(s.sigs) == 0 || slices.Contains(s.sigs, sig) {
				taken = true
				select {
				case s.c <- sig:
				default:
				}
			}
		}
		return taken && sig != os.Kill
	}
}

// Notify makes c receive the given signals, or all.
func Notify(c chan<- os.Signal, sig ...os.Signal) {
	if c == nil {
		panic("os/signal: Notify using nil channel")
	}
	mu.Lock()
	defer mu.Unlock()
	for _, s := range list {
		if s.c == c {
			if len(sig) == 0 || len(s.sigs) == 0 {
				s.sigs = nil
			} else {
				s.sigs = append(s.sigs, sig...)
			}
			return
		}
	}
	list = append(list, &subscriber{c, slices.Clone(sig)})
}

// Stop ends what Notify began.
func Stop(c chan<- os.Signal) {
	mu.Lock()
	defer mu.Unlock()
	list = slices.DeleteFunc(list, func(s *subscriber) bool { return s.c == c })
}

func Ignore(sig ...os.Signal) {
	mu.Lock()
	defer mu.Unlock()
	ignored = append(ignored, sig...)
}

func Ignored(sig os.Signal) bool {
	mu.Lock()
	defer mu.Unlock()
	return slices.Contains(ignored, sig)
}

func Reset(sig ...os.Signal) {
	mu.Lock()
	defer mu.Unlock()
	if len(sig) == 0 {
		list, ignored = nil, nil
		return
	}
	for _, s := range list {
		s.sigs = slices.DeleteFunc(s.sigs, func(x os.Signal) bool { return slices.Contains(sig, x) })
	}
	list = slices.DeleteFunc(list, func(s *subscriber) bool { return len(s.sigs) == 0 })
	ignored = slices.DeleteFunc(ignored, func(x os.Signal) bool { return slices.Contains(sig, x) })
}

// NotifyContext returns a context that a signal cancels.
func NotifyContext(parent context.Context, signals ...os.Signal) (ctx context.Context, stop context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(parent)
	c := make(chan os.Signal, 1)
	Notify(c, signals...)
	go func() {
		select {
		case s := <-c:
			cancel(signalError(s.String() + " signal received"))
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		cancel(nil)
		Stop(c)
	}
}

type signalError string

func (s signalError) Error() string { return string(s) }
