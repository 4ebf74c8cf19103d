package machine_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"interleave/engine/machine"
	"interleave/engine/policy"
	"interleave/engine/trace"
)

// Tasks that only compute are as much faster as there are cores.
func TestSpeedup(t *testing.T) {
	const src = `func main() { var w WaitGroup; w.Add(4); for range 4 { go func() { Work(1000000); w.Done() }() }; w.Wait() }`
	var one int64
	for _, cores := range []int{1, 2, 4} {
		s := trace.Summarize(newRig(t, machine.Config{Cores: cores}, src).run(t, 0))
		if cores == 1 {
			one = s.Wall
		}
		if up := float64(one) / float64(s.Wall); math.Abs(up-float64(cores)) > 0.05*float64(cores) {
			t.Errorf("%d cores: %.2f times as fast", cores, up)
		}
		if math.Abs(s.Speedup-float64(cores)) > 0.05*float64(cores) {
			t.Errorf("%d cores: speed-up %.2f by the trace", cores, s.Speedup)
		}
	}
}

// On one core, tasks that only compute take turns of a slice each, and get equal
// shares.
func TestSlices(t *testing.T) {
	const src = `func main() { var w WaitGroup; w.Add(3); for range 3 { go func() { Work(20000000); w.Done() }() }; w.Wait() }`
	const slice = 1_000_000
	tr := newRig(t, machine.Config{Cores: 1, Slice: slice}, src).run(t, 0)
	share := map[uint32]int64{}
	for _, s := range trace.Spans(tr) {
		if s.State != trace.IsRunning || s.Task == 1 {
			continue
		}
		if d := s.To - s.From; d > slice*11/10 {
			t.Errorf("%s ran %d ns at a time", tr.TaskName(s.Task), d)
		}
		if s.To < 50_000_000 {
			share[s.Task] += s.To - s.From
		}
	}
	for k, d := range share {
		if math.Abs(float64(d)-50e6/3) > 1.5*slice {
			t.Errorf("%s ran %d ns of the first 50 ms", tr.TaskName(k), d)
		}
	}
	if len(share) != 3 {
		t.Errorf("%d tasks ran", len(share))
	}
}

func TestTimersInOrder(t *testing.T) {
	r := newRig(t, machine.Config{}, `func main() { c := make(chan int); for _, d := range []int64{50, 10, 40, 20, 30} { go func() { Sleep(d*1000000); c <- int(d) }() }; for range 5 { println(<-c) } }`)
	tr := r.run(t, 0)
	if got := r.out.String(); got != "10\n20\n30\n40\n50\n" {
		t.Errorf("got %q", got)
	}
	last := int64(0)
	for _, e := range tr.Events() {
		if e.Kind == trace.Fire {
			if e.Time < last {
				t.Errorf("a timer fired at %d after one at %d", e.Time, last)
			}
			last = e.Time
		}
	}
	if last < 50e6 || last > 51e6 {
		t.Errorf("the last timer fired at %d", last)
	}
}

const race = `
var n, want int
func main() { var w WaitGroup; w.Add(2); for range 2 { go func() { for range 1000 { n++ }; w.Done() }() }; w.Wait() }`

// Two unsynchronised counters lose updates: soon under random, for some seeds also
// under go where cores run at the same time, never on one core within a slice.
func TestLostUpdate(t *testing.T) {
	lost := func(cores int, seed uint64, p policy.Policy) bool {
		r := newRig(t, machine.Config{Cores: cores, Seed: seed, Policy: p}, race)
		r.run(t, -1)
		n := r.number("n")
		if n < 2 || n > 2000 {
			t.Fatalf("n = %d", n)
		}
		return n < 2000
	}
	for _, c := range []struct {
		policy      string
		cores       int
		least, most int // of 10 seeds
	}{{"random", 1, 9, 10}, {"random", 4, 9, 10}, {"go", 4, 2, 10}, {"go", 2, 2, 10}, {"go", 1, 0, 0}} {
		count := 0
		for seed := range uint64(10) {
			p, err := policy.Named(c.policy)
			if err != nil {
				t.Fatal(err)
			}
			if lost(c.cores, seed+1, p) {
				count++
			}
		}
		if count < c.least || count > c.most {
			t.Errorf("%s on %d cores: updates lost for %d of 10 seeds", c.policy, c.cores, count)
		}
	}
}

const mixed = `
type point struct{ x, y int }
func main() {
	var mu Mutex
	var w WaitGroup
	done, values := make(chan bool), make(chan int, 2)
	total := map[point]int{}
	w.Add(4)
	for i := range 4 {
		go func() {
			for j := range 5 {
				Work(int64(100 * (i + 1)))
				mu.Lock()
				total[point{i, j % 2}] += j
				mu.Unlock()
				select {
				case values <- i:
				case done <- true:
				}
				if j == 2 { Sleep(1000); Gosched() }
			}
			w.Done()
		}()
	}
	go func() { w.Wait(); close(values) }()
	s := 0
	for k := range 20 {
		select {
		case v := <-values: s += v
		case <-done: s += k
		}
	}
	for k := range total { s += k.x }
	println(s)
}`

// The same program with the same seed makes the same trace to the byte: in every
// run and process, with any number of native processors.
func TestDeterminism(t *testing.T) {
	for _, name := range []string{"go", "random"} {
		trace1 := func(seed uint64) string {
			p, err := policy.Named(name)
			if err != nil {
				t.Fatal(err)
			}
			r := newRig(t, machine.Config{Seed: seed, Policy: p}, mixed)
			return lines(t, r.run(t, 0)) + r.out.String()
		}
		first := trace1(1)
		native(t, func(procs int) {
			for range 10 {
				if again := trace1(1); again != first {
					t.Fatalf("%s: another trace with %d native processors:\n%s", name, procs, difference(first, again))
				}
			}
		})
		golden(t, "mixed-"+name+".lines", first)
		seen := map[string]uint64{first: 1}
		for seed := uint64(2); seed < 6; seed++ {
			tr := trace1(seed)
			body := tr[strings.IndexByte(tr, '\n'):]
			for other, s := range seen {
				if body == other[strings.IndexByte(other, '\n'):] {
					t.Errorf("%s: seeds %d and %d make the same trace", name, s, seed)
				}
			}
			seen[tr] = seed
		}
	}
}

// Asking whether to go on has no influence.
func TestPollDoesNotMatter(t *testing.T) {
	run := func(every int) string {
		r := newRig(t, machine.Config{Cores: 2}, race)
		tr := trace.New(0)
		r.m.Record(tr)
		main := r.m.Spawn(nil, nil, r.fn("main"), nil)
		asked := 0
		for r.m.Until(main, func() bool { asked++; return asked%every == 0 }) == machine.Interrupted {
		}
		r.m.Record(nil)
		return lines(t, tr)
	}
	if run(1) != run(1<<30) {
		t.Error("the poll changed the trace")
	}
}

// A recorded schedule makes the same run again, through its token.
func TestReplay(t *testing.T) {
	for _, src := range []string{mixed, race} {
		for _, p := range []policy.Policy{policy.NewGo(), policy.NewRandom()} {
			for _, cores := range []int{1, 3} {
				name := fmt.Sprintf("%s on %d cores", p.Name(), cores)
				rec := policy.Record(p)
				first := newRig(t, machine.Config{Cores: cores, Seed: 9, Policy: rec}, src)
				want := lines(t, first.run(t, 0))
				token := rec.Schedule().String()
				s, err := policy.ParseSchedule(token)
				if err != nil {
					t.Fatal(err)
				}
				again, err := policy.Replay(s)
				if err != nil {
					t.Fatal(err)
				}
				second := newRig(t, machine.Config{Cores: s.Cores, Seed: s.Seed, Slice: s.Slice, Policy: again}, src)
				if got := lines(t, second.run(t, 0)); got != want {
					t.Errorf("%s: the replay differs:\n%s", name, difference(want, got))
				}
				if first.out.String() != second.out.String() {
					t.Errorf("%s: %q became %q", name, first.out.String(), second.out.String())
				}
				third, err := policy.Replay(s)
				if err != nil {
					t.Fatal(err)
				}
				other := newRig(t, machine.Config{Cores: s.Cores, Seed: s.Seed, Slice: s.Slice, Policy: third}, `func main() { c := make(chan int); go func() { for i := range 100000 { c <- i } }(); for range 100000 { <-c } }`)
				main := other.m.Spawn(nil, nil, other.fn("main"), nil)
				if end := other.m.Until(main, never); end != machine.Astray {
					t.Errorf("%s: another program under the schedule ended with %d", name, end)
				}
			}
		}
	}
}

// Of two cases of a select that are alike each comes about as often as the other, whether
// it waits or not.
func TestSelectAlike(t *testing.T) {
	r := newRig(t, machine.Config{}, `
func main() {
	c, done := make(chan int), make(chan int)
	var first, second int
	go func() { for range 1000 { c <- 1 }; close(done) }()
	for waiting := true; waiting; {
		select {
		case <-c: first++
		case <-c: second++
		case <-done: waiting = false
		}
	}
	println(first+second, first > 400, second > 400)
}`)
	r.run(t, 0)
	if got := r.out.String(); got != "1000 true true\n" {
		t.Error(got)
	}
}
