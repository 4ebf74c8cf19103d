package loop

import (
	"fmt"
	"strings"

	"interleave/engine/analyse/loop"
	"interleave/engine/draw"
	"interleave/engine/trace"
)

// How much is shown: turns in the table and text, steps of
// one, moments in the script, and names in
// one list.
const (
	mostTurns   = 40
	mostChips   = 24
	mostMoments = 400
	mostNames   = 12
)

// film is a loop's run in words.
type film struct {
	t       *trace.Trace
	source  map[string]string
	turns   []turn
	moments []moment // the first
	seen    int      // how many there are
	steps   int
	blocked []string // what is to be said of steps that held up the loop
	asleep  int64
	forever bool // at the end it sleeps, and nothing can wake it
	busy    int64
	from    int64
	to      int64
}

// turn is a row of the table.
type turn struct {
	number int
	at     int64
	slept  int64 // in select before it
	chips  []chip
	more   int      // steps that have no chip
	timers []string // after it
	waits  []string
}

// chip is one step of a turn.
type chip struct {
	label string
	what  string // what it did, in short
	took  int64
	kind  chipKind
	place uint32
}

type chipKind uint8

const (
	coroutine chipKind = iota
	callback
	blocking
)

// moment is a picture of the script.
type moment struct {
	Kind                             int // as loop.Kind; blocked: a step that blocks
	At, Took                         int64
	Turn                             int
	Runs, Say                        string
	Deeds, Rest, Next, Timers, Waits []string
	File                             string
	Line                             int
}

// blocked is the kind of a step that blocks.
const blocked = 3

func newFilm(t *trace.Trace, source map[string]string) *film {
	f := &film{t: t, source: source}
	turns := 0
	loop.Walk(t, func(m *loop.Moment) { turns = max(turns, m.Turn) })
	slept, first := int64(0), true
	loop.Walk(t, func(m *loop.Moment) {
		if first {
			f.from, first = m.From, false
		}
		f.to = max(f.to, m.To)
		switch m.Kind {
		case loop.Turn:
			f.turns = append(f.turns, turn{number: m.Turn, at: m.From, slept: slept})
			slept = 0
		case loop.Sleep:
			f.asleep += m.Took()
			slept = m.Took()
			f.forever = f.endless(m)
		case loop.Step:
			f.steps++
			f.busy += m.Took()
			f.step(m)
		}
		if m.Kind != loop.Sleep && len(f.turns) > 0 && len(m.Rest()) == 0 && (m.Turn <= mostTurns || m.Turn > turns-mostTurns) {
			last := &f.turns[len(f.turns)-1]
			last.timers, last.waits = f.clocks(m), f.waiting(m)
		}
		if f.seen++; len(f.moments) < mostMoments {
			f.moments = append(f.moments, f.moment(m))
		}
	})
	return f
}

// step adds a step to its turn; those of asyncio.run itself may stand before the first.
func (f *film) step(m *loop.Moment) {
	c := chip{label: loop.Label(f.t, m.Task), took: m.Took(), place: m.Place}
	c.what = strings.Join(f.deeds(m), ", ")
	switch {
	case m.Blocks():
		c.kind = blocking
		f.blocked = append(f.blocked, f.blocks(m))
	case f.t.Tasks[m.Task].System:
		c.kind = callback
	}
	if len(f.turns) == 0 {
		f.turns = append(f.turns, turn{at: m.From})
	}
	last := &f.turns[len(f.turns)-1]
	if len(last.chips) >= mostChips && c.kind != blocking {
		last.more++
		return
	}
	last.chips = append(last.chips, c)
}

// blocks says what it meant that a step took so long.
func (f *film) blocks(m *loop.Moment) string {
	s := fmt.Sprintf("Executing <%s> took %.3f seconds", loop.Label(f.t, m.Task), float64(m.Took())/1e9)
	var late []string
	for _, h := range m.Next() {
		if h.Origin != loop.Called {
			late = append(late, loop.Label(f.t, h.Task))
		}
	}
	if len(m.Rest()) > 0 {
		var names []string
		for _, h := range m.Rest() {
			names = append(names, loop.Label(f.t, h.Task))
		}
		s += "; ready behind it: " + few(names)
	}
	if len(late) > 0 {
		s += "; came meanwhile and had to wait: " + few(late)
	}
	return s
}

func (f *film) moment(m *loop.Moment) moment {
	out := moment{Kind: int(m.Kind), At: m.From, Took: m.Took(), Turn: m.Turn, Deeds: []string{}, Rest: f.handles(m.Rest()), Next: f.handles(m.Next()), Timers: f.clocks(m), Waits: f.waiting(m)}
	switch m.Kind {
	case loop.Turn:
		out.Say = fmt.Sprintf("Turn %d begins: %s", m.Turn, f.intake(m))
	case loop.Sleep:
		out.Say = "Nothing is ready: the loop sleeps in select" + f.until(m)
	case loop.Step:
		out.Runs = loop.Label(f.t, m.Task)
		out.Say = fmt.Sprintf("%s runs for %s", out.Runs, draw.Duration(m.Took()))
		if m.Blocks() {
			out.Kind = blocked
			out.Say = f.blocks(m) + ". The loop stood still: nothing else could run."
		}
		out.Deeds = f.deeds(m)
		if m.Open {
			out.Deeds = append(out.Deeds, "is still running when the trace ends")
		}
		if m.Place != 0 {
			p := f.t.Places[m.Place]
			out.File, out.Line = p.File, p.Line
		}
	}
	return out
}

// intake says where a turn's handles came from.
func (f *film) intake(m *loop.Moment) string {
	var n [3]int
	for _, h := range m.Rest() {
		n[h.Origin]++
	}
	var parts []string
	for i, words := range []string{"%s called or woken by steps before", "%s from the selector", "%s due by a timer"} {
		if n[i] > 0 && m.Turn > 1 {
			parts = append(parts, fmt.Sprintf(words, draw.Thousands(n[i])))
		}
	}
	s := "it runs what is ready now, " + draw.Plural(len(m.Rest()), "step") + ", and nothing that becomes ready meanwhile"
	if len(parts) > 0 {
		s += " (" + strings.Join(parts, ", ") + ")"
	}
	return s
}

// endless tells whether a loop sleeps for ever.
func (f *film) endless(m *loop.Moment) bool {
	return m.Kind == loop.Sleep && m.Open && f.t.Head.End == "deadlock"
}

// whyEndless is why a loop is never woken.
const whyEndless = "for no timer is set and nothing is to come from outside"

func (f *film) until(m *loop.Moment) string {
	switch {
	case f.endless(m):
		return " for ever, " + whyEndless
	case m.Open:
		return " when the trace ends"
	}
	s := " for " + draw.Duration(m.Took())
	for _, h := range m.Next() {
		switch h.Origin {
		case loop.Selector:
			return s + ", until something comes from outside: " + loop.Label(f.t, h.Task)
		case loop.Timer:
			return s + ", until a timer is due: " + loop.Label(f.t, h.Task)
		}
	}
	return s
}

func (f *film) handles(list []loop.Handle) []string {
	names := []string{}
	for i, h := range list {
		if i == mostNames {
			names = append(names, fmt.Sprintf("and %s more", draw.Thousands(len(list)-i)))
			break
		}
		s := loop.Label(f.t, h.Task)
		switch h.Origin {
		case loop.Selector:
			s += " (from the selector)"
		case loop.Timer:
			s += " (due)"
		}
		names = append(names, s)
	}
	return names
}

func (f *film) clocks(m *loop.Moment) []string {
	list := []string{}
	all := m.Timers()
	for i, c := range all {
		if i == mostNames {
			list = append(list, fmt.Sprintf("and %s more", draw.Thousands(len(all)-i)))
			break
		}
		s := "at " + draw.Duration(c.Due)
		if c.Label != "" {
			s += ": " + c.Label
		}
		if c.By != 0 && !strings.Contains(s, f.t.TaskName(c.By)) {
			s += " (set by " + f.t.TaskName(c.By) + ")"
		}
		list = append(list, s)
	}
	return list
}

func (f *film) waiting(m *loop.Moment) []string {
	list, n := []string{}, 0
	for _, q := range m.Waits() {
		if f.t.Tasks[q.Task].System && q.Outside {
			continue // what the selector watches for; who awaits it is listed
		}
		if n++; n > mostNames {
			continue
		}
		list = append(list, loop.Label(f.t, q.Task)+": "+f.wait(q.Reason, q.Object))
	}
	if n > mostNames {
		list = append(list, fmt.Sprintf("and %s more", draw.Thousands(n-mostNames)))
	}
	return list
}

// wait says for what a task waits.
func (f *film) wait(reason uint8, object uint32) string {
	words := f.t.Reasons[reason]
	switch words {
	case "sleep":
		return "sleeps"
	case "event loop":
		return "runs the loop until its task is done"
	}
	if what, ok := strings.CutPrefix(words, "await "); ok {
		if o := &f.t.Objects[object]; object != 0 && o.Name != "" {
			what += " of " + o.Name
		}
		return "awaits " + what
	}
	if name := f.t.ObjectName(object); name != "" && object != 0 {
		return "waits (" + words + " " + name + ")"
	}
	return "waits (" + words + ")"
}

// deeds says what a step did, the last of it in any case.
func (f *film) deeds(m *loop.Moment) []string {
	list := []string{}
	for i, d := range m.Deeds {
		if n := len(m.Deeds); n > mostNames && i >= mostNames-1 && i < n-1 {
			if i == n-2 {
				list = append(list, fmt.Sprintf("and does %s more", draw.Plural(n-mostNames, "thing")))
			}
			continue
		}
		if words := f.deed(m.Task, d); words != "" {
			list = append(list, words)
		}
	}
	return list
}

// deed says what a task did; nothing of a callback's end.
func (f *film) deed(task uint32, d loop.Deed) string {
	switch d.Kind {
	case trace.Create:
		if f.t.Tasks[d.Task].System {
			return "has the loop call " + loop.Label(f.t, d.Task)
		}
		return "creates " + loop.Label(f.t, d.Task)
	case trace.Ready:
		return "wakes " + loop.Label(f.t, d.Task)
	case trace.Set:
		return "sets a timer, in " + draw.Duration(int64(d.Arg)*1000)
	case trace.Stop:
		return "takes a timer back"
	case trace.Block:
		return f.wait(d.Reason, d.Object)
	case trace.Outside:
		return "leaves it to the selector"
	case trace.Yield, trace.Preempt:
		return "gives way, and is ready for the next turn"
	case trace.End:
		if how := f.t.Reasons[d.Reason]; how != "returned" {
			return "ends: " + how
		}
		if f.t.Tasks[task].System {
			return ""
		}
		return "ends"
	case trace.Mark:
		return f.t.Reasons[d.Reason]
	}
	return d.Kind.String()
}

func few(list []string) string {
	if n := len(list); n > mostNames {
		return strings.Join(list[:mostNames], ", ") + fmt.Sprintf(" and %s more", draw.Thousands(n-mostNames))
	}
	return strings.Join(list, ", ")
}
