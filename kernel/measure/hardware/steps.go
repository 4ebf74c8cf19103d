package hardware

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Step is a place where loads become slower as a working set grows: beyond the size of
// what held it. That is a cache, or the table of pages that the processor remembers
// (TLB), which a sweep cannot tell apart.
type Step struct {
	From, To      int64   // the last size that is still as fast as before, the first that is halfway slower; bytes
	Before, After float64 // ns a load, on the level before and behind
}

// What counts as a step: loads that are so many times slower behind it, beginning where
// they are so many times slower than before it.
const (
	stepRise  = 1.35
	stepBegin = 1.15
)

// Steps finds the steps of a sweep. A level is a run of sizes at which the time hardly
// grows; a step lies between two of them.
func Steps(points []Point) []Step {
	level := smooth(points)
	var list []Step
	for i := 0; i < len(level); {
		low := level[i]
		j := i // the last size that is as fast as the level that begins at i
		for j+1 < len(level) && level[j+1] < low*stepBegin {
			j++
			low = min(low, level[j])
		}
		if j+1 == len(level) {
			break
		}
		k := j + 1 // the rise goes on up to here
		for k+1 < len(level) && level[k+1] > level[k]*(1+flatRise) {
			k++
		}
		if level[k] >= low*stepRise {
			half := j + 1
			for level[half] < math.Sqrt(low*level[k]) {
				half++
			}
			list = append(list, Step{From: points[j].Size, To: points[half].Size, Before: low, After: level[k]})
			i = k
			continue
		}
		i = j + 1
	}
	return list
}

// flatRise is how much a time may grow from one size to the next on one level.
const flatRise = 0.05

// smooth takes out single sizes that something else has slowed down: the time of a
// size is never above that of a larger set.
func smooth(points []Point) []float64 {
	level := make([]float64, len(points))
	least := math.Inf(1)
	for i, p := range slices.Backward(points) {
		least = min(least, p.Load.Best)
		level[i] = least
	}
	return level
}

// Noise is how far the turns of a sweep lie apart in the middle of its sizes, as a part
// of the best.
func Noise(points []Point) float64 {
	list := make([]float64, 0, len(points))
	for _, p := range points {
		list = append(list, p.Load.Spread())
	}
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	return list[len(list)/2]
}

// noisy is the Noise from which on nothing is claimed of a sweep.
const noisy = 0.25

// Finding is what a sweep says of one cache that is reported, or of a step at which
// none is.
type Finding struct {
	Cache Cache // Level 0: none is reported here
	Step  *Step // nil: the sweep shows none
	Words string
}

// Compare holds the steps of a sweep against the caches that are reported. Of a noisy
// sweep it claims nothing.
func Compare(c Computer, points []Point) []Finding {
	steps := Steps(points)
	if Noise(points) > noisy {
		steps = nil
	}
	used := make([]bool, len(steps))
	var list []Finding
	for _, k := range c.Caches {
		f := Finding{Cache: k}
		near, at := math.Inf(1), -1
		for i, s := range steps {
			if d := s.off(k.Size); !used[i] && d < near {
				near, at = d, i
			}
		}
		said := "reported " + Bytes(k.Size)
		switch {
		case Noise(points) > noisy:
			f.Words = said + "; the sweep is too noisy to say anything"
		case at >= 0 && near <= agrees:
			used[at], f.Step = true, &steps[at]
			f.Words = fmt.Sprintf("%s; %s: they agree", said, steps[at])
		case at >= 0 && near <= resembles:
			used[at], f.Step = true, &steps[at]
			f.Words = fmt.Sprintf("%s; %s, which may be this cache, of which this program has it in part only, or the TLB", said, steps[at])
		case len(points) > 0 && points[len(points)-1].Size < 2*k.Size:
			f.Words = fmt.Sprintf("%s; the sweep ends at %s and cannot show it", said, Bytes(points[len(points)-1].Size))
		default:
			f.Words = said + "; the sweep shows no step there"
		}
		list = append(list, f)
	}
	for i := range steps {
		if !used[i] {
			list = append(list, Finding{Step: &steps[i], Words: fmt.Sprintf("%s, where no cache is reported: it may be the TLB, or a cache that others use too", steps[i])})
		}
	}
	slices.SortStableFunc(list, func(a, b Finding) int { return cmp.Compare(a.size(), b.size()) })
	return list
}

// size is where a finding stands in a list.
func (f Finding) size() int64 {
	if f.Cache.Level > 0 {
		return f.Cache.Size
	}
	return f.Step.From
}

func (s Step) String() string {
	return fmt.Sprintf("loads become slower between %s and %s", Bytes(s.From), Bytes(s.To))
}

// off is how far, in powers of two, a size lies from a step.
func (s Step) off(size int64) float64 {
	if size >= s.From && size <= s.To {
		return 0
	}
	log := func(n int64) float64 { return math.Abs(math.Log2(float64(n) / float64(size))) }
	return min(log(s.From), log(s.To))
}

// How far, in powers of two, a reported size may lie from a step.
const (
	agrees    = 0.35
	resembles = 1.5
)

// Doubt says why a sweep's steps may be others than they seem; empty: nothing is known.
func Doubt(c Computer, points []Point) string {
	switch n := Noise(points); {
	case n > noisy:
		return fmt.Sprintf("Not to be relied on: the turns of a size lie %.0f %% apart, so something else was running. Try again on a quiet computer.", 100*n)
	case c.Virtual:
		return "Likely, not sure: this is a virtual machine. Its neighbours use the same processor, and what it reports need not be what it has."
	}
	return ""
}
