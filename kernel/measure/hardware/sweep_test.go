package hardware

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestChain: the chase comes through every line once before it is back.
func TestChain(t *testing.T) {
	for _, lines := range []int{1, 2, 3, 17, 64} {
		memory := make([]uint32, 16*lines)
		chain(memory, lines, 16, rand.New(rand.NewPCG(1, 2)))
		seen := map[uint32]bool{}
		at := uint32(0)
		for range lines {
			seen[at] = true
			at = follow(memory, at, 1)
		}
		if at != 0 || len(seen) != lines {
			t.Errorf("%d lines: %d seen, ends at %d", lines, len(seen), at)
		}
	}
}

// curve is what a computer with the given levels would measure: times by size, linear in
// the part of the set that does not fit.
func curve(noise float64, levels ...[2]float64) []Point {
	var points []Point
	for _, size := range sizes(Computer{Caches: []Cache{{Size: 16 << 20}}}) {
		ns := levels[0][1]
		for i, l := range levels[:len(levels)-1] {
			if s := float64(size); s > l[0] {
				ns += (levels[i+1][1] - l[1]) * (1 - l[0]/s)
			}
		}
		points = append(points, Point{size, Time{Best: ns, Median: ns * (1 + noise), Turns: 5}})
	}
	return points
}

func TestSteps(t *testing.T) {
	kb, mb := 1024.0, 1024*1024.0
	for _, test := range []struct {
		name   string
		levels [][2]float64 // up to so many bytes, ns
		want   []int64      // From of each step, in KB
	}{
		{"three caches", [][2]float64{{32 * kb, 1}, {512 * kb, 4}, {8 * mb, 15}, {0, 90}}, []int64{32, 512, 8192}},
		{"a size between the powers", [][2]float64{{48 * kb, 1.2}, {1280 * kb, 4}, {12 * mb, 20}, {0, 100}}, []int64{48, 1280, 12288}},
		{"one", [][2]float64{{64 * kb, 1}, {0, 80}}, []int64{64}},
		{"none", [][2]float64{{0, 2}}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []int64
			for _, s := range Steps(curve(0, test.levels...)) {
				got = append(got, s.From>>10)
			}
			if len(got) != len(test.want) {
				t.Fatalf("steps at %v KB, want %v", got, test.want)
			}
			for i := range got { // within a step of the sweep or two
				s := Steps(curve(0, test.levels...))[i]
				if want := test.want[i] << 10; s.From < want*3/4 || s.From > want*5/4 || s.To < want {
					t.Errorf("step %d between %d and %d KB, want %d", i, s.From>>10, s.To>>10, test.want[i])
				}
			}
		})
	}
}

// TestOneSlowSize: a single size that something else slowed down is no step.
func TestOneSlowSize(t *testing.T) {
	points := curve(0, [2]float64{32 << 10, 1}, [2]float64{0, 10})
	want := Steps(points)
	points[3].Load.Best = 9
	if got := Steps(points); !slices.Equal(got, want) {
		t.Errorf("steps %+v, want %+v", got, want)
	}
}

func TestCompare(t *testing.T) {
	caches := []Cache{{Level: 1, Size: 32 << 10}, {Level: 2, Size: 512 << 10}}
	points := curve(0, [2]float64{32 << 10, 1}, [2]float64{512 << 10, 4}, [2]float64{0, 90})
	for _, test := range []struct {
		name   string
		caches []Cache
		points []Point
		want   []string // in the words of each finding
		not    string
	}{
		{"quiet", caches, points, []string{"they agree", "they agree"}, "noisy"},
		{"noisy", caches, curve(0.6, [2]float64{32 << 10, 1}, [2]float64{512 << 10, 4}, [2]float64{0, 90}), []string{"too noisy", "too noisy"}, "agree"},
		{"nothing reported", nil, points, []string{"no cache is reported", "no cache is reported"}, "agree"},
		{"a cache too many", append(slices.Clone(caches), Cache{Level: 3, Size: 8 << 20}), points, []string{"agree", "agree", "no step there"}, "noisy"},
		{"beyond the sweep", []Cache{{Level: 1, Size: 32 << 10}, {Level: 3, Size: 1 << 30}}, points, []string{"agree", "no cache is reported", "cannot show it"}, "noisy"},
		{"half of it for others", []Cache{{Level: 1, Size: 32 << 10}, {Level: 2, Size: 1280 << 10}}, points, []string{"agree", "in part only"}, "noisy"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := Compare(Computer{Caches: test.caches}, test.points)
			if len(got) != len(test.want) {
				t.Fatalf("%d findings, want %d: %+v", len(got), len(test.want), got)
			}
			for i, f := range got {
				if !strings.Contains(f.Words, test.want[i]) || strings.Contains(f.Words, test.not) {
					t.Errorf("finding %d: %q: want %q and not %q", i, f.Words, test.want[i], test.not)
				}
			}
		})
	}
	if d := Doubt(Computer{Virtual: true}, points); !strings.Contains(d, "virtual machine") {
		t.Errorf("of a virtual machine: %q", d)
	}
	if d := Doubt(Computer{}, points); d != "" {
		t.Errorf("of a quiet computer: %q", d)
	}
}

// TestInterrupt: every probe ends with its context.
func TestInterrupt(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	for name, probe := range map[string]func() error{
		"sweep":    func() error { _, err := Sweep(ctx, Computer{}); return err },
		"matrix":   func() error { _, err := Matrix(ctx, 64); return err },
		"scaling":  func() error { _, err := Scaling(ctx, 2); return err },
		"sharing":  func() error { _, err := Sharing(ctx, Computer{CPUs: 2}); return err },
		"files":    func() error { _, err := Files(ctx, 1<<20); return err },
		"loopback": func() error { _, err := Loopback(ctx); return err },
	} {
		if err := probe(); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
