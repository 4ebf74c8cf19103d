package figures

import (
	"fmt"
	"html"
	"strconv"
	"strings"
	"unicode/utf8"

	"interleave/engine/draw"
	"interleave/engine/trace"
)

const (
	cellStyle = "padding:2px 8px;text-align:right;border-bottom:1px solid " + draw.Edge
	nameStyle = "padding:2px 8px;text-align:left;border-bottom:1px solid " + draw.Edge
	boxStyle  = "background-color:" + draw.Page + ";color:" + draw.Text + ";font-size:13px;padding:4px"
)

// mostTasks is how many tasks have a line of their own; the last line adds up the
// others.
const mostTasks = 40

// Summary draws the figures of a run: for each task how long it ran, waited for a
// core, and waited for what; for each core how long it was busy.
func Summary(t *trace.Trace) draw.Drawing {
	s := trace.Summarize(t)
	head := []string{"task", "began with", "ran", "ready", "blocked", "outside", "longest wait for", "ended"}
	var rows [][]string
	for i, u := range s.Tasks {
		if i == mostTasks-1 && len(s.Tasks) > mostTasks {
			rows = append(rows, others(s.Tasks[i:]))
			break
		}
		rows = append(rows, []string{
			u.Name, strings.TrimPrefix(t.Tasks[u.Task].Start, "main."), draw.Duration(u.Running), draw.Duration(u.Ready),
			draw.Duration(u.Blocked), draw.Duration(u.Outside), longest(t, u.Waits), ended(u.Ended),
		})
	}
	coreHead := []string{"core", "busy", "of the time", "switches"}
	var cores [][]string
	for i, c := range s.Cores {
		cores = append(cores, []string{strconv.Itoa(i), draw.Duration(c.Busy), draw.Percent(c.Busy, s.Wall), draw.Thousands(c.Switches)})
	}
	lines := []string{fmt.Sprintf("%s from beginning to end; %s, %s. Tasks ran %.2f times as long together: that many ran at once on average.",
		draw.Duration(s.Wall), switches(s.Switches), draw.Plural(s.Preemptions, "preemption"), s.Speedup)}
	if s.Dropped > 0 {
		lines = append(lines, fmt.Sprintf("The trace was full: its first %s are missing in these figures.", draw.Plural(s.Dropped, "event")))
	}
	if t.Head.Policy != "" {
		lines = append(lines, fmt.Sprintf("Policy %s, seed %d. Time is virtual. Token: %s", t.Head.Policy, t.Head.Seed, t.Head.Token))
	}
	var b strings.Builder
	b.WriteString(`<div style="` + boxStyle + `">`)
	writeTable(&b, "Tasks", head, rows, 2)
	writeTable(&b, "Cores", coreHead, cores, 1)
	for _, l := range lines {
		b.WriteString("<div>" + html.EscapeString(l) + "</div>")
	}
	b.WriteString("</div>\n")
	text := plain(head, rows, 2) + "\n" + plain(coreHead, cores, 1) + strings.Join(lines, "\n") + "\n"
	return draw.Drawing{HTML: b.String(), Text: text, Alt: fmt.Sprintf("Figures of a run of %s on %s: %s", draw.Plural(len(s.Tasks), "task"), draw.Plural(len(s.Cores), "core"), lines[0])}
}

func switches(n int) string {
	if n == 1 {
		return "1 switch"
	}
	return draw.Thousands(n) + " switches"
}

// others adds up tasks.
func others(list []trace.TaskUse) []string {
	var sum trace.TaskUse
	for _, u := range list {
		sum.Running += u.Running
		sum.Ready += u.Ready
		sum.Blocked += u.Blocked
		sum.Outside += u.Outside
	}
	return []string{draw.Plural(len(list), "more task"), "", draw.Duration(sum.Running), draw.Duration(sum.Ready), draw.Duration(sum.Blocked), draw.Duration(sum.Outside), "", ""}
}

func longest(t *trace.Trace, list []trace.Wait) string {
	var w *trace.Wait
	for i := range list {
		if w == nil || list[i].Time > w.Time {
			w = &list[i]
		}
	}
	if w == nil {
		return "—"
	}
	s := w.Reason
	if w.Object != 0 {
		s += " " + t.ObjectName(w.Object)
	}
	return fmt.Sprintf("%s (%d×, %s)", s, w.Times, draw.Duration(w.Time))
}

func ended(how string) string {
	switch how {
	case "":
		return "not ended"
	case "stopped":
		return "stopped with the run"
	}
	return how
}

// writeTable writes rows whose first column is their heading; the first left columns
// hold words.
func writeTable(b *strings.Builder, caption string, head []string, rows [][]string, left int) {
	fmt.Fprintf(b, `<table style="border-collapse:collapse;margin:4px 0"><caption style="text-align:left;font-weight:bold">%s</caption><thead><tr>`, caption)
	for i, h := range head {
		fmt.Fprintf(b, `<th scope="col" style="%s">%s</th>`, style(i, left, len(head)), h)
	}
	b.WriteString("</tr></thead><tbody>\n")
	for _, r := range rows {
		fmt.Fprintf(b, `<tr><th scope="row" style="%s">%s</th>`, nameStyle, html.EscapeString(r[0]))
		for i, v := range r[1:] {
			fmt.Fprintf(b, `<td style="%s">%s</td>`, style(i+1, left, len(head)), html.EscapeString(v))
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</tbody></table>")
}

func style(i, left, n int) string {
	if i < left || n == 8 && i >= 6 { // of tasks, the last two columns are words
		return nameStyle
	}
	return cellStyle
}

// plain writes the same for a terminal.
func plain(head []string, rows [][]string, left int) string {
	width := make([]int, len(head))
	for _, r := range append([][]string{head}, rows...) {
		for i, v := range r {
			width[i] = max(width[i], utf8.RuneCountInString(v))
		}
	}
	var b strings.Builder
	for _, r := range append([][]string{head}, rows...) {
		line := ""
		for i, v := range r {
			gap := strings.Repeat(" ", width[i]-utf8.RuneCountInString(v))
			if style(i, left, len(head)) == nameStyle {
				line += v + gap + "  "
			} else {
				line += gap + v + "  "
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}
