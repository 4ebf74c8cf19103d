package workload

import (
	"fmt"

	"interleave/engine/policy"
)

// Unit is a textbook's unit of time, in virtual ns.
const Unit = 1_000_000

// Process is one of a textbook's.
type Process struct {
	Name          string
	Arrival       int64 // virtual ns, from 0 on
	Bursts        []Burst
	policy.Traits // its Burst is set by Run
}

// Burst is what a process does for a while.
type Burst struct {
	Time   int64       // virtual ns, more than 0
	Device string      // that it uses, and perhaps waits for; empty: it computes
	Memory bool        // instead of computing it reads memory, over the bus that all cores share; alone in this time
	Call   policy.Call // how computing stands to an interpreter's lock; calls of one kind that follow each other are one
}

// CPU makes a burst of computing; IO makes one of using a device. Times are virtual ns.
func CPU(time int64) Burst               { return Burst{Time: time} }
func IO(device string, time int64) Burst { return Burst{Time: time, Device: device} }

// Memory makes a burst of reading memory over the bus that all cores share; alone it takes
// that time, virtual ns.
func Memory(time int64) Burst { return Burst{Time: time, Memory: true} }

// Check finds what cannot be run.
func Check(list []Process) error {
	if len(list) == 0 {
		return fmt.Errorf("workload: there are no processes")
	}
	for i, p := range list {
		name := p.Name
		if name == "" {
			name = fmt.Sprintf("process %d", i+1)
		}
		switch {
		case p.Arrival < 0:
			return fmt.Errorf("workload: %s arrives before time 0", name)
		case len(p.Bursts) == 0:
			return fmt.Errorf("workload: %s has no burst", name)
		case p.Nice < -20 || p.Nice > 19:
			return fmt.Errorf("workload: %s: nice %d: want -20 to 19", name, p.Nice)
		case p.Tickets < 0:
			return fmt.Errorf("workload: %s: %d tickets: want a number from 0 on", name, p.Tickets)
		}
		for k, b := range p.Bursts {
			if b.Time <= 0 {
				return fmt.Errorf("workload: %s: burst %d takes no time: want more than 0", name, k+1)
			}
		}
	}
	return nil
}
