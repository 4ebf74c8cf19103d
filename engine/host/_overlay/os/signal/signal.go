// Package signal hands on the signals that the program sends to itself.
package signal

import (
	"context"
	"internal/selfsignal"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
)

// set is a set of signals.
type set [65]bool

func setOf(sigs []os.Signal) (in set) {
	for n := range in {
		in[n] = len(sigs) == 0 || slices.Contains(sigs, os.Signal(syscall.Signal(n)))
	}
	return in
}

type subscriber struct {
	c    chan<- os.Signal
	sigs set
}

var (
	mu      sync.Mutex
	list    []*subscriber
	ignored set
)

func init() {
	selfsignal.Handler = func(n int) bool {
		mu.Lock()
		defer mu.Unlock()
		if n < 0 || n >= len(ignored) {
			return false
		}
		taken := ignored[n]
		for _, s := range list {
			if s.sigs[n] {
				taken = true
				select {
				case s.c <- syscall.Signal(n):
				default:
				}
			}
		}
		return taken && syscall.Signal(n) != syscall.SIGKILL
	}
}

// Notify makes c receive the given signals, or all.
func Notify(c chan<- os.Signal, sig ...os.Signal) {
	if c == nil {
		panic("os/signal: Notify using nil channel")
	}
	mu.Lock()
	defer mu.Unlock()
	i := slices.IndexFunc(list, func(s *subscriber) bool { return s.c == c })
	if i < 0 {
		i = len(list)
		list = append(list, &subscriber{c: c})
	}
	for n, is := range setOf(sig) {
		list[i].sigs[n] = is || list[i].sigs[n]
		ignored[n] = ignored[n] && !is
	}
}

// Stop ends what Notify began.
func Stop(c chan<- os.Signal) {
	mu.Lock()
	defer mu.Unlock()
	list = slices.DeleteFunc(list, func(s *subscriber) bool { return s.c == c })
}

// cancel takes signals from all channels, from now on ignored or not.
func cancel(sig []os.Signal, ignore bool) {
	mu.Lock()
	defer mu.Unlock()
	for n, is := range setOf(sig) {
		if is {
			ignored[n] = ignore
			for _, s := range list {
				s.sigs[n] = false
			}
		}
	}
	list = slices.DeleteFunc(list, func(s *subscriber) bool { return s.sigs == set{} })
}

func Ignore(sig ...os.Signal) { cancel(sig, true) }

func Reset(sig ...os.Signal) { cancel(sig, false) }

func Ignored(sig os.Signal) bool {
	mu.Lock()
	defer mu.Unlock()
	n, ok := sig.(syscall.Signal)
	return ok && n >= 0 && int(n) < len(ignored) && ignored[n]
}

// signalContext is what NotifyContext returns.
type signalContext struct {
	context.Context
	signals []os.Signal
}

func (c *signalContext) String() string {
	inner, _ := strings.CutSuffix(c.Context.(interface{ String() string }).String(), ".WithCancel")
	if len(c.signals) == 0 {
		return "signal.NotifyContext(" + inner + ")"
	}
	var names []string
	for _, s := range c.signals {
		names = append(names, s.String())
	}
	return "signal.NotifyContext(" + inner + ", [" + strings.Join(names, " ") + "])"
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
	return &signalContext{ctx, signals}, func() {
		cancel(nil)
		Stop(c)
	}
}

type signalError string

func (s signalError) Error() string { return string(s) }
