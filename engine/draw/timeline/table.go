package timeline

import (
	"fmt"
	"html"
	"slices"
	"strings"

	"interleave/engine/draw"
	"interleave/engine/trace"
)

const (
	pageStyle  = "background-color:" + draw.Page + ";color:" + draw.Text + ";font-size:13px;line-height:1.4;text-align:left;padding:4px"
	tableStyle = "border-collapse:collapse;table-layout:fixed;width:100%;margin:4px 0;color:" + draw.Text
	headStyle  = "text-align:left;font-size:13px;font-weight:normal;padding:1px 6px 1px 0;white-space:nowrap;overflow:hidden;background-color:" + draw.Page
	tickStyle  = "text-align:left;font-weight:normal;font-size:11px;padding:0 0 0 2px;white-space:nowrap;overflow:hidden;border-left:1px solid " + draw.Edge + ";background-color:" + draw.Page
	emptyStyle = "padding:0;background-color:" + draw.Page
)

// tableColumns and tickEvery divide the table; with many lanes there are fewer
// columns, so that it stays small.
const (
	tableColumns = 60
	leastColumns = 18
	mostCells    = 1200
	tickEvery    = 10
)

// barStyle is the look of a cell in a state.
func barStyle(s draw.State) string {
	l := s.Look()
	return "background-color:" + l.Fill + ";color:" + l.Ink + ";border:1px solid " + draw.Edge + ";padding:0;text-align:center"
}

// tables writes the lanes as a table, and once more to scale where that is another.
func (c *chart) tables(b *strings.Builder) {
	lanes := max(len(c.lanes)+len(c.merged), 1)
	list := c.scales(max(min(tableColumns, mostCells/lanes), leastColumns))
	c.table(b, &list[0])
	if len(list) > 1 && lanes*list[0].columns <= mostCells/2 {
		fmt.Fprintf(b, "<details><summary>%s</summary>", list[1].other())
		c.table(b, &list[1])
		b.WriteString("</details>")
	}
}

func (c *chart) table(b *strings.Builder, s *scale) {
	fmt.Fprintf(b, `<table style="%s"><caption style="text-align:left;caption-side:top;color:%s"><b>%s</b> %s</caption><thead><tr style="background-color:%s"><th scope="col" style="%s;width:150px">%s</th>`,
		tableStyle, draw.Text, html.EscapeString(c.title()), html.EscapeString(c.subtitle(s)), draw.Page, headStyle, c.rowsAre())
	for k := 0; k < s.columns; k += tickEvery {
		fmt.Fprintf(b, `<th scope="colgroup" colspan="%d" style="%s">%s</th>`, min(tickEvery, s.columns-k), tickStyle, draw.Duration(s.start(k)))
	}
	b.WriteString(`</tr></thead><tbody style="font-size:11px">` + "\n")
	for i := range c.lanes {
		c.row(b, &c.lanes[i], s)
	}
	for i := range c.merged {
		c.row(b, &c.merged[i], s)
	}
	b.WriteString("</tbody></table>")
}

func (c *chart) rowsAre() string {
	if c.o.ByCore {
		return "core"
	}
	return "task"
}

// heading is a lane's name in the table.
func (c *chart) heading(l *lane) string {
	name, note := html.EscapeString(l.name), html.EscapeString(l.note)
	if l.name != "" && l.kind != core && l.task == 0 {
		return note
	}
	switch l.kind {
	case mainTask:
		name = "<b>" + name + "</b>"
	case background, system:
		name = "<i>" + name + "</i>"
	}
	return name + " " + note
}

func (c *chart) row(b *strings.Builder, l *lane, s *scale) {
	cols := c.cut(l, s)
	title := l.name + " " + l.note
	also := c.also(l, cols.hidden)
	if also != "" {
		title += "\nToo short to see at this scale: " + also
	}
	fmt.Fprintf(b, `<tr style="background-color:%s"><th scope="row" title="%s" style="%s">%s</th>`, draw.Page, html.EscapeString(title), headStyle, c.heading(l))
	for i := 0; i < s.columns; {
		n := 1
		for i+n < s.columns && same(cols.parts[i], cols.parts[i+n]) {
			n++
		}
		if len(cols.parts[i]) == 0 {
			fmt.Fprintf(b, `<td colspan="%d" style="%s"></td>`, n, emptyStyle)
		} else {
			c.cell(b, l, cols.parts[i:i+n])
		}
		i += n
	}
	b.WriteString("</tr>\n")
	if also != "" {
		fmt.Fprintf(b, `<tr style="background-color:%s"><th scope="row" style="%s"></th><td colspan="%d" style="text-align:left;font-size:11px;padding:0 0 2px 2px;color:%s;background-color:%s">%s also, too short to see here: %s</td></tr>`+"\n",
			draw.Page, headStyle, s.columns, draw.Faint, draw.Page, html.EscapeString(l.name), html.EscapeString(also))
	}
}

func same(a, b []part) bool {
	if len(a) == 0 || len(b) == 0 {
		return len(a) == len(b)
	}
	return a[0].key == b[0].key && a[0].span == b[0].span
}

// cell writes columns that one state fills most of.
func (c *chart) cell(b *strings.Builder, l *lane, cols [][]part) {
	var all []part
	for _, col := range cols {
		for _, p := range col {
			all = count(all, p)
		}
	}
	first := cols[0][0]
	state := draw.Running
	if l.kind != core {
		state = draw.State(first.key)
	}
	text := c.label(l, first.span)
	if text == "" {
		text = state.Look().Short
	}
	if len(text) > len(cols)+len(cols)/3 {
		text = letter(state)
		if l.kind == core {
			text = ""
		}
	}
	title := c.bubble(first.span)
	if n := c.spansIn(cols); n > 1 {
		title = l.name + ", " + draw.Plural(n, "stay") + ": " + c.several(l, all)
	}
	fmt.Fprintf(b, `<td colspan="%d" title="%s" style="%s">%s</td>`, len(cols), html.EscapeString(title), barStyle(state), html.EscapeString(text))
}

// spansIn counts the different stays in columns.
func (c *chart) spansIn(cols [][]part) int {
	seen := map[int]bool{}
	n := 0
	for _, col := range cols {
		for _, p := range col {
			if !seen[p.span] {
				seen[p.span] = true
				n++
			}
			n += p.n - 1
		}
	}
	return n
}

// several says what stands in columns together.
func (c *chart) several(l *lane, list []part) string {
	var words []string
	for _, p := range list {
		words = append(words, c.keyName(l, p.key)+" "+draw.Duration(p.ns))
	}
	return strings.Join(words, ", ")
}

// letter tells a state in a narrow cell.
func letter(s draw.State) string {
	if s == draw.Running {
		return "r"
	}
	return string(s.Look().Letter)
}

// foot writes the legend and how to make the run again.
func (c *chart) foot(b *strings.Builder) {
	b.WriteString(`<div style="font-size:12px;color:` + draw.Faint + `">`)
	for _, s := range c.used() {
		fmt.Fprintf(b, `<span style="display:inline-block;margin-right:12px;white-space:nowrap"><span style="display:inline-block;min-width:14px;%s">%s</span> %s</span>`, barStyle(s), letter(s), s.Look().Name)
	}
	for _, line := range c.footer() {
		b.WriteString("<br>" + html.EscapeString(line))
	}
	b.WriteString("</div>")
}

// used lists the states that are drawn.
func (c *chart) used() []draw.State {
	var there [16]bool
	for _, l := range append(c.lanes[:len(c.lanes):len(c.lanes)], c.merged...) {
		for _, b := range l.bars {
			there[b.state] = true
		}
	}
	var list []draw.State
	for _, s := range draw.States() {
		if there[s] {
			list = append(list, s)
		}
	}
	return list
}

// footer says what made the run, and what is not shown.
func (c *chart) footer() []string {
	h := c.t.Head
	var lines []string
	if list := c.left(); len(list) > 0 {
		how := ""
		if h.End != "" && h.End != "returned" {
			how = " (" + h.End + ")"
		}
		lines = append(lines, "Still waiting when the run ended"+how+": "+few(list)+".")
	}
	if slices.Contains(c.t.Reasons, trace.LockWanted) {
		lines = append(lines, "Who waits for the interpreter's lock is drawn as ready here: the drawing GIL tells it from waiting for a core.")
	}
	if h.Policy != "" {
		line := fmt.Sprintf("Policy %s, seed %d, %s.", h.Policy, h.Seed, draw.Plural(h.Cores, "core"))
		if h.Token != "" {
			line += " Run it again with the token " + h.Token
		}
		lines = append(lines, line)
	}
	if h.Cost != "" {
		lines = append(lines, "Time is virtual: "+h.Cost)
	}
	if c.t.Dropped > 0 {
		lines = append(lines, fmt.Sprintf("The trace was full: its first %s are missing, and what they did is not known.", draw.Plural(c.t.Dropped, "event")))
	}
	if len(c.merged) > 0 {
		n := 0
		for _, m := range c.merged {
			n += int(m.task)
		}
		lines = append(lines, fmt.Sprintf("Too many tasks for a lane each: the last %s share a lane for each function that they began with.", draw.Plural(n, "task")))
	}
	return lines
}

func (c *chart) title() string {
	if c.o.Title != "" {
		return c.o.Title
	}
	if c.t.Head.Cell != "" { // the picture stands below another cell
		return "Timeline of " + c.t.Head.Cell
	}
	return "Timeline"
}

// subtitle says how much is shown, and on which scale.
func (c *chart) subtitle(s *scale) string {
	switch {
	case s.changes == nil:
		return fmt.Sprintf("%s; to scale, one column is %s", c.amount(), draw.Duration(s.width))
	case s.width > unitsPerStep:
		return fmt.Sprintf("%s; by steps, not to scale: one column is %s", c.amount(), draw.Plural(int(s.width/unitsPerStep), "change"))
	}
	return c.amount() + "; by steps, not to scale: long waits are shortened"
}

// amount says how much there is.
func (c *chart) amount() string {
	n := 0
	for _, l := range c.lanes {
		if l.kind == own || l.kind == mainTask {
			n++
		}
	}
	for _, l := range c.merged {
		n += int(l.task)
	}
	each := "goroutine"
	if c.t.Head.Cell == "" {
		each = "task"
	}
	what := draw.Plural(n, each) + " on " + draw.Plural(c.t.Head.Cores, "core")
	if c.o.ByCore {
		what = draw.Plural(c.t.Head.Cores, "core")
	}
	return fmt.Sprintf("%s, %s of virtual time", what, draw.Duration(c.last-c.from))
}

// keyName is what a lane's key stands for.
func (c *chart) keyName(l *lane, key uint32) string {
	if l.kind == core {
		return c.t.TaskName(key)
	}
	return draw.State(key).Look().Short
}

// also says what a lane's columns hide.
func (c *chart) also(l *lane, list []part) string {
	var words []string
	for i, p := range list {
		if i == 6 {
			words = append(words, draw.Plural(len(list)-i, "other"))
			break
		}
		words = append(words, fmt.Sprintf("%s %s×, %s", c.keyName(l, p.key), draw.Thousands(p.n), draw.Duration(p.ns)))
	}
	return strings.Join(words, "; ")
}
