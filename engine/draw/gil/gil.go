package gil

import (
	"encoding/base64"
	"fmt"
	"html"
	"strings"

	"interleave/engine/analyse/gil"
	"interleave/engine/draw"
)

// Run is one run to draw.
type Run struct {
	Name string // "simulated"; empty: its policy's
	*gil.Contention
}

// Part is what is drawn of the runs, from their beginnings on, in ns; the zero Part is
// all of them.
type Part struct{ From, To int64 }

// mostLanes is how many threads of a run are drawn.
const mostLanes = 24

// looks are those of the states, told apart by fill, pattern and letter.
var looks = [gil.States]struct {
	draw.Look
	name string
}{
	gil.Holds:    {draw.Running.Look(), "holds the lock"},
	gil.Wants:    {draw.Lock.Look(), "waits for the lock"},
	gil.Outside:  {draw.Outside.Look(), "I/O or sleep: needs no lock"},
	gil.Blocked:  {draw.Group.Look(), "waits for another thread"},
	gil.Runs:     {draw.Channel.Look(), "computes without the lock"},
	gil.Ready:    {draw.Ready.Look(), "ready: waits for a core"},
	gil.Stranded: {draw.Sleep.Look(), "holds the lock, but has no core"},
}

// letters are for text.
var letters = [gil.States]rune{'█', 'L', 'o', 'w', 'r', '.', '!'}

// marks are what stands for moments.
var marks = [gil.Marks]struct{ name, one string }{
	gil.Asked:  {"asks for the lock", "▼"},
	gil.Forced: {"gives it up since it was asked", "▲"},
	gil.Missed: {"woken for it, too late", "×"},
}

// Draw draws runs, one below the other. It is a pure function of its arguments.
func Draw(part Part, runs ...Run) draw.Drawing {
	c := &chart{part: part, runs: runs}
	c.measure()
	return draw.Drawing{HTML: c.html(), Text: c.text(), Alt: c.alt()}
}

type chart struct {
	part  Part
	runs  []Run
	from  int64 // both since the beginning of each run
	to    int64
	notes []string
}

func (c *chart) measure() {
	names := map[string]int{}
	for i := range c.runs {
		r := &c.runs[i]
		c.to = max(c.to, r.Wall())
		if r.Name == "" {
			r.Name = r.Trace.Head.Policy
		}
		names[r.Name]++
	}
	for i := range c.runs { // of one name: "A: gil", "B: gil"
		if r := &c.runs[i]; names[r.Name] > 1 {
			r.Name = fmt.Sprintf("%c: %s", 'A'+rune(i), r.Name)
		}
	}
	if c.part.To > 0 {
		c.to = min(c.to, c.part.To)
	}
	c.from = min(max(c.part.From, 0), c.to)
}

// used lists the states and marks that can be seen in the part that is drawn.
func (c *chart) used() (states [gil.States]bool, kinds [gil.Marks]bool) {
	for i := range c.runs {
		r := &c.runs[i]
		for _, th := range r.Threads[:min(len(r.Threads), mostLanes)] {
			for _, b := range c.bars(r, &th, wide*fine) {
				sum := 0.0
				for _, share := range b.shares {
					sum += share
				}
				for s, share := range b.shares {
					states[s] = states[s] || share >= 0.3*sum && share > 0
				}
			}
			for _, m := range th.Marks {
				if at := m.At - r.From; at >= c.from && at <= c.to {
					kinds[m.Kind] = true
				}
			}
		}
	}
	return states, kinds
}

// lead says of a run what is to be seen.
func (r *Run) lead() string {
	n := draw.Plural(len(r.Threads), "thread")
	if !r.Locked {
		return fmt.Sprintf("%s, no lock: on average %.2f computed at once, for %s.", n, per(r.Computed(), r.Wall()), draw.Duration(r.Wall()))
	}
	lock := "one lock"
	if r.Locks > 1 {
		lock = fmt.Sprintf("%d locks", r.Locks)
	}
	s := fmt.Sprintf("%s, %s, %s: held %s of the time", n, lock, draw.Duration(r.Wall()), percent(r.Share()))
	s += fmt.Sprintf(", changed hands %s", draw.Plural(r.Switches, "time"))
	if r.Switches > 0 {
		s += fmt.Sprintf(" (%s a second)", number(r.Rate()))
	}
	if n := len(r.Waits); n > 0 {
		s += fmt.Sprintf("; a wait for it: half at most %s, the longest %s", draw.Duration(gil.Percentile(r.Waits, 0.5)), draw.Duration(r.Waits[n-1]))
	}
	return s + "."
}

func per(a, b int64) float64 {
	if b <= 0 {
		return 0
	}
	return float64(a) / float64(b)
}

func percent(share float64) string { return draw.Percent(int64(share*1e6+0.5), 1e6) }

func number(x float64) string {
	if x < 9.95 {
		return strings.TrimSuffix(fmt.Sprintf("%.1f", x), ".0")
	}
	return draw.Thousands(int(x + 0.5))
}

// heads are of the table.
var heads = []string{"thread", "holds the lock", "waits for it", "waits", "half at most", "95 % at most", "longest", "asks", "made to give up", "woken too late", "outside", "answers after"}

// row are a thread's figures.
func (r *Run) row(th *gil.Thread) []string {
	waits := gil.Sorted(th.Waits)
	row := []string{th.Name, draw.Percent(th.Time[gil.Holds]+th.Time[gil.Stranded], r.Wall()), draw.Percent(th.Time[gil.Wants], r.Wall()), fmt.Sprint(len(waits))}
	if len(waits) == 0 {
		row = append(row, "–", "–", "–")
	} else {
		row = append(row, draw.Duration(gil.Percentile(waits, 0.5)), draw.Duration(gil.Percentile(waits, 0.95)), draw.Duration(waits[len(waits)-1]))
	}
	answer := "–"
	if n := len(th.Answer); n > 0 {
		var sum int64
		for _, a := range th.Answer {
			sum += a
		}
		answer = draw.Duration(sum / int64(n))
	}
	return append(row, fmt.Sprint(th.Count[gil.Asked]), fmt.Sprint(th.Count[gil.Forced]), fmt.Sprint(th.Count[gil.Missed]), draw.Percent(th.Time[gil.Outside], r.Wall()), answer)
}

// html is a fragment of elements and attributes that a front end's sanitizer keeps.
func (c *chart) html() string {
	e := html.EscapeString
	svg := c.svg() // it adds notes
	b := &strings.Builder{}
	fmt.Fprintf(b, `<div style="color:%s;font-family:system-ui,sans-serif;line-height:1.45;margin-bottom:8px">`+"\n", draw.Text)
	for i := range c.runs {
		r := &c.runs[i]
		fmt.Fprintf(b, `<div style="max-width:60em"><b>%s</b>: %s</div>`+"\n", e(r.Name), e(r.lead()))
	}
	fmt.Fprintf(b, `<img alt="%s" style="max-width:100%%;height:auto" src="data:image/svg+xml;base64,%s">`+"\n", e(c.alt()), base64.StdEncoding.EncodeToString([]byte(svg)))
	for _, n := range append(c.notes, c.tokens()...) {
		fmt.Fprintf(b, `<div style="font-size:0.85em">%s</div>`+"\n", e(n))
	}
	b.WriteString("<details><summary>The figures, thread by thread</summary>\n")
	for i := range c.runs {
		c.runs[i].table(b)
	}
	b.WriteString("</details>\n</div>\n")
	return b.String()
}

func (r *Run) table(b *strings.Builder) {
	fmt.Fprintf(b, `<table style="margin:6px 0;border-collapse:collapse;font-size:inherit;color:inherit"><caption style="text-align:left">%s</caption><tr>`, html.EscapeString(r.Name))
	for _, h := range heads {
		fmt.Fprintf(b, `<th scope="col" style="text-align:right;padding:2px 8px">%s</th>`, h)
	}
	b.WriteString("</tr>\n")
	for i := range r.Threads[:min(len(r.Threads), 200)] {
		for k, v := range r.row(&r.Threads[i]) {
			tag, scope := "td", ""
			if k == 0 {
				tag, scope = "th", ` scope="row"`
			}
			if k == 0 {
				b.WriteString("<tr>")
			}
			fmt.Fprintf(b, `<%s%s style="text-align:right;padding:2px 8px">%s</%s>`, tag, scope, html.EscapeString(v), tag)
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</table>\n")
}

// tokens are what replays the runs.
func (c *chart) tokens() (list []string) {
	for i := range c.runs {
		h := c.runs[i].Trace.Head
		if d := c.runs[i].Trace.Dropped; d > 0 {
			list = append(list, fmt.Sprintf("%s: the trace was full: its first %s are missing.", c.runs[i].Name, draw.Plural(d, "event")))
		}
		if n := len(c.runs[i].Threads) - mostLanes; n > 0 {
			list = append(list, fmt.Sprintf("%s: %s more in the table only.", c.runs[i].Name, draw.Plural(n, "thread")))
		}
		switch {
		case h.Token != "":
			list = append(list, fmt.Sprintf("%s: token %s; virtual time: %s", c.runs[i].Name, h.Token, h.Cost))
		case h.Cost != "":
			list = append(list, c.runs[i].Name+": "+h.Cost)
		}
	}
	return list
}

func (c *chart) alt() string {
	var list []string
	for i := range c.runs {
		r := &c.runs[i]
		s := r.Name + ": " + r.lead()
		for k := range r.Threads[:min(len(r.Threads), 8)] {
			th := &r.Threads[k]
			s += fmt.Sprintf(" %s", th.Name)
			if r.Locked {
				s += fmt.Sprintf(" holds the lock %s of the time and waits for it %s.", draw.Percent(th.Time[gil.Holds]+th.Time[gil.Stranded], r.Wall()), draw.Percent(th.Time[gil.Wants], r.Wall()))
			} else {
				s += fmt.Sprintf(" computes %s of the time.", draw.Percent(th.Time[gil.Runs], r.Wall()))
			}
		}
		list = append(list, s)
	}
	return strings.Join(list, " ")
}
