package waits

import (
	"fmt"
	"slices"
	"strings"
)

// toldAtMost bounds the goroutines that a message lists.
const toldAtMost = 20

// message is what Go's runtime says when no goroutine of a program can run, with a
// line for each goroutine instead of its stack.
func (g *Graph) message() string {
	var b strings.Builder
	b.WriteString("fatal error: all goroutines are asleep - deadlock!\n")
	told, left := 0, 0
	for _, k := range g.Tasks {
		switch {
		case k.Status != Blocked || g.Trace.Tasks[k.Number].System:
			continue
		case told == toldAtMost:
			left++
			continue
		}
		told++
		fmt.Fprintf(&b, "\ngoroutine %d [%s]", g.Trace.Tasks[k.Number].Number, g.dumped(k))
		if p := g.Trace.Places[k.Place]; p.Line > 0 {
			fmt.Fprintf(&b, " at %s:%d", p.File, p.Line)
		}
	}
	if left > 0 {
		fmt.Fprintf(&b, "\nand %d more", left)
	}
	return b.String()
}

// dumped is what Go says that a task waits for: a writer behind another waits for the
// mutex within the RWMutex.
func (g *Graph) dumped(k Task) string {
	if k.Reason != writeLock || len(k.Objects) == 0 {
		return k.Reason
	}
	o := k.Objects[0]
	if g.m.writer(o) != k.Number || slices.ContainsFunc(g.m.objects[o].holds, func(h hold) bool { return !h.read }) {
		return mutexLock
	}
	return k.Reason
}
