package waits

import (
	"fmt"
	"slices"
	"strings"

	"interleave/engine/trace"
)

// Leak is a task that was still blocked when the trace ended, after the main part of
// its cell had.
type Leak struct {
	Task  uint32
	Name  string
	Place uint32 // where it waits
	Since int64  // virtual ns
	Sure  bool   // nothing that can still happen wakes it
	Text  string // one or two sentences
}

// Leaks lists the tasks that a run left blocked. Whether one of them can still be woken is
// sure only where beyond tells who reaches what, or where it waits for what cannot come
// at all; else Text says what the trace shows and no more.
func Leaks(t *trace.Trace, beyond Beyond) []Leak {
	g := At(t, End, beyond)
	over := map[string]bool{} // cells whose main part has ended
	for n := range g.m.tasks {
		if n > 0 && t.Tasks[n].Number == 1 {
			cell := t.Tasks[n].Cell
			before, seen := over[cell]
			over[cell] = (before || !seen) && g.m.tasks[n].status == Ended
		}
	}
	var list []Leak
	for _, k := range g.Tasks {
		if k.Status != Blocked || !over[t.Tasks[k.Number].Cell] || t.Tasks[k.Number].System || passes(k.Reason) {
			continue
		}
		l := Leak{Task: k.Number, Name: k.Name, Place: k.Place, Since: k.Since}
		l.Sure = k.Stuck && g.sure(k.Number, beyond)
		l.Text = strings.TrimSpace(fmt.Sprintf("%s%s still %s. %s", k.Name, g.paren(k.Place), g.Waits(k.Number), g.outlook(k, l.Sure, beyond)))
		list = append(list, l)
	}
	return list
}

// passes tells of waits that end by themselves, or of which this package knows nothing.
func passes(reason string) bool {
	return !slices.Contains([]string{chanSend, chanReceive, nilSend, nilReceive, selecting, selectNone, mutexLock, readLock, writeLock, groupWait, condWait}, reason)
}

// outlook says whether anybody can still come, and how that is known.
func (g *Graph) outlook(k Task, sure bool, beyond Beyond) string {
	if sure && g.reason(k.Number) == NilChannel {
		return "Nothing can ever end that."
	}
	if len(k.Objects) == 0 {
		return ""
	}
	var names []string
	session := false
	for _, o := range k.Objects {
		names = append(names, g.ObjectName(o))
		session = session || beyond.Reach[o].Session
	}
	what := few(names, 3)
	switch {
	case sure && beyond.asleep(g.Trace):
		return "Nothing else can happen: it waits for ever."
	case sure:
		return fmt.Sprintf("Nobody who can still run reaches %s: it waits for ever.", what)
	case k.Stuck && g.reason(k.Number) == HolderEnded:
		return "Its holder has ended; only a goroutine that unlocks what it has not locked could end that."
	case k.Stuck:
		return fmt.Sprintf("Whoever holds %s waits too; only a goroutine that unlocks what it has not locked could end that.", what)
	case session:
		return fmt.Sprintf("A variable of the session leads to %s: a later cell could end the wait.", what)
	case beyond.Reach != nil:
		return fmt.Sprintf("Somebody who can still run may reach %s.", what)
	}
	return g.untouched(k)
}

// untouched says who did something last with what a task waits for.
func (g *Graph) untouched(k Task) string {
	var last touch
	var name string
	for _, o := range k.Objects {
		if x := g.m.objects[o].last; name == "" || x.time > last.time {
			last, name = x, g.ObjectName(o)
		}
	}
	if last.task == 0 {
		return fmt.Sprintf("The trace shows nobody who has done anything with %s; whether anybody still could, it does not tell.", name)
	}
	who := g.TaskName(last.task)
	if last.task == k.Number {
		who = "it"
	}
	return fmt.Sprintf("The last to do something with %s was %s%s; whether anybody still could, the trace does not tell.", name, who, g.at(last.place))
}
