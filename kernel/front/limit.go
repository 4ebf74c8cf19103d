package front

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// perSecond is how many lines a second reach the log: garbage on a socket must
// not fill a disk.
const perSecond = 20

// limited is a slog.Handler that drops lines beyond perSecond and says, with
// the first line of a later second, how many.
type limited struct {
	slog.Handler
	*quota
}

type quota struct {
	now func() time.Time

	mu      sync.Mutex
	second  int64
	used    int
	dropped int
}

func limit(h slog.Handler, now func() time.Time) slog.Handler {
	return limited{h, &quota{now: now}}
}

// Handle implements slog.Handler.
func (l limited) Handle(ctx context.Context, r slog.Record) error {
	ok, dropped := l.take()
	if !ok {
		return nil
	}
	if dropped > 0 {
		r = r.Clone()
		r.AddAttrs(slog.Int("lines_dropped_before", dropped))
	}
	return l.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (l limited) WithAttrs(attrs []slog.Attr) slog.Handler {
	return limited{l.Handler.WithAttrs(attrs), l.quota}
}

// WithGroup implements slog.Handler.
func (l limited) WithGroup(name string) slog.Handler {
	return limited{l.Handler.WithGroup(name), l.quota}
}

// take reports whether a line may pass, and how many were dropped since the last.
func (q *quota) take() (bool, int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if second := q.now().Unix(); second != q.second {
		q.second, q.used = second, 0
	}
	if q.used == perSecond {
		q.dropped++
		return false, 0
	}
	q.used++
	dropped := q.dropped
	q.dropped = 0
	return true, dropped
}
