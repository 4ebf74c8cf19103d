package waits

import (
	"fmt"
	"strings"
)

// title is the finding in a few words: who waits, and why in vain.
func (d *Deadlock) title() string {
	g := d.Graph
	kind := "Deadlock: "
	switch {
	case !d.Sure:
		kind = "It looks like a partial deadlock: "
	case !d.Whole && len(d.Circles) == 0 && len(d.Findings) == 1:
		kind = "Goroutine leak: "
	case !d.Whole && len(d.Circles) == 0:
		kind = "Goroutine leaks: "
	case !d.Whole:
		kind = "Partial deadlock: "
	}
	if len(d.Circles) > 0 {
		c := d.Circles[0]
		var names []string
		for _, n := range c {
			names = append(names, g.TaskName(n))
		}
		switch len(c) {
		case 1:
			return kind + names[0] + " waits for itself"
		case 2:
			return kind + join(names) + " wait for each other"
		}
		return kind + few(names, 5) + " wait in a circle"
	}
	f := d.Findings[0]
	name := g.TaskName(f.Task)
	if kept := g.kept(f.Task); d.Roots <= 1 && len(kept) > 0 {
		return kind + name + " keeps " + few(g.names(kept), 3) + " locked while it " + g.asks(&g.m.tasks[f.Task])
	}
	var names []string
	what := g.hopeless(f)
	for _, r := range d.Findings[:max(d.Roots, 1)] {
		names = append(names, g.TaskName(r.Task))
		if g.hopeless(r) != what {
			what = "for what nobody can do"
		}
	}
	if len(names) == 1 {
		return kind + name + " waits " + what
	}
	return kind + few(names, 3) + " wait " + what
}

// hopeless says shortly what a task waits for in vain.
func (g *Graph) hopeless(f Finding) string {
	switch f.Reason {
	case HolderEnded:
		return "for a lock whose holder has ended without unlocking it"
	case Copied:
		return "for a copy of a lock, made while that was held"
	case NilChannel:
		switch g.m.tasks[f.Task].reason {
		case selectNone:
			return "in a select without cases"
		case selecting:
			return "in a select whose channels are all nil"
		}
		return "on a nil channel"
	case NoSender:
		return "to receive, and nobody can send"
	case NoReceiver:
		return "to send, and nobody can receive"
	case NoPartner:
		return "in a select, and nobody can come"
	case NeverZero:
		return "for a wait group that never reaches zero"
	case NoSignal:
		return "for a signal that nobody can give"
	}
	return "for ever"
}

// sentencesAtMost bounds the findings that a sentence tells one by one.
const sentencesAtMost = 5

func (d *Deadlock) sentence(circles [][]step) string {
	g := d.Graph
	var list []string
	told := map[uint32]bool{}
	if len(circles) > 0 {
		list = append(list, g.circleText(d.Circles[0], circles[0]))
		for _, n := range d.Circles[0] {
			told[n] = true
		}
	}
	for _, same := range d.alike(told) {
		if len(list) == sentencesAtMost {
			break
		}
		f := same[0]
		for _, s := range same {
			told[s.Task] = true
		}
		switch {
		case len(d.Findings) == 1:
			list = append(list, f.Text)
			continue
		case len(same) == 1:
			list = append(list, g.TaskName(f.Task)+" "+g.predicate(f.Task)+g.nobody(f.Task))
			continue
		}
		var names []string
		for _, s := range same {
			names = append(names, g.TaskName(s.Task))
		}
		list = append(list, few(names, 3)+": each "+g.predicate(f.Task)+g.nobody(f.Task))
	}
	left := 0
	for _, f := range d.Findings {
		if !told[f.Task] {
			left++
		}
	}
	if left > 0 {
		list = append(list, plural(left, "more goroutine")+" also cannot go on")
	}
	if d.Whole && len(d.Findings) > 1 {
		list = append(list, "All goroutines that are left wait")
	}
	if !d.Sure {
		list = append(list, "Only a goroutine that unlocks what it has not locked could end this; none did so in this run")
	}
	return strings.Join(list, ". ") + "."
}

// alike groups findings that say the same of several tasks.
func (d *Deadlock) alike(told map[uint32]bool) [][]Finding {
	var groups [][]Finding
	index := map[string]int{}
	for _, f := range d.Findings {
		if told[f.Task] {
			continue
		}
		key := fmt.Sprint(f.Place, d.Graph.predicate(f.Task), d.Graph.nobody(f.Task))
		i, ok := index[key]
		if !ok {
			i = len(groups)
			index[key] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], f)
	}
	return groups
}

// toldOfCircle is how many tasks of a circle are told of before the last.
const toldOfCircle = 6

// circleText tells a circle once around: "g2 holds a, taken at line 4, and waits for b,
// which g3 holds since line 7; g3 waits for a".
func (g *Graph) circleText(tasks []uint32, c []step) string {
	if len(c) == 1 {
		return g.TaskName(tasks[0]) + " " + g.Waits(tasks[0])
	}
	var parts []string
	for i, s := range c {
		n := tasks[i]
		could := ""
		if g.Edges[s.hold].Kind == Could {
			could = ", where " + g.TaskName(s.to) + " could act"
		}
		switch {
		case len(c) > toldOfCircle+1 && i >= toldOfCircle && i < len(c)-1:
			if i == toldOfCircle {
				parts = append(parts, fmt.Sprintf("and so on, through %d more goroutines", len(c)-1-i))
			}
		case i == 0:
			text := g.TaskName(n) + " " + g.Waits(n)
			if h := g.holdings(n); len(h) > 0 {
				text = g.TaskName(n) + " holds " + few(h, 3) + ", and " + g.Waits(n)
			}
			parts = append(parts, text+could)
		case i == len(c)-1:
			e := g.Edges[s.request]
			last := g.Waits(n)
			if g.m.tasks[n].reason == mutexLock {
				last = "waits for " + g.ObjectName(e.Object)
			}
			parts = append(parts, g.TaskName(n)+" "+last+could)
		default:
			parts = append(parts, g.TaskName(n)+" "+g.Waits(n)+could)
		}
	}
	return strings.Join(parts, "; ")
}
