package machine_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"interleave/engine/machine"
	"interleave/engine/policy"
)

// What a program receives from tickers, and when, is what it would be if each tick fired.
func TestTicksLapse(t *testing.T) {
	for seed := range uint64(300) {
		src := tickers(rand.New(rand.NewPCG(seed, 7)))
		config, even := ticking(seed), seed%12 == 0 // else time slices do not end
		if even {
			config.Slice = 3000
		}
		var out [2]string
		for i, slow := range []bool{false, true} {
			r := newRig(t, config, fmt.Sprintf("const slow = %v\n", slow)+src)
			if even {
				beat(r.m)
			}
			r.run(t, -1)
			out[i] = r.out.String()
		}
		if !strings.HasSuffix(out[1], "end\n") {
			t.Fatalf("seed %d: %s\n%s", seed, out[1], src)
		}
		if out[0] != out[1] {
			t.Errorf("seed %d: %s\n%s", seed, difference(out[1], out[0]), src)
		}
	}
}

// beat has cores look up at every ns: how far beyond its end a time slice goes hangs on
// when they do.
func beat(m *machine.Machine) {
	m.Schedule(m.Now()+1, func(int64) { beat(m) })
}

// ticking is a configuration without noise, which hangs on that, too.
func ticking(seed uint64) machine.Config {
	c := machine.Config{Cores: 1 + int(seed%3), Seed: seed + 1, Slice: 1e9, Watch: true, Cost: machine.Cost{Jitter: -1}}
	if seed/3%2 == 1 {
		c.Policy = orderly{policy.NewRandom()}
	}
	return c
}

// orderly takes the same choices however often it was asked before.
type orderly struct{ *policy.Random }

func (orderly) Choose(now int64, what policy.Choice, n int) int {
	if what == policy.TimerOrder {
		return 0
	}
	return int(now % int64(n))
}

// tickers is a program in which tasks receive from tickers, now and then.
func tickers(r *rand.Rand) string {
	var b strings.Builder
	n := 1 + r.IntN(3)
	b.WriteString("func main() {\n\tvar w WaitGroup\n")
	for i := range n {
		period := []int{1, 2, 3, 7, 20, 64, 500, 5000}[r.IntN(8)]
		fmt.Fprintf(&b, "\tc%d := make(chan int, 1)\n\tTick(c%d, %d, slow)\n", i, i, period)
	}
	for k := range 1 + r.IntN(3) {
		fmt.Fprintf(&b, "\tw.Add(1)\n\tgo func() {\n\t\tfor range %d {\n", 1+r.IntN(6))
		for range 1 + r.IntN(6) {
			switch c := r.IntN(n); r.IntN(7) {
			case 0:
				fmt.Fprintf(&b, "\t\t\tWork(%d)\n", r.IntN(3000))
			case 1:
				fmt.Fprintf(&b, "\t\t\tSleep(%d)\n", 1+r.IntN(9000))
			case 2:
				fmt.Fprintf(&b, "\t\t\tCompute(%d)\n", r.IntN(5000))
			case 3:
				fmt.Fprintf(&b, "\t\t\tselect {\n\t\t\tcase v := <-c%d:\n\t\t\t\tprintln(%d, v, Now())\n\t\t\tdefault:\n\t\t\t}\n", c, k)
			case 4:
				fmt.Fprintf(&b, "\t\t\tselect {\n\t\t\tcase v := <-c%d:\n\t\t\t\tprintln(%d, v, Now())\n\t\t\tcase v := <-c%d:\n\t\t\t\tprintln(%d, v, -Now())\n\t\t\t}\n", c, k, n-1, k)
			default:
				fmt.Fprintf(&b, "\t\t\tprintln(%d, <-c%d, Now())\n", k, c)
			}
		}
		b.WriteString("\t\t}\n\t\tw.Done()\n\t}()\n")
	}
	b.WriteString("\tw.Wait()\n\tprintln(\"end\")\n}\n")
	return b.String()
}

// A snapshot holds tickers that have lapsed, and those that have not.
func TestSnapshotOfTickers(t *testing.T) {
	for seed := range uint64(60) {
		src := "const slow = false\n" + tickers(rand.New(rand.NewPCG(seed, 7)))
		r := newRig(t, ticking(seed), src)
		printed, stop := 0, rand.New(rand.NewPCG(seed, 8)).IntN(20)
		r.m.Print = func(_ *machine.Task, b []byte) {
			if r.out.Write(b); printed == stop {
				r.m.Hurry()
			}
			printed++
		}
		main := r.m.Spawn(nil, nil, r.fn("main"), nil)
		r.m.Until(main, func() bool { return printed > stop })
		s := r.m.Snapshot()
		var out [3]string
		for i := range out {
			r.out.Reset()
			r.m.Until(main, never)
			out[i] = r.out.String()
			r.m.Restore(s)
		}
		r.m.Release(s)
		if out[0] != out[1] || out[0] != out[2] {
			t.Errorf("seed %d: %s\n%s", seed, difference(out[0], out[1]), src)
		}
	}
}
