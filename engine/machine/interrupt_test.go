package machine_test

import (
	"testing"

	"interleave/engine/machine"
	"interleave/engine/policy"
)

// Whatever a program does for ever, it is asked whether to go on after a few million
// instructions at most.
func TestPollComesOften(t *testing.T) {
	for name, src := range map[string]string{
		"nothing":   "func main() { for {} }",
		"counting":  "func main() { n := 0; for { n++ } }",
		"calls":     "func f(n int) int { if n == 0 { return 0 }; return f(n-1) }\nfunc main() { for { f(9) } }",
		"recursion": "func f(n int) { for { if n < 50 { f(n+1) } } }\nfunc main() { f(0) }",
		"closures":  "func main() { f := func() {}; for { f() } }",
		"memory":    "var x [8]int\nfunc main() { for i := 0; ; i++ { x[i%8]++ } }",
		"allocates": "var p *[4]int\nfunc main() { for { p = new([4]int) } }",
		"strings":   "func main() { s := \"\"; for { s += \"a\"; if len(s) > 100 { s = \"\" } } }",
		"maps":      "func main() { m := map[int]int{}; for i := 0; ; i++ { m[i%100]++; for range m { break } } }",
		"channels":  "func main() { c := make(chan int); go func() { for { c <- 1 } }(); for { <-c } }",
		"select":    "func main() { c := make(chan int); for { select { case <-c: default: } } }",
		"locks":     "func main() { var mu Mutex; for { mu.Lock(); mu.Unlock() } }",
		"yields":    "func main() { for range 3 { go func() { for { Gosched() } }() }; for { Gosched() } }",
		"sleeps":    "func main() { for { Sleep(1) } }",
		"naps":      "func main() { for { Sleep(1000000000) } }",
		"ticks":     "func main() { Tick(make(chan int, 1), 1, true); Sleep(1000000000000) }",
		"lapses":    "func main() { Tick(make(chan int, 1), 1, false); for { Sleep(1000000) } }",
		"spawns":    "func main() { for { go func() {}() } }",
		"panics":    "func f() { defer func() { recover() }(); panic(1) }\nfunc main() { for { f() } }",
	} {
		for _, watch := range []bool{false, true} {
			count := &counter{Go: policy.NewGo()}
			r := newRig(t, machine.Config{Watch: watch, Policy: count}, src)
			main := r.m.Spawn(nil, nil, r.fn("main"), nil)
			const polls = 3
			asked := 0
			end := r.m.Until(main, func() bool { asked++; return asked == polls })
			if end != machine.Interrupted {
				t.Errorf("%s: ended with %d", name, end)
			}
			if ran := count.ran(); ran > polls*4e6 || count.picks > polls*8000 {
				t.Errorf("%s: %d ns of instructions and %d decisions until poll number %d", name, ran, count.picks, polls)
			}
		}
	}
}

// counter counts what the machine asks of its policy.
type counter struct {
	*policy.Go
	tasks []*policy.Task
	picks int
}

func (c *counter) Ready(now int64, t *policy.Task, why policy.Why, by *policy.Task) policy.Look {
	if why == policy.New {
		c.tasks = append(c.tasks, t)
	}
	return c.Go.Ready(now, t, why, by)
}

func (c *counter) Pick(now int64, core int) policy.Decision {
	c.picks++
	return c.Go.Pick(now, core)
}

// ran is the virtual time for which tasks ran.
func (c *counter) ran() (sum int64) {
	for _, t := range c.tasks {
		sum += t.Ran
	}
	return sum
}

// A step that takes long is the last one after Hurry.
func TestHurry(t *testing.T) {
	r := newRig(t, machine.Config{}, "var a, b [1 << 16]int\nfunc main() { for { println(1); b = a } }")
	long := 0
	r.m.Print = func(*machine.Task, []byte) {
		if long++; long == 100 {
			r.m.Hurry()
		}
	}
	main := r.m.Spawn(nil, nil, r.fn("main"), nil)
	if end := r.m.Until(main, func() bool { return long >= 100 }); end != machine.Interrupted {
		t.Errorf("ended with %d", end)
	}
	if long > 100 {
		t.Errorf("%d long steps, 100 before the interrupt", long)
	}
}

// A policy that chooses among many timers does not keep the machine from asking.
func TestPollAmongTimers(t *testing.T) {
	r := newRig(t, machine.Config{Policy: policy.NewRandom()}, "func main() { for range 1000 { go func() { Sleep(10000000 - Now()) }() }; Sleep(20000000) }")
	main := r.m.Spawn(nil, nil, r.fn("main"), nil)
	asked := 0
	if end := r.m.Until(main, func() bool { asked++; return false }); end != machine.MainDone || asked < 50 {
		t.Errorf("ended with %d, asked %d times while a choice was made among 1000 timers, 999, and so on", end, asked)
	}
}
