package policy_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"interleave/engine/policy"
	"interleave/engine/trace"
	"interleave/engine/workload"
)

// traced runs processes on the machine and gives the trace.
func traced(t *testing.T, name string, cores int, procs []proc) *trace.Trace {
	t.Helper()
	tr, err := workload.Run(processes(ms, procs), workload.Setup{Policy: named(t, name), Cores: cores})
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// notes lists what a policy noted: "12 P1 to queue 1", with the time in units.
func notes(tr *trace.Trace) (list []string) {
	for _, e := range tr.Events() {
		if e.Kind == trace.Note {
			who := ""
			if e.Task > 0 {
				who = tr.TaskName(e.Task) + " "
			}
			list = append(list, fmt.Sprintf("%d %s%s", e.Time/ms, who, tr.NoteText(&e)))
		}
	}
	return list
}

// What the policies do by their own rules stands in the trace.
func TestNotes(t *testing.T) {
	for _, c := range []struct {
		policy, procs string
		cores         int
		want          []string
	}{
		{"mlfq(queues=3,q=10ms,boost=35ms)", "40", 1, []string{"10 P1 to queue 1", "20 P1 to queue 0", "35 boost: all to queue 2"}},
		{"mlfq(queues=2,q=5ms,allotment=10ms,boost=0)", "6+1+6 20@1", 1, []string{"16 P2 to queue 0", "20 P1 to queue 0"}},
		{"priority(aging=5ms)", "20p3 5p1", 1, []string{"15 P2 priority risen by 3 by waiting", "20 P1 priority risen by 1 by waiting"}},
		{"lottery(q=10ms)", "10t30 10t10", 1, []string{"0 P1 drew ticket 26", "0 P1 of 40 tickets"}},
		{"eevdf(slice=10ms)", "20 20n1", 1, []string{
			"0 P1 virtual deadline 10000 µs", // request / weight, in units of weight 1024
			"10 P1 eligible from virtual time 10000 µs", "10 P2 virtual deadline 12487 µs",
			"20 P2 eligible from virtual time 12487 µs", "20 P1 virtual deadline 20000 µs"}},
		{"multi(q=10ms)", "5 5 20 20", 2, []string{}},
		{"multi(q=10ms)", "5 40 5 20", 2, []string{"10 P4 stolen from core 1"}},
		{"multi(q=10ms,steal=off,balance=20ms)", "2 40 2 40 2 40", 2, []string{"20 P6 balanced to core 0", "60 P2 balanced to core 0"}},
	} {
		procs, err := readProcs(c.procs)
		if err != nil {
			t.Fatal(err)
		}
		tr := traced(t, c.policy, c.cores, procs)
		if got := notes(tr); !slices.Equal(got, c.want) {
			t.Errorf("%s, %s:\n%s\nwant\n%s", c.policy, c.procs, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
}

// α = ½, τ0 = 10, bursts 6 4 6 4 13 13 13: the guesses are 10 8 6 6 5 9 11 12.
// (Silberschatz, Galvin and Gagne, Operating System Concepts, figure 5.4.)
// Runs of 40 20 40 15 and a first guess of 40 give 25 for the next.
// (Tanenbaum and Bos, Modern Operating Systems, chapter 2, problem on aging.)
func TestGuesses(t *testing.T) {
	for _, c := range []struct{ policy, procs, want string }{
		{"sjf(bursts=guessed,alpha=0.5,tau0=10ms)", "6+1+4+1+6+1+4+1+13+1+13+1+13+1+1", "10 8 6 6 5 9 11 12"},
		{"srtf(bursts=guessed,alpha=0.5,tau0=40ms)", "40+1+20+1+40+1+15+1+1", "40 40 30 35 25"},
		{"sjf(bursts=guessed,alpha=0,tau0=7ms)", "6+1+4+1+1", "7 7 7"},
		{"sjf(bursts=guessed,alpha=1,tau0=7ms)", "6+1+4+1+1", "7 6 4"},
	} {
		procs, err := readProcs(c.procs)
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		tr := traced(t, c.policy, 1, procs)
		for _, e := range tr.Events() {
			if e.Kind == trace.Note {
				list = append(list, fmt.Sprint(float64(e.Arg)/1000))
			}
		}
		if got := strings.Join(list, " "); got != c.want {
			t.Errorf("%s, bursts %s: guesses %s, want %s", c.policy, c.procs, got, c.want)
		}
	}
}

// ran is the core time that each process had until a time.
func ran(tr *trace.Trace, procs int, until int64) []float64 {
	list := make([]float64, procs)
	for _, s := range trace.Spans(tr) {
		if s.State == trace.IsRunning && s.From < until {
			var i int
			fmt.Sscanf(tr.TaskName(s.Task), "P%d", &i)
			list[i-1] += float64(min(s.To, until) - s.From)
		}
	}
	return list
}

// Processes that only compute get their shares: by tickets, or by Linux's weights, of
// which one step of nice is worth 55.5 to 44.5 %.
func TestShares(t *testing.T) {
	for _, c := range []struct {
		policy, procs string
		want          []float64 // of the weights
		off           float64
	}{
		{"stride(q=1ms)", "4000t100 4000t50 4000t250", []float64{100, 50, 250}, 0.002},
		{"lottery(q=1ms)", "4000t100 4000t50 4000t250", []float64{100, 50, 250}, 0.03},
		{"cfs", "4000n0 4000n1", []float64{1024, 820}, 0.003},
		{"cfs", "4000n-20 4000n19", []float64{88761, 15}, 0.003},
		{"cfs", "4000n-1 4000n0 4000n5", []float64{1277, 1024, 335}, 0.005},
		{"eevdf", "4000n0 4000n1", []float64{1024, 820}, 0.003},
		{"eevdf", "4000n-1 4000n0 4000n5", []float64{1277, 1024, 335}, 0.005},
		{"rr(q=1ms)", "4000 4000 4000", []float64{1, 1, 1}, 0.001},
	} {
		procs, err := readProcs(c.procs)
		if err != nil {
			t.Fatal(err)
		}
		const until = 3000 * ms
		sum := 0.0
		for _, w := range c.want {
			sum += w
		}
		for i, r := range ran(traced(t, c.policy, 1, procs), len(procs), until) {
			if got, want := r/until, c.want[i]/sum; math.Abs(got-want) > c.off {
				t.Errorf("%s, %s: P%d had %.2f %% of the core, want %.2f", c.policy, c.procs, i+1, 100*got, 100*want)
			}
		}
	}
}

// Under EEVDF no lag is greater than a request, at any time, however many tasks there
// are and whatever they weigh. (Stoica and Abdel-Wahab 1995, the theorem on the bounds
// of the lag, for tasks that stay.)
func TestLagIsBounded(t *testing.T) {
	r := policy.NewRand(7, 1)
	for range 20 {
		var procs []proc
		sum := 0.0
		for range 2 + r.Intn(6) {
			p := cpu(0, 1000)
			p.Nice = r.Intn(11) - 5
			sum += float64(linuxWeight(p.Nice))
			procs = append(procs, p)
		}
		tr := traced(t, "eevdf(slice=4ms)", 1, procs)
		for at := int64(0); at < 900*ms; at += 7 * ms / 2 {
			for i, had := range ran(tr, len(procs), at) {
				lag := float64(at)*float64(linuxWeight(procs[i].Nice))/sum - had
				if math.Abs(lag) > 4*ms {
					t.Fatalf("P%d has a lag of %.2f ms at %d ms: %s", i+1, lag/ms, at/ms, describe(procs))
				}
			}
		}
	}
}

func cpu(at, burst int64) proc { return proc{at: at, bursts: []int64{burst}} }

// moment is who ran and who waited for a core at a time, and what each had left.
type moment struct {
	running, waiting []int
	left             []int64
}

// moments carries a timeline out, unit by unit.
func (l *timeline) moments(each func(at int64, m moment)) {
	phase, left, wakes := make([]int, len(l.procs)), make([]int64, len(l.procs)), make([]int64, len(l.procs))
	done := 0
	for i, p := range l.procs {
		left[i], wakes[i] = p.bursts[0], p.at
	}
	for at := int64(0); done < len(l.procs); at++ {
		m := moment{left: left}
		for i := range l.procs {
			if phase[i] == len(l.procs[i].bursts) || wakes[i] > at {
				continue
			}
			if slices.ContainsFunc(l.pieces, func(p piece) bool { return p.proc == i && p.from <= at && at < p.to }) {
				m.running = append(m.running, i)
			} else {
				m.waiting = append(m.waiting, i)
			}
		}
		each(at, m)
		for _, i := range m.running {
			if left[i]--; left[i] > 0 {
				continue
			}
			bursts := l.procs[i].bursts
			if phase[i]++; phase[i] == len(bursts) {
				done++
				continue
			}
			wakes[i] = at + 1 + bursts[phase[i]]
			phase[i]++
			left[i] = bursts[phase[i]]
		}
	}
}

// On several cores those run, at every moment, that have the least left, or the highest
// priority; and no core is idle while somebody could run.
func TestSeveralCores(t *testing.T) {
	r := policy.NewRand(3, 1)
	for _, c := range []struct {
		policy string
		first  func(m moment, procs []proc, a, b int) bool // a may run while b waits
	}{
		{"srtf", func(m moment, _ []proc, a, b int) bool { return m.left[a] <= m.left[b] }},
		{"priority", func(_ moment, procs []proc, a, b int) bool { return procs[a].Priority >= procs[b].Priority }},
		{"priority(first=low,q=3ms)", func(_ moment, procs []proc, a, b int) bool { return procs[a].Priority <= procs[b].Priority }},
		{"fcfs", nil}, {"rr(q=2ms)", nil}, {"sjf", nil}, {"priority(aging=4ms,q=3ms)", nil}, {"mlfq(queues=3,q=2ms,allotment=5ms,boost=17ms)", nil},
		{"lottery(q=2ms)", nil}, {"stride(q=2ms)", nil}, {"multi(q=3ms,migration=0)", nil}, {"go", nil}, {"random", nil},
		{"cfs(latency=60ms,wakeup=0)", nil}, {"eevdf(slice=3ms,preempt=on)", nil}, {"cooperative(threads=4)", nil},
	} {
		for range 150 {
			procs, cores := randomProcs(&r, 12), 1+r.Intn(4)
			if strings.HasPrefix(c.policy, "cfs") || c.policy == "random" {
				work(t, c.policy, cores, procs)
				continue
			}
			l := simulate(t, c.policy, cores, procs)
			l.moments(func(at int64, m moment) {
				if len(m.running) < cores && len(m.waiting) > 0 {
					t.Fatalf("%s on %d cores: at %d only %v run, and %v wait\n%s%v", c.policy, cores, at, m.running, m.waiting, describe(procs), l)
				}
				for _, a := range m.running {
					for _, b := range m.waiting {
						if c.first != nil && !c.first(m, procs, a, b) {
							t.Fatalf("%s on %d cores: at %d P%d runs and P%d waits\n%s%v", c.policy, cores, at, a+1, b+1, describe(procs), l)
						}
					}
				}
			})
		}
	}
}

// work fails where a core is idle while a process could run; times need be no units.
func work(t *testing.T, name string, cores int, procs []proc) {
	tr := traced(t, name, cores, procs)
	spans := trace.Spans(tr)
	for _, s := range spans {
		if s.State != trace.IsReady || s.To == s.From {
			continue
		}
		busy := 0
		for _, o := range spans {
			if o.State == trace.IsRunning && o.From <= s.From && s.From < o.To {
				busy++
			}
		}
		if busy < cores {
			t.Fatalf("%s on %d cores: %s waits from %d to %d beside %d that run\n%s", name, cores, tr.TaskName(s.Task), s.From, s.To, busy, describe(procs))
		}
	}
}

// Who goes to another core pays for it, and who cannot steal lets it be.
func TestMigration(t *testing.T) {
	for _, c := range []struct{ policy, procs, want string }{
		{"multi(q=10ms,migration=1ms)", "5 40 5 20", "0 P1 5 P3 10 P4 30 | 0 P2 40"}, // P4 has run nowhere yet
		{"multi(q=10ms,migration=1ms)", "15 40 5 20", "0 P1 10 P3 15 P1 20 - 21 P2 51 | 0 P2 10 P4 30"},
		{"multi(q=10ms,steal=off,balance=0)", "5 40 5 20", "0 P1 5 P3 10 | 0 P2 10 P4 20 P2 30 P4 40 P2 60"},
		{"multi(q=10ms,steal=off,balance=20ms,migration=1ms)", "2 40 2 40", "0 P1 2 P3 4 - 21 P2 51 | 0 P2 10 P4 50"},
		{"cooperative", "5 5+3+4 2", "0 P1 5 P2 10 P3 12 - 13 P2 17"},
		{"cooperative(threads=2)", "5 5 2", "0 P1 5 P3 7 | 0 P2 5"},
	} {
		procs, err := readProcs(c.procs)
		if err != nil {
			t.Fatal(err)
		}
		if got := simulate(t, c.policy, 2, procs).String(); got != c.want {
			t.Errorf("%s, %s:\n%s\nwant\n%s", c.policy, c.procs, got, c.want)
		}
	}
}
