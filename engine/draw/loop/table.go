package loop

import (
	"fmt"
	"html"
	"strings"

	"interleave/engine/analyse/loop"
	"interleave/engine/draw"
)

const (
	pageStyle = "background-color:" + draw.Page + ";color:" + draw.Text + ";font-size:13px;line-height:1.4;text-align:left;padding:4px"
	cellStyle = "text-align:left;vertical-align:top;padding:3px 8px;border-top:1px solid " + draw.Edge + ";background-color:" + draw.Page
)

// chipStyles are the looks of steps: fills that mean the same in light and dark, told
// apart by their edges and signs as well.
func chipStyle(k chipKind) string {
	const all = "display:inline-block;margin:1px 3px 1px 0;padding:0 6px;white-space:nowrap;"
	run := draw.Running.Look()
	switch k {
	case callback:
		return all + "background-color:#ffffff;color:#000000;border:2px dashed " + draw.Edge + ";border-radius:9px;font-style:italic"
	case blocking:
		return all + "background-color:" + draw.Lock.Look().Fill + ";color:#000000;border:3px double #000000;font-weight:bold"
	}
	return all + "background-color:" + run.Fill + ";color:" + run.Ink + ";border:2px solid " + draw.Edge
}

func (f *film) html() string {
	b := &strings.Builder{}
	b.WriteString(`<div class="interleave-loop" style="` + pageStyle + `"><div class="interleave-base">`)
	f.table(b)
	b.WriteString("</div>")
	f.script(b)
	b.WriteString("</div>\n")
	return b.String()
}

func (f *film) table(b *strings.Builder) {
	e := html.EscapeString
	fmt.Fprintf(b, "<div><b>Event loop</b> %s</div>\n", e(f.amount()))
	for _, s := range f.blocked[:min(len(f.blocked), mostWarnings)] {
		fmt.Fprintf(b, `<div style="margin:2px 0"><span style="%s">⚠ blocked</span> %s</div>`+"\n", chipStyle(blocking), e(s))
	}
	if n := len(f.blocked) - mostWarnings; n > 0 {
		fmt.Fprintf(b, "<div>and %s</div>\n", draw.Plural(n, "more blocking step"))
	}
	fmt.Fprintf(b, `<table style="border-collapse:collapse;width:100%%;margin:4px 0;color:%s"><thead><tr>`, draw.Text)
	for _, h := range []string{"turn", "begins", "runs, in this order", "timers set, after it", "waiting, after it"} {
		fmt.Fprintf(b, `<th scope="col" style="%s">%s</th>`, cellStyle, h)
	}
	b.WriteString("</tr></thead><tbody>\n")
	list, gap := f.shown()
	for k, i := range list {
		if k == gap {
			fmt.Fprintf(b, `<tr><td colspan="5" style="%s">… %s between …</td></tr>`+"\n", cellStyle, draw.Plural(len(f.turns)-len(list), "turn"))
		}
		f.row(b, &f.turns[i])
	}
	if f.forever {
		fmt.Fprintf(b, `<tr><td style="%s"></td><td colspan="4" style="%s">☾ nothing is ready: asleep in select <b>for ever</b>, %s</td></tr>`+"\n", cellStyle, cellStyle, whyEndless)
	}
	b.WriteString("</tbody></table>\n")
	fmt.Fprintf(b, `<div style="font-size:12px;color:%s"><span style="%s">task</span> a step of a coroutine, up to its next await <span style="%s">callback</span> a call that the loop makes <span style="%s">⚠ blocked</span> a step of %s or more`,
		draw.Faint, chipStyle(coroutine), chipStyle(callback), chipStyle(blocking), draw.Duration(loop.Slow))
	for _, n := range f.notes() {
		b.WriteString("<br>" + e(n))
	}
	b.WriteString("</div>")
}

func (f *film) row(b *strings.Builder, t *turn) {
	e := html.EscapeString
	if t.slept > 0 {
		fmt.Fprintf(b, `<tr><td style="%s"></td><td colspan="4" style="%s;color:%s">☾ nothing is ready: asleep in select for %s</td></tr>`+"\n", cellStyle, cellStyle, draw.Faint, draw.Duration(t.slept))
	}
	fmt.Fprintf(b, `<tr><th scope="row" style="%s">%d</th><td style="%s;white-space:nowrap">%s</td><td style="%s">`, cellStyle, t.number, cellStyle, draw.Duration(t.at), cellStyle)
	for i := range t.chips {
		c := &t.chips[i]
		label := c.label
		if c.kind == blocking {
			label = "⚠ " + label + " " + draw.Duration(c.took)
		}
		title := fmt.Sprintf("%s, %s: %s", c.label, draw.Duration(c.took), c.what)
		if w := f.where(c.place); w != "" {
			title += "\nat " + w
		}
		fmt.Fprintf(b, `<span title="%s" style="%s">%s</span> `, e(title), chipStyle(c.kind), e(label))
	}
	if t.more > 0 {
		fmt.Fprintf(b, "and %s", draw.Plural(t.more, "more step"))
	}
	b.WriteString("</td>")
	for _, list := range [][]string{t.timers, t.waits} {
		fmt.Fprintf(b, `<td style="%s">%s</td>`, cellStyle, strings.ReplaceAll(e(strings.Join(list, "\n")), "\n", "<br>"))
	}
	b.WriteString("</tr>\n")
}

// where is a place with its line of source.
func (f *film) where(n uint32) string {
	if n == 0 {
		return ""
	}
	p := f.t.Places[n]
	s := fmt.Sprintf("%s, line %d", p.File, p.Line)
	if l := strings.Split(f.source[p.File], "\n"); p.Line >= 1 && p.Line <= len(l) {
		if code := strings.TrimSpace(l[p.Line-1]); code != "" {
			s += ": " + code
		}
	}
	return s
}
