package host

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"interleave/engine"
	"interleave/engine/check"
	"interleave/engine/machine"
	"interleave/engine/policy"
	"interleave/engine/programs"
)

var backEvery = flag.Int("back", 0, "TestCorpusGoingBack runs all programs, with so many decisions of the scheduler between two snapshots, at least 2; 0: some programs, with 2")

// back is the policy "go" that has the machine pause every few decisions. There it takes
// a snapshot, or goes back to the last one, so that the program runs all its way twice.
type back struct {
	*policy.Go
	every, picks int
	steps        int
	goes         bool // else it only pauses, which costs the program a little time
	h            *Host
	out          []*bytes.Buffer
	kept         *moment
	from         int // no snapshot before this decision: the way there has been gone twice
	times        int // how often it went back
}

type moment struct {
	snapshot *machine.Snapshot
	main     int // the ID of the task that is waited for
	nest     int
	picks    int
	out      []int
}

func (b *back) Pick(now int64, core int) policy.Decision {
	if b.picks++; b.picks%b.every == 0 {
		return policy.Decision{Pause: true, Look: policy.Nobody}
	}
	return b.Go.Pick(now, core)
}

// Step takes the core from a task before some of its accesses to memory and other steps.
func (b *back) Step(int64, int, *policy.Task) policy.Verdict {
	b.steps++
	return policy.Verdict{Give: b.steps%stepsBetween == 0}
}

const stepsBetween = 13

type backState struct {
	inner        any
	picks, steps int
}

func (b *back) Save() any { return backState{b.Go.Save(), b.picks, b.steps} }

func (b *back) Load(saved any) {
	s := saved.(backState)
	b.Go.Load(s.inner)
	b.picks, b.steps = s.picks, s.steps
}

// Failure is where the machine stands still.
func (b *back) Failure(bool) error {
	m := b.h.machine
	k := b.kept
	main := 0
	for _, t := range m.Tasks() {
		if t.Cell == b.h.current && t.Number == 1 {
			main = t.ID
		}
	}
	switch {
	case !b.goes:
	case k == nil && b.picks >= b.from:
		b.kept = &moment{m.Snapshot(), main, len(b.h.nest), b.picks, nil}
		for _, o := range b.out {
			b.kept.out = append(b.kept.out, o.Len())
		}
	case k != nil && b.picks >= k.picks+3*b.every:
		b.from = b.picks
		if main != 0 && k.main == main && k.nest == len(b.h.nest) {
			b.times++
			m.Restore(k.snapshot)
			for i, o := range b.out {
				o.Truncate(k.out[i])
			}
		}
		b.release()
	}
	return nil
}

func (b *back) release() {
	if b.kept != nil {
		b.h.machine.Release(b.kept.snapshot)
		b.kept = nil
	}
}

// backward evaluates cells with outputs that can be taken back.
type backward struct {
	*Host
	b *back
}

func (e backward) Run(ctx context.Context, p *check.Program, streams engine.IO) (engine.Outcome, error) {
	var out, errs bytes.Buffer
	e.b.out = []*bytes.Buffer{&out, &errs}
	o, err := e.Host.Run(ctx, p, engine.IO{Stdout: &out, Stderr: &errs, Stdin: streams.Stdin})
	e.Host.enter()
	e.b.release()
	e.b.out = nil
	e.Host.leave()
	io.Copy(streams.Stdout, &out)
	io.Copy(streams.Stderr, &errs)
	return o, err
}

// backCorpus are programs that go run has no equal of.
const backCorpus = "testdata/back"

const childBack = "HOST_BACK" // after how many decisions the child pauses; negative: it goes back there, too

// backConfig is the configuration that the environment asks for; see each.
func backConfig(config machine.Config) (machine.Config, *back) {
	every, err := strconv.Atoi(os.Getenv(childBack))
	if err != nil {
		return config, nil
	}
	b := &back{Go: policy.NewGo(), every: max(every, -every), goes: every < 0}
	config.Policy = b
	return config, b
}

// TestCorpusGoingBack runs programs that have nothing to do with the outside world with
// and without going back to snapshots: output and traces are the same. By default they
// are one in eight of the corpus.
func TestCorpusGoingBack(t *testing.T) {
	all, err := programs.Load(corpus)
	if err != nil {
		t.Fatal(err)
	}
	more, err := programs.Load(backCorpus)
	if err != nil {
		t.Fatal(err)
	}
	every, part := 2, *backEvery == 0
	if !part {
		every = *backEvery
	}
	all = slices.DeleteFunc(all, func(p *programs.Program) bool {
		text := strings.Join(p.Cells, "\n")
		return !chosen(p.Name) || p.Input != "" || seedsFor(p) == 1 ||
			slices.ContainsFunc([]string{`"os`, `"net`, `exec"`}, func(s string) bool { return strings.Contains(text, s) })
	})
	if part && *only == "" {
		some := all[:0]
		for i := 0; i < len(all); i += 8 {
			some = append(some, all[i])
		}
		all = some
	}
	all = append(all, more...)
	once := func(*programs.Program) uint64 { return 1 }
	plain, gone := each(t, all, once, fmt.Sprint(childBack, "=", every)), each(t, all, once, fmt.Sprint(childBack, "=", -every))
	times := 0
	for i, p := range all {
		times += gone[i][0].Times
		gone[i][0].Times = 0
		if a, b := fmt.Sprintf("%+v", plain[i]), fmt.Sprintf("%+v", gone[i]); a != b {
			t.Errorf("%s differs when it goes back:\n%.1500s\n%.1500s", p.Name, a, b)
		}
	}
	t.Log(len(all), "programs went back", times, "times")
	if *only == "" && times < 10*len(all) {
		t.Error("hardly any went back")
	}
}
