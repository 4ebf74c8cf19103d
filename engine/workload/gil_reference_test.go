package workload

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"interleave/engine/policy"
	"interleave/engine/trace"
)

// reference is take_gil and drop_gil of CPython's Python/ceval_gil.c carried out event by
// event for threads that each have a core: a second way to the timelines of the policy
// "gil", which shares nothing with it.
type reference struct {
	interval, now int64
	threads       []*referenceThread
	locked        bool
	holder, last  *referenceThread
	switchNumber  int
	dropRequest   bool
	forced        *referenceThread // waits on switch_cond
	cond          []*referenceThread
	ran           []string
}

type referenceThread struct {
	name      string
	bursts    []Burst
	left      int64 // of the first of bursts
	at        int64 // when its present stay ends: an arrival, I/O, a call without the lock, a burst; -1: it does not end by itself
	began     int64
	since     int64 // its timed wait
	saved     int
	runs, out bool // it computes; it is outside, or has not arrived
}

func (r *reference) take(t *referenceThread) {
	if r.locked {
		t.since, t.saved, t.at = r.now, r.switchNumber, -1
		r.cond = append(r.cond, t)
		return
	}
	r.locked, r.holder = true, t
	if r.last != t {
		r.last = t
		r.switchNumber++
	}
	r.dropRequest = false
	if f := r.forced; f != nil {
		r.forced = nil
		r.take(f)
	}
	r.goOn(t)
}

func (r *reference) drop(t *referenceThread) {
	r.locked, r.holder = false, nil
	if len(r.cond) > 0 {
		woken := r.cond[0]
		r.cond = r.cond[1:]
		r.take(woken)
	}
}

func (r *reference) stopRunning(t *referenceThread) {
	if t.runs && r.now > t.began {
		r.ran = append(r.ran, fmt.Sprintf("%012d %012d %s", t.began, r.now, t.name))
	}
	t.runs = false
}

func (r *reference) start(t *referenceThread) {
	t.runs, t.began, t.at = true, r.now, r.now+t.left
}

// goOn has the holder begin or continue its next burst.
func (r *reference) goOn(t *referenceThread) {
	if len(t.bursts) == 0 {
		t.at = -1
		r.drop(t)
		return
	}
	b := t.bursts[0]
	if t.left == 0 {
		t.left = b.Time
	}
	switch {
	case b.Device != "":
		t.out, t.at = true, r.now+t.left
		r.drop(t)
	case b.Call == policy.Released:
		r.start(t)
		r.drop(t)
	default:
		r.start(t)
	}
}

// obey has the holder drop the lock on request, if its code can be asked.
func (r *reference) obey() {
	t := r.holder
	if t == nil || !r.dropRequest || !t.runs || t.bursts[0].Call == policy.Holding {
		return
	}
	t.left -= r.now - t.began
	r.stopRunning(t)
	t.at = -1
	r.forced = t
	r.drop(t)
}

func (r *reference) run() string {
	for {
		var next *referenceThread
		timeout := false
		at := int64(-1)
		for _, t := range r.threads {
			if t.at >= 0 && (at < 0 || t.at < at) {
				next, at = t, t.at
			}
		}
		if len(r.cond) > 0 {
			w := slices.MinFunc(r.cond, func(a, b *referenceThread) int { return cmp.Compare(a.since, b.since) })
			if end := w.since + r.interval; at < 0 || end < at {
				next, at, timeout = w, end, true
			}
		}
		if next == nil {
			break
		}
		r.now = at
		switch {
		case timeout:
			for { // all waits that end now end before the holder obeys
				i := slices.IndexFunc(r.cond, func(t *referenceThread) bool { return t.since+r.interval == r.now })
				if i < 0 {
					break
				}
				t := r.cond[i]
				r.cond = append(slices.Delete(r.cond, i, i+1), t)
				r.dropRequest = r.dropRequest || r.locked && t.saved == r.switchNumber
				t.since, t.saved = r.now, r.switchNumber
			}
			r.obey()
		case next.runs: // a burst ends
			released := next.bursts[0].Call == policy.Released
			r.stopRunning(next)
			next.bursts, next.left = next.bursts[1:], 0
			if released {
				r.take(next)
				break
			}
			if r.dropRequest { // the first instruction after a native call obeys
				next.at, r.forced = -1, next
				r.drop(next)
				break
			}
			r.goOn(next)
		default: // I/O is done, or a thread arrives
			if next.out {
				next.bursts, next.left, next.out = next.bursts[1:], 0, false
			}
			r.take(next)
		}
	}
	slices.Sort(r.ran)
	return strings.Join(r.ran, "\n")
}

// On random workloads with a core for each thread, the policy makes the timeline of the
// reference.
func TestGILReference(t *testing.T) {
	r := policy.NewRand(7, 0)
	for round := range 2000 {
		var list []Process
		interval := int64(1+r.Intn(8)) * 1_000_000
		ref := &reference{interval: interval}
		for i := range 2 + r.Intn(5) {
			p := Process{Name: string(rune('A' + i)), Arrival: int64(r.Intn(20_000_000))}
			for k := range 1 + r.Intn(8) {
				b := CPU(1 + int64(r.Intn(25_000_000)))
				switch r.Intn(6) {
				case 0:
					b.Call = policy.Holding
				case 1:
					b.Call = policy.Released
				case 2, 3:
					b = IO(p.Name, 1+int64(r.Intn(6_000_000)))
				}
				if k > 0 && b.Call != policy.Bytecode && p.Bursts[k-1].Call == b.Call {
					b = CPU(b.Time)
				}
				p.Bursts = append(p.Bursts, b)
			}
			list = append(list, p)
			ref.threads = append(ref.threads, &referenceThread{name: p.Name, bursts: p.Bursts, at: p.Arrival})
		}
		tr := run(t, named(fmt.Sprintf("gil(interval=%dns)", interval)), len(list), list...)
		want := ref.run()
		var got []string
		for _, s := range trace.Spans(tr) {
			if s.State == trace.IsRunning && s.To > s.From {
				got = append(got, fmt.Sprintf("%012d %012d %s", s.From, s.To, tr.TaskName(s.Task)))
			}
		}
		slices.Sort(got)
		if g, w := merged(strings.Join(got, "\n")), merged(want); g != w {
			t.Fatalf("round %d, interval %d, %v:\ngot\n%s\nwant\n%s", round, interval, list, g, w)
		}
	}
}

// merged joins stays of one thread that follow each other at once.
func merged(lines string) string {
	var out []string
	last := map[string]int{}
	for _, line := range strings.Split(lines, "\n") {
		f := strings.Fields(line)
		if len(f) < 3 {
			continue
		}
		if k, ok := last[f[2]]; ok {
			if g := strings.Fields(out[k]); g[1] == f[0] {
				out[k] = g[0] + " " + f[1] + " " + f[2]
				continue
			}
		}
		last[f[2]] = len(out)
		out = append(out, line)
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}
