package bytecode

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"

	"interleave/engine/bytecode"
	"interleave/engine/draw"
)

const (
	boxStyle  = "background-color:" + draw.Page + ";color:" + draw.Text + ";font-size:13px;padding:4px"
	tableOpen = `<table style="border-collapse:collapse;font-size:inherit;color:inherit">`
	cellStyle = "text-align:left;padding:2px 10px;border-bottom:1px solid " + draw.Edge
	code      = ";font-family:monospace"
)

// table is rows of cells; the first row is the head.
type table struct {
	caption string
	rows    [][]cell
	notes   []string
}

// cell is text, and how it looks.
type cell struct {
	text string
	look look
}

type look uint8

const (
	plain look = iota
	mono
	acts  // the thread makes a step
	wrong // something goes wrong in it
	news  // a value that has just changed
)

func (t *table) drawing(alt string) draw.Drawing {
	return draw.Drawing{HTML: t.html(), Text: t.text(), Alt: alt}
}

func (l look) style() string {
	switch l {
	case mono:
		return cellStyle + code
	case acts:
		return cellStyle + code + ";background-color:" + draw.Running.Look().Fill + ";color:" + draw.Running.Look().Ink
	case wrong:
		return cellStyle + code + ";background-color:" + draw.Lock.Look().Fill + ";color:" + draw.Lock.Look().Ink
	case news:
		return cellStyle + code + ";font-weight:bold"
	}
	return cellStyle
}

func (t *table) html() string {
	b := &strings.Builder{}
	fmt.Fprintf(b, `<div style="%s">%s<caption style="text-align:left"><b>%s</b></caption>`+"\n", boxStyle, tableOpen, html.EscapeString(t.caption))
	for i, row := range t.rows {
		b.WriteString("<tr>")
		for _, c := range row {
			if i == 0 {
				fmt.Fprintf(b, `<th scope="col" style="%s">%s</th>`, cellStyle, html.EscapeString(c.text))
				continue
			}
			text := html.EscapeString(c.text)
			if c.look != plain {
				text = strings.ReplaceAll(text, " ", "&nbsp;")
			}
			fmt.Fprintf(b, `<td style="%s">%s</td>`, c.look.style(), text)
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</table>\n")
	for _, n := range t.notes {
		fmt.Fprintf(b, "<div>%s</div>\n", html.EscapeString(n))
	}
	b.WriteString("</div>\n")
	return b.String()
}

func (t *table) text() string {
	var width []int
	for _, row := range t.rows {
		for k, c := range row {
			if k == len(width) {
				width = append(width, 0)
			}
			width[k] = max(width[k], utf8.RuneCountInString(c.text))
		}
	}
	b := &strings.Builder{}
	draw.Wrap(b, t.caption)
	for i, row := range t.rows {
		line := ""
		for k, c := range row {
			line += c.text + strings.Repeat(" ", width[k]-utf8.RuneCountInString(c.text)+2)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
		if i == 0 {
			n := 0
			for _, w := range width {
				n += w + 2
			}
			b.WriteString(strings.Repeat("─", max(n-2, 0)) + "\n")
		}
	}
	for _, n := range t.notes {
		draw.Wrap(b, n)
	}
	return b.String()
}

// Code draws the source beside its instructions.
func Code(p *bytecode.Program) draw.Drawing {
	t := &table{caption: "Python source and its bytecode", rows: [][]cell{{{text: "thread"}, {text: "source"}, {text: "bytecode"}}}}
	add := func(name string, c bytecode.Code) {
		k := 0
		for n, line := range c.Lines {
			first := true
			for ; k < len(c.Ins) && c.Ins[k].Line == n+1; k++ {
				if !first {
					line, name = "", ""
				}
				t.rows = append(t.rows, []cell{{text: name}, {line, mono}, {c.Ins[k].String(), mono}})
				first, name = false, ""
			}
			if first && line != "" {
				t.rows = append(t.rows, []cell{{text: name}, {line, mono}, {"", mono}})
				name = ""
			}
		}
	}
	if len(p.Setup.Lines) > 0 && p.Setup.Lines[0] != "" {
		add("before", p.Setup)
	}
	alike := map[string]string{}
	var order []string
	codes := map[string]bytecode.Code{}
	for i, c := range p.Threads() {
		text := strings.Join(c.Lines, "\n")
		if alike[text] == "" {
			order = append(order, text)
			codes[text] = c
			alike[text] = p.Name(i)
			continue
		}
		alike[text] += ", " + p.Name(i)
	}
	for _, text := range order {
		add(alike[text], codes[text])
	}
	if n := p.Times(); n > 1 {
		t.notes = append(t.notes, fmt.Sprintf("Each thread does this %s.", draw.Plural(n, "time")))
	}
	t.notes = append(t.notes, strings.ToUpper(p.Counting().String()[:1])+p.Counting().String()[1:]+".")
	return t.drawing("A table of the Python source of each thread and its bytecode instructions.")
}

// mostRows is how many steps are drawn: the first ones, and the last.
const mostRows = 200

// Steps draws an order of steps: a column for each thread, and the shared values after
// each step.
func Steps(p *bytecode.Program, steps []bytecode.Step) draw.Drawing {
	t := &table{}
	head := []cell{{text: "step"}}
	for i := range p.Threads() {
		head = append(head, cell{text: "thread " + p.Name(i)})
	}
	head = append(head, cell{text: "shared, after it"}, cell{})
	t.rows = append(t.rows, head)
	s := p.Start()
	before := s.Values()
	t.rows = append(t.rows, t.row(p, 0, nil, before, before, ""))
	lost, order := 0, ""
	for k, was := range steps {
		st := s.Step(was.Thread)
		order += p.Name(st.Thread)
		after := s.Values()
		says := st.Words
		if st.Loses != "" {
			lost++
			says = "✗ overwrites what another has stored in " + st.Loses + " since: that update is lost"
		}
		if s.Fault != "" {
			says = "✗ " + s.Fault
		}
		switch {
		case len(steps) <= mostRows || k < mostRows/2 || k >= len(steps)-mostRows/2:
			t.rows = append(t.rows, t.row(p, k+1, &st, before, after, says))
		case k == mostRows/2:
			t.rows = append(t.rows, []cell{{text: "…"}, {text: fmt.Sprintf("%s more", draw.Plural(len(steps)-mostRows, "step"))}})
		}
		before = after
	}
	t.caption = fmt.Sprintf("%s, %s: %s", draw.Plural(len(steps), "step"), p.Counting(), s.Outcome())
	if lost > 0 {
		t.notes = append(t.notes, fmt.Sprintf("%s lost.", map[bool]string{true: "One update is", false: draw.Plural(lost, "time") + " updates are"}[lost == 1]))
	}
	if len(order) <= 120 {
		t.notes = append(t.notes, "Order: "+order)
	}
	return t.drawing(fmt.Sprintf("A table of %s of %d threads in the order %s. At the end: %s.", draw.Plural(len(steps), "step"), len(p.Threads()), shorten(order), s.Outcome()))
}

func shorten(s string) string {
	if len(s) > 60 {
		return s[:60] + "…"
	}
	return s
}

func (t *table) row(p *bytecode.Program, n int, st *bytecode.Step, before, after []string, says string) []cell {
	row := []cell{{text: fmt.Sprint(n)}}
	for i := range p.Threads() {
		c := cell{look: mono}
		if st != nil && st.Thread == i {
			c = cell{st.Mark(), acts}
			if strings.HasPrefix(says, "✗") {
				c.look = wrong
			}
		}
		row = append(row, c)
	}
	values := cell{strings.Join(after, "   "), mono}
	if strings.Join(before, ";") != strings.Join(after, ";") {
		values.look = news
	}
	if n == 0 {
		row[0].text = ""
		says = "at the beginning"
	}
	return append(row, values, cell{text: says})
}

// Outcome is one way to end, for Outcomes.
type Outcome struct {
	Words  string
	Orders int
	Order  string
}

// Outcomes draws how all orders of steps end.
func Outcomes(p *bytecode.Program, list []Outcome, orders int) draw.Drawing {
	t := &table{
		caption: fmt.Sprintf("All %s of the threads' steps, %s", draw.Plural(orders, "order"), p.Counting()),
		rows:    [][]cell{{{text: "how it ends"}, {text: "orders"}, {text: "share"}, {text: "one of them"}}},
	}
	alt := t.caption + "."
	for _, o := range list {
		bar := strings.Repeat("█", max(1, o.Orders*20/max(orders, 1)))
		t.rows = append(t.rows, []cell{{o.Words, news}, {text: draw.Thousands(o.Orders)}, {bar + " " + draw.Percent(int64(o.Orders), int64(orders)), mono}, {shorten(o.Order), mono}})
		alt += fmt.Sprintf(" %s of them end with %s.", draw.Thousands(o.Orders), o.Words)
	}
	return t.drawing(alt)
}
