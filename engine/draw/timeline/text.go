package timeline

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"interleave/engine/draw"
	"interleave/engine/trace"
)

const (
	textColumns = 72
	textName    = 22
	textSteps   = 40 // as many at most
)

// text draws for a terminal.
func (c *chart) text() string {
	var b strings.Builder
	marks := c.marks()
	for i, s := range c.scales(textColumns) {
		if i == 0 {
			fmt.Fprintf(&b, "%s: %s\n", c.title(), c.subtitle(&s))
		} else {
			fmt.Fprintf(&b, "\n%s\n", s.other())
		}
		c.textChart(&b, &s, marks)
	}
	var legend []string
	if c.o.ByCore {
		for i, n := range c.runners() {
			if i == 12 {
				legend = append(legend, "…")
				break
			}
			legend = append(legend, string(marks[n])+" "+strings.TrimSpace(c.t.TaskName(n)+" "+c.laneOf(n).note))
		}
	} else {
		for _, st := range c.used() {
			legend = append(legend, string(st.Look().Letter)+" "+st.Look().Name)
		}
	}
	draw.Wrap(&b, strings.Join(legend, " · "))
	for _, l := range c.footer() {
		draw.Wrap(&b, l)
	}
	c.textSteps(&b)
	return b.String()
}

func (c *chart) textChart(b *strings.Builder, s *scale, marks map[uint32]rune) {
	b.WriteString(strings.TrimRight(strings.Repeat(" ", textName)+c.ticks(s), " ") + "\n")
	for i := range c.lanes {
		c.line(b, &c.lanes[i], s, marks)
	}
	for i := range c.merged {
		c.line(b, &c.merged[i], s, marks)
	}
}

// ticks writes times above the columns where they begin.
func (c *chart) ticks(s *scale) string {
	row := make([]rune, 0, s.columns)
	for k := 0; k < s.columns; k += 2 * tickEvery {
		for len(row) < k {
			row = append(row, ' ')
		}
		row = append(append(row, '|'), []rune(draw.Duration(s.start(k)))...)
	}
	return string(row)
}

// line writes a lane.
func (c *chart) line(b *strings.Builder, l *lane, s *scale, marks map[uint32]rune) {
	cols := c.cut(l, s)
	name := strings.TrimSpace(l.name + " " + l.note)
	if utf8.RuneCountInString(name) >= textName {
		name = string([]rune(name)[:textName-2]) + "…"
	}
	row := make([]rune, s.columns)
	for i, p := range cols.parts {
		switch {
		case len(p) == 0:
			row[i] = ' '
		case l.kind == core:
			row[i] = marks[p[0].key]
		default:
			row[i] = draw.State(p[0].key).Look().Letter
		}
	}
	b.WriteString(strings.TrimRight(name+strings.Repeat(" ", textName-utf8.RuneCountInString(name))+string(row), " ") + "\n")
	if also := c.also(l, cols.hidden); also != "" {
		draw.Wrap(b, strings.Repeat(" ", textName)+"also, too short to see: "+also)
	}
}

// runners lists the tasks that ran, in order of their first run.
func (c *chart) runners() []uint32 {
	var list []uint32
	seen := make([]bool, len(c.t.Tasks))
	for i := range c.spans {
		if s := &c.spans[i]; s.State == trace.IsRunning && !seen[s.Task] {
			seen[s.Task] = true
			list = append(list, s.Task)
		}
	}
	return list
}

// marks gives tasks a letter for lanes of cores; there are more tasks than letters
// sometimes, and then some share one.
func (c *chart) marks() map[uint32]rune {
	const letters = "123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	m := map[uint32]rune{}
	for i, n := range c.runners() {
		m[n] = rune(letters[i%len(letters)])
	}
	return m
}

// textSteps lists what happened in words.
func (c *chart) textSteps(b *strings.Builder) {
	list := c.told()
	if len(list) == 0 {
		return
	}
	b.WriteString("\nStep by step:\n")
	show, gap := ends(list, textSteps)
	for k, i := range show {
		if k == gap {
			fmt.Fprintf(b, "  … %s between …\n", draw.Plural(len(list)-len(show), "step"))
		}
		e := c.events[i]
		line := fmt.Sprintf("%11s  %s", draw.Duration(e.Time), c.sentence(i))
		if at := c.at(i); at != 0 {
			line += "  (" + c.where(at) + ")"
		}
		b.WriteString(clip(line, 110) + "\n")
	}
}

// ends is a list's beginning and end where it is too long; gap is the index in
// what is left before which something is missing, or -1.
func ends(list []int, most int) (show []int, gap int) {
	if len(list) <= most {
		return list, -1
	}
	gap = most / 2
	return append(append([]int{}, list[:gap]...), list[len(list)-(most-gap):]...), gap
}

func clip(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}
