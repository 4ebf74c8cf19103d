package workload

import (
	"testing"

	"interleave/engine/policy"
	"interleave/engine/trace"
)

// TestMemory: one bus serves all cores in turn, 10 µs at a time, first come first served;
// computing needs none of it.
func TestMemory(t *testing.T) {
	const unit = Unit
	for _, test := range []struct {
		name  string
		cores int
		list  []Process
		ends  []int64 // µs
		bus   []int64 // µs for which each waits for the bus
	}{
		{"alone", 4, []Process{{Bursts: []Burst{Memory(2 * unit)}}}, []int64{2000}, []int64{0}},
		{"two on two cores", 2, []Process{{Bursts: []Burst{Memory(unit)}}, {Bursts: []Burst{Memory(unit)}}}, []int64{1990, 2000}, []int64{990, 1000}},
		{"two on one core", 1, []Process{{Bursts: []Burst{Memory(unit)}}, {Bursts: []Burst{Memory(unit)}}}, []int64{1000, 2000}, []int64{0, 0}},
		{"one computes", 2, []Process{{Bursts: []Burst{CPU(unit)}}, {Bursts: []Burst{Memory(unit)}}}, []int64{1000, 1000}, []int64{0, 0}},
		{"four on four cores", 4, []Process{{Bursts: []Burst{Memory(unit)}}, {Bursts: []Burst{Memory(unit)}}, {Bursts: []Burst{Memory(unit)}}, {Bursts: []Burst{Memory(unit)}}},
			[]int64{3970, 3980, 3990, 4000}, []int64{2970, 2980, 2990, 3000}},
		{"later, and then computing", 2, []Process{{Bursts: []Burst{Memory(unit), CPU(unit)}}, {Arrival: unit / 2, Bursts: []Burst{Memory(unit / 2)}}}, []int64{2490, 1500}, []int64{490, 500}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := policy.Named("fcfs")
			if err != nil {
				t.Fatal(err)
			}
			tr, err := Run(test.list, Setup{Policy: p, Cores: test.cores})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range tr.Events() {
				if e.Kind == trace.End && e.Time/1000 != test.ends[e.Task-1] {
					t.Errorf("process %d ends at %d µs, want %d", e.Task, e.Time/1000, test.ends[e.Task-1])
				}
			}
			for _, u := range tr.Memory {
				if got := u.BusWait / 1000; got != test.bus[u.Task-1] {
					t.Errorf("process %d waits %d µs for the bus, want %d", u.Task, got, test.bus[u.Task-1])
				}
			}
		})
	}
}
