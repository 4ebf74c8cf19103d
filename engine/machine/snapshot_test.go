package machine_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"interleave/engine/machine"
	"interleave/engine/policy"
	"interleave/engine/trace"
)

// two starts f and g on a machine of one core that asks before every step.
func two(t *testing.T, src string, p policy.Policy, guide *policy.Guide) (r *rig, step func() bool) {
	r = newGuided(t, machine.Config{Cores: 1, Policy: p}, guide, src)
	f := r.m.Spawn(nil, nil, r.fn("f"), nil)
	g := r.m.Spawn(nil, nil, r.fn("g"), nil)
	return r, func() bool { // false: both are done, or asleep
		for _, k := range []*machine.Task{f, g} {
			if k.State == machine.Done {
				continue
			}
			if end := r.m.Until(k, never); end != machine.MainDone {
				return end == machine.Paused
			}
		}
		return false
	}
}

// explore goes through every order by snapshots, and calls each with the choices.
func explore(t *testing.T, src string, each func(choices []int, outcome string), outcome func(r *rig) string) {
	guide := policy.NewGuide()
	r, step := two(t, src, guide, guide)
	var choices []int
	var walk func()
	walk = func() {
		for step() {
			n := len(guide.Tasks())
			if n == 1 {
				guide.Go(0)
				choices = append(choices, 0)
				continue
			}
			s := r.m.Snapshot()
			kept := slices.Clone(choices)
			for i := range n {
				r.m.Restore(s)
				choices = append(slices.Clone(kept), i)
				guide.Go(i)
				walk()
			}
			r.m.Release(s)
			return
		}
		each(choices, outcome(r))
	}
	walk()
}

// Every order of two tasks of n steps is found once, C(2n,n) in all, and comes to
// what a run from the start under the same choices, and under the recorded
// schedule, comes to.
func TestAllOrders(t *testing.T) {
	steps := func(n int) string {
		body := func(k int) (s string) {
			for i := range n {
				s += fmt.Sprintf("x = %d; ", k*10+i)
			}
			return s
		}
		return "var x int\nfunc f() { " + body(1) + "}\nfunc g() { " + body(2) + "}\nfunc main() {}"
	}
	x := func(r *rig) string { return fmt.Sprint(r.number("x")) }
	for n, want := range map[int]int{1: 2, 2: 6, 3: 20, 4: 70} {
		seen := map[string]bool{}
		explore(t, steps(n), func(choices []int, _ string) { seen[fmt.Sprint(choices)] = true }, x)
		if len(seen) != want {
			t.Errorf("two tasks of %d steps: %d orders, want %d", n, len(seen), want)
		}
	}
	all := func(r *rig) string {
		return fmt.Sprint(r.number("x"), " ", r.number("y"), " ", r.out.String())
	}
	for _, c := range []struct {
		name, src string
		outcomes  int
	}{
		{"counter", "var x, y int\nfunc f() { x++; x++; y = x }\nfunc g() { x++ }\nfunc main() {}", 0},
		{"mutex", "var x, y int\nvar mu Mutex\nfunc f() { mu.Lock(); x = x*2 + 1; mu.Unlock() }\nfunc g() { mu.Lock(); x = x*3 + 1; mu.Unlock() }\nfunc main() {}", 2},
		{"channel", "var x, y int\nvar c = make(chan int, 1)\nfunc f() { c <- 1; c <- 2; x = 5 }\nfunc g() { y = x; y = y*10 + <-c; y = y*10 + <-c + x }\nfunc main() {}", 0},
		{"select", "var x, y int\nvar c, d = make(chan int), make(chan int)\nfunc f() { select { case c <- 1: x = 1; case v := <-d: x = v } }\nfunc g() { select { case v := <-c: y = v + x; case d <- 2: y = 7 } }\nfunc main() {}", 0},
		{"map", "var x, y int\nvar m = map[string]int{\"a\": 1}\nfunc f() { m[\"b\"] = x; delete(m, \"a\"); x = len(m) }\nfunc g() { x = 4; y = m[\"a\"] + 10*m[\"b\"] }\nfunc main() {}", 0},
		{"slices and strings", "var x, y int\nvar s []string\nvar s0 = []int{7, 8}\nvar a [3]int\nfunc f() { s = append(s, \"a\"); x = len(s) }\nfunc g() { a = [3]int{1, 2, 3}; copy(a[:], s0); x = a[0]; s = nil }\nfunc main() {}", 0},
		{"panics", "var x, y int\nfunc f() { defer func() { recover(); y = x }(); x = 1; panic(\"a\") }\nfunc g() { defer func() { x = 3 }(); x = 2 }\nfunc main() {}", 0},
		{"deadlock", "var x, y int\nvar a, b Mutex\nfunc f() { a.Lock(); b.Lock(); x++; b.Unlock(); a.Unlock() }\nfunc g() { b.Lock(); a.Lock(); y++; a.Unlock(); b.Unlock() }\nfunc main() {}", 2},
		{"group and tasks", "var x, y int\nvar w WaitGroup\nfunc f() { w.Add(1); go func() { x = 3; w.Done() }(); w.Wait(); y = x }\nfunc g() { x = 4 }\nfunc main() {}", 0},
		{"sleep", "var x, y int\nfunc f() { x = 1; Sleep(100); y = x }\nfunc g() { Sleep(100); x = 2 }\nfunc main() {}", 0},
	} {
		count := 0
		outcomes, again := map[string]bool{}, map[string]bool{}
		explore(t, c.src, func(choices []int, outcome string) {
			count++
			if isNew := !outcomes[outcome]; !isNew && count > 30 && count%97 != 0 {
				return // those from the start take longer
			}
			outcomes[outcome] = true
			guide := policy.NewGuide()
			recorded := policy.Record(guide)
			r, step := two(t, c.src, recorded, guide)
			for i := 0; step(); i++ {
				if i >= len(choices) {
					t.Fatalf("%s: %v: the run from the start takes more steps", c.name, choices)
				}
				guide.Go(choices[i])
			}
			if got := all(r); got != outcome {
				t.Errorf("%s: %v comes to %q by snapshots, to %q from the start", c.name, choices, outcome, got)
			}
			s, err := policy.ParseSchedule(recorded.Schedule().String())
			if err != nil {
				t.Fatal(err)
			}
			p, err := policy.Replay(s)
			if err != nil {
				t.Fatal(err)
			}
			r, step = two(t, c.src, p, nil)
			for step() {
			}
			again[all(r)] = true
			if got := all(r); got != outcome {
				t.Errorf("%s: %v comes to %q by snapshots, to %q by replay", c.name, choices, outcome, got)
			}
		}, all)
		if !maps.Equal(outcomes, again) {
			t.Errorf("%s: outcomes %v, by replay %v", c.name, outcomes, again)
		}
		t.Logf("%s: %d orders, %d outcomes", c.name, count, len(outcomes))
		if count < 2 || c.outcomes != 0 && len(outcomes) != c.outcomes {
			t.Errorf("%s: %d orders, outcomes %v", c.name, count, outcomes)
		}
	}
}

// Going back after any step, and on from there, comes to what a run without ever
// going back comes to: for every construct of the language.
func TestBackFromEveryStep(t *testing.T) {
	sources := []string{mixed, race, three}
	for _, p := range programs {
		sources = append(sources, p.src)
	}
	for _, src := range sources {
		run := func(back bool) (string, int) {
			guide := policy.NewGuide()
			r := newGuided(t, machine.Config{Cores: 1, Policy: guide}, guide, src)
			write := func(text []byte) {
				n := r.out.Len()
				r.m.OnRestore(func() { r.out.Truncate(n) })
				r.out.Write(text)
			}
			r.m.Print = func(_ *machine.Task, text []byte) { write(text) }
			report := r.m.Report
			r.m.Report = func(k *machine.Task, p *machine.Panicking) { write(nil); report(k, p) }
			tr := trace.New(0)
			r.m.Record(tr)
			main := r.m.Spawn(nil, nil, r.fn("main"), nil)
			steps, pick := 0, 1
			end := r.m.Until(main, never)
			for ; end == machine.Paused; end = r.m.Until(main, never) {
				pick = (pick*5 + 3) % 16
				n := len(guide.Tasks())
				if back && steps < 400 {
					s := r.m.Snapshot()
					for k := range 3 { // some steps of another order
						guide.Go((pick + 1 + k) % len(guide.Tasks()))
						if r.m.Until(main, never) != machine.Paused {
							break
						}
					}
					r.m.Restore(s)
					r.m.Release(s)
				}
				guide.Go(pick % n)
				steps++
			}
			r.m.Record(nil)
			events := ""
			for _, e := range tr.Events() {
				events += fmt.Sprintln(e.Time, e.Core, e.Task, e.Kind, e.Arg, e.Reason)
			}
			return fmt.Sprint(end, r.out.String(), events), steps
		}
		want, steps := run(false)
		got, again := run(true)
		if got != want || steps != again {
			t.Errorf("%s\n%d steps, by snapshots %d: %s", src, steps, again, difference(want, got))
		}
	}
}
