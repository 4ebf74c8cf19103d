package waits

import (
	"fmt"
	"slices"
	"strings"

	"interleave/engine/trace"
)

// Answer says whether a condition holds.
type Answer uint8

// The answers.
const (
	No      Answer = iota
	Yes            // it holds, and the evidence shows it
	Differs        // it does not apply in the words in which it is stated for locks
)

func (a Answer) String() string { return [...]string{"no", "yes", "not as stated"}[a] }

// Condition is one of the four that a deadlock of locks needs.
type Condition struct {
	Name     string
	Answer   Answer
	Evidence string
}

// conditions reads the four conditions of E. G. Coffman, M. J. Elphick and A. Shoshani,
// "System Deadlocks" (Computing Surveys 3(2), 1971) off the stuck part of a graph.
// They are about resources that are held. What a channel carries is made by one task
// and used up by another (Holt's consumable resources): for these the conditions say
// so instead of claiming what does not hold.
func (d *Deadlock) conditions(circles [][]step) []Condition {
	g := d.Graph
	locks := g.locks(circles)
	if len(locks) == 0 {
		if waits := g.unrecorded(); len(waits) > 0 {
			return untold(waits)
		}
		return g.consumed(circles, d.Whole)
	}
	list := []Condition{g.exclusion(locks), d.holdAndWait(), g.preemption(locks), g.circular(circles)}
	if i := slices.IndexFunc(locks, func(o uint32) bool { return g.m.unknown(o) && g.keeper(o) == "" }); i >= 0 && len(circles) == 0 {
		why := fmt.Sprintf("cannot be told: %s was locked before the trace begins, which does not have by whom, or is a copy of a lock that was held", g.ObjectName(locks[i]))
		list[1], list[3] = Condition{list[1].Name, Differs, why}, Condition{list[3].Name, Differs, why}
	}
	return list
}

// locks lists the locks for which stuck tasks wait: those of the circles, if any.
func (g *Graph) locks(circles [][]step) []uint32 {
	var list []uint32
	add := func(o uint32) {
		kind := g.Trace.Objects[o].Kind
		if (kind == trace.Mutex || kind == trace.RWMutex) && !slices.Contains(list, o) {
			list = append(list, o)
		}
	}
	for _, c := range circles {
		for _, s := range c {
			add(g.Edges[s.request].Object)
		}
	}
	if len(list) > 0 {
		return list
	}
	for _, e := range g.Edges {
		if e.Kind == Request && g.stuck[e.Task] {
			add(e.Object)
		}
	}
	return list
}

func (g *Graph) names(objects []uint32) []string {
	var list []string
	for _, o := range objects {
		list = append(list, g.ObjectName(o))
	}
	return list
}

func (g *Graph) exclusion(locks []uint32) Condition {
	var mutexes, rws []uint32
	for _, o := range locks {
		if g.Trace.Objects[o].Kind == trace.RWMutex {
			rws = append(rws, o)
		} else {
			mutexes = append(mutexes, o)
		}
	}
	var parts []string
	if n := len(mutexes); n == 1 {
		parts = append(parts, g.ObjectName(mutexes[0])+" is a mutex: one holder at a time")
	} else if n > 1 {
		parts = append(parts, few(g.names(mutexes), 4)+" are mutexes: one holder at a time each")
	}
	for _, o := range rws {
		parts = append(parts, g.ObjectName(o)+" admits many readers, or one writer alone")
	}
	return Condition{"Mutual exclusion", Yes, strings.Join(parts, "; ")}
}

func (d *Deadlock) holdAndWait() Condition {
	g := d.Graph
	c := Condition{Name: "Hold and wait", Answer: Yes}
	var parts []string
	tell := func(n uint32) {
		var held []string
		for _, i := range g.holds[n] {
			held = append(held, g.ObjectName(g.Edges[i].Object)+g.paren(g.Edges[i].Place))
		}
		k := &g.m.tasks[n]
		if len(held) == 0 {
			return
		}
		parts = append(parts, fmt.Sprintf("%s keeps %s while it %s%s", g.TaskName(n), few(held, 3), g.asks(k), g.paren(k.place)))
	}
	if len(d.Circles) > 0 {
		for _, n := range d.Circles[0] {
			tell(n)
		}
	} else {
		for _, k := range g.Tasks {
			if k.Stuck {
				tell(k.Number)
			}
		}
	}
	if len(parts) == 0 {
		for _, o := range g.Objects {
			switch {
			case g.copied(o.Number):
				return Condition{c.Name, No, "no goroutine holds " + o.Name + ": it is a copy of a lock that was held"}
			case o.Keeper != "":
				return Condition{c.Name, No, o.Name + " is held by " + o.Keeper + ": it waits for nothing"}
			}
		}
		return Condition{c.Name, No, "no goroutine that waits holds a lock: the holder has ended without unlocking"}
	}
	if len(parts) > 4 {
		parts = append(parts[:3], fmt.Sprintf("and %d more alike", len(parts)-3))
	}
	c.Evidence = strings.Join(parts, "; ")
	return c
}

// asks says what a blocked task asks for.
func (g *Graph) asks(k *task) string {
	switch {
	case k.reason == nilSend:
		return "waits to send to a nil channel"
	case k.reason == nilReceive:
		return "waits to receive from a nil channel"
	case k.reason == selectNone:
		return "waits in a select without cases"
	case k.reason == selecting:
		return g.waitsSelect(k)
	case len(k.waits) == 0:
		return "waits: " + k.reason
	}
	name := g.ObjectName(k.waits[0].object)
	switch k.reason {
	case mutexLock:
		return "asks for " + name
	case readLock:
		return "asks to read-lock " + name
	case writeLock:
		return "asks to write-lock " + name
	case chanSend:
		return "waits to send to " + name
	case chanReceive:
		return "waits to receive from " + name
	}
	return "waits for " + name
}

func (g *Graph) preemption(locks []uint32) Condition {
	stay := " stay"
	if len(locks) == 1 {
		stay += "s"
	}
	return Condition{"No preemption", Yes, "Go takes no lock away: " + few(g.names(locks), 4) + stay + " locked until somebody unlocks"}
}

func (g *Graph) circular(circles [][]step) Condition {
	c := Condition{Name: "Circular wait", Answer: Yes}
	if len(circles) == 0 {
		return g.noCircle()
	}
	c.Evidence = g.around(circles[0])
	for _, s := range circles[0] {
		if e := g.Edges[s.hold]; e.Kind == Could {
			c.Answer = Differs
			c.Evidence += fmt.Sprintf("; but nobody holds %s: what is waited for is an act, which %s could do", g.ObjectName(e.Object), g.TaskName(s.to))
			break
		}
	}
	return c
}

// around is a circle in one line.
func (g *Graph) around(list []step) string {
	path := []string{g.TaskName(list[len(list)-1].to)}
	for _, s := range list {
		path = append(path, g.ObjectName(g.Edges[s.request].Object), g.TaskName(s.to))
	}
	if len(path) > 21 {
		path = slices.Concat(path[:10], []string{"…"}, path[len(path)-10:])
	}
	return strings.Join(path, " → ")
}

// noCircle says at what the waiting for locks ends instead.
func (g *Graph) noCircle() Condition {
	c := Condition{"Circular wait", No, "there is no circle of locks: the waiting ends at something that nobody holds"}
	for _, e := range g.Edges {
		if e.Kind != Request || !g.stuck[e.Task] {
			continue
		}
		if keeper := g.keeper(e.Object); keeper != "" {
			c.Evidence = fmt.Sprintf("there is no circle: %s is held by %s; a lock that is never given back blocks without one too", g.ObjectName(e.Object), keeper)
			return c
		}
		for _, h := range g.m.objects[e.Object].holds {
			switch k := &g.m.tasks[h.task]; {
			case k.status == Ended:
				c.Evidence = fmt.Sprintf("there is no circle: %s has ended and still holds %s; a lock that is never given back blocks without one too", g.TaskName(h.task), g.ObjectName(e.Object))
				return c
			case g.stuck[h.task] && (len(k.waits) == 0 || len(g.m.objects[k.waits[0].object].holds) == 0):
				c.Answer = Differs
				c.Evidence = fmt.Sprintf("not by locks alone: the waiting ends at %s, which %s, and whoever is left waits too", g.TaskName(h.task), g.asks(k))
				return c
			}
		}
	}
	return c
}

// unrecorded lists what stuck tasks wait for of which a trace has neither holders nor who
// could act: locks and queues of package async, pipes and children of package process.
func (g *Graph) unrecorded() (list []string) {
	for _, k := range g.Tasks {
		if k.Stuck && k.Reason != eventLoop && passes(k.Reason) {
			list = append(list, g.TaskName(k.Number)+" ("+k.Reason+")")
		}
	}
	return list
}

// untold says of each condition that the trace does not have it.
func untold(waits []string) []Condition {
	return []Condition{
		{"Mutual exclusion", Differs, "not told: the record does not have who holds, or could bring, what is waited for by " + few(waits, 4)},
		{"Hold and wait", Differs, "not told, for the same reason: read it off the lines at which they wait"},
		{"No preemption", Differs, "nobody takes anything away from a task that waits"},
		{"Circular wait", Differs, "not told: they may well wait for each other"},
	}
}

// consumed reads the conditions where no lock is waited for.
func (g *Graph) consumed(circles [][]step, whole bool) []Condition {
	var waits []string
	nothing := true
	kinds := map[trace.ObjectKind]bool{}
	for _, k := range g.Tasks {
		if !k.Stuck {
			continue
		}
		waits = append(waits, g.TaskName(k.Number))
		for _, o := range k.Objects {
			nothing = false
			kinds[g.Trace.Objects[o].Kind] = true
		}
	}
	var things []string
	for _, k := range []struct {
		kind trace.ObjectKind
		what string
	}{{trace.Chan, "a channel"}, {trace.WaitGroup, "a wait group"}, {trace.Cond, "a condition variable"}} {
		if kinds[k.kind] {
			things = append(things, k.what)
		}
	}
	what := "Nobody can hold " + strings.Join(things, " or ")
	if nothing || len(things) == 0 {
		what = "What is waited for does not exist"
	}
	circle := "no goroutine is left that could do what is waited for"
	if nothing {
		circle = "nothing that any goroutine does could end the wait"
	} else if len(circles) > 0 {
		circle = "read as: " + g.around(circles[0]) + ", where each waits for an act of the next"
	} else if n := len(waits); n > 1 && whole {
		circle = fmt.Sprintf("no circle of holders: %s are all that is left, and all of them wait, so that nobody is left to act", few(waits, 4))
	} else if !whole {
		circle = "nobody who can still run could do what is waited for"
	}
	return []Condition{
		{"Mutual exclusion", Differs, what + ": a wait here is for an act of another goroutine (send, receive, close, Done, Signal)"},
		{"Hold and wait", Differs, "nothing is held by what is waited for"},
		{"No preemption", Differs, "an act that has not happened cannot be taken from anybody"},
		{"Circular wait", Differs, circle},
	}
}
