package python

import (
	"cmp"
	"fmt"
	"slices"

	"interleave/engine/analyse/gil"
	"interleave/engine/policy"
	"interleave/engine/trace"
	"interleave/engine/workload"
)

// Simulate runs the mix that was measured on the machine, under a policy: as long, with
// waits as they were alone, in an order drawn from a seed, and hand-overs as long as they were.
func (s *Stamps) Simulate(p policy.Policy, cores int) (*trace.Trace, error) {
	took := s.End - s.Start
	var list []workload.Process
	for i := range s.Mix.CPU {
		list = append(list, workload.Process{Name: fmt.Sprintf("cpu %d", i+1), Bursts: []workload.Burst{workload.CPU(took)}})
	}
	work := max(s.between(), 1)
	naps, r := s.Naps, policy.NewRand(1, 0)
	if len(naps) == 0 {
		naps = []int64{s.Alone}
	}
	for i := range s.Mix.IO {
		p := workload.Process{Name: fmt.Sprintf("io %d", i+1)}
		for time := int64(0); time < took; {
			wait := max(naps[r.Intn(len(naps))], 1)
			p.Bursts = append(p.Bursts, workload.IO(p.Name, wait), workload.CPU(work))
			time += wait + work
		}
		list = append(list, p)
	}
	t, err := workload.Run(list, workload.Setup{Policy: p, Cores: cores, Switch: s.HandOver(), Limit: took})
	if err != nil {
		return nil, fmt.Errorf("python: %w", err)
	}
	return t, nil
}

// between is how long a thread takes from one wait to the next, in the middle.
func (s *Stamps) between() int64 {
	var list []int64
	for _, io := range s.IO {
		for k := 1; k+1 < len(io); k += 2 {
			list = append(list, io[k+1]-io[k])
		}
	}
	return middle(list)
}

// HandOver is how long it takes from the end of one thread's turn to the beginning of
// another's, in the middle; 0: there was none.
func (s *Stamps) HandOver() int64 {
	var turns []piece
	for i, cpu := range s.CPU {
		for k := 0; k < len(cpu); k += 2 {
			turns = append(turns, piece{i, cpu[k], cpu[k+1]})
		}
	}
	slices.SortFunc(turns, func(a, b piece) int { return cmp.Compare(a.from, b.from) })
	var list []int64
	for k := 1; k < len(turns); k++ {
		a, b := turns[k-1], turns[k]
		// A turn's last look at the clock is up to a step before its end.
		if d := b.from - a.to - s.Step/2; a.thread != b.thread && d > 0 && d < 1_000_000 {
			list = append(list, d)
		}
	}
	return middle(list)
}

func middle(list []int64) int64 {
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	return list[len(list)/2]
}

// Doubt says why a measurement is not to be relied on; empty: nothing is known against
// it.
func (s *Stamps) Doubt() string {
	if took := s.End - s.Start; s.Mix.CPU > 0 && s.Used < took*85/100 {
		return fmt.Sprintf("Python had a processor for %d %% of the time only: other programs took the rest, and the figures show them as much as the lock. Try again on a quiet computer.", 100*s.Used/took)
	}
	return ""
}

// Figure is one property of a run, measured and simulated.
type Figure struct {
	Name                string
	Unit                string // "%", "Hz" or "ms"
	Measured, Simulated float64
}

// Apart is how far the two are from each other: of percentages the difference in points,
// of the others the difference as a share of the larger, in percent.
func (f Figure) Apart() float64 {
	d := f.Measured - f.Simulated
	if d < 0 {
		d = -d
	}
	if f.Unit == "%" {
		return d
	}
	if most := max(f.Measured, f.Simulated); most > 0 && !(f.Unit == "ms" && most < 0.1) { // two times next to nothing
		return 100 * d / most
	}
	return 0
}

// Compare lists what the two runs of a mix have in common.
func Compare(m Mix, measured, simulated *gil.Contention) []Figure {
	a, b := figures(m, measured), figures(m, simulated)
	for i := range a {
		a[i].Simulated = b[i].Measured
	}
	return a
}

// figures are the properties of one run, in Measured.
func figures(m Mix, c *gil.Contention) (list []Figure) {
	add := func(name, unit string, x float64) { list = append(list, Figure{Name: name, Unit: unit, Measured: x}) }
	wall := float64(c.Wall())
	if wall <= 0 {
		wall = 1
	}
	add("time for which threads compute", "%", 100*float64(c.Computed())/wall)
	if m.CPU > 1 {
		least, most := 0.0, 0.0
		for i, th := range c.Threads[:min(m.CPU, len(c.Threads))] {
			share := 100 * float64(th.Time[gil.Holds]+th.Time[gil.Runs]) / wall
			if i == 0 || share < least {
				least = share
			}
			most = max(most, share)
		}
		add("the computing thread with the least", "%", least)
		add("the computing thread with the most", "%", most)
	}
	if m.CPU+m.IO > 1 {
		add("the lock changes hands", "Hz", c.Rate())
	}
	if m.IO > 0 {
		n, answers, sum := 0, 0, int64(0)
		for _, th := range c.Threads[min(m.CPU, len(c.Threads)):] {
			for _, p := range th.Parts {
				if p.State == gil.Outside {
					n++
				}
			}
			for _, a := range th.Answer {
				answers, sum = answers+1, sum+a
			}
		}
		add("I/O operations of a thread", "Hz", float64(n)/(wall/1e9)/float64(m.IO))
		add("until it answers, on average", "ms", float64(sum)/1e6/float64(max(answers, 1)))
	}
	return list
}
