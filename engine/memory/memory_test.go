package memory

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// small is a memory to compute by hand.
func small(l1, l2, l3 int64) Config {
	level := func(lines, ways, hit int64) Level { return Level{lines * 64, min(ways, max(lines, 1)), hit} }
	return Config{Line: 64, L1: level(l1, 2, 1), L2: level(l2, 4, 5), L3: level(l3, 8, 20), Latency: 100, Transfer: 60, Bus: 10}
}

// step is one access in a test.
type step struct {
	core  int
	at    uint64
	write bool
	stall int64
	in    string // the counter that it is counted in, and others
}

func TestByHand(t *testing.T) {
	const a, b, line = 0x1000, 0x1008, 64
	for _, test := range []struct {
		name  string
		c     Config
		apart int64 // ns from one access to the next
		steps []step
	}{
		{"one core, one line", small(2, 4, 8), 1000, []step{
			{0, a, false, 100, "Memory"}, {0, b, false, 1, "L1"}, {0, a, true, 1, "L1"}, {0, a, true, 1, "L1"},
		}},
		{"a level down", small(2, 4, 8), 1000, []step{ // three lines of one set of two places: the first has gone to L2
			{0, 0, false, 100, "Memory"}, {0, 2 * line, false, 100, "Memory"}, {0, 4 * line, false, 100, "Memory"},
			{0, 0, false, 5, "L2"}, {0, 4 * line, false, 1, "L1"},
		}},
		{"the bus serves one line at a time", small(2, 4, 8), 1, []step{ // at 0, 1 and 2; the bus is free at 10, 20, 30
			{0, 0, false, 100, "Memory"}, {1, 10 * line, false, 109, "Memory"}, {2, 20 * line, false, 118, "Memory"},
		}},
		{"read by both, then written", small(2, 4, 8), 1000, []step{
			{0, a, false, 100, "Memory"}, {1, a, false, 20, "L3"}, {0, a, true, 61, "L1 Upgrades"}, {0, a, true, 1, "L1"},
			{1, a, false, 60, "Others TrueShares"}, {1, a, false, 1, "L1"},
		}},
		{"false sharing", small(2, 4, 8), 1000, []step{
			{0, a, true, 100, "Memory"}, {1, b, true, 60, "Others"}, {0, a, true, 60, "Others FalseShares"}, {1, b, true, 60, "Others FalseShares"},
			{0, b, false, 60, "Others TrueShares"},
		}},
		{"no shared cache", small(2, 4, 0), 1000, []step{
			{0, a, false, 100, "Memory"}, {1, a, false, 60, "Others"}, {1, a, true, 61, "L1 Upgrades"}, {0, a, true, 60, "Others TrueShares"},
		}},
		{"alone with one cache", small(2, 0, 0), 1000, []step{
			{0, 0, true, 100, "Memory"}, {0, 2 * line, false, 100, "Memory"}, {0, 4 * line, false, 100, "Memory"}, {0, 0, false, 100, "Memory"},
		}},
		{"over a boundary", small(2, 4, 8), 1000, []step{{0, 60, false, 200, "Memory Memory"}, {0, 56, false, 1, "L1"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := New(test.c, 4)
			for i, st := range test.steps {
				var c Counts
				stall := s.Access(int64(i)*test.apart, st.core, st.at, 8, st.write, &c)
				if got := said(c); stall != st.stall || got != st.in {
					t.Errorf("access %d (core %d, %#x, write %v): %d ns, %s; want %d ns, %s", i+1, st.core, st.at, st.write, stall, got, st.stall, st.in)
				}
			}
		})
	}
}

// said names the counters that are not zero.
func said(c Counts) string {
	var list []string
	for _, x := range []struct {
		name string
		n    int
	}{{"L1", c.L1}, {"L2", c.L2}, {"L3", c.L3}, {"Memory", c.Memory}, {"Others", c.Others}, {"InRow", c.InRow}, {"Upgrades", c.Upgrades}, {"TrueShares", c.TrueShares}, {"FalseShares", c.FalseShares}} {
		for range x.n {
			list = append(list, x.name)
		}
	}
	return strings.Join(list, " ")
}

// TestStackDistance: a cache with one set hits just where fewer other lines were
// accessed since than it has places. (Mattson, Gecsei, Slutz and Traiger 1970.)
func TestStackDistance(t *testing.T) {
	const places = 8
	c := Config{Line: 64, L1: Level{places * 64, places, 0}, Latency: 100, Bus: 1}
	r := rand.New(rand.NewPCG(1, 1))
	for _, lines := range []int{4, 8, 9, 12, 40} {
		s := New(c, 1)
		var recent []uint64 // the latest first
		for i := range 5_000 {
			line := r.Uint64N(uint64(lines))
			at := slices.Index(recent, line)
			var n Counts
			s.Access(int64(i)*1000, 0, line*64, 8, r.IntN(2) == 0, &n)
			if hit := at >= 0 && at < places; hit != (n.L1 == 1) {
				t.Fatalf("%d lines, access %d: distance %d, %s", lines, i, at, said(n))
			}
			if at >= 0 {
				recent = slices.Delete(recent, at, at+1)
			}
			recent = slices.Insert(recent, 0, line)
		}
	}
}

// TestInvariants: after any accesses a line that one core may write is in no other
// core's caches, an L1 holds nothing that the cache below does not, and each access is
// counted in one place.
func TestInvariants(t *testing.T) {
	for name, c := range map[string]Config{"three levels": small(4, 8, 16), "two levels": small(4, 8, 0), "L1 and L3": small(4, 0, 16), "one level": small(4, 0, 0)} {
		t.Run(name, func(t *testing.T) {
			s := New(c, 3)
			r := rand.New(rand.NewPCG(2, 2))
			var n Counts
			for i := range 20_000 {
				s.Access(int64(i)*50, r.IntN(3), r.Uint64N(40)*64+r.Uint64N(8)*8, 8, r.IntN(3) == 0, &n)
				if i%97 == 0 {
					if wrong := s.wrong(); wrong != "" {
						t.Fatalf("after %d accesses: %s", i+1, wrong)
					}
				}
			}
			if n.Accesses != 20_000 || n.L1+n.L2+n.L3+n.Memory+n.Others != n.Accesses {
				t.Errorf("%+v", n)
			}
			if n.TrueShares == 0 || n.FalseShares == 0 || n.Others == 0 {
				t.Errorf("nothing shared: %+v", n)
			}
		})
	}
}

func (s *System) wrong() string {
	for i := range s.cores {
		own := &s.cores[i]
		for _, p := range own.l1.places {
			if p.used != 0 && own.outer().find(p.line) == nil {
				return fmt.Sprintf("core %d has line %d in L1 only", i, p.line)
			}
		}
		for _, p := range own.outer().places {
			if p.used == 0 {
				continue
			}
			if s.l3 != nil && s.l3.find(p.line) == nil {
				return fmt.Sprintf("core %d has line %d, and L3 has not", i, p.line)
			}
			if _, others := s.holders(i, p.line); others && p.state != shared {
				return fmt.Sprintf("core %d has line %d in state %d, and others have it too", i, p.line, p.state)
			}
		}
	}
	return ""
}

// TestTraversal: the sum of a matrix of 8-byte numbers, along its rows and down its
// columns, in closed form.
func TestTraversal(t *testing.T) {
	const n = 64
	c := small(32, 64, 128) // rows and columns of the matrix take 512 lines
	for _, test := range []struct {
		name   string
		at     func(i, j uint64) uint64
		memory int
	}{
		{"by rows", func(i, j uint64) uint64 { return (i*n + j) * 8 }, n * n / 8},
		{"by columns", func(i, j uint64) uint64 { return (j*n + i) * 8 }, n * n}, // a line comes back after 64 others of 8 sets… all gone
	} {
		s := New(c, 1)
		var k Counts
		for i := range uint64(n) {
			for j := range uint64(n) {
				s.Access(0, 0, test.at(i, j), 8, false, &k)
			}
		}
		got := k.Memory + k.L3 + k.L2
		if test.name == "by rows" && (got != test.memory || k.L1 != n*n-test.memory) {
			t.Errorf("%s: %+v, want %d misses", test.name, k, test.memory)
		}
		if test.name == "by columns" && got != test.memory {
			t.Errorf("%s: %+v, want %d misses", test.name, k, test.memory)
		}
	}
}

// TestPrefetch: lines in a row cost the bus's time, in both directions and in several
// rows at once; others do not.
func TestPrefetch(t *testing.T) {
	c := small(2, 4, 8)
	c.Prefetch = true
	s := New(c, 1)
	var k Counts
	var stalls []int64
	for i, line := range []uint64{100, 101, 500, 102, 499, 900, 700} {
		stalls = append(stalls, s.Access(int64(i)*1000, 0, line*64, 8, false, &k))
	}
	if want := []int64{100, 10, 100, 10, 10, 100, 100}; !slices.Equal(stalls, want) || k.InRow != 3 {
		t.Errorf("%v, %d in a row; want %v", stalls, k.InRow, want)
	}
}

// TestClone: a copy and the original go on alike, and apart.
func TestClone(t *testing.T) {
	a := New(small(4, 8, 16), 2)
	r := rand.New(rand.NewPCG(3, 3))
	var n Counts
	play := func(s *System, seed uint64, from int) (sum int64) {
		r := rand.New(rand.NewPCG(seed, 3))
		for i := range 500 {
			sum += s.Access(int64(from+i)*20, r.IntN(2), r.Uint64N(40)*64, 8, r.IntN(2) == 0, &n)
		}
		return sum
	}
	play(a, r.Uint64(), 0)
	b := a.Clone()
	play(b.Clone(), 99, 500) // this leaves no mark
	if x, y := play(a, 7, 500), play(b, 7, 500); x != y {
		t.Errorf("the copy stood still for %d ns, the original for %d", y, x)
	}
}

func TestParse(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", "L1 32 KiB each core 0 ns, L2 256 KiB each core 4 ns, L3 2 MiB shared 15 ns, memory 100 ns (lines in a row: the bus's time), bus 16 ns a line of 64 bytes, from another core 60 ns"},
		{"L1=4KB/1ns/4ways, l2=0, L3=64KiB, memory=80ns bus=0s prefetch=off transfer=1us line=32", "L1 4 KiB each core 1 ns, L3 64 KiB shared 15 ns, memory 80 ns, bus 0 ns a line of 32 bytes, from another core 1000 ns"},
	} {
		c, err := Parse(test.text)
		if err != nil || c.String() != test.want {
			t.Errorf("%q: %v, %v\nwant %s", test.text, c, err, test.want)
		}
		if back, err := Parse(c.Text()); err != nil || back.L3.Size > 0 && back != c || back.String() != c.String() {
			t.Errorf("%q is written as %q, which is %+v, %v", test.text, c.Text(), back, err)
		}
	}
	for text, want := range map[string]string{
		"L4=1KB":                        `no "L4" (there is: L1, L2, L3, line`,
		"L1":                            "want name=value",
		"L1=1000":                       "a multiple of 512 bytes, not 1000",
		"L1=0":                          "multiple",
		"L1=512KB":                      "L2 holds all that L1 holds, and cannot be smaller",
		"L1=4TB":                        "want a size up to 64MB",
		"L1=4KB/288230376151711744ways": "has a multiple of",
		"L1=4KB/x":                      "not \"4KB/x\"",
		"L1=4KB/0ways":                  "number of ways",
		"memory=fast":                   "want a time such as 100ns",
		"line=48":                       "want 8, 16, 32 or 64",
		"prefetch=some":                 "want on or off",
	} {
		if _, err := Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func BenchmarkAccess(b *testing.B) {
	s := New(Default(), 4)
	var c Counts
	r := rand.New(rand.NewPCG(1, 1))
	at := make([]uint64, 4096)
	for i := range at {
		at[i] = r.Uint64N(4 << 20)
	}
	for i := 0; b.Loop(); i++ {
		s.Access(int64(i), i&3, at[i&4095], 8, i&7 == 0, &c)
	}
}
