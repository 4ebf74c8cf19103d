package timeline

import (
	"fmt"
	"strings"

	"interleave/engine/draw"
	"interleave/engine/trace"
)

// place names a position as "cell[1], line 5".
func (c *chart) place(n uint32) string {
	if n == 0 {
		return ""
	}
	p := c.t.Places[n]
	return fmt.Sprintf("%s, line %d", p.File, p.Line)
}

// code is the source line at a place, if it is known.
func (c *chart) code(n uint32) string {
	if n == 0 {
		return ""
	}
	p := c.t.Places[n]
	if l := c.lines[p.File]; p.Line >= 1 && p.Line <= len(l) {
		return strings.TrimSpace(l[p.Line-1])
	}
	return ""
}

// where is place and code together.
func (c *chart) where(n uint32) string {
	s := c.place(n)
	if code := c.code(n); code != "" {
		s += ": " + code
	}
	return s
}

// at is the place of an event, but for the end of a task that returned: where it was seen last is not
// where it returned.
func (c *chart) at(i int) uint32 {
	if e := c.events[i]; e.Kind != trace.End || c.t.Reasons[e.Reason] != "returned" {
		return e.Place
	}
	return 0
}

// bubble says all about a span: what a pointer over it shows.
func (c *chart) bubble(i int) string {
	s := &c.spans[i]
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", c.t.TaskName(s.Task), c.doing(s.State, s.Reason, s.Object))
	if s.State == trace.IsRunning {
		fmt.Fprintf(&b, " on core %d", s.Core)
	}
	if c.stuck[i] {
		fmt.Fprintf(&b, "\nsince %s", draw.Duration(s.From))
	} else {
		fmt.Fprintf(&b, "\n%s, from %s to %s", draw.Duration(s.To-s.From), draw.Duration(s.From), draw.Duration(s.To))
	}
	if w := c.where(s.Place); w != "" {
		b.WriteString("\nat " + w)
	}
	if end := c.ended(i); end != "" {
		b.WriteString("\n" + end)
	}
	return b.String()
}

// doing says what a task in a state does.
func (c *chart) doing(state trace.State, reason uint8, object uint32) string {
	switch state {
	case trace.IsRunning:
		return "running"
	case trace.IsReady:
		return "ready, waits for a core"
	}
	return c.waits(c.t.Reasons[reason], object)
}

// waits says for what a task waits.
func (c *chart) waits(reason string, object uint32) string {
	name := c.t.ObjectName(object)
	switch {
	case reason == "chan send" && name != "":
		return "waits to send to " + name
	case reason == "chan receive" && name != "":
		return "waits to receive from " + name
	case reason == "chan send (nil chan)":
		return "waits for ever to send to a nil channel"
	case reason == "chan receive (nil chan)":
		return "waits for ever to receive from a nil channel"
	case reason == "select":
		return "waits in a select for the first of its cases"
	case reason == "select (no cases)":
		return "waits for ever in a select without cases"
	case reason == "sync.Mutex.Lock", reason == "sync.RWMutex.Lock":
		return "waits for the lock " + name
	case reason == "sync.RWMutex.RLock":
		return "waits to read-lock " + name
	case reason == "sync.WaitGroup.Wait":
		return "waits until " + name + " is at zero"
	case reason == "sync.Cond.Wait":
		return "waits for a signal of " + name
	case reason == "sleep":
		return "sleeps"
	case strings.HasPrefix(reason, "await "):
		return "awaits " + strings.TrimPrefix(reason, "await ")
	case reason == "event loop":
		return "runs the event loop"
	case reason == "":
		return "waits"
	case name != "":
		return "waits (" + reason + ") for " + name
	}
	return "waits (" + reason + ")"
}

// ended says how a span that was a wait came to its end, or how its task did.
func (c *chart) ended(i int) string {
	s := &c.spans[i]
	waiting := s.State == trace.IsBlocked || s.State == trace.IsOutside
	switch {
	case c.stuck[i] && c.t.Head.End == "deadlock":
		return "nobody can end this wait: deadlock"
	case c.stuck[i], s.Open && waiting, c.ends[i] == "stopped" && waiting:
		return "still waiting when the run ended"
	case c.ends[i] != "":
		return "ended: " + c.ends[i]
	case c.next[i] == 0 || !waiting:
		return ""
	}
	n := &c.spans[c.next[i]-1]
	switch {
	case n.Cause != 0:
		return strings.TrimSuffix("woken by "+c.t.TaskName(n.Cause)+" at "+c.where(n.Place), " at ")
	case s.State == trace.IsOutside:
		return "woken by the outside world"
	}
	return "woken by a timer"
}

// label is what stands in a bar.
func (c *chart) label(l *lane, i int) string {
	s := &c.spans[i]
	if l.kind == core {
		return c.t.TaskName(s.Task)
	}
	state, reason := draw.Of(s.State, c.t.Reasons[s.Reason]), c.t.Reasons[s.Reason]
	verb := ""
	switch {
	case state == draw.Running || state == draw.Ready:
		return ""
	case reason == "chan send":
		verb = "send"
	case reason == "chan receive":
		verb = "receive"
	case reason == "sync.RWMutex.RLock":
		verb = "read-lock"
	case state == draw.Lock:
		verb = "lock"
	case state == draw.Group && s.Object != 0:
		verb = "wait"
	case strings.HasPrefix(reason, "chan "):
		return "nil channel"
	case state == draw.Channel:
		return "select"
	case reason == "event loop" || strings.HasPrefix(reason, "await "):
		return reason
	default:
		return state.Look().Short
	}
	return verb + " " + c.t.ObjectName(s.Object)
}
