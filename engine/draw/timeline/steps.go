package timeline

import (
	"fmt"
	"html"
	"strings"

	"interleave/engine/draw"
	"interleave/engine/trace"
)

// told lists the events, by index, that are worth a sentence by themselves: what
// tasks did to each other, not each turn on a core.
func (c *chart) told() []int {
	var list []int
	for i, e := range c.events {
		if e.Time < c.from || e.Time > c.to || e.Task == 0 && e.Kind != trace.Note && e.Kind != trace.Mark {
			continue
		}
		switch e.Kind {
		case trace.Run, trace.Case, trace.Atomic, trace.Load, trace.Store, trace.Set, trace.Stop, trace.Preempt:
			continue
		case trace.Ready:
			if e.Cause == 0 && e.Object == 0 {
				continue
			}
		}
		list = append(list, i)
	}
	return list
}

// sentence says what an event is.
func (c *chart) sentence(i int) string {
	e := c.events[i]
	who := c.t.TaskName(e.Task)
	what := c.t.ObjectName(e.Object)
	switch e.Kind {
	case trace.Create:
		if e.Cause == 0 {
			return who + " begins"
		}
		return fmt.Sprintf("%s starts %s (%s)", c.t.TaskName(e.Cause), who, c.laneOf(e.Task).note)
	case trace.Ready:
		switch {
		case e.Cause != 0:
			return fmt.Sprintf("%s wakes %s", c.t.TaskName(e.Cause), who)
		case e.Object != 0:
			return fmt.Sprintf("%s wakes %s", what, who)
		}
		return who + " is ready to run"
	case trace.Run:
		return fmt.Sprintf("%s runs on core %d", who, e.Core)
	case trace.Preempt:
		if c.t.Reasons[e.Reason] == "slice" {
			return who + " has used up its time slice and must leave its core"
		}
		return who + " is taken off its core by the policy"
	case trace.Yield:
		return who + " gives its core away"
	case trace.Block, trace.Outside:
		return who + " " + c.waits(c.t.Reasons[e.Reason], e.Object)
	case trace.Case:
		if e.Arg == 1 {
			return fmt.Sprintf("%s would send to %s", who, what)
		}
		return fmt.Sprintf("%s would receive from %s", who, what)
	case trace.End:
		if how := c.t.Reasons[e.Reason]; how != "stopped" {
			return who + " is done: " + how
		}
		return who + " is stopped, as the run is over"
	case trace.Lock:
		if e.Arg == 2 {
			return who + " has held " + what + " since before the run"
		}
		return who + " holds " + what
	case trace.Unlock:
		return who + " gives " + what + " back"
	case trace.RLock:
		return who + " holds " + what + " for reading"
	case trace.RUnlock:
		return who + " gives back " + what + ", which it held for reading"
	case trace.Count:
		return fmt.Sprintf("%s sets %s to %d", who, what, e.Arg)
	case trace.Signal:
		return fmt.Sprintf("%s signals %s: %s woken", who, what, draw.Plural(int(e.Arg), "task"))
	case trace.Panic:
		return who + " panics"
	case trace.Mark:
		if e.Task == 0 {
			return c.t.Reasons[e.Reason]
		}
		return who + ": " + c.t.Reasons[e.Reason]
	case trace.Note:
		if e.Task == 0 {
			return "the policy: " + c.t.NoteText(&c.events[i])
		}
		return "the policy: " + who + " " + c.t.NoteText(&c.events[i])
	case trace.Set, trace.Fire, trace.Stop:
		return fmt.Sprintf("%s %s", what, map[trace.Kind]string{trace.Set: "is set", trace.Fire: "fires", trace.Stop: "is stopped"}[e.Kind])
	case trace.Atomic:
		return who + " works atomically on " + what
	case trace.Load:
		return who + " reads " + what
	case trace.Store:
		return who + " writes " + what
	}
	return who + " " + c.channelSentence(i)
}

func (c *chart) channelSentence(i int) string {
	e := c.events[i]
	what := c.t.ObjectName(e.Object)
	value := "a value"
	if d := c.details[i]; d != nil && d.Value != "" {
		value = d.Value
	}
	by := ""
	if e.Cause != 0 {
		by = ", as " + c.t.TaskName(e.Cause) + " lets it"
	}
	left := ""
	if e.Arg > 0 {
		left = fmt.Sprintf(" (%d in the buffer now)", e.Arg)
	}
	switch e.Kind {
	case trace.Make:
		if e.Arg == 0 {
			return "makes the channel " + what + ", without a buffer"
		}
		return fmt.Sprintf("makes the channel %s with room for %d", what, e.Arg)
	case trace.Send:
		return fmt.Sprintf("sends %s to %s%s%s", value, what, by, left)
	case trace.Receive:
		if e.Arg < 0 {
			return "receives the zero value from " + what + ", which is closed"
		}
		return fmt.Sprintf("receives from %s%s%s", what, by, left)
	case trace.Close:
		return "closes " + what
	case trace.Select:
		if e.Arg < 0 {
			return "takes the default of a select"
		}
		return fmt.Sprintf("goes on in a select with case %d, of %s", e.Arg+1, what)
	}
	return e.Kind.String() + " " + what
}

// fact is what is so at a moment, of one object or task.
type fact struct {
	name, text string
}

// shared is what the variables of the cell's top level are called together.
const shared = "variables"

// mostNamed is how many waiters and values a fact names; of the others it gives the
// number.
const mostNamed = 8

// object says what an object holds and who waits for it; "" if nothing is known.
func (c *chart) object(w *trace.World, n uint32) string {
	o := &w.Objects[n]
	if !o.Seen {
		return ""
	}
	var s string
	switch c.t.Objects[n].Kind {
	case trace.Chan:
		s = c.channel(o)
	case trace.Mutex, trace.RWMutex:
		s = c.lock(o)
	case trace.WaitGroup:
		s = "counter not known"
		if o.Known {
			s = fmt.Sprintf("counter %d", o.Count)
		}
	case trace.Cond:
		s = "condition"
	default:
		return ""
	}
	for _, way := range []trace.Way{trace.ToSend, trace.ToReceive, trace.ToLock, trace.ToRead, trace.ToGo} {
		var names []string
		for _, q := range o.Waiters {
			if q.Way == way {
				names = append(names, c.waiter(q))
			}
		}
		if len(names) > 0 {
			s += "; " + [...]string{"waiting", "waiting to send", "waiting to receive", "waiting to lock", "waiting to read"}[way] + ": " + few(names)
		}
	}
	return s
}

func (c *chart) waiter(q trace.Waiter) string {
	s := c.t.TaskName(q.Task)
	if q.Value != "" {
		s += " (" + q.Value + ")"
	}
	if q.Select {
		s += " in a select"
	}
	return s
}

func few(list []string) string {
	if len(list) > mostNamed {
		return strings.Join(list[:mostNamed], ", ") + fmt.Sprintf(" and %d more", len(list)-mostNamed)
	}
	return strings.Join(list, ", ")
}

func (c *chart) channel(o *trace.ObjectNow) string {
	var s string
	switch {
	case o.Cap == 0:
		s = "no buffer"
	case o.Len < 0:
		s = "contents not known"
	case o.Cap < 0:
		s = fmt.Sprintf("%d in the buffer", o.Len)
	default:
		s = fmt.Sprintf("%d of %d in the buffer", o.Len, o.Cap)
	}
	if values := o.Contents; len(values) > 0 && o.Cap != 0 {
		var list []string
		known := false
		for _, v := range values {
			known = known || v != ""
			if v == "" {
				v = "?"
			}
			list = append(list, v)
		}
		if known {
			s += ": " + few(list)
		}
	}
	if o.Closed {
		s += "; closed"
	}
	return s
}

func (c *chart) lock(o *trace.ObjectNow) string {
	var list []string
	for _, r := range o.Readers {
		list = append(list, c.t.TaskName(r.Task))
	}
	switch {
	case len(list) > 0:
		return "held for reading by " + few(list)
	case !o.Known && len(o.Waiters) > 0:
		return "held since before the trace begins"
	case !o.Known:
		return "not known"
	case o.Holder != 0 && o.Since != 0:
		return fmt.Sprintf("held by %s since %s", c.t.TaskName(o.Holder), c.place(o.Since))
	case o.Holder != 0:
		return "held by " + c.t.TaskName(o.Holder)
	case o.Woken != 0:
		return fmt.Sprintf("not held; %s was woken to take it", c.t.TaskName(o.Woken))
	}
	return "not held"
}

// task says what a task does; "" if it is not there.
func (c *chart) task(w *trace.World, n uint32) string {
	t := &w.Tasks[n]
	switch t.Life {
	case trace.Unborn:
		return ""
	case trace.Ended:
		return "done: " + c.t.Reasons[t.Reason]
	}
	s := c.doing(t.State, t.Reason, t.Object)
	if t.State == trace.IsRunning {
		s += fmt.Sprintf(" on core %d", t.Core)
	}
	if w := c.where(t.Place); w != "" {
		s += ", at " + w
	}
	return s
}

// frames writes a task's calls and variables, innermost first; "" where there is one
// call and no variable.
func (c *chart) frames(w *trace.World, n uint32) string {
	frames := w.Tasks[n].Frames
	if len(frames) == 0 || len(frames) == 1 && len(frames[0].Locals) == 0 {
		return ""
	}
	var calls []string
	for i, f := range frames {
		if i == mostNamed {
			calls = append(calls, draw.Plural(len(frames)-i, "more call"))
			break
		}
		s := "at its last step in " + short(f.Place.Func)
		if i > 0 {
			s = fmt.Sprintf("called in %s, line %d", short(f.Place.Func), f.Place.Line)
		}
		if len(f.Locals) > 0 {
			s += ": " + variables(f.Locals)
		}
		calls = append(calls, s)
	}
	return strings.Join(calls, "; ")
}

func variables(list []trace.Local) string {
	var words []string
	for _, l := range list {
		words = append(words, l.Name+" = "+l.Text)
	}
	return strings.Join(words, ", ")
}

// facts lists all that is known at a moment.
func (c *chart) facts(w *trace.World) []fact {
	var list []fact
	for n := range w.Objects[1:] {
		if s := c.object(w, uint32(n+1)); s != "" {
			list = append(list, fact{c.t.ObjectName(uint32(n + 1)), s})
		}
	}
	if len(w.Shared) > 0 {
		list = append(list, fact{shared, variables(w.Shared)})
	}
	for n := range w.Tasks[1:] {
		if s := c.task(w, uint32(n+1)); s != "" && w.Tasks[n+1].Life != trace.Ended {
			if f := c.frames(w, uint32(n+1)); f != "" {
				s += "; " + f
			}
			list = append(list, fact{c.t.TaskName(uint32(n + 1)), s})
		}
	}
	return list
}

const (
	mostSteps = 40 // of the details
	mostFacts = 24 // of one of them
)

// steps writes what happened as stacked details: each step with what was so after
// it.
func (c *chart) steps(b *strings.Builder) {
	list := c.told()
	show, gap := ends(list, mostSteps)
	if len(show) == 0 {
		return
	}
	fmt.Fprintf(b, `<details><summary>Step by step: %s</summary>`, draw.Plural(len(list), "step"))
	w, at := trace.NewWorld(c.t), 0
	for k, i := range show {
		for ; at <= i; at++ {
			w.Apply(c.events[at], c.details[at])
		}
		if k == gap {
			fmt.Fprintf(b, `<div style="padding-left:16px">… %s between are left out here …</div>`, draw.Plural(len(list)-len(show), "step"))
		}
		e := c.events[i]
		fmt.Fprintf(b, `<details style="padding-left:16px"><summary>%s: %s`, draw.Duration(e.Time), html.EscapeString(c.sentence(i)))
		if w := c.where(c.at(i)); w != "" {
			fmt.Fprintf(b, ` <span style="color:%s">— %s</span>`, draw.Faint, html.EscapeString(w))
		}
		b.WriteString(`</summary><ul style="margin:0 0 4px 16px">`)
		facts := c.facts(w)
		for j, f := range facts {
			if j == mostFacts {
				fmt.Fprintf(b, "<li>… and %d more</li>", len(facts)-j)
				break
			}
			fmt.Fprintf(b, "<li><b>%s</b>: %s</li>", html.EscapeString(f.name), html.EscapeString(f.text))
		}
		b.WriteString("</ul></details>\n")
	}
	b.WriteString("</details>")
}
