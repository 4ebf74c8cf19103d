package waits

import (
	"fmt"
	"strings"
)

// message is what Go's runtime says when no goroutine of a program can run.
func (g *Graph) message() string {
	var b strings.Builder
	b.WriteString("fatal error: all goroutines are asleep - deadlock!")
	for _, k := range g.Tasks {
		if k.Status != Blocked || g.Trace.Tasks[k.Number].System {
			continue
		}
		fmt.Fprintf(&b, "\n\ngoroutine %d [%s]:", g.Trace.Tasks[k.Number].Number, k.Reason)
		if k.Place == 0 {
			continue
		}
		p := g.Trace.Places[k.Place]
		fmt.Fprintf(&b, "\n%s", p.Func)
		if p.Line > 0 {
			fmt.Fprintf(&b, "\n\t%s:%d", p.File, p.Line)
		}
	}
	return b.String()
}
