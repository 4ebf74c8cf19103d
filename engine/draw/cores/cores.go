package cores

import (
	"fmt"
	"html"
	"strings"

	"interleave/engine/draw"
	"interleave/engine/trace"
)

// slots is how many parts of the run are shown, and tall how high a full bar is, in
// pixels.
const (
	slots = 60
	tall  = 32
)

// boxStyle is of all that is drawn.
const boxStyle = "background-color:" + draw.Page + ";color:" + draw.Text + ";font-size:13px;padding:4px"

// Draw draws how busy each core was over time, and how many tasks were ready
// and had no core.
func Draw(t *trace.Trace) draw.Drawing {
	spans := trace.Spans(t)
	from, to := extent(t.Events())
	u := &usage{from: from, to: to, busy: make([][slots]int64, max(t.Head.Cores, 0))}
	for _, s := range spans {
		switch {
		case s.State == trace.IsRunning && int(s.Core) < len(u.busy):
			u.add(&u.busy[s.Core], s.From, s.To)
		case s.State == trace.IsReady:
			u.add(&u.ready, s.From, s.To)
		}
	}
	return draw.Drawing{HTML: u.html(t), Text: u.text(t), Alt: u.alt()}
}

func extent(events []trace.Event) (from, to int64) {
	if len(events) == 0 {
		return 0, 0
	}
	return events[0].Time, events[len(events)-1].Time
}

// usage is task time in each part of a run.
type usage struct {
	from, to int64
	busy     [][slots]int64 // of each core, ns
	ready    [slots]int64   // of all tasks, ns
}

// edge is where part i begins.
func (u *usage) edge(i int) int64 {
	return u.from + int64(float64(u.to-u.from)*float64(i)/slots)
}

func (u *usage) add(row *[slots]int64, from, to int64) {
	for i := range slots {
		if ns := min(to, u.edge(i+1)) - max(from, u.edge(i)); ns > 0 {
			row[i] += ns
		}
	}
}

func (u *usage) total(row *[slots]int64) (sum int64) {
	for _, ns := range row {
		sum += ns
	}
	return sum
}

// share is how much of part i a row fills: of one core, 0 to 1.
func (u *usage) share(row *[slots]int64, i int) float64 {
	if d := u.edge(i+1) - u.edge(i); d > 0 {
		return float64(row[i]) / float64(d)
	}
	return 0
}

func (u *usage) caption() string {
	return fmt.Sprintf("Utilization: %s, %s of virtual time; a column is %s", draw.Plural(len(u.busy), "core"), draw.Duration(u.to-u.from), draw.Duration((u.to-u.from)/slots))
}

func (u *usage) note(t *trace.Trace) string {
	s := "Ready tasks: how many had work to do and no core, on average."
	if t.Dropped > 0 {
		s += fmt.Sprintf(" The trace was full: its first %s are missing.", draw.Plural(t.Dropped, "event"))
	}
	if t.Head.Token != "" {
		s += " Token: " + t.Head.Token
	}
	return s
}

func (u *usage) html(t *trace.Trace) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<div style="%s"><table style="border-collapse:collapse;table-layout:fixed;width:100%%"><caption style="text-align:left"><b>%s</b></caption><thead><tr><th scope="col" style="width:150px;text-align:left">core</th>`, boxStyle, html.EscapeString(u.caption()))
	for i := 0; i < slots; i += 10 {
		fmt.Fprintf(&b, `<th scope="colgroup" colspan="10" style="text-align:left;font-weight:normal;font-size:11px;padding:0 0 0 2px;border-left:1px solid %s">%s</th>`, draw.Edge, draw.Duration(u.edge(i)))
	}
	b.WriteString("</tr></thead><tbody>\n")
	for c := range u.busy {
		name := fmt.Sprintf("core %d", c)
		u.row(&b, name, name+" busy "+draw.Percent(u.total(&u.busy[c]), u.to-u.from), &u.busy[c], 1, draw.Running, "busy")
	}
	most := u.mostReady()
	u.row(&b, "ready tasks", "ready tasks, "+atMost(most, "%s at most"), &u.ready, max(most, 1), draw.Ready, "ready")
	fmt.Fprintf(&b, "</tbody></table><div>%s</div></div>\n", html.EscapeString(u.note(t)))
	return b.String()
}

// atMost is a number in a form; what is there does not become none by rounding.
func atMost(x float64, form string) string {
	if x > 0 && x < 0.05 {
		return "under 0.1"
	}
	return fmt.Sprintf(form, fmt.Sprintf("%.1f", x))
}

// row writes bars whose full height stands for full.
func (u *usage) row(b *strings.Builder, name, heading string, row *[slots]int64, full float64, state draw.State, what string) {
	fmt.Fprintf(b, `<tr><th scope="row" style="text-align:left;font-weight:normal;padding:2px 4px 2px 0">%s</th>`, html.EscapeString(heading))
	for i := range slots {
		share := u.share(row, i)
		says := draw.Percent(int64(share*1e6), 1e6) + " " + what
		if state == draw.Ready {
			says = fmt.Sprintf("%.2f %s", share, what)
		}
		px := int(share/full*tall + 0.5)
		if share > 0 {
			px = max(px, 1)
		}
		fmt.Fprintf(b, `<td title="%s: %s, from %s to %s" style="padding:0;height:%dpx;vertical-align:bottom;border-bottom:1px solid %s">`,
			name, says, draw.Duration(u.edge(i)), draw.Duration(u.edge(i+1)), tall+2, draw.Edge)
		if px > 0 {
			fmt.Fprintf(b, `<div style="height:%dpx;background-color:%s;border-top:1px solid %s"></div>`, px, state.Look().Fill, draw.Edge)
		}
		b.WriteString("</td>")
	}
	b.WriteString("</tr>\n")
}

func (u *usage) mostReady() float64 {
	most := 0.0
	for i := range slots {
		most = max(most, u.share(&u.ready, i))
	}
	return most
}

// text draws with blocks of eight heights.
func (u *usage) text(t *trace.Trace) string {
	var b strings.Builder
	b.WriteString(u.caption() + "\n")
	for c := range u.busy {
		fmt.Fprintf(&b, "%-12s%s %s\n", fmt.Sprintf("core %d", c), u.blocks(&u.busy[c], 1), draw.Percent(u.total(&u.busy[c]), u.to-u.from))
	}
	most := u.mostReady()
	fmt.Fprintf(&b, "%-12s%s %s\n", "ready tasks", u.blocks(&u.ready, max(most, 1)), atMost(most, "at most %s"))
	b.WriteString(u.note(t) + "\n")
	return b.String()
}

func (u *usage) blocks(row *[slots]int64, full float64) string {
	var b strings.Builder
	for i := range slots {
		share := u.share(row, i) / full
		if share <= 0 {
			b.WriteByte(' ')
			continue
		}
		b.WriteRune([]rune("▁▂▃▄▅▆▇█")[min(int(share*8), 7)])
	}
	return b.String()
}

func (u *usage) alt() string {
	var b strings.Builder
	b.WriteString(u.caption() + ". ")
	for c := range u.busy {
		fmt.Fprintf(&b, "Core %d was busy %s of the time. ", c, draw.Percent(u.total(&u.busy[c]), u.to-u.from))
	}
	fmt.Fprintf(&b, "At most %.1f tasks on average had work to do and no core.", u.mostReady())
	return b.String()
}
