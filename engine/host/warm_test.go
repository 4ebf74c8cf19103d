package host

import "testing"

// What was loaded before, a cell cannot tell: its clock and its schedule are the same.
func TestWarmIsNotNoticed(t *testing.T) {
	const cell = `var wg sync.WaitGroup
for i := range 8 {
	wg.Go(func() { fmt.Println(i, time.Now().UnixNano(), rand.Intn(1000)) })
}
wg.Wait()
fmt.Println(strings.ToUpper("done"), time.Now())`
	cold, warm := open(t), open(t)
	steps := 1
	for warm.h.Warm() {
		steps++
	}
	if steps < 10 {
		t.Fatalf("%d steps", steps)
	}
	want := cold.run(t, cell)
	if got := warm.run(t, cell); got != want {
		t.Errorf("warm:\n%s\ncold:\n%s", got, want)
	}
	if got, want := warm.run(t, cell), cold.run(t, cell); got != want {
		t.Errorf("second cell, warm:\n%s\ncold:\n%s", got, want)
	}
}

func BenchmarkWarm(b *testing.B) {
	for b.Loop() {
		s := open(b)
		for s.h.Warm() {
		}
	}
}
