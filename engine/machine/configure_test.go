package machine_test

import (
	"testing"

	"interleave/engine/machine"
	"interleave/engine/policy"
)

// Where a core is set to look much later, that is not the time from which the machine
// begins anew; who computes has computed up to now, and no further.
func TestBeginAnew(t *testing.T) {
	p, err := policy.Named("multi(balance=10s,steal=off)")
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, machine.Config{}, `func f() { Compute(1000000); Disk(1000000); Compute(1000000) }
func main() { for range 4 { go f() }; Compute(25000000) }`)
	r.m.Configure(machine.Config{Cores: 2, Policy: p})
	r.m.Until(r.m.Spawn(nil, &machine.Cell{}, r.fn("main"), nil), never)
	before := r.m.Now()
	r.m.Configure(machine.Config{Cores: 2})
	if d := r.m.Now() - before; d < 0 || d > 1_000_000 {
		t.Errorf("to begin anew has taken %d ns", d)
	}
}
