package waits

import (
	"fmt"
	"slices"
	"strings"
)

// TaskName is what a reader calls a task: "main", "g3", or "g3 of cell[2]" where that is
// not the cell whose run it is.
func (g *Graph) TaskName(n uint32) string {
	t := g.Trace
	task := t.Tasks[n]
	switch {
	case n == 0 || task.System:
		return t.TaskName(n)
	case task.Number == 1:
		if task.Cell != g.cell() {
			return "main of " + task.Cell
		}
		return "main"
	}
	name := fmt.Sprintf("g%d", task.Number)
	switch {
	case task.Name != "" && g.named[task.Name] > 1:
		name = task.Name + " (" + name + ")"
	case task.Name != "":
		name = task.Name
	}
	if task.Cell != g.cell() {
		name += " of " + task.Cell
	}
	return name
}

// ObjectName is what a reader calls an object: its variable's name where that is
// known and no other object of the trace has it, else its kind and number too.
func (g *Graph) ObjectName(n uint32) string {
	name := g.Trace.ObjectName(n)
	o := g.Trace.Objects[n]
	if n == 0 || o.Name == "" {
		return name
	}
	if g.called[o.Name] > 1 {
		return fmt.Sprintf("%s (%s %d)", o.Name, o.Kind, o.Number)
	}
	return name
}

// Line says where a place is: "line 4", or "cell[2] line 4" where that is not in the
// cell whose run it is; empty where it is not known.
func (g *Graph) Line(place uint32) string {
	if place == 0 {
		return ""
	}
	p := g.Trace.Places[place]
	switch {
	case p.Line == 0:
		return ""
	case p.File != g.home:
		return fmt.Sprintf("%s line %d", p.File, p.Line)
	}
	return fmt.Sprintf("line %d", p.Line)
}

// cell is the one whose run it is.
func (g *Graph) cell() string {
	if c := g.Trace.Head.Cell; c != "" || len(g.Trace.Tasks) < 2 {
		return c
	}
	return g.Trace.Tasks[1].Cell
}

// at is " at line 4", or nothing.
func (g *Graph) at(place uint32) string {
	if l := g.Line(place); l != "" {
		return " at " + l
	}
	return ""
}

// since is " since line 4", or nothing.
func (g *Graph) since(place uint32) string {
	if l := g.Line(place); l != "" {
		return " since " + l
	}
	return ""
}

// paren is " (line 4)", or nothing.
func (g *Graph) paren(place uint32) string {
	if l := g.Line(place); l != "" {
		return " (" + l + ")"
	}
	return ""
}

// join writes a list as a sentence does: "a, b and c".
func join(list []string) string {
	switch n := len(list); n {
	case 0:
		return ""
	case 1:
		return list[0]
	default:
		return strings.Join(list[:n-1], ", ") + " and " + list[n-1]
	}
}

// few joins at most so many, and counts the rest.
func few(list []string, most int) string {
	if len(list) > most+1 {
		list = append(slices.Clone(list[:most]), fmt.Sprintf("%d more", len(list)-most))
	}
	return join(list)
}

// plural is "1 value" or "3 values".
func plural(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}

// holdings lists what a task holds, as "a, taken at line 4".
func (g *Graph) holdings(n uint32) []string {
	var list []string
	for _, i := range g.holds[n] {
		e := g.Edges[i]
		s := g.ObjectName(e.Object)
		if e.Read {
			s += " for reading"
		}
		if l := g.Line(e.Place); l != "" {
			s += ", taken at " + l
		}
		list = append(list, s)
	}
	return list
}

// Waits says what a blocked task waits for and what stands in its way: "waits for b,
// which g3 holds since line 7".
func (g *Graph) Waits(n uint32) string {
	k := &g.m.tasks[n]
	switch k.reason {
	case nilSend:
		return "waits to send to a nil channel, which blocks for ever"
	case nilReceive:
		return "waits to receive from a nil channel, which blocks for ever"
	case selectNone:
		return "waits in a select without cases, which blocks for ever"
	case selecting:
		return g.waitsSelect(k)
	}
	if len(k.waits) == 0 {
		return "waits: " + k.reason
	}
	o := k.waits[0].object
	x := &g.m.objects[o]
	name := g.ObjectName(o)
	switch k.reason {
	case chanSend:
		return "waits to send to " + name + g.buffer(x)
	case chanReceive:
		return "waits to receive from " + name
	case groupWait:
		if g.Trace.Objects[o].Name != "" {
			name = "the wait group " + name
		}
		if !x.counted {
			return "waits for " + name + " to reach zero"
		}
		return fmt.Sprintf("waits for %s, whose counter is still %d", name, x.counter)
	case condWait:
		return "waits for a signal of " + name
	case mutexLock:
		return "waits for " + name + g.heldBy(n, o)
	case writeLock:
		return "waits to lock " + name + " for writing" + g.heldBy(n, o)
	case readLock:
		if a := g.m.ahead(n); a != 0 {
			return fmt.Sprintf("waits to lock %s for reading, behind %s, which waits for writing%s: new readers stand behind a waiting writer", name, g.TaskName(a), g.since(g.m.tasks[a].place))
		}
		return "waits to lock " + name + " for reading" + g.heldBy(n, o)
	}
	return "waits for " + name + " (" + k.reason + ")"
}

func (g *Graph) buffer(x *object) string {
	switch {
	case x.capacity > 0 && x.length >= x.capacity:
		return fmt.Sprintf(", whose buffer is full (%d of %d)", x.length, x.capacity)
	case x.capacity == 0:
		return ", which has no buffer"
	}
	return ""
}

func (g *Graph) waitsSelect(k *task) string {
	if len(k.waits) == 0 {
		return "waits in a select whose channels are all nil, which blocks for ever"
	}
	var cases []string
	for _, w := range k.waits {
		op := "receive from "
		if w.send {
			op = "send to "
		}
		if s := op + g.ObjectName(w.object); !slices.Contains(cases, s) {
			cases = append(cases, s)
		}
	}
	if n := len(cases); n > 1 {
		return "waits in a select to " + strings.Join(cases[:n-1], ", to ") + " or to " + cases[n-1]
	}
	return "waits in a select to " + cases[0]
}

// copied tells of a lock that somebody waits for whether nobody has taken it: it is a copy
// of one that was held.
func (g *Graph) copied(o uint32) bool { return g.Trace.Objects[o].Copied && g.m.unknown(o) }

// keeper says who holds a lock that was taken before the trace begins, by somebody who is
// no more, or that nobody does. Empty: that is not so, or not known.
func (g *Graph) keeper(o uint32) string {
	switch {
	case !g.m.unknown(o):
		return ""
	case g.copied(o):
		return "nobody, but is a copy of a lock that was held"
	}
	return g.Trace.Objects[o].Keeper
}

// heldBy says who has a lock that a task waits for.
func (g *Graph) heldBy(n, o uint32) string {
	var who, also []string
	for _, h := range g.m.objects[o].holds {
		if g.m.tasks[n].reason == readLock && h.read {
			continue
		}
		mode := ""
		if h.read {
			mode = " for reading"
		}
		switch {
		case h.task == n && h.read:
			who = append(who, "it holds itself for reading"+g.since(h.place)+" (a lock for reading does not become one for writing)")
		case h.task == n:
			who = append(who, "it holds itself"+g.since(h.place))
		case g.m.tasks[h.task].status == Ended:
			who = append(who, g.TaskName(h.task)+" locked"+mode+g.at(h.place)+" and had not unlocked when it ended")
		default:
			also = append(also, g.TaskName(h.task)+" holds"+mode+g.since(h.place))
		}
	}
	who = append(who, also...)
	if len(who) == 0 {
		if keeper := g.keeper(o); keeper != "" {
			return ", which is held by " + keeper
		}
		if g.m.unknown(o) {
			return ", which was locked before the trace begins, or is a copy of a lock that was held"
		}
		return ""
	}
	return ", which " + few(who, 3)
}
