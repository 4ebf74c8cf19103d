package hardware

import (
	"context"
	"math/rand/v2"
	"runtime"
	"time"
)

// Point is what one load takes when a program works on so many bytes.
type Point struct {
	Size int64 // bytes
	Load Time  // ns
}

// Bounds of a sweep.
const (
	smallestSet = 2 << 10
	largestSet  = 128 << 20
	sweepTurns  = 5
	sweepTurn   = 2 * time.Millisecond // of one turn, about
	perOctave   = 4                    // sizes from one power of two to the next
	warmLoads   = 1 << 16              // between two looks at the context
	warmMost    = 1 << 18              // a larger set was just written, and no cache that it fits is that large
)

// Sweep measures the time of a load for growing working sets, from 2 KB to twice
// the largest cache that the computer reports (64 MB where it reports none, and never
// more than 128 MB). One load follows another through the set's lines in random order,
// each at the place that the one before has read, so that none can begin before the last is
// done and no pattern can be foreseen. (Working-set sweep by pointer chase: Drepper, What
// Every Programmer Should Know About Memory, 2007, §3.3.2; lmbench's lat_mem_rd, McVoy
// and Staelin 1996.) It takes a few seconds.
func Sweep(ctx context.Context, c Computer) ([]Point, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	sizes := sizes(c)
	words := c.Line() / 4
	memory := make([]uint32, sizes[len(sizes)-1]/4)
	points := make([]Point, 0, len(sizes))
	for _, size := range sizes {
		lines := int(size) / c.Line()
		chain(memory, lines, words, rand.New(rand.NewPCG(uint64(size), 1)))
		at := uint32(0)
		for left := min(2*lines, warmMost); left > 0; left -= warmLoads { // so that what fits a cache is there
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			at = follow(memory, at, min(left, warmLoads))
		}
		loads, err := enough(ctx, memory, &at)
		if err != nil {
			return nil, err
		}
		t, err := repeat(ctx, sweepTurns, func() error { at = follow(memory, at, loads); return nil })
		if err != nil {
			return nil, err
		}
		t.Best, t.Median = t.Best/float64(loads), t.Median/float64(loads)
		points = append(points, Point{size, t})
	}
	runtime.KeepAlive(memory)
	return points, nil
}

// sizes are those of a sweep, ascending.
func sizes(c Computer) []int64 {
	most := int64(64 << 20)
	if n := len(c.Caches); n > 0 {
		most = max(2*c.Caches[n-1].Size, 8<<20)
	}
	most = min(most, largestSet)
	var list []int64
	for octave := int64(smallestSet); octave <= most; octave *= 2 {
		for k := range int64(perOctave) {
			if size := octave + octave*k/perOctave; size <= most {
				list = append(list, size)
			}
		}
	}
	return list
}

// chain writes a random cycle through so many lines: the first word of each holds
// the index of the next line's. (Sattolo 1986.)
func chain(memory []uint32, lines, words int, r *rand.Rand) {
	order := make([]uint32, lines)
	for i := range order {
		order[i] = uint32(i)
	}
	for i := lines - 1; i > 0; i-- {
		j := r.IntN(i)
		order[i], order[j] = order[j], order[i]
	}
	for i, line := range order {
		memory[int(line)*words] = order[(i+1)%lines] * uint32(words)
	}
}

// follow makes so many loads, each at the place that the last has read.
func follow(memory []uint32, at uint32, loads int) uint32 {
	for range loads {
		at = memory[at]
	}
	return at
}

// enough is how many loads take about one turn.
func enough(ctx context.Context, memory []uint32, at *uint32) (int, error) {
	for loads := 1 << 12; ; loads *= 2 {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		began := time.Now()
		*at = follow(memory, *at, loads)
		if d := time.Since(began); d >= sweepTurn/2 {
			return max(int(float64(loads)*float64(sweepTurn)/float64(d)), 1), nil
		}
	}
}
