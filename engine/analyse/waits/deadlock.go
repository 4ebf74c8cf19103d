package waits

import (
	"cmp"
	"fmt"
	"slices"

	"interleave/engine/trace"
)

// Deadlock is what is wrong at the end of a run in which tasks are stuck.
type Deadlock struct {
	Graph *Graph
	// Whole: the program's main part is stuck and nothing else can happen, which
	// Go's runtime reports. Else it is a part of the tasks, of which Go says nothing.
	Whole bool
	// Sure: nothing can end it. Else it would end if a goroutine unlocked what it
	// has not locked, which none did in this run.
	Sure       bool
	Title      string
	Sentence   string
	Findings   []Finding // one for each stuck task: circles first, then causes, then what follows from them
	Roots      int       // how many of the findings, from the first, are circles or causes
	Circles    [][]uint32
	Conditions []Condition
	Message    string // Go's own; empty: it would say nothing
}

// Reason says why a task is stuck.
type Reason string

// The reasons.
const (
	InCircle     Reason = "circle"         // it waits for a lock in a circle of tasks
	ForItself    Reason = "itself"         // it waits for what it holds itself
	HolderEnded  Reason = "holder ended"   // the holder of the lock has ended
	BehindStuck  Reason = "behind"         // it waits for a lock whose holder is stuck
	NilChannel   Reason = "nil channel"    // of a nil channel, or in a select that nothing can end
	NoSender     Reason = "no sender"      // nobody can send or close
	NoReceiver   Reason = "no receiver"    // nobody can receive
	NoPartner    Reason = "no partner"     // nobody can act on any case of a select
	NeverZero    Reason = "wait group"     // nobody can bring the counter to 0
	NoSignal     Reason = "no signal"      // nobody can signal the condition
	Copied       Reason = "copied"         // it waits for a copy of a lock, made while that was held
	UnknownCause Reason = "unknown holder" // the trace does not have who took the lock
)

// Finding is one stuck task.
type Finding struct {
	Task   uint32
	Place  uint32
	Reason Reason
	Text   string // a sentence without its full stop
}

// Find gives the deadlock at the end of a trace; nil: no task is stuck.
func Find(t *trace.Trace, beyond Beyond) *Deadlock {
	g := At(t, End, beyond)
	if !slices.Contains(g.stuck, true) {
		return nil
	}
	d := &Deadlock{Graph: g, Sure: true}
	for _, k := range g.Tasks {
		if k.Stuck && beyond.asleep(t) && t.Tasks[k.Number].Number == 1 {
			d.Whole = true
		}
	}
	var circles [][]step
	for _, c := range g.circles() {
		circles = append(circles, c)
		list := []uint32{c[len(c)-1].to}
		for _, s := range c[:len(c)-1] {
			list = append(list, s.to)
		}
		d.Circles = append(d.Circles, list)
	}
	d.find(circles)
	for _, f := range d.Findings {
		d.Sure = d.Sure && g.sure(f.Task, beyond)
	}
	d.Title = d.title()
	d.Sentence = d.sentence(circles)
	d.Conditions = d.conditions(circles)
	if d.Whole {
		d.Message = g.message()
	}
	return d
}

// find writes a finding for each stuck task: those in circles, in their order, then
// those with a reason of their own, then those who wait behind others.
func (d *Deadlock) find(circles [][]step) {
	g := d.Graph
	done := map[uint32]bool{}
	add := func(n uint32, r Reason) {
		if !done[n] {
			done[n] = true
			d.Findings = append(d.Findings, Finding{n, g.m.tasks[n].place, r, g.TaskName(n) + " " + g.predicate(n) + g.nobody(n) + g.others(n)})
		}
	}
	for i, c := range circles {
		for _, n := range d.Circles[i] {
			switch {
			case len(c) == 1:
				add(n, ForItself)
			default:
				add(n, InCircle)
			}
		}
	}
	var rest []Finding
	for _, k := range g.Tasks {
		if k.Stuck && !done[k.Number] {
			rest = append(rest, Finding{Task: k.Number, Reason: g.reason(k.Number)})
		}
	}
	slices.SortStableFunc(rest, func(a, b Finding) int { return cmp.Compare(g.rank(a), g.rank(b)) })
	d.Roots = len(d.Findings)
	for _, f := range rest {
		add(f.Task, f.Reason)
		if g.rank(f) <= 1 {
			d.Roots++
		}
	}
}

// rank orders findings: causes before what follows from them. Who waits for a wait group
// mostly waits for others that are stuck, unless it keeps a lock from them.
func (g *Graph) rank(f Finding) int {
	switch f.Reason {
	case HolderEnded, Copied, NilChannel:
		return 0
	case BehindStuck:
		return 2
	case NeverZero:
		if len(g.kept(f.Task)) == 0 {
			return 3
		}
	}
	return 1
}

// sure tells whether nothing at all can end the wait of a stuck task.
func (g *Graph) sure(n uint32, beyond Beyond) bool {
	switch k := &g.m.tasks[n]; {
	case g.reason(n) == NilChannel, beyond.asleep(g.Trace):
		return true
	case beyond.Reach == nil:
		return false
	case (k.reason == mutexLock || k.reason == readLock || k.reason == writeLock) && len(k.waits) > 0:
		return beyond.kept(g.Trace, k.waits[0].object, g.stuck)
	}
	return true
}

// kept lists the locks that a task holds and that stuck tasks wait for.
func (g *Graph) kept(n uint32) []uint32 {
	var list []uint32
	for _, i := range g.holds[n] {
		o := g.Edges[i].Object
		if g.wanted[o] && !slices.Contains(list, o) {
			list = append(list, o)
		}
	}
	return list
}

func (g *Graph) reason(n uint32) Reason {
	k := &g.m.tasks[n]
	switch k.reason {
	case nilSend, nilReceive, selectNone:
		return NilChannel
	case chanSend:
		return NoReceiver
	case chanReceive:
		return NoSender
	case groupWait:
		return NeverZero
	case condWait:
		return NoSignal
	case selecting:
		if len(k.waits) == 0 {
			return NilChannel
		}
		return NoPartner
	}
	if len(k.waits) == 0 {
		return UnknownCause
	}
	before := g.m.before(n)
	switch {
	case len(before) == 0 && g.copied(k.waits[0].object):
		return Copied
	case len(before) == 0 && g.keeper(k.waits[0].object) != "":
		return HolderEnded
	case len(before) == 0:
		return UnknownCause
	case slices.ContainsFunc(before, func(b uint32) bool { return g.m.tasks[b].status == Ended }):
		return HolderEnded
	}
	return BehindStuck
}

// predicate is what a task holds and what it waits for.
func (g *Graph) predicate(n uint32) string {
	text := g.Waits(n)
	if h := g.holdings(n); len(h) > 0 && !slices.Contains(g.m.before(n), n) {
		text = "holds " + few(h, 3) + ", and " + text
	}
	return text
}

// nobody says why what a task waits for will not come; empty where Waits says all.
func (g *Graph) nobody(n uint32) string {
	k := &g.m.tasks[n]
	switch k.reason {
	case chanSend:
		return ": nobody can receive any more"
	case chanReceive:
		x := &g.m.objects[k.waits[0].object]
		text := ": nobody can send any more"
		if x.sends > 0 && x.capacity >= 0 && !x.closed { // all of its life is in the trace
			text = fmt.Sprintf(": nobody can send again or close it any more (%s sent so far)", plural(x.sends, "value"))
		}
		return text
	case groupWait:
		return ": nobody can call Done any more"
	case condWait:
		x := &g.m.objects[k.waits[0].object]
		text := ": nobody can signal it any more"
		if x.lost.time > 0 && x.lost == x.last {
			text = fmt.Sprintf(": the last signal%s woke nobody, and nobody can signal again", g.at(x.lost.place))
		}
		return text
	case selecting:
		if len(k.waits) > 0 {
			return ": nobody can act on any of its cases any more"
		}
	}
	return ""
}

// others says what became of all other tasks of the program, where that is why nobody
// comes.
func (g *Graph) others(n uint32) string {
	if g.nobody(n) == "" || g.Missing > 0 {
		return ""
	}
	if g.going {
		return ""
	}
	all, alive := g.present-1, g.alive-1
	switch {
	case all == 0:
		return ", as there is no other goroutine"
	case alive == 0:
		return ", as every other goroutine has ended"
	case alive == 1:
		return ", as the only other goroutine waits too"
	}
	return ", as all other goroutines wait too"
}
