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
		{"rr(q=soon)", `policy: rr: q: want a time such as 4ms, from 1µs on, not "soon"`},
		{"rr(q=1ns)", `policy: rr: q: want a time such as 4ms, from 1µs on, not "1ns"`},
		{"rr(q=-4ms)", "q: want a time"},
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
