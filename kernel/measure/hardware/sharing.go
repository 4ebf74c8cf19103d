package hardware

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

// Counted is how long it took threads to count, each its own counter. The best turn of
// two threads is one in which they met least: the Median is what counts.
type Counted struct {
	Name string // "alone", "two lines", "one line" or "one counter"
	Time Time   // ns an increment of one thread
}

// Bounds of Sharing.
const (
	sharingCounts = 1_000_000
	sharingTurns  = 9
	apart         = 256 // bytes between counters on lines of their own: processors fetch lines in pairs, and some have lines of 128
)

// ErrOneCPU says that what needs two threads at one instant cannot be measured.
var ErrOneCPU = errors.New("hardware: this process may use one CPU only: two threads are never on two processors here")

// Sharing has two threads count, each in a counter of its own: alone, in one cache
// line, on two lines; and both in the same counter. Nothing is shared but the line in
// the second case: false sharing. (Bolosky and Scott, False Sharing and its Effect on
// Shared Memory Performance, 1993.)
func Sharing(ctx context.Context, c Computer) ([]Counted, error) {
	if c.CPUs < 2 {
		return nil, ErrOneCPU
	}
	memory := make([]atomic.Int64, 4*apart/8)
	first := 0
	for ; !aligned(&memory[first]); first++ {
	}
	counter := func(bytes int) *atomic.Int64 { return &memory[first+bytes/8] }
	ways := []struct {
		name string
		to   []*atomic.Int64
	}{
		{"alone", []*atomic.Int64{counter(0)}},
		{"two lines", []*atomic.Int64{counter(0), counter(apart)}},
		{"one line", []*atomic.Int64{counter(0), counter(8)}},
		{"one counter", []*atomic.Int64{counter(0), counter(0)}},
	}
	var list []Counted
	for _, w := range ways {
		var turns []float64
		for range sharingTurns {
			ns, err := count(ctx, w.to)
			if err != nil {
				return nil, err
			}
			turns = append(turns, ns/sharingCounts)
		}
		list = append(list, Counted{w.name, best(turns)})
	}
	return list, nil
}

// count has a thread increment each counter, all at one time, and gives the ns
// until the last is done.
func count(ctx context.Context, counters []*atomic.Int64) (float64, error) {
	var ready atomic.Int32
	var done sync.WaitGroup
	var mu sync.Mutex
	longest := time.Duration(0)
	for _, c := range counters {
		done.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			ready.Add(1)
			for int(ready.Load()) < len(counters) && ctx.Err() == nil { // they begin at one time
				runtime.Gosched()
			}
			began := time.Now()
			for n := 0; n < sharingCounts && ctx.Err() == nil; n += 10_000 {
				for range 10_000 {
					c.Add(1)
				}
			}
			mu.Lock()
			longest = max(longest, time.Since(began))
			mu.Unlock()
		})
	}
	done.Wait()
	return float64(longest), ctx.Err()
}

// aligned tells whether a counter is the first of its lines.
func aligned(p *atomic.Int64) bool { return uintptr(unsafe.Pointer(p))%apart == 0 }
