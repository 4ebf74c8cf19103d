package policy_test

import (
	"fmt"
	"testing"

	"interleave/engine/policy"
)

// The definitions of the preemptive policies, carried out step by step: every unit of
// time it is asked anew who runs for the next one. Nothing here is shared with the
// policies themselves, and nothing is fast.

// world is one core and its processes at a time.
type world struct {
	now     int64
	procs   []proc
	of      []state
	running int // -1: none
}

type state struct {
	phase   int   // index in bursts of the present one; even ones compute
	left    int64 // of it
	ready   bool  // it can run, or runs
	order   int64 // when it became ready: a count
	ran     int64 // in all
	used    int64 // since it was chosen
	since   int64 // since when it waits
	level   int64
	allowed int64

	unit                                      int64 // ns
	base, baseRan, weight, lag, deadline, end int64
	seen                                      bool
}

// definition is a policy as a book says it.
type definition interface {
	// come: process i has become ready.
	come(w *world, i int, isNew bool)
	// leave: its burst is over.
	leave(w *world, i int)
	// choose says who runs for the next unit; w.running is who ran for the last one
	// and has not left.
	choose(w *world) int
	// tick is called at the beginning of each unit.
	tick(w *world)
}

// carryOut gives the timeline of a definition.
func carryOut(unit int64, procs []proc, d definition) *timeline {
	w := &world{procs: procs, of: make([]state, len(procs)), running: -1}
	for i := range w.of {
		w.of[i].phase, w.of[i].unit = -1, unit
	}
	type due struct {
		at, seq int64
		proc    int
	}
	var waits []due
	for i, p := range procs {
		waits = append(waits, due{p.at, int64(i), i})
	}
	l := &timeline{procs: procs}
	count := int64(len(procs))
	for left := len(procs); left > 0; w.now++ {
		d.tick(w)
		for {
			next := -1
			for k, q := range waits {
				if q.at == w.now && (next < 0 || q.seq < waits[next].seq) {
					next = k
				}
			}
			if next < 0 {
				break
			}
			i := waits[next].proc
			waits = append(waits[:next], waits[next+1:]...)
			s := &w.of[i]
			isNew := s.phase < 0
			s.phase++
			s.left, s.ready, s.since = procs[i].bursts[s.phase], true, w.now
			count++
			s.order = count
			d.come(w, i, isNew)
		}
		if i := w.running; i >= 0 && w.of[i].left == 0 {
			s := &w.of[i]
			s.ready, w.running = false, -1
			d.leave(w, i)
			if s.phase++; s.phase == len(procs[i].bursts) {
				left--
			} else {
				count++
				waits = append(waits, due{w.now + procs[i].bursts[s.phase], count, i})
			}
		}
		w.running = d.choose(w)
		if i := w.running; i >= 0 {
			s := &w.of[i]
			s.left--
			s.ran++
			s.used++
			if n := len(l.pieces); n > 0 && l.pieces[n-1].proc == i && l.pieces[n-1].to == w.now {
				l.pieces[n-1].to++
			} else {
				l.pieces = append(l.pieces, piece{i, 0, w.now, w.now + 1})
			}
		}
	}
	return l
}

// line is a queue of processes.
type line []int

func (q *line) front() int {
	if len(*q) == 0 {
		return -1
	}
	i := (*q)[0]
	*q = (*q)[1:]
	return i
}

// plain is what definitions without further state need.
type plain struct{}

func (plain) tick(*world)       {}
func (plain) leave(*world, int) {}

// Round robin.
type defRR struct {
	plain
	q     int64
	queue line
}

func (d *defRR) come(w *world, i int, _ bool) { d.queue = append(d.queue, i) }
func (d *defRR) choose(w *world) int {
	if i := w.running; i >= 0 {
		if w.of[i].used < d.q {
			return i
		}
		d.queue = append(d.queue, i)
	}
	i := d.queue.front()
	if i >= 0 {
		w.of[i].used = 0
	}
	return i
}

// Shortest remaining time first: the least left; who runs is not disturbed by equals.
type defSRTF struct{ plain }

func (defSRTF) come(*world, int, bool) {}
func (defSRTF) choose(w *world) int {
	best := w.running
	for i := range w.of {
		s := &w.of[i]
		if !s.ready || i == best {
			continue
		}
		if best < 0 || s.left < w.of[best].left || s.left == w.of[best].left && best != w.running && s.order < w.of[best].order {
			best = i
		}
	}
	return best
}

// Priority, preemptive: the highest; among equals in order, or in turns.
type defPriority struct {
	plain
	q, aging int64
	queue    line // all that wait, in the order of their turn among equals
}

func (d *defPriority) level(w *world, i int) int64 {
	l := int64(w.procs[i].Priority)
	if d.aging > 0 {
		l += (w.now - w.of[i].since) / d.aging
	}
	return l
}
func (d *defPriority) come(w *world, i int, _ bool) {
	w.of[i].used = 0
	d.queue = append(d.queue, i)
}
func (d *defPriority) choose(w *world) int {
	best := -1
	for k, i := range d.queue {
		if best < 0 {
			best = k
			continue
		}
		l, m := d.level(w, i), d.level(w, d.queue[best])
		if l > m || l == m && d.aging > 0 && w.of[i].since < w.of[d.queue[best]].since {
			best = k
		}
	}
	if r := w.running; r >= 0 {
		over := d.q > 0 && w.of[r].used >= d.q
		if over {
			w.of[r].used = 0
		}
		if best < 0 || d.level(w, d.queue[best]) < w.of[r].level || d.level(w, d.queue[best]) == w.of[r].level && !over {
			return r
		}
		w.of[r].since = w.now
		if d.q == 0 && d.aging == 0 {
			d.queue = append(line{r}, d.queue...)
			best++
		} else {
			d.queue = append(d.queue, r)
		}
	}
	if best < 0 {
		return -1
	}
	i := d.queue[best]
	w.of[i].level = d.level(w, i)
	d.queue = append(append(line{}, d.queue[:best]...), d.queue[best+1:]...)
	return i
}

// Multi-level feedback queue.
type defMLFQ struct {
	q, allotment, boost int64
	queues              [3]line
	lifted              bool // who runs was lifted by the boost
}

func (d *defMLFQ) tick(w *world) {
	if d.boost == 0 || w.now == 0 || w.now%d.boost != 0 {
		return
	}
	for k := 1; k < 3; k++ {
		d.queues[0] = append(d.queues[0], d.queues[k]...)
		d.queues[k] = nil
	}
	for i := range w.of {
		w.of[i].level, w.of[i].allowed, w.of[i].used = 0, 0, 0
	}
	d.lifted = w.running >= 0
}
func (d *defMLFQ) come(w *world, i int, isNew bool) {
	s := &w.of[i]
	s.used = 0
	d.queues[s.level] = append(d.queues[s.level], i)
}
func (d *defMLFQ) sinks(s *state) bool {
	if s.level == 2 || s.allowed < d.allotment {
		return false
	}
	s.level, s.allowed, s.used = s.level+1, 0, 0
	return true
}
func (d *defMLFQ) leave(w *world, i int) {
	d.sinks(&w.of[i])
	d.lifted = false
}
func (d *defMLFQ) choose(w *world) int {
	if i := w.running; i >= 0 {
		s := &w.of[i]
		higher := false
		for k := range s.level {
			higher = higher || len(d.queues[k]) > 0
		}
		switch {
		case d.lifted || d.sinks(s) || s.used >= d.q:
			s.used = 0
			d.queues[s.level] = append(d.queues[s.level], i)
		case higher:
			d.queues[s.level] = append(line{i}, d.queues[s.level]...)
		default:
			s.allowed++
			return i
		}
	}
	d.lifted = false
	for k := range d.queues {
		if i := d.queues[k].front(); i >= 0 {
			w.of[i].allowed++
			return i
		}
	}
	return -1
}

// virtual is a process's virtual time: it runs the slower the greater its weight.
func (s *state) virtual() int64 { return s.base + s.span(s.ran-s.baseRan) }

// span is how far virtual time goes while it runs for so many units.
func (s *state) span(units int64) int64 { return units * s.unit * (1 << 16) / s.weight }

// defFair is stride scheduling and CFS: the least virtual time runs for a turn.
type defFair struct {
	weight  func(p *proc) int64
	turn    func(w *world, i int) int64
	credit  int64 // how far behind the others one that comes back may be
	wakeup  int64 // one that is farther behind takes the core; -1: it never does
	floor   int64
	count   int64
	disturb bool
}

func (d *defFair) tick(w *world) {
	some, least := false, int64(0)
	for i := range w.of {
		if s := &w.of[i]; s.ready && (!some || s.virtual() < least) {
			some, least = true, s.virtual()
		}
	}
	if some {
		d.floor = max(d.floor, least)
	}
}
func (d *defFair) come(w *world, i int, isNew bool) {
	s := &w.of[i]
	s.ready = false
	d.tick(w)
	s.ready = true
	base := d.floor
	if !isNew {
		base = max(s.virtual(), d.floor-d.credit)
	}
	s.base, s.baseRan, s.weight = base, s.ran, d.weight(&w.procs[i])
	d.count++
	s.order = d.count
	if r := w.running; r >= 0 && d.wakeup >= 0 && w.of[r].virtual() > s.virtual()+s.span(d.wakeup) {
		d.disturb = true
	}
}
func (d *defFair) leave(w *world, i int) { d.disturb = false }
func (d *defFair) choose(w *world) int {
	if r := w.running; r >= 0 {
		if s := &w.of[r]; s.used < s.allowed && !d.disturb {
			return r
		}
		d.count++
		w.of[r].order = d.count
	}
	d.disturb = false
	best := -1
	for i := range w.of {
		s := &w.of[i]
		if !s.ready {
			continue
		}
		if best < 0 || s.virtual() < w.of[best].virtual() || s.virtual() == w.of[best].virtual() && s.order < w.of[best].order {
			best = i
		}
	}
	if best >= 0 {
		w.of[best].used, w.of[best].allowed = 0, d.turn(w, best)
	}
	return best
}

// defEEVDF: of the eligible the earliest virtual deadline, for a request.
type defEEVDF struct {
	request int64
	preempt bool
	count   int64
	last    int64 // virtual time when nobody could run
	disturb bool
}

func (d *defEEVDF) tick(*world) {}

// time is the average of the virtual times, by weight, rounded down.
func (d *defEEVDF) time(w *world) (v, weight int64) {
	sum := int64(0)
	for i := range w.of {
		if s := &w.of[i]; s.ready && s.seen {
			sum += s.weight * s.virtual()
			weight += s.weight
		}
	}
	if weight == 0 {
		return d.last, 0
	}
	v = sum / weight
	if sum%weight < 0 {
		v--
	}
	return v, weight
}
func (d *defEEVDF) ask(s *state) {
	d.count++
	s.order, s.deadline, s.end = d.count, s.virtual()+s.span(d.request), s.ran+d.request
}
func (d *defEEVDF) come(w *world, i int, isNew bool) {
	s := &w.of[i]
	s.seen = false
	v, all := d.time(w)
	s.weight = linuxWeight(w.procs[i].Nice)
	if all > 0 {
		v -= s.lag + s.lag*s.weight/all
	}
	s.base, s.baseRan, s.seen = v, s.ran, true
	d.ask(s)
	now, _ := d.time(w)
	if r := w.running; r >= 0 && d.preempt && s.virtual() <= now && s.deadline < w.of[r].deadline {
		d.disturb = true
	}
}
func (d *defEEVDF) leave(w *world, i int) {
	s := &w.of[i]
	s.ready = true
	v, _ := d.time(w)
	s.ready = false
	most := s.span(2 * d.request)
	s.lag = min(max(v-s.virtual(), -most), most)
	if _, rest := d.time(w); rest == 0 {
		d.last = v
	}
	d.disturb = false
}
func (d *defEEVDF) choose(w *world) int {
	if r := w.running; r >= 0 {
		s := &w.of[r]
		if s.ran < s.end && !d.disturb {
			return r
		}
		if s.ran >= s.end {
			d.ask(s)
		}
	}
	d.disturb = false
	now, _ := d.time(w)
	best := -1
	for i := range w.of {
		s := &w.of[i]
		if !s.ready || s.virtual() > now {
			continue
		}
		if best < 0 || s.deadline < w.of[best].deadline || s.deadline == w.of[best].deadline && s.order < w.of[best].order {
			best = i
		}
	}
	return best
}

// linuxWeight is the weight of the nice values from -5 to 5.
func linuxWeight(nice int) int64 {
	return []int64{3121, 2501, 1991, 1586, 1277, 1024, 820, 655, 526, 423, 335}[nice+5]
}

// randomProcs are a few processes that compute and wait, up to so many units at a time.
func randomProcs(r *policy.Rand, most int) []proc {
	var list []proc
	for range 1 + r.Intn(5) {
		p := proc{at: int64(r.Intn(2 * most))}
		for range 1 + 2*r.Intn(3) {
			p.bursts = append(p.bursts, int64(1+r.Intn(most)))
		}
		p.Priority, p.Tickets, p.Nice = r.Intn(4), 1+r.Intn(10), r.Intn(11)-5
		list = append(list, p)
	}
	return list
}

// Each preemptive policy gives the timeline of its definition on 10,000 random
// workloads. A definition is made anew for each.
func TestDefinitions(t *testing.T) {
	workloads := 10_000
	if testing.Short() {
		workloads = 1000
	}
	byNice := func(p *proc) int64 { return linuxWeight(p.Nice) }
	for _, c := range []struct {
		policy string
		unit   int64 // ns
		most   int   // units of a burst
		make   func() definition
	}{
		{"rr(q=3ms)", ms, 12, func() definition { return &defRR{q: 3} }},
		{"srtf", ms, 12, func() definition { return defSRTF{} }},
		{"priority", ms, 12, func() definition { return &defPriority{} }},
		{"priority(q=2ms)", ms, 12, func() definition { return &defPriority{q: 2} }},
		{"priority(aging=5ms)", ms, 12, func() definition { return &defPriority{aging: 5} }},
		{"priority(aging=4ms,q=3ms)", ms, 12, func() definition { return &defPriority{aging: 4, q: 3} }},
		{"mlfq(queues=3,q=4ms,boost=0)", ms, 12, func() definition { return &defMLFQ{q: 4, allotment: 4} }},
		{"mlfq(queues=3,q=2ms,allotment=5ms,boost=17ms)", ms, 12, func() definition { return &defMLFQ{q: 2, allotment: 5, boost: 17} }},
		{"stride(q=1µs)", 10, 150, func() definition {
			return &defFair{weight: func(p *proc) int64 { return int64(p.Tickets) }, turn: func(*world, int) int64 { return 100 }, wakeup: -1}
		}},
		{"cfs(latency=1µs,granularity=1µs,wakeup=20ns)", 1, 300, func() definition {
			return &defFair{weight: byNice, credit: 1000 / 2 * 64, wakeup: 20, turn: func(w *world, i int) int64 {
				n, all := int64(0), int64(0)
				for k := range w.of {
					if w.of[k].ready {
						n++
						all += w.of[k].weight
					}
				}
				return max(n, 1) * 1000 * w.of[i].weight / all
			}}
		}},
		{"eevdf(slice=1µs)", 10, 150, func() definition { return &defEEVDF{request: 100} }},
		{"eevdf(slice=1µs,preempt=on)", 10, 150, func() definition { return &defEEVDF{request: 100, preempt: true} }},
	} {
		t.Run(c.policy, func(t *testing.T) {
			r := policy.NewRand(11, 1)
			for k := range workloads {
				procs := randomProcs(&r, c.most)
				got, want := simulateIn(t, c.unit, c.policy, 1, procs).String(), carryOut(c.unit, procs, c.make()).String()
				if got != want {
					t.Fatalf("workload %d:\n%s\n     %s\nwant %s", k, describe(procs), got, want)
				}
			}
		})
	}
}

func describe(procs []proc) (text string) {
	for i, p := range procs {
		text += fmt.Sprintf("P%d at %d, bursts %v, priority %d, nice %d, %d tickets\n", i+1, p.at, p.bursts, p.Priority, p.Nice, p.Tickets)
	}
	return text
}
