package hardware

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"
)

// Scale is what so many threads do at one time, beside what one does.
type Scale struct {
	Threads int
	Compute float64 // operations a second by those of one thread
	Memory  float64 // bytes a second by those of one thread
	Bytes   float64 // bytes a second
}

// Bounds of Scaling.
const (
	MostThreads  = 64
	scalingTurns = 3
	scalingTurn  = 60 * time.Millisecond
	streamBytes  = 64 << 20 // that are read, all threads together: more than most caches hold
)

// Scaling has 1, 2, 4 … threads compute, each by itself and without memory, and then
// has them read memory, each a part of its own. (McCalpin's STREAM, 1995, reading only.)
func Scaling(ctx context.Context, most int) ([]Scale, error) {
	if most < 1 || most > MostThreads {
		return nil, fmt.Errorf("hardware: %d threads: want 1 to %d", most, MostThreads)
	}
	memory := make([]uint64, streamBytes/8)
	for i := range memory { // so that every page is there
		memory[i] = uint64(i)
	}
	var list []Scale
	var one Scale
	for _, n := range doubling(most) {
		compute, err := rate(ctx, n, func(int) func() float64 {
			state := uint64(n)
			return func() float64 {
				const steps = 50_000
				for range steps {
					state = state*6364136223846793005 + 1442695040888963407
				}
				return steps + float64(state&1) // so that it is used
			}
		})
		if err != nil {
			return nil, err
		}
		bytes, err := rate(ctx, n, func(thread int) func() float64 {
			part := memory[thread*len(memory)/n : (thread+1)*len(memory)/n]
			at := 0
			return func() float64 {
				from := at
				piece := part[from:min(from+32<<10, len(part))]
				var a, b, c, d uint64
				for ; len(piece) >= 4; piece = piece[4:] {
					a, b, c, d = a+piece[0], b+piece[1], c+piece[2], d+piece[3]
				}
				if at += 32 << 10; at >= len(part) {
					at = 0
				}
				read := 8 * float64(min(32<<10, len(part)-from))
				return read + float64((a+b+c+d)&1) // so that it is used
			}
		})
		if err != nil {
			return nil, err
		}
		s := Scale{Threads: n, Compute: compute, Bytes: bytes}
		if len(list) == 0 {
			one = s
		}
		s.Compute, s.Memory = compute/one.Compute, bytes/one.Bytes
		list = append(list, s)
	}
	return list, nil
}

// doubling lists 1, 2, 4 … up to most, and most.
func doubling(most int) []int {
	var list []int
	for n := 1; n < most; n *= 2 {
		list = append(list, n)
	}
	return append(list, most)
}

// rate is how much so many threads do a second: the best of some turns. Each calls its
// own function, which tells how much it has done, until the turn is over.
func rate(ctx context.Context, threads int, worker func(thread int) func() float64) (float64, error) {
	most := 0.0
	for range scalingTurns {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		var mu sync.Mutex
		sum := 0.0
		var ready, done sync.WaitGroup
		start := make(chan struct{})
		ready.Add(threads)
		for i := range threads {
			done.Go(func() {
				runtime.LockOSThread()
				defer runtime.UnlockOSThread()
				work, n := worker(i), 0.0
				ready.Done()
				<-start
				began := time.Now()
				for time.Since(began) < scalingTurn && ctx.Err() == nil {
					n += work()
				}
				n /= time.Since(began).Seconds()
				mu.Lock()
				sum += n
				mu.Unlock()
			})
		}
		ready.Wait()
		close(start)
		done.Wait()
		most = max(most, sum)
	}
	return most, ctx.Err()
}
