package gantt

import (
	"encoding/base64"
	"fmt"
	"html"
	"strings"

	"interleave/engine/analyse/metrics"
	"interleave/engine/draw"
	"interleave/engine/trace"
)

const (
	mostTasks = 100 // that the table of figures has
	mostOpen  = 25  // of which it is open
	mostBoxes = 150 // that the list of who ran when has
)

// html is a fragment of elements and attributes that a front end's sanitizer keeps.
func (f *figure) html() string {
	e := html.EscapeString
	b := &strings.Builder{}
	fmt.Fprintf(b, `<div style="color:%s;font-family:system-ui,sans-serif;line-height:1.45">`+"\n", draw.Text)
	fmt.Fprintf(b, `<div style="font-size:1.2em;font-weight:600">%s</div>`+"\n", e(f.title()))
	for _, s := range f.lead() {
		fmt.Fprintf(b, `<div style="max-width:60em">%s</div>`+"\n", e(s))
	}
	fmt.Fprintf(b, `<img alt="%s" style="max-width:100%%;height:auto;margin:6px 0" src="data:image/svg+xml;base64,%s">`+"\n", e(f.alt()), base64.StdEncoding.EncodeToString([]byte(f.svg())))
	if n := len(f.charts[0].m.Tasks); n > mostOpen {
		fmt.Fprintf(b, "<details><summary>The figures of %s</summary>\n", plural(n, f.noun()))
		table(b, f.figures())
		b.WriteString("</details>\n")
	} else {
		table(b, f.figures())
	}
	for _, s := range f.feet() {
		fmt.Fprintf(b, `<div style="font-size:0.85em;color:%s">%s</div>`+"\n", draw.Faint, e(s))
	}
	for _, c := range f.charts {
		name := "Who ran when"
		if len(f.charts) > 1 {
			name += ": " + c.title
		}
		fmt.Fprintf(b, "<details><summary>%s</summary>\n", e(name))
		rows, more := f.boxes(c)
		table(b, rows)
		if more > 0 {
			fmt.Fprintf(b, "<div>and %s</div>\n", draw.Plural(more, "more stay"))
		}
		b.WriteString("</details>\n")
		f.doings(b, c)
	}
	b.WriteString("</div>\n")
	return b.String()
}

// doings lists what the policy did by rules of its own, also what has no room in the
// picture.
func (f *figure) doings(b *strings.Builder, c *chart) {
	list := c.said()
	if len(list) == 0 {
		return
	}
	name := "What the policy did"
	if len(f.charts) > 1 {
		name += ": " + c.title
	}
	fmt.Fprintf(b, "<details><summary>%s</summary>\n", html.EscapeString(name))
	rows := [][]string{{"at (" + f.unit.name + ")", "what"}}
	for _, n := range list[:min(len(list), mostBoxes)] {
		rows = append(rows, []string{f.unit.text(n.at), n.text})
	}
	table(b, rows)
	if more := len(list) - mostBoxes; more > 0 {
		fmt.Fprintf(b, "<div>and %s more</div>\n", draw.Thousands(more))
	}
	b.WriteString("</details>\n")
}

// table writes rows, of which the first is the heading; a row that begins with "average"
// is set apart.
func table(b *strings.Builder, rows [][]string) {
	b.WriteString(`<table style="margin:6px 0;border-collapse:collapse;font-size:inherit;color:inherit">` + "\n")
	for i, r := range rows {
		style := ""
		if strings.HasPrefix(r[0], "average") {
			style = ` style="border-top:1px solid ` + draw.Edge + `;font-weight:600"`
		}
		fmt.Fprintf(b, "<tr%s>", style)
		for k, cell := range r {
			align := "right"
			if k == 0 {
				align = "left"
			}
			switch {
			case i == 0:
				fmt.Fprintf(b, `<th scope="col" style="text-align:%s;padding:2px 10px">%s</th>`, align, html.EscapeString(cell))
			case k == 0:
				fmt.Fprintf(b, `<th scope="row" style="text-align:left;padding:2px 10px">%s</th>`, html.EscapeString(cell))
			default:
				fmt.Fprintf(b, `<td style="text-align:right;padding:2px 10px">%s</td>`, html.EscapeString(cell))
			}
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</table>\n")
}

// title says what the drawing is of.
func (f *figure) title() string {
	if len(f.charts) == 1 {
		return f.charts[0].title
	}
	return "Two runs on one scale"
}

// lead says the averages, as the first thing to be read.
func (f *figure) lead() []string {
	var list []string
	for _, c := range f.charts {
		m, s := c.m, ""
		if len(f.charts) > 1 {
			s = c.title + ": "
		}
		if c.err != "" {
			list = append(list, capital(s+"the run did not come to its end: "+c.err))
		}
		if m.Counted == 0 {
			list = append(list, capital(s+"no "+f.noun()+" ended whose arrival is known: there are no averages."))
			continue
		}
		s += fmt.Sprintf("average waiting %s %s, turnaround %s, response %s; %s",
			f.unit.average(m.Waiting.Mean()), f.unit.name, f.unit.average(m.Turnaround.Mean()), f.unit.average(m.Response.Mean()), plural(m.Switches, "switch"))
		list = append(list, capital(s)+".")
	}
	if len(f.charts) == 2 {
		if s := f.difference(); s != "" {
			list = append(list, s)
		}
	}
	return list
}

// difference says what the second run does better or worse.
func (f *figure) difference() string {
	a, b := f.charts[0].m, f.charts[1].m
	if a.Counted == 0 || a.Counted != b.Counted {
		return ""
	}
	var words []string
	for _, d := range []struct {
		a, b       metrics.Average
		less, more string
	}{
		{a.Waiting, b.Waiting, "waits %s less", "waits %s more"},
		{a.Response, b.Response, "first runs %s sooner", "first runs %s later"},
		{a.Turnaround, b.Turnaround, "is done %s sooner", "is done %s later"},
	} {
		switch by := f.unit.average(max(d.a.Mean()-d.b.Mean(), d.b.Mean()-d.a.Mean())) + " " + f.unit.name; {
		case d.a.Mean() > d.b.Mean():
			words = append(words, fmt.Sprintf(d.less, by))
		case d.a.Mean() < d.b.Mean():
			words = append(words, fmt.Sprintf(d.more, by))
		}
	}
	if len(words) == 0 {
		return "The averages of both are the same."
	}
	return "On average a " + f.noun() + " of B " + strings.Join(words, ", ") + "."
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// time writes what may not be known.
func (u unit) time(ns int64) string {
	if ns < 0 {
		return "–"
	}
	return u.text(ns)
}

// figures is the table of a run, or of two beside each other.
func (f *figure) figures() [][]string {
	if len(f.charts) == 2 {
		return f.both()
	}
	u, m := f.unit, f.charts[0].m
	io, blocked := false, false
	for _, t := range m.Tasks {
		io, blocked = io || t.IO > 0, blocked || t.Blocked > 0
	}
	head := []string{"times in " + u.name, "arrival", "CPU"}
	if io {
		head = append(head, "I/O")
	}
	if blocked {
		head = append(head, "waiting for others")
	}
	rows := [][]string{append(head, "start", "finish", "turnaround", "waiting", "response")}
	for i := range m.Tasks[:min(len(m.Tasks), mostTasks)] {
		t := &m.Tasks[i]
		name, arrival := t.Name, u.text(t.Arrival)
		if t.Main {
			name += " (main, not counted)"
		}
		if !t.Whole {
			arrival = "before"
		}
		row := []string{name, arrival, u.text(t.Burst)}
		if io {
			row = append(row, u.text(t.IO))
		}
		if blocked {
			row = append(row, u.text(t.Blocked))
		}
		turnaround, response := t.Turnaround(), t.Response()
		if !t.Whole {
			turnaround, response = -1, -1
		}
		rows = append(rows, append(row, u.time(t.Start), u.time(t.Finish), u.time(turnaround), u.text(t.Waiting), u.time(response)))
	}
	last := make([]string, len(rows[0]))
	last[0] = fmt.Sprintf("average of %d", m.Counted)
	n := len(last)
	last[n-3], last[n-2], last[n-1] = u.of(m.Turnaround), u.of(m.Waiting), u.of(m.Response)
	return append(rows, last)
}

// both has each figure of both runs beside each other.
func (f *figure) both() [][]string {
	u, a, b := f.unit, f.charts[0].m, f.charts[1].m
	rows := [][]string{{"times in " + u.name}}
	for _, what := range []string{"turnaround", "waiting", "response"} {
		for _, c := range f.charts {
			rows[0] = append(rows[0], what+" "+c.title[:1])
		}
	}
	find := func(m *metrics.Metrics, name string, nth int) *metrics.Task {
		for i := range m.Tasks {
			if m.Tasks[i].Name == name {
				if nth == 0 {
					return &m.Tasks[i]
				}
				nth--
			}
		}
		return nil
	}
	seen := map[string]int{}
	for i := range a.Tasks[:min(len(a.Tasks), mostTasks)] {
		t := &a.Tasks[i]
		o := find(b, t.Name, seen[t.Name])
		seen[t.Name]++
		row := []string{t.Name}
		for _, of := range []func(*metrics.Task) int64{(*metrics.Task).Turnaround, func(t *metrics.Task) int64 { return t.Waiting }, (*metrics.Task).Response} {
			row = append(row, u.time(of(t)))
			if o == nil {
				row = append(row, "–")
				continue
			}
			row = append(row, u.time(of(o)))
		}
		rows = append(rows, row)
	}
	last := []string{"average"}
	last = append(last, u.of(a.Turnaround), u.of(b.Turnaround), u.of(a.Waiting), u.of(b.Waiting), u.of(a.Response), u.of(b.Response))
	return append(rows, last)
}

// feet are the further figures of each run, and what is not shown.
func (f *figure) feet() []string {
	var list []string
	for _, c := range f.charts {
		m, s := c.m, ""
		if len(f.charts) > 1 {
			s = c.title + ": "
		}
		s += fmt.Sprintf("%s ended in %s %s: %s a second. Cores were busy %s of the time", plural(ended(m), f.noun()), f.unit.text(m.To-m.From), f.unit.name,
			number(m.Throughput), percent(m.Utilization))
		if m.Dispatch > 0 {
			s += fmt.Sprintf("; %s %s of core time went into switching", f.unit.text(m.Dispatch), f.unit.name)
		}
		if m.Switches > 0 {
			s += fmt.Sprintf(". %s of %s took the core from a %s that could go on", draw.Thousands(m.Preemptions), plural(m.Switches, "switch"), f.noun())
		}
		if len(m.Cores) > 1 {
			s += fmt.Sprintf("; %s of a %s to another core", draw.Plural(m.Migrations, "move"), f.noun())
		}
		if m.Counted > 0 {
			s += fmt.Sprintf(". Fairness %s: Jain's index of each %s's share of the time in which it wanted a core", number(m.Fairness), f.noun())
		}
		s += "."
		list = append(list, s)
		if m.Unfinished > 0 {
			list = append(list, fmt.Sprintf("%s had not ended when the run did: the averages lack them.", plural(m.Unfinished, f.noun())))
		}
		if n := m.Response.N; n != m.Counted {
			list = append(list, fmt.Sprintf("The average response is over the %d that ran.", n))
		}
		if n := len(m.Tasks) - mostTasks; n > 0 {
			list = append(list, fmt.Sprintf("The table lacks the last %s of %s; the averages have them.", draw.Thousands(n), plural(len(m.Tasks), f.noun())))
		}
		if c.part {
			list = append(list, fmt.Sprintf("Drawn is the part from %s to %s %s; the figures are of the whole run.", f.unit.text(c.from), f.unit.text(c.to), f.unit.name))
		}
		if s := c.merged(); s != "" {
			list = append(list, s)
		}
		if m.Dropped > 0 {
			list = append(list, fmt.Sprintf("The trace was full: its first %s are missing, and the figures lack what they said.", draw.Plural(m.Dropped, "event")))
		}
		if h := c.t.Head; h.Policy != "" {
			list = append(list, fmt.Sprintf("Policy %s, seed %d, %s. Time is virtual and to scale.", h.Policy, h.Seed, draw.Plural(h.Cores, "core")))
		}
	}
	return list
}

func ended(m *metrics.Metrics) (n int) {
	for i := range m.Tasks {
		if t := &m.Tasks[i]; t.Finish >= 0 && !t.Main {
			n++
		}
	}
	return n
}

// boxes lists who ran when, and how many more there are.
func (f *figure) boxes(c *chart) (rows [][]string, more int) {
	rows = [][]string{{"core", "from (" + f.unit.name + ")", "to", f.noun(), "then"}}
	for _, b := range c.ran {
		if len(rows) > mostBoxes {
			more++
			continue
		}
		rows = append(rows, []string{fmt.Sprint(b.core), f.unit.text(b.from), f.unit.text(b.to), c.t.TaskName(b.task), b.then()})
	}
	return rows, more
}

// then says how a task left its core.
func (b *bar) then() string {
	switch b.left {
	case trace.Preempt:
		if b.why == "slice" {
			return "its time slice ended"
		}
		return "the core was taken from it"
	case trace.Yield:
		return "it yielded"
	case trace.Block:
		return "waits: " + b.why
	case trace.Outside:
		return "I/O"
	case trace.End:
		return "ended"
	}
	return "still runs"
}

// Table is the figures of a run without the picture.
func Table(t *trace.Trace, o Options) draw.Drawing {
	f := newFigure(newChart(t, o))
	var page, text strings.Builder
	page.WriteString(`<div style="color:` + draw.Text + `;font-family:system-ui,sans-serif;line-height:1.45">` + "\n")
	for _, s := range f.lead() {
		fmt.Fprintf(&page, "<div>%s</div>\n", html.EscapeString(s))
		draw.Wrap(&text, s)
	}
	table(&page, f.figures())
	columns(&text, f.figures())
	for _, s := range f.feet() {
		fmt.Fprintf(&page, `<div style="font-size:0.85em;color:%s">%s</div>`+"\n", draw.Faint, html.EscapeString(s))
		draw.Wrap(&text, s)
	}
	page.WriteString("</div>\n")
	return draw.Drawing{HTML: page.String(), Text: text.String(), Alt: strings.Join(f.lead(), " ")}
}
