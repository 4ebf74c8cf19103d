package loop

import (
	"fmt"
	"strings"

	"interleave/engine/analyse/loop"
	"interleave/engine/draw"
	"interleave/engine/trace"
)

// Draw draws the loop of a run under the policy "loop"; source is the text of each file
// that the trace's places name. Of another run it says that there is none.
func Draw(t *trace.Trace, source map[string]string) draw.Drawing {
	if !loop.Of(t) {
		s := fmt.Sprintf("There was no event loop in this run: its policy is %q. async.Run makes one.", t.Head.Policy)
		return draw.Drawing{HTML: "<p>" + s + "</p>", Text: s + "\n", Alt: s}
	}
	f := newFilm(t, source)
	return draw.Drawing{HTML: f.html(), Text: f.text(), Alt: f.alt()}
}

// amount says how much there was.
func (f *film) amount() string {
	n, callbacks := 0, 0
	for i, k := range f.t.Tasks[1:] {
		switch {
		case k.System:
			callbacks++
		case loop.Label(f.t, uint32(i+1)) != "async.Run":
			n++
		}
	}
	wall := f.to - f.from
	return fmt.Sprintf("%s, %s in them, of %s and %s; %s of virtual time, asleep in select for %s of it",
		draw.Plural(f.count(), "turn"), draw.Plural(f.steps, "step"), draw.Plural(n, "task"), draw.Plural(callbacks, "callback"), draw.Duration(wall), draw.Percent(f.asleep, wall))
}

func (f *film) count() int {
	if n := len(f.turns); n > 0 {
		return f.turns[n-1].number
	}
	return 0
}

func (f *film) alt() string {
	s := "An event loop: " + f.amount() + "."
	for i, b := range f.blocked {
		if i == 3 {
			s += fmt.Sprintf(" And %s more.", draw.Plural(len(f.blocked)-i, "step"))
			break
		}
		s += " The loop was blocked: " + b + "."
	}
	if f.forever {
		s += " At the end it sleeps for ever, " + whyEndless + "."
	}
	return s
}

// notes are what stands below.
func (f *film) notes() []string {
	h := f.t.Head
	list := []string{
		"A turn runs what was ready when it began, in order: first what steps called or woke, then what the selector brought, then timers that were due. On Linux the loop sleeps whole milliseconds, so a timer is never early and up to 1 ms late.",
		fmt.Sprintf("Policy %s, seed %d. Run it again with the token %s", h.Policy, h.Seed, h.Token),
	}
	if h.Cost != "" {
		list = append(list, "Time is virtual: "+h.Cost)
	}
	if f.t.Dropped > 0 {
		list = append(list, fmt.Sprintf("The trace was full: its first %s are missing. What was ready or set then is not known, and turns are counted from there.", draw.Plural(f.t.Dropped, "event")))
	}
	return list
}

// shown lists the turns that are shown, by index; gap is where some are left out, or -1.
func (f *film) shown() (list []int, gap int) {
	n := len(f.turns)
	for i := range n {
		if n <= mostTurns || i < mostTurns*3/4 || i >= n-mostTurns/4 {
			list = append(list, i)
		}
	}
	if n <= mostTurns {
		return list, -1
	}
	return list, mostTurns * 3 / 4
}

// text draws for a terminal.
func (f *film) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Event loop: %s\n", f.amount())
	for _, s := range f.blocked {
		fmt.Fprintf(&b, "! BLOCKED: %s\n", s)
	}
	list, gap := f.shown()
	for k, i := range list {
		if k == gap {
			fmt.Fprintf(&b, "\n  … %s between …\n", draw.Plural(len(f.turns)-len(list), "turn"))
		}
		t := &f.turns[i]
		if t.slept > 0 {
			fmt.Fprintf(&b, "\n  ~ nothing is ready: asleep in select for %s\n", draw.Duration(t.slept))
		} else {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "turn %d at %s\n", t.number, draw.Duration(t.at))
		for _, c := range t.chips {
			sign := ' '
			switch c.kind {
			case callback:
				sign = '·'
			case blocking:
				sign = '!'
			}
			fmt.Fprintf(&b, "  %c %-34s %8s  %s\n", sign, clip(c.label, 34), draw.Duration(c.took), c.what)
		}
		if t.more > 0 {
			fmt.Fprintf(&b, "    and %s\n", draw.Plural(t.more, "more step"))
		}
		if len(t.timers) > 0 {
			fmt.Fprintf(&b, "    timers: %s\n", strings.Join(t.timers, ", "))
		}
		if len(t.waits) > 0 {
			fmt.Fprintf(&b, "    waiting: %s\n", strings.Join(t.waits, ", "))
		}
	}
	if f.forever {
		b.WriteString("\n  ~ nothing is ready: asleep in select for ever, " + whyEndless + "\n")
	}
	b.WriteByte('\n')
	for _, n := range f.notes() {
		b.WriteString(n + "\n")
	}
	return b.String()
}

func clip(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
