package speed

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"interleave/engine/machine"
)

// small is the i-th cell of a long session: a type with a method, a function that
// uses the cell before, and statements.
func small(i int) string {
	before := ""
	if i > 0 {
		before = fmt.Sprintf(" + fmt.Sprint(x%d)", i-1)
	}
	return fmt.Sprintf(`type T%[1]d struct{ a, b int; s string }
func (t T%[1]d) Sum() int { return t.a + t.b + len(t.s) }
func f%[1]d(n int) string { return strings.Repeat("x", n)%[2]s }
x%[1]d := T%[1]d{1, 2, f%[1]d(3)}.Sum()
y := x%[1]d + 1
_ = y
`, i, before)
}

func add(t testing.TB, s *Session, i int) (whole, run time.Duration) {
	began := time.Now()
	_, took, err := s.Time(fmt.Sprintf("cell[%d]", i+1), small(i))
	if err != nil {
		t.Fatal(err)
	}
	return time.Since(began), took
}

// BenchmarkCell is what a cell adds to a session of 200: parse, check, SSA, machine
// code, run; ns/run is the evaluator's part.
func BenchmarkCell(b *testing.B) {
	s := onMachine(b, machine.Config{})
	for i := range 200 {
		add(b, s, i)
	}
	i := 200
	var run time.Duration
	for b.Loop() {
		_, r := add(b, s, i)
		run += r
		i++
	}
	b.ReportMetric(float64(run.Nanoseconds())/float64(b.N), "ns/run")
}

// BenchmarkMemory reports what each of 2,000 cells leaves behind.
func BenchmarkMemory(b *testing.B) {
	for b.Loop() {
		s := onMachine(b, machine.Config{})
		for i := range 10 {
			add(b, s, i)
		}
		before := heap()
		for i := range 2000 {
			add(b, s, 10+i)
		}
		b.ReportMetric(float64(heap()-before)/2000, "B/cell")
		runtime.KeepAlive(s)
	}
}

// heap is the number of bytes that live.
func heap() uint64 {
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return s.HeapAlloc
}
