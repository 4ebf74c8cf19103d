package check_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"interleave/engine/check"
	"interleave/engine/syntax"
)

// small is the i-th cell of a long session.
func small(i int) string {
	return fmt.Sprintf(`type T%[1]d struct{ a, b int; s string }
func (t T%[1]d) Sum() int { return t.a + t.b + len(t.s) }
func f%[1]d(n int) string { return strings.Repeat("x", n) + fmt.Sprint(x%[2]d) }
x%[1]d := T%[1]d{1, 2, f0(3)}.Sum()
y := x%[1]d + 1
fmt.Println(x%[1]d, y)
`, i, max(0, i-1))
}

// fifty is a cell of fifty lines.
func fifty() string {
	var b strings.Builder
	b.WriteString("results := make(chan int, 10)\nvar wg sync.WaitGroup\n")
	for i := range 8 {
		fmt.Fprintf(&b, `func work%[1]d(ctx context.Context, jobs <-chan int) error {
	for j := range jobs {
		v := T%[1]d{j, %[1]d, f%[1]d(j)}
		results <- v.Sum() + x%[1]d
	}
	return ctx.Err()
}
`, i)
	}
	return b.String()
}

func session(tb testing.TB, cells int) *check.Session {
	s := check.NewSession(lib)
	for i := range cells {
		add(tb, s, fmt.Sprintf("cell[%d]", i+1), small(i))
	}
	return s
}

func add(tb testing.TB, s *check.Session, name, src string) {
	tb.Helper()
	c, serrs := syntax.Parse(s.Fset(), name, src)
	if len(serrs) > 0 {
		tb.Fatal(serrs)
	}
	p, errs := s.Check(c)
	if len(errs) > 0 {
		tb.Fatal(errs)
	}
	s.Commit(p, len(p.Body))
}

// BenchmarkCheck200 parses and checks a cell of 50 lines in a session of 200 cells.
func BenchmarkCheck200(b *testing.B) {
	s := session(b, 200)
	src := fifty()
	b.ReportAllocs()
	for b.Loop() {
		c, _ := syntax.Parse(s.Fset(), "cell[201]", src)
		if _, errs := s.Check(c); len(errs) > 0 {
			b.Fatal(errs)
		}
		s.Fset().RemoveFile(c.File)
	}
}

// BenchmarkTolerant200 checks the same cell for a completion.
func BenchmarkTolerant200(b *testing.B) {
	s := session(b, 200)
	src := fifty() + "\nresults."
	for b.Loop() {
		c, _ := syntax.Parse(s.Fset(), "cell[201]", src)
		s.CheckTolerant(c)
		s.Fset().RemoveFile(c.File)
	}
}

// BenchmarkParse1MB parses a cell of a megabyte.
func BenchmarkParse1MB(b *testing.B) {
	src := strings.Repeat("println(1 + 2)\n", 1<<20/15)
	s := check.NewSession(lib)
	for b.Loop() {
		c, _ := syntax.Parse(s.Fset(), "cell[1]", src)
		s.Fset().RemoveFile(c.File)
	}
}

// TestGrowth runs cells that declare the same names again and again: what is
// gone must be free. The bound is far above what one live cell needs.
func TestGrowth(t *testing.T) {
	s := check.NewSession(lib)
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	again := func(n int) {
		for i := range n {
			add(t, s, fmt.Sprintf("cell[%d]", i+1), "type T struct{ n int }\nfunc f() T { return T{x} }\nfunc g() int { return f().n }\nx := 1\nx + 1")
			add(t, s, fmt.Sprintf("cell[%d]", i+1), "func (t T) M() int { return t.n }\ny := f().M()\nx := y\nz := func() int { return x }")
		}
	}
	again(100)
	before := heap()
	again(1000)
	if grew := int64(heap()) - int64(before); grew > 4<<20 {
		t.Errorf("2,000 cells that leave nothing behind grew the heap by %d KB", grew>>10)
	} else {
		t.Logf("grew by %d KB", grew>>10)
	}
}

// TestLongSession runs 500 cells that all stay visible.
func TestLongSession(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	s := session(t, 500)
	runtime.GC()
	runtime.ReadMemStats(&after)
	each := (int64(after.HeapAlloc) - int64(before.HeapAlloc)) / 500
	t.Logf("%d bytes a cell", each)
	if each > 64<<10 {
		t.Errorf("a cell that stays visible costs %d bytes", each)
	}
	if n := len(s.Names()); n != 500*3+1 {
		t.Errorf("%d names, want %d", n, 500*3+1)
	}
}
