package session

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"interleave/kernel/protocol"
)

// TestReal runs cells as programs of their own, through the Go toolchain that runs
// this test.
func TestReal(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles programs")
	}
	s := newMachine(t)
	use := regexp.MustCompile(`real time: .* of CPU, .* cores busy on average of (\d+); built by go1\.\S+ in \S+`)
	for i, c := range []struct{ code, want string }{
		{"type shape interface{ area() float64 }\ntype square struct{ side float64 }\nconst (\n\tone = iota + 1\n\ttwo\n)\nseen := 0", ""},
		{"func (s square) area() float64 { return s.side * s.side * two }\nfunc total(list ...shape) (sum float64) {\n\tfor _, s := range list {\n\t\tsum += s.area()\n\t}\n\treturn sum\n}", ""},
		{"%%real\nx := square{3}\ntotal(x, x)", "36\n[display_data text/plain]\nUSE(N)\n"},
		{"%%real cores=3\nn := 0\nfunc up() { n++ }\nvar wg sync.WaitGroup\nwg.Go(up)\nwg.Wait()\nfmt.Println(n, runtime.GOMAXPROCS(0))", "1 3\n[display_data text/plain]\nUSE(3)\n"},
		{"%%real cores=1\npackage main\n\nfunc main() {\n\tvar m map[string]int\n\tm[\"x\"] = 1\n}", "panic: assignment to entry in nil map\n\ngoroutine 1 [running]:\nmain.main()\n\tcell[5]:6\n[display_data text/plain]\nUSE(1)\n[exit] exit status 2\n"},
		{"%%real\nos.Exit(3)", "[display_data text/plain]\nUSE(N)\n[exit] exit status 3\n"},
		{"%%real\nseen++", "[magic error] cell[7]:1: %%real: a program of its own does not have the variables of earlier cells: seen (of cell[1])\n"},
		{"%%real\nx := 1 +", "[syntax error] cell[8]:2:9: syntax error: unexpected EOF, expected expression\n"},
		{"%%real\nvar x int = \"a\"", "[compile error] cell[9]:2:13: cannot use \"a\" (untyped string constant) as int value in variable declaration\n"},
		{"%%real cores=none\n1", "[magic error] cell[10]:1: %%real: want cores=N with N from 1 on, not \"cores=none\"\n"},
		{"%real\n1", "[magic error] cell[11]:1: unknown magic %real\n"},
		{"%%real\ndisplay.Text(\"x\")", "[magic error] cell[12]:1: %%real: a program of its own has the standard library only, not package display (\"interleave/kernel/display\")\n"},
		{"%%real\nimport . \"math\"\nimport r \"math/rand\"\nvar first = 5\nfunc init() { fmt.Println(\"init\", first) }\nvar src = r.New(r.NewSource(1))\nfmt.Println(Sqrt(16), src != nil)\nfunc fact(n int) int { if n == 0 { return 1 }; return n * fact(n-1) }\nfact(5)",
			"init 5\n4 true\n120\n[display_data text/plain]\nUSE(N)\n"},
		{"func last() int { return seen }", ""},
		{"%%real\nseen := 6\nlast()", "6\n[display_data text/plain]\nUSE(N)\n"},
		{"%%real\nc := make(chan int)\n<-c", "fatal error: all goroutines are asleep - deadlock!\n"},
	} {
		out := &log{}
		d := s.Execute(t.Context(), protocol.Execute{ID: "id", Count: i + 1, Code: c.code}, out)
		got := use.ReplaceAllString(out.text.String(), "USE($1)")
		if !strings.Contains(c.code, "cores=") {
			got = regexp.MustCompile(`USE\(\d+\)`).ReplaceAllString(got, "USE(N)")
		}
		got = strings.NewReplacer("[stderr] ", "", "[stdout] ", "").Replace(got) // in as many pieces as it came
		got = regexp.MustCompile(` \+0x[0-9a-f]+`).ReplaceAllString(got, "")
		if d.Error != nil {
			got += "[" + d.Error.Name + "] " + d.Error.Value + "\n"
		}
		if got != c.want && !(strings.HasPrefix(c.want, "fatal") && strings.HasPrefix(got, c.want)) {
			t.Errorf("%s\n got %q\nwant %q", c.code, got, c.want)
		}
	}
	if s.check.Lookup("n") != nil {
		t.Error("it declared something in the session")
	}
}

// TestRealIsInterrupted ends a program that would not.
func TestRealIsInterrupted(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles programs")
	}
	s := newMachine(t)
	ctx, cancel := context.WithCancel(t.Context())
	out := &cancelling{log: &log{}, cancel: cancel}
	d := s.Execute(ctx, protocol.Execute{ID: "id", Count: 1, Code: "%%real\nfmt.Println(\"on\")\nfor {\n}"}, out)
	if d.Error == nil || d.Error.Name != "interrupted" {
		t.Errorf("%+v", d.Error)
	}
}

// cancelling ends the cell when it prints.
type cancelling struct {
	*log
	cancel func()
}

func (c *cancelling) Stream(protocol.Stream) { c.cancel() }
