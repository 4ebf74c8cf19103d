package python

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"interleave/engine/analyse/gil"
	"interleave/engine/policy"
)

// BenchmarkMixes holds the simulated lock against the real one of this computer, for
// many mixes, and prints a table:
//
//	go test ./kernel/measure/python -run - -bench Mixes -benchtime 1x
//
// INTERLEAVE_PYTHON names another interpreter, also one of 2.7, which is held against the
// policy of its lock. Each mix runs several times; the turn in which Python had most of the processors' time counts,
// since what else the computer does only takes away.
func BenchmarkMixes(b *testing.B) {
	ctx := context.Background()
	path, name := os.Getenv("INTERLEAVE_PYTHON"), "gil(interval=%v)"
	i := Interpreter{Path: path, Version: "of INTERLEAVE_PYTHON", Lock: true}
	if strings.Contains(path, "python2") {
		name = "gil-ticks"
	}
	if path == "" {
		list, err := Find(ctx)
		if err != nil {
			b.Skip(err)
		}
		i = list[0]
	}
	for b.Loop() {
		var rows []row
		for _, io := range []int{0, 1, 2} {
			for cpu := 0; cpu <= 4; cpu++ {
				for _, interval := range []time.Duration{time.Millisecond, 5 * time.Millisecond, 20 * time.Millisecond} {
					if cpu+io < 1 || interval != 5*time.Millisecond && (cpu > 2 || cpu == 0 || io > 1) || cpu == 1 && io == 0 {
						continue
					}
					m := Mix{CPU: cpu, IO: io, Interval: interval, Time: 400 * time.Millisecond}
					measured, simulated, used, err := both(ctx, i, m, name)
					if err != nil {
						b.Fatal(err)
					}
					rows = append(rows, row{m, Compare(m, measured, simulated), used})
				}
			}
		}
		fmt.Printf("\n%v, %d processors; each figure measured / simulated (how far apart);\nhad: for how much of the time Python had a processor\n", i, runtime.NumCPU())
		fmt.Printf("%3s %2s %8s %8s  %-24s %-26s %-26s %-26s\n", "cpu", "io", "interval", "had, %", "computing, %", "changes of hands, Hz", "I/O of a thread, Hz", "until it answers, ms")
		within, all := 0, 0
		for _, r := range rows {
			cells := map[string]string{}
			for _, f := range r.list {
				cells[f.Name] = fmt.Sprintf("%.4g / %.4g (%.0f)", f.Measured, f.Simulated, f.Apart())
				if all++; f.Apart() <= 25 {
					within++
				}
			}
			fmt.Printf("%3d %2d %8v %8d  %-24s %-26s %-26s %-26s\n", r.mix.CPU, r.mix.IO, r.mix.Interval, r.used,
				cells["time for which threads compute"], cells["the lock changes hands"], cells["I/O operations of a thread"], cells["until it answers, on average"])
		}
		fmt.Printf("order of the I/O rates: rank correlation %.2f (1: the same order)\n", ranks(rows, "I/O operations of a thread"))
		fmt.Printf("%d mixes; %d of %d figures within 25 (points of a percentage, else percent of the larger)\n", len(rows), within, all)
	}
}

type row struct {
	mix  Mix
	list []Figure
	used int64 // percent of the time for which Python had a processor
}

// ranks is Spearman's rank correlation between a figure as it was measured and simulated.
func ranks(rows []row, name string) float64 {
	var a, b []float64
	for _, r := range rows {
		for _, f := range r.list {
			if f.Name == name {
				a, b = append(a, f.Measured), append(b, f.Simulated)
			}
		}
	}
	rank := func(list []float64, x float64) (n float64) {
		for _, y := range list {
			switch {
			case y < x:
				n++
			case y == x:
				n += 0.5
			}
		}
		return n
	}
	sum, n := 0.0, float64(len(a))
	for i := range a {
		d := rank(a, a[i]) - rank(b, b[i])
		sum += d * d
	}
	return 1 - 6*sum/(n*(n*n-1))
}

func both(ctx context.Context, i Interpreter, m Mix, name string) (measured, simulated *gil.Contention, used int64, err error) {
	var best *Stamps
	for range 8 {
		s, err := Measure(ctx, i, m)
		if err != nil {
			return nil, nil, 0, err
		}
		c := gil.Of(s.Trace())
		if best == nil || s.Used > best.Used {
			best, measured = s, c
		}
	}
	if strings.Contains(name, "%v") {
		name = fmt.Sprintf(name, m.Interval)
	}
	p, err := policy.Named(name)
	if err != nil {
		return nil, nil, 0, err
	}
	t, err := best.Simulate(p, max(runtime.NumCPU(), 2))
	if err != nil {
		return nil, nil, 0, err
	}
	return measured, gil.Of(t), 100 * best.Used / (best.End - best.Start), nil
}
