package policy

import (
	"strings"
	"testing"
)

// Every policy of the table can be made as its example says, and its name makes
// the same one again.
func TestKinds(t *testing.T) {
	for _, k := range Kinds() {
		if k.Help == "" || strings.HasSuffix(k.Help, ".") {
			t.Errorf("%s: help %q", k.Name, k.Help)
		}
		for _, text := range []string{k.Name, k.Example} {
			p, err := Named(text)
			if err != nil {
				t.Errorf("%s: %v", text, err)
				continue
			}
			name := p.Name()
			if name != text && text == k.Example {
				t.Errorf("%s has the name %s", text, name)
			}
			p.Start(setup(2, 1, 7_500_000))
			again, err := Named(p.Name())
			if err != nil || again.Name() != p.Name() {
				t.Errorf("%s once started: %s does not make it again: %v", text, p.Name(), err)
			}
			if anew, err := Anew(p); err != nil || anew.Name() != name {
				t.Errorf("%s anew: %v, %v", text, anew.Name(), err)
			}
		}
		for _, p := range k.Params {
			if p.Help == "" || p.Range() == "" || p.Standard() == "" {
				t.Errorf("%s: %+v", k.Name, p)
			}
		}
	}
}

// What a user may write, and the name of what that is.
func TestNamed(t *testing.T) {
	for _, c := range []struct{ text, name string }{
		{"rr(q=4ms)", "rr(q=4ms)"},
		{"rr(4)", "rr(q=4ms)"},
		{" rr ( q = 0.5 ) ", "rr(q=500µs)"},
		{"rr(q=2.5)", "rr(q=2.5ms)"},
		{"rr(q=60s)", "rr(q=1m)"},
		{"rr()", "rr"},
		{"fcfs", "fcfs"},
		{"mlfq(queues=2, q=5/10, boost=0)", "mlfq(queues=2,q=5ms/10ms,boost=0)"},
		{"mlfq(2)", "mlfq(queues=2,q=10ms,boost=1s)"},
		{"sjf(alpha=0.250)", "sjf(alpha=0.25)"},
		{"priority(first=high,preemptive=off)", "priority(preemptive=off)"},
		{"rr(q=90m)", "rr(q=1h30m)"},
	} {
		p, err := Named(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
		} else if p.Name() != c.name {
			t.Errorf("%s is %s, want %s", c.text, p.Name(), c.name)
		}
	}
}

// A round robin without a quantum of its own takes the machine's, and says so.
func TestSliceOfTheMachine(t *testing.T) {
	p, _ := Named("rr")
	p.Start(setup(1, 1, 3_000_000))
	if p.Name() != "rr(q=3ms)" {
		t.Errorf("%s", p.Name())
	}
	p.Start(setup(1, 1, 5_000_000))
	if p.Name() != "rr(q=5ms)" {
		t.Errorf("started again: %s", p.Name())
	}
}

// Each mistake has one answer that says what to write.
func TestNamedErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", `policy: there is no policy "" (there is: go, random, fcfs`},
		{"rrr", `policy: there is no policy "rrr": did you mean rr? (there is: go,`},
		{"fsfc", `there is no policy "fsfc": did you mean fcfs?`},
		{"rr(", "want a name, or a name and parameters in parentheses, such as rr(q=4ms)"},
		{"rr)", "there is no policy \"rr)\": did you mean rr?"},
		{"rr(quantum=4ms)", `policy: rr has no parameter "quantum" (it is rr(q=TIME))`},
		{"rr(p=4ms)", `rr has no parameter "p" (it is`},
		{"rr(q=4ms,q=5ms)", "policy: q is given twice in rr"},
		{"rr(q=soon)", `policy: rr: q: want a time such as 4ms, 1µs to 10h, not "soon"`},
		{"rr(q=1ns)", `policy: rr: q: want a time such as 4ms, 1µs to 10h, not "1ns"`},
		{"rr(q=-4ms)", "q: want a time"},
		{"rr(q=2000000h)", "q: want a time such as 4ms, 1µs to 10h"},
		{"eevdf(slice=11s)", "slice: want a time such as 4ms, 1µs to 10s"},
		{"mlfq(q=1ms/2ns)", "q: want times such as 10ms/20ms, 1µs to 10h each"},
		{"mlfq(queues=0)", "queues: want a number, 1 to 64"},
		{"sjf(alpha=1.5)", "alpha: want a number, 0 to 1, with at most six digits"},
		{"priority(preemptive=offf)", `preemptive: want on or off, not "offf": did you mean off?`},
		{"mlfq(bost=4)", `mlfq has no parameter "bost": did you mean boost? (it is mlfq(queues=N,q=TIME/TIME…,allotment=TIME/TIME…,boost=TIME))`},
		{"rr(q=4ms/5ms)", "q: want a time"},
		{"fcfs(q=4ms)", "policy: fcfs takes no parameters"},
	} {
		_, err := Named(c.text)
		if err == nil {
			t.Errorf("%q was taken", c.text)
		} else if !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v\nwant %s", c.text, err, c.want)
		}
	}
}

// The ends and the middle of Linux's table, and the ratio of neighbours.
func TestWeights(t *testing.T) {
	for nice, want := range map[int]int64{-20: 88761, -5: 3121, -1: 1277, 0: 1024, 1: 820, 5: 335, 19: 15, -100: 88761, 100: 15} {
		if got := weightOf(nice); got != want {
			t.Errorf("nice %d weighs %d, want %d", nice, got, want)
		}
	}
	for nice := -20; nice < 19; nice++ {
		if r := float64(weightOf(nice)) / float64(weightOf(nice+1)); r < 1.15 || r > 1.35 {
			t.Errorf("nice %d weighs %.3f times as much as %d", nice, r, nice+1)
		}
	}
}

// Whatever a user writes is an error or a policy whose name makes it again.
func FuzzNamed(f *testing.F) {
	for _, k := range Kinds() {
		f.Add(k.Name)
		f.Add(k.Example)
	}
	f.Add("mlfq(q=1/2/3ms, allotment=0.5,boost=1h)")
	f.Add("sjf(alpha=.5")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Named(text)
		if err != nil {
			return
		}
		again, err := Named(p.Name())
		if err != nil || again.Name() != p.Name() {
			t.Errorf("%q is %q, which makes %v, %v", text, p.Name(), again, err)
		}
	})
}
