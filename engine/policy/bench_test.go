package policy

import "testing"

// 10,000 processes of 100 bursts each under every policy. An event is a task that
// becomes ready or a decision.
func BenchmarkPolicies(b *testing.B) {
	r := NewRand(3, 1)
	procs := make([]proc, 10_000)
	for i := range procs {
		procs[i].at = int64(r.Intn(1000))
		for k := range 199 {
			n := int64(1 + r.Intn(10))
			if k%2 == 1 {
				n = int64(r.Intn(100_000))
			}
			procs[i].bursts = append(procs[i].bursts, n)
		}
		procs[i].Priority, procs[i].Tickets, procs[i].Nice = r.Intn(40), 1+r.Intn(1000), r.Intn(40)-20
	}
	for _, k := range Kinds() {
		for _, name := range []string{k.Name, k.Example} {
			b.Run(name, func(b *testing.B) {
				for range b.N {
					p, err := Named(name)
					if err != nil {
						b.Fatal(err)
					}
					rig := newRigged(p, 4, procs, ms)
					rig.silent = true
					for rig.step() {
					}
					b.ReportMetric(float64(rig.events)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
				}
			})
			if k.Example == k.Name {
				break
			}
		}
	}
}
