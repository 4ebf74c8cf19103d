package machine_test

import (
	"fmt"
	"go/token"
	"math"
	"testing"

	"interleave/engine/machine"
	"interleave/engine/policy"
	"interleave/engine/trace"
)

const computing = `
var done [3]int64
func f(i int, cpu, io int64) { Compute(cpu); Disk(io); Compute(cpu); done[i] = Now() }
func main() { go f(0, 1000000, 500000); go f(1, 2000000, 500000); go f(2, 500000, 3000000) }
`

// Computing takes the time that it says, however it is cut up by slices, by who else
// wants the cores, and by snapshots from which the machine goes back.
func TestComputing(t *testing.T) {
	free := machine.Cost{Call: -1, Switch: -1, Wake: -1, Spawn: -1, Jitter: -1}
	for _, cores := range []int{1, 2, 3} {
		for _, slice := range []int64{300_000, 10_000_000} {
			r := newRig(t, machine.Config{Cores: cores, Slice: slice, Cost: free}, computing)
			tr := trace.New(0)
			r.m.Record(tr)
			r.m.Spawn(nil, &machine.Cell{Name: "cell[1]"}, r.fn("main"), nil)
			var used []int64
			for n := 0; r.m.Until(nil, func() bool { return n%3 == 1 }) == machine.Interrupted; n++ {
				s := r.m.Snapshot()
				r.m.Bound(700_000)
				r.m.Until(nil, never)
				r.m.Restore(s)
				r.m.Release(s)
			}
			r.m.Record(nil)
			for _, u := range trace.Summarize(tr).Tasks[1:] {
				used = append(used, u.Running)
			}
			for i, want := range []int64{2_000_000, 4_000_000, 1_000_000} {
				if d := used[i] - want; d < 0 || d > 1000 { // its other instructions take a few ns
					t.Errorf("%d cores, slice %d: task %d ran for %d ns, want %d", cores, slice, i, used[i], want)
				}
			}
		}
	}
}

// looker is a policy of one core that takes the core away at given times.
type looker struct {
	policy.Policy
	at []int64
}

func (l *looker) Pick(now int64, core int) policy.Decision {
	d := l.Policy.Pick(now, core)
	for len(l.at) > 0 && l.at[0] <= now {
		l.at = l.at[1:]
	}
	if d.Task != nil && len(l.at) > 0 {
		d.Look = policy.Look{Core: core, At: l.at[0]}
	}
	return d
}

// A Look takes the core from a task that computes at that very moment, and says that it
// was the policy's will.
func TestLookAtComputing(t *testing.T) {
	p := &looker{Policy: policy.NewGo(), at: []int64{1_234_567, 2_000_000}}
	m := machine.New(machine.Config{Cores: 1, Policy: p, Cost: machine.Cost{Call: -1, Switch: -1, Wake: -1, Spawn: -1, Jitter: -1}})
	tr := trace.New(0)
	m.Record(tr)
	fn := &machine.Func{
		Name: "f", Recover: -1, Code: []machine.Ins{{Op: machine.OpStep}, {Op: machine.OpRet}}, Lines: make([]token.Pos, 2),
		Steps: []machine.Step{func(x *machine.Exec) machine.Status { return x.Work(3_000_000) }},
	}
	cell := &machine.Cell{}
	m.Spawn(nil, cell, fn, nil)
	m.Spawn(nil, cell, fn, nil)
	m.Until(nil, never)
	var got string
	for _, e := range tr.Events() {
		if e.Kind == trace.Run || e.Kind == trace.Preempt {
			got += fmt.Sprintf("%s %d at %d %s; ", e.Kind, e.Task, e.Time, tr.Reasons[e.Reason])
		}
	}
	if want := "run 1 at 0 ; preempt 1 at 1234567 policy; run 2 at 1234567 ; preempt 2 at 2000000 policy; run 1 at 2000000 ; run 2 at 3765433 ; "; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A device serves its requests in the order in which they come, and a snapshot keeps
// how busy it is.
func TestDevice(t *testing.T) {
	r := newRig(t, machine.Config{Cores: 1}, `func f() { Disk(1000000) }
func main() { go f(); go f(); Gosched(); f() }`)
	main := r.m.Spawn(nil, &machine.Cell{Name: "cell[1]"}, r.fn("main"), nil)
	end := func() int64 {
		if end := r.m.Until(main, never); end != machine.MainDone {
			t.Fatalf("main ended with %d", end)
		}
		return r.m.Now()
	}
	r.m.Until(main, func() bool { return true })
	s := r.m.Snapshot()
	first := end()
	r.m.Restore(s)
	if again := end(); again != first || first < 3_000_000 || first > 3_100_000 {
		t.Errorf("main's request, the third, was served at %d, and after a snapshot at %d", first, again)
	}
	r.m.Release(s)
}

// Times that are too long to be added are as long as can be: nothing comes back before
// its time, and what cannot come ends the run at the end of virtual time.
func TestEndOfTime(t *testing.T) {
	const most = "9223372036854775807"
	for _, what := range []string{
		"Compute(" + most + ")",
		"Disk(" + most + ")",
		"Disk(1000); Disk(" + most + ")",
		"Compute(3000000000000000000); Compute(3000000000000000000)",
		"Disk(3000000000000000000); Compute(3000000000000000000)",
	} {
		p, err := policy.Named("fcfs") // without slices to count
		if err != nil {
			t.Fatal(err)
		}
		r := newRig(t, machine.Config{Cores: 2, Policy: p}, "func main() { go Compute(1000); "+what+"; println(1) }")
		end := r.m.Until(r.m.Spawn(nil, &machine.Cell{}, r.fn("main"), nil), never)
		if end != machine.Over || r.out.Len() > 0 {
			t.Errorf("%s: end %d after %q, want Over", what, end, r.out.String())
		}
	}
}

// A slice that is too long to be added is no limit.
func TestLongSlice(t *testing.T) {
	r := newRig(t, machine.Config{Cores: 1, Slice: math.MaxInt64}, "func main() { go Compute(1000); Compute(20000000); println(1) }")
	n := 0
	r.m.Until(r.m.Spawn(nil, &machine.Cell{}, r.fn("main"), nil), func() bool { n++; return n > 10 })
	if r.out.String() != "1\n" {
		t.Errorf("main does not come to its end")
	}
}

// A task that is ended in the midst of computing has computed up to then, and its core
// goes on with others from there.
func TestEndedWhileComputing(t *testing.T) {
	p, err := policy.Named("fcfs")
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, machine.Config{Cores: 2, Policy: p, Cost: machine.Cost{Call: -1, Switch: -1, Wake: -1, Spawn: -1, Jitter: -1}}, `
func long() { Compute(9000000) }
func next() { Compute(1000000) }
func killer() { Compute(5000000); Kill() }`)
	tr := trace.New(0)
	r.m.Record(tr)
	cell := &machine.Cell{Name: "cell[1]"}
	r.killed = r.m.Spawn(nil, cell, r.fn("long"), nil)
	r.m.Spawn(nil, cell, r.fn("killer"), nil)
	r.m.Spawn(nil, cell, r.fn("next"), nil)
	r.m.Until(nil, never)
	r.m.Record(nil)
	for _, e := range tr.Events() {
		if e.Kind == trace.End && e.Task == 3 && (e.Time < 6_000_000 || e.Time > 6_001_000) {
			t.Errorf("the next task of its core, which computes for 1 ms, ended at %d ns", e.Time)
		}
	}
	if used := trace.Summarize(tr).Tasks[1].Running; used < 5_000_000 || used > 5_001_000 {
		t.Errorf("it ran for %d ns", used)
	}
}
