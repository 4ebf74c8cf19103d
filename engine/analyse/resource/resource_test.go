package resource

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// m reads rows of one-digit numbers, "010 200"; a colon, the letter behind 9, is ten.
func m(rows string) [][]int {
	var list [][]int
	for _, r := range strings.Fields(rows) {
		list = append(list, v(r))
	}
	return list
}

func v(row string) []int {
	list := make([]int, len(row))
	for i, c := range row {
		list[i] = int(c - '0')
	}
	return list
}

func state(processes, resources, available, allocation string) *State {
	return &State{Processes: strings.Fields(processes), Resources: strings.Fields(resources), Available: v(available), Allocation: m(allocation)}
}

func names(s *State, list []int) string {
	var words []string
	for _, i := range list {
		words = append(words, s.Processes[i])
	}
	return strings.Join(words, " ")
}

// The safe states and requests of textbooks: OSC is Silberschatz, Galvin and Gagne,
// Operating System Concepts; MOS is Tanenbaum and Bos, Modern Operating Systems; OSI is
// Stallings, Operating Systems: Internals and Design Principles.
var banker = []struct {
	source    string
	state     *State
	max       string
	safe      bool
	order     string // that the book gives
	asks      string // "P1 102"
	granted   bool
	thenOrder string
}{
	{source: "OSC 10e §8.6.3.3, snapshot", state: state("P0 P1 P2 P3 P4", "A B C", "332", "010 200 302 211 002"), max: "753 322 902 222 433", safe: true, order: "P1 P3 P4 P2 P0", asks: "P1 102", granted: true, thenOrder: "P1 P3 P4 P0 P2"},
	{source: "OSC 10e §8.6.3.3, then P4 asks for (3,3,0)", state: state("P0 P1 P2 P3 P4", "A B C", "230", "010 302 302 211 002"), max: "753 322 902 222 433", safe: true, order: "P1 P3 P4 P0 P2", asks: "P4 330"},
	{source: "OSC 10e §8.6.3.3, then P0 asks for (0,2,0)", state: state("P0 P1 P2 P3 P4", "A B C", "230", "010 302 302 211 002"), max: "753 322 902 222 433", safe: true, asks: "P0 020"},
	{source: "OSC 10e §8.6.1, twelve tape drives", state: state("T0 T1 T2", "drives", "3", "5 2 2"), max: ": 4 9", safe: true, order: "T1 T0 T2", asks: "T2 1"},
	{source: "OSC 10e exercise 8.3", state: state("P0 P1 P2 P3 P4", "A B C D", "1520", "0012 1000 1354 0632 0014"), max: "0012 1750 2356 0652 0656", safe: true, asks: "P1 0420", granted: true},
	{source: "MOS 4e §6.5.2, ten of a kind", state: state("A B C", "units", "3", "3 2 2"), max: "9 4 7", safe: true, order: "B C A", asks: "A 1"},
	{source: "MOS 4e §6.5.3, (a)", state: state("A B C D", "credit", ":", "0 0 0 0"), max: "6 5 4 7", safe: true},
	{source: "MOS 4e §6.5.3, (b)", state: state("A B C D", "credit", "2", "1 1 2 4"), max: "6 5 4 7", safe: true, asks: "B 1"},
	{source: "MOS 4e §6.5.3, (c)", state: state("A B C D", "credit", "1", "1 2 2 4"), max: "6 5 4 7"},
	{source: "MOS 4e §6.5.4, four resources", state: state("A B C D E", "tapes plotters printers disks", "1020", "3011 0100 1110 1101 0000"), max: "4111 0212 4210 1111 2110", safe: true, order: "D A B C E", asks: "B 0010", granted: true},
	{source: "MOS 4e §6.5.4, then E asks for the last printer", state: state("A B C D E", "tapes plotters printers disks", "1010", "3011 0110 1110 1101 0000"), max: "4111 0212 4210 1111 2110", safe: true, asks: "E 0010"},
	{source: "OSI 7e fig. 6.7", state: state("P1 P2 P3 P4", "R1 R2 R3", "011", "100 612 211 002"), max: "322 613 314 422", safe: true, order: "P2 P1 P3 P4"},
	{source: "OSI 7e fig. 6.8, P2 asks", state: state("P1 P2 P3 P4", "R1 R2 R3", "112", "100 511 211 002"), max: "322 613 314 422", safe: true, asks: "P2 101", granted: true},
	{source: "OSI 7e fig. 6.8, P1 asks", state: state("P1 P2 P3 P4", "R1 R2 R3", "112", "100 511 211 002"), max: "322 613 314 422", safe: true, asks: "P1 101"},
}

func order(t *testing.T, s *State, words string) []int {
	var list []int
	for _, w := range strings.Fields(words) {
		i := slices.Index(s.Processes, w)
		if i < 0 {
			t.Fatalf("no process %s", w)
		}
		list = append(list, i)
	}
	return list
}

// permutations calls f with each order of n things until it says true.
func permutations(n int, f func([]int) bool) bool {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	var try func(k int) bool
	try = func(k int) bool {
		if k == n {
			return f(list)
		}
		for i := k; i < n; i++ {
			list[k], list[i] = list[i], list[k]
			if try(k + 1) {
				return true
			}
			list[k], list[i] = list[i], list[k]
		}
		return false
	}
	return try(0)
}

// safeByTrying tries all orders.
func safeByTrying(s *State) bool {
	return permutations(len(s.Processes), func(o []int) bool { return IsSafeOrder(s, o) })
}

func TestBankerOfTextbooks(t *testing.T) {
	for _, c := range banker {
		t.Run(c.source, func(t *testing.T) {
			s := c.state
			s.Max = m(c.max)
			if err := s.Check(); err != nil {
				t.Fatal(err)
			}
			got, err := Safe(s)
			if err != nil || got.Safe != c.safe || got.Safe != safeByTrying(s) {
				t.Fatalf("safe: %v, by trying all orders: %v, %v", got.Safe, safeByTrying(s), err)
			}
			if c.order != "" && !IsSafeOrder(s, order(t, s, c.order)) {
				t.Errorf("the book's order %s is not safe", c.order)
			}
			if c.asks == "" {
				return
			}
			words := strings.Fields(c.asks)
			d, err := Ask(s, order(t, s, words[0])[0], v(words[1]))
			if err != nil || d.Granted != c.granted {
				t.Fatalf("%s: granted %v: %s, %v", c.asks, d.Granted, d.Why, err)
			}
			if d.After != nil && d.Granted != safeByTrying(d.After) {
				t.Errorf("%s: by trying all orders %v", c.asks, safeByTrying(d.After))
			}
			if c.thenOrder != "" && !IsSafeOrder(d.After, order(t, s, c.thenOrder)) {
				t.Errorf("the book's order %s is not safe", c.thenOrder)
			}
		})
	}
}

var detections = []struct {
	source     string
	state      *State
	request    string
	graph      string // instead of the state
	deadlocked string
	behind     string
	circle     bool // the graph has one
}{
	{source: "OSC 10e §8.7.2", state: state("T0 T1 T2 T3 T4", "A B C", "000", "010 200 303 211 002"), request: "000 202 000 100 002", circle: true},
	{source: "OSC 10e §8.7.2, T2 asks for one C more", state: state("T0 T1 T2 T3 T4", "A B C", "000", "010 200 303 211 002"), request: "000 202 001 100 002", deadlocked: "T1 T2 T3 T4", circle: true},
	{source: "MOS 4e §6.4.2", state: state("P1 P2 P3", "tapes plotters scanners blurays", "2100", "0010 2001 0120"), request: "2001 1010 2100", circle: true},
	{source: "OSI 7e fig. 6.10", state: state("P1 P2 P3 P4", "R1 R2 R3 R4 R5", "00001", "10110 11000 00010 00000"), request: "01001 00101 00001 10101", deadlocked: "P1 P2", behind: "P4", circle: true},
	{source: "OSC 10e fig. 8.4", graph: "R1=1 R2=2 R3=1 R4=3 T1->R1 T2->R3 R1->T2 R2->T1 R2->T2 R3->T3"},
	{source: "OSC 10e fig. 8.5", graph: "R1=1 R2=2 R3=1 R4=3 T1->R1 T2->R3 R1->T2 R2->T1 R2->T2 R3->T3 T3->R2", deadlocked: "T1 T2 T3", circle: true},
	{source: "OSC 10e fig. 8.6", graph: "R1=2 R2=2 T1->R1 R1->T2 R1->T3 T3->R2 R2->T1 R2->T4", circle: true},
	{source: "MOS 4e §6.4.1", graph: "R=1 S=1 T=1 U=1 V=1 W=1 R->A A->S B->T C->S U->D D->S D->T T->E E->V W->F F->S V->G G->U", deadlocked: "D E G", circle: true},
	{source: "MOS 4e fig. 6-4, all three at once", graph: "R=1 S=1 T=1 R->A A->S S->B B->T T->C C->R", deadlocked: "A B C", circle: true},
	{source: "MOS 4e fig. 6-4, B kept waiting", graph: "R=1 S=1 T=1 R->A S->A T->C C->R"},
	{source: "OSI 7e fig. 6.5, (c)", graph: "Ra=1 Rb=1 P1->Ra Ra->P2 P2->Rb Rb->P1", deadlocked: "P1 P2", circle: true},
	{source: "OSI 7e fig. 6.5, (d)", graph: "Ra=2 Rb=2 P1->Ra Ra->P2 Ra->P3 P2->Rb Rb->P1 Rb->P4", circle: true},
}

// deadlockedByTrying lists who is not in any order in which processes can finish.
func deadlockedByTrying(s *State) []bool {
	n := len(s.Processes)
	can := make([]bool, n)
	seen := map[int]bool{}
	var try func(done int, work []int)
	try = func(done int, work []int) {
		if seen[done] {
			return
		}
		seen[done] = true
		for i := range n {
			if done&(1<<i) == 0 && within(s.asks(i), work) {
				can[i] = true
				try(done|1<<i, plus(work, s.Allocation[i]))
			}
		}
	}
	try(0, s.Available)
	for i := range can {
		can[i] = !can[i]
	}
	return can
}

func checkDetection(t *testing.T, s *State, d Detection) {
	t.Helper()
	stuck := deadlockedByTrying(s)
	for i, is := range stuck {
		if is != (slices.Contains(d.Deadlocked, i) || slices.Contains(d.Behind, i)) {
			t.Errorf("%s: by trying all orders stuck: %v", s.Processes[i], is)
		}
	}
	if len(d.Deadlocked) > 0 && len(d.Circle) == 0 {
		t.Errorf("%s are deadlocked without a circle", names(s, d.Deadlocked))
	}
	for i, k := range d.Circle {
		j, next := d.Through[i], d.Circle[(i+1)%len(d.Circle)]
		if s.asks(k)[j] <= d.Left[j] || s.Allocation[next][j] == 0 || !stuck[k] {
			t.Errorf("the circle leads from %s through %s to %s", s.Processes[k], s.Resources[j], s.Processes[next])
		}
	}
}

func TestDetectionOfTextbooks(t *testing.T) {
	for _, c := range detections {
		t.Run(c.source, func(t *testing.T) {
			s := c.state
			if c.graph != "" {
				var err error
				if s, err = Parse(c.graph); err != nil {
					t.Fatal(err)
				}
			} else {
				s.Request = m(c.request)
			}
			if err := s.Check(); err != nil {
				t.Fatal(err)
			}
			d := Detect(s)
			if got := names(s, d.Deadlocked); got != c.deadlocked {
				t.Errorf("deadlocked: %q, want %q", got, c.deadlocked)
			}
			if c.behind != "" && names(s, d.Behind) != c.behind {
				t.Errorf("behind: %q, want %q", names(s, d.Behind), c.behind)
			}
			if list, _ := Circle(s); (list != nil) != c.circle {
				t.Errorf("circle: %s, want %v", names(s, list), c.circle)
			}
			checkDetection(t, s, d)
		})
	}
}

// Of any state, the algorithms say what trying all orders says; with single units, a
// circle and a deadlock are the same.
func TestRandomStates(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		n, k := 1+r.IntN(5), 1+r.IntN(3)
		s := &State{}
		for i := range n {
			s.Processes = append(s.Processes, string(rune('A'+i)))
			s.Allocation, s.Request, s.Max = append(s.Allocation, make([]int, k)), append(s.Request, make([]int, k)), append(s.Max, make([]int, k))
		}
		single := r.IntN(3) == 0
		for j := range k {
			s.Resources = append(s.Resources, string(rune('r'+j)))
			units := 1 + r.IntN(4)
			if single {
				units = 1
			}
			s.Available = append(s.Available, units)
			for i := range n {
				has := r.IntN(s.Available[j] + 1)
				s.Allocation[i][j] = has
				s.Available[j] -= has
				s.Request[i][j] = r.IntN(units - has + 1)
				s.Max[i][j] = has + r.IntN(units-has+1)
			}
		}
		if err := s.Check(); err != nil {
			t.Fatal(err)
		}
		d := Detect(s)
		checkDetection(t, s, d)
		safety, err := Safe(s)
		if err != nil || safety.Safe != safeByTrying(s) {
			t.Fatalf("%+v: safe %v, %v", s, safety.Safe, err)
		}
		list, through := Circle(s)
		if len(list) != len(through) || len(d.Deadlocked) > 0 && list == nil {
			t.Fatalf("%+v: a deadlock without a circle", s)
		}
		if s.Single() && (list != nil) != (len(d.Deadlocked) > 0) {
			t.Fatalf("%+v: circle %v, deadlocked %v", s, list, d.Deadlocked)
		}
		if t.Failed() {
			t.Fatalf("%+v", s)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for text, want := range map[string]string{
		"R1=0":                 "number of units",
		"R1=x":                 "number of units",
		"R1=1 R1=2":            "its units already",
		"P1->P2":               "neither is a resource",
		"R1=1 R2=1 R1->R2":     "both are resources",
		"R1=1 R1->P1*0":        "number of units behind *",
		"R1=1 ->P1":            "from one name to another",
		"R1=1 R1->P1 R1->P2":   "2 units of R1 are held, and there are 1",
		"R1=1 P1->R1*2":        "asks for 2 more, but there are only 1",
		"R1=1":                 "0 processes",
		"P1":                   "0 resources",
		"R1=2 R1->P1*2 P1->R1": "there are only 2",
	} {
		if _, err := Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestAskErrors(t *testing.T) {
	s := state("P0 P1", "A", "1", "1 1")
	if _, err := Ask(s, 0, []int{1}); !errors.Is(err, ErrNoMax) {
		t.Errorf("without a maximum: %v", err)
	}
	s.Max = m("2 2")
	if _, err := Ask(s, 0, []int{2}); err == nil || !strings.Contains(err.Error(), "may only have [1] more") {
		t.Errorf("above its maximum: %v", err)
	}
	if _, err := Ask(s, 0, []int{1, 1}); err == nil {
		t.Error("a request for two resources of one")
	}
}
