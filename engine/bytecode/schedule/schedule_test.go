package schedule

import (
	"strings"
	"testing"

	"interleave/engine/bytecode"
	"interleave/engine/policy"
)

func program(t *testing.T, setup string, threads []string, c bytecode.Counting, times int) *bytecode.Program {
	t.Helper()
	p, err := bytecode.New(setup, threads, c, times)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Two tasks of n steps have C(2n,n) orders.
func TestAll(t *testing.T) {
	tests := []struct {
		setup    string
		threads  []string
		counting bytecode.Counting
		orders   int
		want     map[string]int
	}{
		{"x = 0", []string{"x += 1", "x += 1"}, bytecode.WithGIL, 70, map[string]int{"x = 1": 68, "x = 2": 2}},
		{"x = 0", []string{"x = 1", "x = 2"}, bytecode.WithGIL, 6, map[string]int{"x = 1": 3, "x = 2": 3}},
		{"x = 0\nl = threading.Lock()", []string{"with l:\n  x += 1", "with l:\n  x += 1"}, bytecode.WithGIL, 12, map[string]int{"x = 2": 12}},
		{"x = 0\nl = threading.Lock()", []string{"with l:\n  x += 1\nwith l:\n  x += 1", "with l:\n  x += 1"}, bytecode.WithGIL, 53, map[string]int{"x = 3": 53}},
		{"l = threading.Lock()\nm = threading.Lock()", []string{"with l:\n  with m:\n    a = 1", "with m:\n  with l:\n    a = 1"}, bytecode.WithGIL, 28, map[string]int{"done": 24, "A waits for ever, B waits for ever": 4}},
		{"o = object()", []string{"a = o", "b = o"}, bytecode.WithGIL, 6, map[string]int{"o right: count 3": 6}},
		{"o = object()", []string{"a = o", "b = o"}, bytecode.Plain, 20, map[string]int{"o right: count 3": 8, "o will be freed too early: count 2, references 3": 12}},
		{"o = object()", []string{"a = o\ndel a", "b = o"}, bytecode.Plain, 56, map[string]int{"o right: count 2": 19, "o leaks: count 3, references 2": 3, "o will be freed too early: count 1, references 2": 34}},
		{"o = object()", []string{"a = o\ndel a", "b = o\ndel b"}, bytecode.Atomic, 20, map[string]int{"o right: count 1": 20}},
		{"o = object()", []string{"a = o\ndel a", "b = o\ndel b"}, bytecode.Biased, 56, map[string]int{"o right: count 1": 56}},
	}
	for _, test := range tests {
		list, orders, err := All(program(t, test.setup, test.threads, test.counting, 1), nil)
		if err != nil {
			t.Fatal(err)
		}
		if orders != test.orders || len(list) != len(test.want) {
			t.Errorf("%q: %d orders, %v; want %d", test.threads, orders, list, test.orders)
		}
		if n := count(program(t, test.setup, test.threads, test.counting, 1), nil); n != orders {
			t.Errorf("%q: %d orders, %d when counted without the machine", test.threads, orders, n)
		}
		for _, o := range list {
			if o.Orders != test.want[o.Words] {
				t.Errorf("%q: %d of %d orders end with %s, want %d", test.threads, o.Orders, orders, o.Words, test.want[o.Words])
			}
			_, s, err := program(t, test.setup, test.threads, test.counting, 1).Follow(o.Order)
			if err != nil || s.Outcome() != o.Words {
				t.Errorf("%q: the order %s ends with %v, %v, not %s", test.threads, o.Order, s, err, o.Words)
			}
		}
	}
}

// count is how many ways there are to go on after some steps, found by trying.
func count(p *bytecode.Program, taken []int) (n int) {
	s := p.Start()
	for _, i := range taken {
		s.Step(i)
	}
	stuck := true
	for i := range p.Threads() {
		if s.Can(i) {
			stuck = false
			n += count(p, append(taken[:len(taken):len(taken)], i))
		}
	}
	if stuck {
		return 1
	}
	return n
}

func TestTooMany(t *testing.T) {
	p := program(t, "x = 0", []string{"x += 1", "x += 1"}, bytecode.WithGIL, 5)
	if _, _, err := All(p, nil); err == nil || !strings.Contains(err.Error(), "more than 20000 orders") {
		t.Errorf("err = %v", err)
	}
}

// Under the lock threads lose updates, too, if less often; the trace tells the order, and
// the order makes the same end again.
func TestRun(t *testing.T) {
	for _, c := range []struct {
		policy string
		times  int
		lost   bool
	}{{"fcfs", 100, true}, {"random", 100, true}, {"gil", 100, false}, {"gil", 30_000, true}, {"gil(interval=1µs)", 1000, true}, {"gil-ticks", 20_000, true}} {
		p := program(t, "x = 0", []string{"x += 1", "x += 1"}, bytecode.WithGIL, c.times)
		how, err := policy.Named(c.policy)
		if err != nil {
			t.Fatal(err)
		}
		tr, err := Run(p, Setup{Policy: how, Cores: 2})
		if err != nil {
			t.Fatal(err)
		}
		_, s, err := p.Follow(Order(tr))
		if err != nil {
			t.Fatal(err)
		}
		if x := s.Globals["x"]; (x < int64(2*c.times)) != c.lost {
			t.Errorf("%s, %d times: x = %d", c.policy, c.times, x)
		}
	}
	l := program(t, "x = 0\nl = threading.Lock()", []string{"with l:\n  x += 1", "with l:\n  x += 1"}, bytecode.WithGIL, 50)
	for seed := range uint64(20) {
		tr, err := Run(l, Setup{Policy: policy.NewRandom(), Seed: seed + 1, Cores: 2})
		if err != nil {
			t.Fatal(err)
		}
		if _, s, err := l.Follow(Order(tr)); err != nil || s.Outcome() != "x = 100" {
			t.Errorf("seed %d: %v, %v", seed, s, err)
		}
	}
}
