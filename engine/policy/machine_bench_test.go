package policy_test

import (
	"fmt"
	"testing"

	"interleave/engine/policy"
	"interleave/engine/workload"
)

// 10,000 processes of 100 bursts each, of computing and of waiting in turn, on four
// cores of the machine, under every policy of the table.
func BenchmarkOnTheMachine(b *testing.B) {
	r := policy.NewRand(3, 1)
	var list []workload.Process
	for i := range 10_000 {
		p := workload.Process{Arrival: int64(r.Intn(1e9))}
		device := fmt.Sprint("device ", i)
		p.Priority, p.Tickets, p.Nice = r.Intn(40), 1+r.Intn(1000), r.Intn(40)-20
		for k := range 100 {
			if k%2 == 0 {
				p.Bursts = append(p.Bursts, workload.CPU(int64(1e6+r.Intn(9e6))))
			} else {
				p.Bursts = append(p.Bursts, workload.IO(device, int64(1+r.Intn(1e9))))
			}
		}
		list = append(list, p)
	}
	for _, k := range policy.Kinds() {
		b.Run(k.Name, func(b *testing.B) {
			for range b.N {
				_, err := workload.Run(list, workload.Setup{Policy: named(b, k.Name), Cores: 4, Events: -1})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
