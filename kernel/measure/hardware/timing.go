package hardware

import (
	"context"
	"slices"
	"time"
)

// Time is how long something took.
type Time struct {
	Best   float64 // ns
	Median float64 // ns
	Turns  int
}

// Spread is how far the middle of the turns lies above the best, as a part of it: 0 on
// a quiet computer, 1 where every other turn takes twice as long.
func (t Time) Spread() float64 {
	if t.Best <= 0 {
		return 0
	}
	return t.Median/t.Best - 1
}

// Duration is the best time.
func (t Time) Duration() time.Duration { return time.Duration(t.Best) }

// best sums up turns; each is a time in ns.
func best(turns []float64) Time {
	if len(turns) == 0 {
		return Time{}
	}
	list := slices.Sorted(slices.Values(turns))
	return Time{Best: list[0], Median: list[len(list)/2], Turns: len(list)}
}

// repeat times f so many times, in ns. It ends early when the context does.
func repeat(ctx context.Context, turns int, f func() error) (Time, error) {
	list := make([]float64, 0, turns)
	for range turns {
		if err := ctx.Err(); err != nil {
			return Time{}, err
		}
		began := time.Now()
		if err := f(); err != nil {
			return Time{}, err
		}
		list = append(list, float64(time.Since(began)))
	}
	return best(list), nil
}
