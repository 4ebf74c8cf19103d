package machine_test

import (
	"fmt"
	"strings"
	"testing"

	"interleave/engine/machine"
)

// Two tasks that use a map without a lock are caught in it, on two cores and only
// there; with a lock, or while both only read, they never are.
func TestMapsUsedAtOnce(t *testing.T) {
	const program = `
		var m = map[int]int{1: 1}
		var mu Mutex
		func use(k int, w *WaitGroup) { for i := 0; i < 300; i++ { %s }; w.Done() }
		func main() { var w WaitGroup; w.Add(2); go use(1, &w); go use(2, &w); w.Wait(); print(len(m)) }`
	for _, c := range []struct{ body, clash string }{
		{"m[k] = i", "panic concurrent map writes"},
		{"m[k]++", "panic concurrent map writes"},
		{"if k == 1 { _ = m[k] } else { m[k] = i }", "panic concurrent map read and map write"},
		{"if k == 1 { for range m {} } else { m[k] = i }", "panic concurrent map iteration and map write"},
		{"if k == 1 { delete(m, 3) } else { m[k] = i }", "panic concurrent map writes"},
		{"_ = m[k]; for range m {}", ""},
		{"mu.Lock(); m[k]++; delete(m, i); for range m {}; mu.Unlock()", ""},
	} {
		for _, cores := range []int{1, 2} {
			caught := false
			for seed := range uint64(5) {
				r := newRig(t, machine.Config{Cores: cores, Seed: seed + 1}, fmt.Sprintf(program, c.body))
				main := r.m.Spawn(nil, nil, r.fn("main"), nil)
				if end := r.m.Until(main, never); end == machine.TaskDied {
					caught = true
					if got := strings.TrimSpace(r.out.String()); got != c.clash {
						t.Errorf("%s, %d cores: %s, want %s", c.body, cores, got, c.clash)
					}
				}
			}
			if want := cores > 1 && c.clash != ""; caught != want {
				t.Errorf("%s, %d cores: caught %v", c.body, cores, caught)
			}
		}
	}
}

// A snapshot from before a write knows nothing of it: another task may write then.
func TestMapsUsedAfterRestore(t *testing.T) {
	r := newRig(t, machine.Config{Cores: 2}, `
		var m = map[int]int{}
		func nothing() {}
		func write() { for i := 0; i < 100; i++ { m[i] = i } }`)
	s := r.m.Snapshot()
	for _, first := range []string{"write", "nothing"} { // what comes second has another number
		r.m.Restore(s)
		r.m.Spawn(nil, nil, r.fn(first), nil)
		if first == "write" {
			r.m.Until(nil, never)
			continue
		}
		task := r.m.Spawn(nil, nil, r.fn("write"), nil)
		if end := r.m.Until(task, never); end != machine.MainDone {
			t.Fatalf("ended with %d: %s", end, r.out.String())
		}
	}
	r.m.Release(s)
}
