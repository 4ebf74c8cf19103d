package bytecode

import (
	"fmt"
	"strings"
	"testing"
)

func program(t *testing.T, setup string, threads []string, c Counting) *Program {
	t.Helper()
	p, err := New(setup, threads, c, 1)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// What CPython's dis module shows of the same source, in its names.
func TestCompile(t *testing.T) {
	for source, want := range map[string]string{
		"x = 0":            "LOAD_CONST 0; STORE_GLOBAL x",
		"x += 1":           "LOAD_GLOBAL x; LOAD_CONST 1; BINARY_OP (+); STORE_GLOBAL x",
		"x = x + 1 - y":    "LOAD_GLOBAL x; LOAD_CONST 1; BINARY_OP (+); LOAD_FAST y; BINARY_OP (-); STORE_GLOBAL x",
		"a = x  # copy":    "LOAD_GLOBAL x; STORE_FAST a",
		"a = object()":     "CALL object(); STORE_FAST a",
		"a = 1\ndel a":     "LOAD_CONST 1; STORE_FAST a; DELETE_FAST a",
		"del x":            "DELETE_GLOBAL x",
		"pass\n\nx -= 2":   "LOAD_GLOBAL x; LOAD_CONST 2; BINARY_OP (-); STORE_GLOBAL x",
		"with l:\n  x = 1": "BEFORE_WITH l; LOAD_CONST 1; STORE_GLOBAL x; WITH_EXIT l",
		"with l:\n  with m:\n    x = 1\n  x = 2\nx = 3": "BEFORE_WITH l; BEFORE_WITH m; LOAD_CONST 1; STORE_GLOBAL x; WITH_EXIT m; LOAD_CONST 2; STORE_GLOBAL x; WITH_EXIT l; LOAD_CONST 3; STORE_GLOBAL x",
	} {
		p, err := New("x = 7", []string{source}, WithGIL, 1)
		if err != nil {
			t.Errorf("%q: %v", source, err)
			continue
		}
		var list []string
		for _, i := range p.Threads()[0].Ins {
			list = append(list, i.String())
		}
		if got := strings.Join(list, "; "); got != want {
			t.Errorf("%q:\ngot  %s\nwant %s", source, got, want)
		}
	}
}

func TestNotCompiled(t *testing.T) {
	for source, want := range map[string]string{
		"":                        "nothing to do",
		"for i in range(3):":      `line 1, "for i in range(3):": want an assignment`,
		"x = f(1)":                `"f(1)": want a number, a name or object()`,
		"x == 1":                  "want",
		"1 += 2":                  "want a name before +=",
		"with a b:\n  x = 1":      `want "with NAME:"`,
		"with l:":                 "nothing is indented below it",
		"with l:\nx = 1":          "nothing is indented below the line before",
		"  x = 1\n    y = 2":      "unexpected indent",
		"with l:\n    x=1\n  y=1": "the indent fits no line above",
		"del 3":                   "want a name to delete",
		"m = threading.Lock()":    "make it in the setup",
	} {
		if _, err := New("x = 0", []string{source}, WithGIL, 1); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", source, err, want)
		}
	}
	if _, err := New("x = y", []string{"x = 1"}, WithGIL, 1); err == nil || !strings.Contains(err.Error(), "NameError") {
		t.Errorf("a setup that fails: %v", err)
	}
	for _, n := range []int{0, 9} {
		if _, err := New("", make([]string, n), WithGIL, 1); err == nil {
			t.Errorf("%d threads were taken", n)
		}
	}
	if _, err := New("x = 0", []string{"x += 1"}, WithGIL, 0); err == nil {
		t.Error("0 times were taken")
	}
}

// Orders of steps, and what comes of them.
func TestFollow(t *testing.T) {
	tests := []struct {
		setup    string
		threads  []string
		counting Counting
		order    string
		want     string
		lost     int
	}{
		{"x = 0", []string{"x += 1", "x += 1"}, WithGIL, "AAAABBBB", "x = 2", 0},
		{"x = 0", []string{"x += 1", "x += 1"}, WithGIL, "AAABBBAB", "x = 1", 1},
		{"x = 0", []string{"x += 1", "x += 1"}, WithGIL, "ABBBBAAA", "x = 1", 1},
		{"x = 5", []string{"x = 7", "x = 8"}, WithGIL, "AABB", "x = 8", 0}, // nothing was read: nothing is lost
		{"x = 0\nl = threading.Lock()", []string{"with l:\n  x += 1", "with l:\n  x += 1"}, WithGIL, "AAB AAA ABBBBBB", "x = 2", 0},
		{"l = threading.Lock()\nm = threading.Lock()", []string{"with l:\n  with m:\n    a = 1", "with m:\n  with l:\n    a = 1"}, WithGIL, "AB", "A waits for ever, B waits for ever", 0},
		{"o = object()", []string{"a = o", "b = o"}, WithGIL, "ABAB", "o right: count 3", 0},
		{"o = object()", []string{"a = o", "b = o"}, Plain, "ABABAB", "o will be freed too early: count 2, references 3", 0},
		{"o = object()", []string{"a = o\ndel a", "b = o"}, Plain, "AAAABBAB", "o will be freed too early: count 1, references 2", 0},
		{"o = object()", []string{"a = o\ndel a", "b = o"}, Plain, "AAAABABB", "o leaks: count 3, references 2", 0},
		{"o = object()", []string{"a = o\ndel a\ndel o", "b = o"}, Plain, "AAA BBB AA AA", "o right: count 1", 0},
		{"o = object()", []string{"a = o\nb = a", "c = o\ndel c\ndel o"}, Plain, "AB AB AB AAA BB BB", "", 0},
		{"o = object()", []string{"a = o", "b = o"}, Atomic, "ABAB", "o right: count 3", 0},
		{"o = object()", []string{"a = o", "b = o"}, Biased, "ABAAB", "o right: count 3", 0},
		{"o = object()", []string{"del o", "pass\nb = 1"}, Biased, "AABB", "o freed", 0},
		{"o = object()", []string{"a = 1", "b = o\ndel o\ndel b"}, Biased, "AABBBB", "o freed", 0}, // A has ended: its count is merged
		{"o = object()", []string{"a = 1\nb = 2", "b = o\ndel o\ndel b"}, Biased, "ABBBBAAA", "o freed", 0},
		{"x = 0", []string{"y = z"}, WithGIL, "A", "NameError: name 'z' is not defined", 0},
		{"o = object()", []string{"a = o + 1"}, WithGIL, "AAA", "TypeError: objects cannot be added", 0},
	}
	for _, test := range tests {
		steps, s, err := program(t, test.setup, test.threads, test.counting).Follow(test.order)
		if err != nil {
			t.Errorf("%v: %v", test, err)
			continue
		}
		lost := 0
		for _, st := range steps {
			if st.Loses != "" {
				lost++
			}
		}
		if got := s.Outcome(); test.want != "" && got != test.want || lost != test.lost {
			t.Errorf("%q %v %s:\ngot  %s, %d lost\nwant %s, %d lost", test.threads, test.counting, test.order, got, lost, test.want, test.lost)
		}
	}
}

// A count that is too low frees what is still in use, and the next use crashes.
func TestUseAfterFree(t *testing.T) {
	p := program(t, "o = object()", []string{"a = o\ndel a\nb = o", "c = o\ndel c"}, Plain)
	// Both read 1 and write 2; both then give one back: 2, 1, 0 although o refers to it.
	_, s, err := p.Follow("ABAB AB AA BB A")
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Outcome(); got != "crash: A uses an object that has been freed" {
		t.Errorf("got %s", got)
	}
}

func TestFollowRefuses(t *testing.T) {
	p := program(t, "x = 0", []string{"x += 1", "x += 1"}, WithGIL)
	for order, want := range map[string]string{"ABC": "A to B", "AAAAA": "step 5: A cannot go on"} {
		if _, _, err := p.Follow(order); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", order, err)
		}
	}
}

// A state that was left is what it was, whatever its copy does.
func TestValues(t *testing.T) {
	p := program(t, "x = 1\no = object()", []string{"x += 1"}, Biased)
	if got := fmt.Sprint(p.Start().Values()); got != "[x = 1 count of o 1 + 0]" {
		t.Errorf("got %s", got)
	}
}
