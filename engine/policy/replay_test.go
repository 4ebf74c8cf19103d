package policy_test

import (
	"bytes"
	"testing"

	"interleave/engine/policy"
	"interleave/engine/trace"
	"interleave/engine/workload"
)

func lines(t *testing.T, p policy.Policy, cores int, seed uint64, procs []proc) (string, string) {
	t.Helper()
	tr, err := workload.Run(processes(ms, procs), workload.Setup{Policy: p, Cores: cores, Seed: seed, Switch: 10_000})
	if err != nil {
		t.Fatalf("%s: %v\n%s", p.Name(), err, describe(procs))
	}
	token := tr.Head.Token
	tr.Head.Token = ""
	var b bytes.Buffer
	if err := trace.Lines(&b, tr); err != nil {
		t.Fatal(err)
	}
	return b.String(), token
}

// swapped goes on in a copy of itself every few questions: what it was is asked once
// more, and forgotten.
type swapped struct {
	policy.Policy
	name  string
	setup policy.Setup
	n     int
}

func (s *swapped) Start(with policy.Setup) {
	s.setup = with
	s.Policy.Start(with)
}

func (s *swapped) swap() {
	if s.n++; s.n%3 != 0 {
		return
	}
	saved, old := s.Policy.Save(), s.Policy
	next, err := policy.Named(s.name)
	if err != nil {
		panic(err)
	}
	next.Start(s.setup)
	next.Load(saved)
	old.Load(saved)
	s.Policy = next
}

func (s *swapped) Ready(now int64, t *policy.Task, why policy.Why, by *policy.Task) policy.Look {
	s.swap()
	return s.Policy.Ready(now, t, why, by)
}

func (s *swapped) Pick(now int64, core int) policy.Decision {
	s.swap()
	return s.Policy.Pick(now, core)
}

func (s *swapped) Stop(now int64, core int, t *policy.Task, why policy.Why) {
	s.swap()
	s.Policy.Stop(now, core, t, why)
}

// The same with the further questions that the policy wants to be asked.

type swappedSteps struct{ *swapped }

func (s swappedSteps) Step(now int64, core int, t *policy.Task) policy.Verdict {
	return s.Policy.(policy.Stepper).Step(now, core, t)
}

func (s swappedSteps) Choose(now int64, what policy.Choice, n int) int {
	return s.Policy.(policy.Chooser).Choose(now, what, n)
}

type swappedCosts struct{ *swapped }

func (s swappedCosts) Work(t *policy.Task, ns int64) int64 {
	return s.Policy.(policy.Coster).Work(t, ns)
}

func swapping(t *testing.T, name string) policy.Policy {
	s := &swapped{Policy: named(t, name), name: name}
	switch step, _, cost := policy.Extras(s.Policy); {
	case step != nil:
		return swappedSteps{s}
	case cost != nil:
		return swappedCosts{s}
	}
	return s
}

// Every policy of the table gives the same trace, byte for byte, when the run is made
// again, when the schedule that was recorded of it is replayed, and when the policy goes
// on from copies of its state.
func TestEveryPolicyAgain(t *testing.T) {
	r := policy.NewRand(5, 1)
	for _, k := range policy.Kinds() {
		names := []string{k.Name, k.Example}
		if k.Name == k.Example {
			names = names[:1]
		}
		for _, name := range names {
			for round := range 12 {
				procs, cores, seed := randomProcs(&r, 30), 1+r.Intn(4), uint64(1+r.Intn(5))
				want, token := lines(t, named(t, name), cores, seed, procs)
				if again, same := lines(t, named(t, name), cores, seed, procs); again != want || same != token {
					t.Fatalf("%s: the same run gives another trace", name)
				}
				recorded := policy.Record(named(t, name))
				if again, _ := lines(t, recorded, cores, seed, procs); again != want {
					t.Fatalf("%s: recorded it gives another trace", name)
				}
				s, err := policy.ParseSchedule(recorded.Schedule().String())
				if err != nil {
					t.Fatal(err)
				}
				replay, err := policy.Replay(s)
				if err != nil {
					t.Fatal(err)
				}
				if again, _ := lines(t, replay, cores, seed, procs); again != want {
					t.Fatalf("%s: replayed it gives another trace", name)
				}
				if again, _ := lines(t, swapping(t, name), cores, seed, procs); again != want {
					t.Fatalf("%s, round %d: from copies it gives another trace", name, round)
				}
			}
		}
	}
}
