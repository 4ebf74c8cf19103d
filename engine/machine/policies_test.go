package machine_test

import (
	"testing"

	"interleave/engine/machine"
	"interleave/engine/policy"
	"interleave/engine/trace"
)

// busy has tasks that compute, wait for each other and for timers, and yield. What it
// prints does not depend on the order.
const busy = `
func main() {
	var mu Mutex
	var w WaitGroup
	jobs, results := make(chan int), make(chan int, 3)
	done := 0
	for i := range 4 {
		w.Add(1)
		go func() {
			for j := range jobs {
				Work(int64(1 + i) * 30000)
				if j % 3 == 0 { Sleep(200000) }
				if j % 4 == 0 { Gosched() }
				mu.Lock()
				done++
				mu.Unlock()
				results <- j
			}
			w.Done()
		}()
	}
	go func() { for j := range 24 { jobs <- j }; close(jobs); w.Wait(); close(results) }()
	sum := 0
	for r := range results { sum += r }
	println(sum, done)
}`

// policies lists every policy of the table, as it is and with the parameters of its example.
func policies() (list []string) {
	for _, k := range policy.Kinds() {
		if list = append(list, k.Name); k.Example != k.Name {
			list = append(list, k.Example)
		}
	}
	return list
}

// Every policy runs a program of goroutines to its end, with the same result, and goes
// on from a snapshot as it went on without one.
func TestProgramUnderEveryPolicy(t *testing.T) {
	for _, name := range policies() {
		for _, cores := range []int{1, 3} {
			p, err := policy.Named(name)
			if err != nil {
				t.Fatal(err)
			}
			r := newRig(t, machine.Config{Cores: cores, Policy: p, Slice: 50_000}, busy)
			tr := trace.New(0)
			r.m.Record(tr)
			main := r.m.Spawn(nil, &machine.Cell{Name: "cell[1]"}, r.fn("main"), nil)
			var saved *machine.Snapshot
			var out string
			asked := 0
			poll := func() bool { asked++; return asked == 3 }
			for round := range 3 {
				end := r.m.Until(main, poll)
				if round == 0 && end == machine.Interrupted {
					saved = r.m.Snapshot()
					end = r.m.Until(main, never)
				}
				if end != machine.MainDone || r.out.String() != "276 24\n" {
					t.Fatalf("%s on %d cores: ended with %d, printed %q", name, cores, end, r.out.String())
				}
				if saved == nil {
					break
				}
				if got := lines(t, tr); round == 0 {
					out = got
				} else if got != out {
					t.Fatalf("%s on %d cores: goes on from the snapshot otherwise:\n%s", name, cores, difference(out, got))
				}
				r.m.Restore(saved)
				r.out.Reset()
			}
			if saved == nil {
				t.Errorf("%s on %d cores: the run was never interrupted", name, cores)
			}
		}
	}
}
