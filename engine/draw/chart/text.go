package chart

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"interleave/engine/draw"
)

const (
	textWide = 64
	textTall = 16
	textBar  = 40
	mostBars = 60 // in text
)

// text draws for a terminal, and lists the values where they are few.
func (c *canvas) text() string {
	var b strings.Builder
	for _, s := range []string{c.Title, c.Lead} {
		if s != "" {
			draw.Wrap(&b, s)
		}
	}
	if c.onlyBars() {
		c.textBars(&b)
	} else {
		c.textPlot(&b)
	}
	for _, m := range c.AtX {
		draw.Wrap(&b, "Marked: "+c.said(&c.X, m))
	}
	for _, m := range c.AtY {
		draw.Wrap(&b, "Marked: "+c.said(&c.Y, m))
	}
	for _, n := range c.notes {
		draw.Wrap(&b, n)
	}
	return b.String()
}

func (c *canvas) onlyBars() bool {
	for _, s := range c.series {
		if s.Kind != Bars {
			return false
		}
	}
	return len(c.series) > 0
}

// textBars draws bars that lie: of each X, one for each series.
func (c *canvas) textBars(b *strings.Builder) {
	if c.Y.Label != "" {
		b.WriteString(c.Y.Label + "\n")
	}
	wide, names, most := 0, 0, 0.0
	for _, s := range c.series {
		names = max(names, utf8.RuneCountInString(s.Name))
		for _, p := range s.Points {
			wide = max(wide, utf8.RuneCountInString(c.X.text(p.X)))
			most = max(most, math.Abs(p.Y))
		}
	}
	if len(c.series) == 1 {
		names = 0
	}
	n, left := 0, 0
	for k := 0; ; k++ {
		any := false
		for _, s := range c.series {
			if k >= len(s.Points) {
				continue
			}
			if any = true; n >= mostBars {
				left++
				continue
			}
			n++
			p := s.Points[k]
			name := ""
			if names > 0 {
				name = " " + pad(s.Name, names)
			}
			length := 0
			if most > 0 {
				length = int(math.Abs(p.Y)/most*textBar + 0.5)
			}
			line := fmt.Sprintf("%s%s │%s %s", pad(c.X.text(p.X), wide), name, strings.Repeat("█", length), c.Y.text(p.Y))
			if p.Low < p.High {
				line += fmt.Sprintf(" (%s to %s)", c.Y.text(p.Low), c.Y.text(p.High))
			}
			if p.Label != "" {
				line += " " + p.Label
			}
			b.WriteString(line + "\n")
		}
		if !any {
			break
		}
	}
	if left > 0 {
		fmt.Fprintf(b, "and %s\n", count(left, "more bar", "more bars"))
	}
	if c.X.Label != "" {
		b.WriteString("one row for each " + c.X.Label + "\n")
	}
}

func pad(s string, n int) string {
	return s + strings.Repeat(" ", max(n-utf8.RuneCountInString(s), 0))
}

// several stands where points of different series fall on one place.
const several = '&'

// textPlot draws points as letters, and what joins them as dots.
func (c *canvas) textPlot(b *strings.Builder) {
	grid := make([][]rune, textTall)
	for i := range grid {
		grid[i] = []rune(strings.Repeat(" ", textWide))
	}
	column := func(x float64) int { return int(math.Round(c.x.at(x) * (textWide - 1))) }
	row := func(y float64) int { return textTall - 1 - int(math.Round(c.y.at(y)*(textTall-1))) }
	put := func(x, y int, r rune, over bool) {
		if x < 0 || x >= textWide || y < 0 || y >= textTall {
			return
		}
		switch at := &grid[y][x]; {
		case *at == ' ' || over && (*at == '·' || *at == '-' || *at == ':'):
			*at = r
		case over && *at != r:
			*at = several
		}
	}
	for _, s := range c.series {
		if s.Kind != Line && s.Kind != Step {
			continue
		}
		for k := 1; k < len(s.Points); k++ {
			p, q := s.Points[k-1], s.Points[k]
			x0, x1, y0, y1 := column(p.X), column(q.X), row(p.Y), row(q.Y)
			for x := x0; x <= x1; x++ {
				y := y0
				if s.Kind == Line && x1 > x0 {
					y = y0 + int(math.Round(float64((x-x0)*(y1-y0))/float64(x1-x0)))
				}
				put(x, y, '·', false)
			}
			if s.Kind == Step {
				for y := min(y0, y1); y <= max(y0, y1); y++ {
					put(x1, y, '·', false)
				}
			}
		}
	}
	for i, s := range c.series {
		for _, p := range s.Points {
			put(column(p.X), row(p.Y), looks[i].letter, true)
		}
	}
	for _, m := range c.AtX {
		if c.X.shows(m.At) {
			for y := range textTall {
				put(column(m.At), y, ':', false)
			}
		}
	}
	for _, m := range c.AtY {
		if c.Y.shows(m.At) {
			for x := range textWide {
				put(x, row(m.At), '-', false)
			}
		}
	}
	c.textFrame(b, grid, row, column)
}

// textFrame writes the plot with its axes and legend.
func (c *canvas) textFrame(b *strings.Builder, grid [][]rune, row, column func(float64) int) {
	labels := map[int]string{}
	wide := 0
	for _, t := range c.y.ticks {
		labels[row(t)] = c.Y.text(t)
		wide = max(wide, utf8.RuneCountInString(c.Y.text(t)))
	}
	if c.Y.Label != "" {
		b.WriteString(c.Y.Label + "\n")
	}
	met := false
	for y, line := range grid {
		l := labels[y]
		axis := "│"
		if l != "" {
			axis = "┤"
		}
		text := string(line)
		met = met || strings.ContainsRune(text, several)
		fmt.Fprintf(b, "%s%s %s%s\n", strings.Repeat(" ", wide-utf8.RuneCountInString(l)), l, axis, strings.TrimRight(text, " "))
	}
	ticks := []rune(strings.Repeat("─", textWide))
	names := []rune{}
	for _, t := range c.x.ticks {
		x := min(max(column(t), 0), textWide-1)
		ticks[x] = '┬'
		s := []rune(c.X.text(t))
		at := max(x-len(s)/2, 0)
		if len(names) > 0 && at <= len(names) {
			continue
		}
		for len(names) < at {
			names = append(names, ' ')
		}
		names = append(names, s...)
	}
	indent := strings.Repeat(" ", wide+1)
	fmt.Fprintf(b, "%s└%s\n%s %s\n", indent, string(ticks), indent, string(names))
	if c.X.Label != "" {
		fmt.Fprintf(b, "%s %s%s\n", indent, strings.Repeat(" ", max((textWide-utf8.RuneCountInString(c.X.Label))/2, 0)), c.X.Label)
	}
	var legend []string
	for i, s := range c.series {
		legend = append(legend, string(looks[i].letter)+" "+s.Name)
	}
	if met {
		legend = append(legend, string(several)+" several at one place")
	}
	draw.Wrap(b, strings.Join(legend, " · "))
}
