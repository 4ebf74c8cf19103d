package gantt

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"interleave/engine/draw"
)

const (
	textColumns = 76
	textNotes   = 30 // notes that are listed
)

// text draws for a terminal.
func (f *figure) text() string {
	var b strings.Builder
	b.WriteString(f.title() + "\n")
	for _, s := range f.lead() {
		draw.Wrap(&b, s)
	}
	g := f.grid()
	for _, c := range f.charts {
		b.WriteByte('\n')
		if len(f.charts) > 1 {
			b.WriteString(c.title + "\n")
		}
		g.chart(&b, c)
	}
	b.WriteByte('\n')
	draw.Wrap(&b, g.legend())
	if !g.exact {
		draw.Wrap(&b, fmt.Sprintf("One column is %s: it shows what filled most of it; a row may hide what is shorter.", draw.Duration(g.column)))
	}
	b.WriteByte('\n')
	columns(&b, f.figures())
	for _, s := range f.feet() {
		draw.Wrap(&b, s)
	}
	return b.String()
}

// grid is time in columns of text.
type grid struct {
	*figure
	left   int   // columns before time begins
	column int64 // ns of one
	wide   int   // columns
	exact  bool  // all changes lie between columns
	used   map[kind]bool
	blocks bool
}

// grid gives each column a round time: a whole part of a unit where that has room.
func (f *figure) grid() *grid {
	g := &grid{figure: f, used: map[kind]bool{}}
	for _, c := range f.charts {
		for _, r := range slices.Concat(c.cores, c.tasks) {
			g.left = max(g.left, utf8.RuneCountInString(short(r.name)))
		}
	}
	g.left += 2
	length := max(f.to-f.from, 1)
	g.column = 0
	for per := int64(8); per >= 1; per-- { // so many columns a unit
		if f.unit.ns%per == 0 && length*per <= textColumns*f.unit.ns {
			g.column = f.unit.ns / per
			break
		}
	}
	for step := int64(2); g.column == 0; step++ {
		if length <= textColumns*f.unit.ns*step {
			g.column = f.unit.ns * step
		}
	}
	g.exact = true
	for _, c := range f.charts {
		for _, r := range slices.Concat(c.cores, c.tasks) {
			for _, b := range r.bars {
				g.exact = g.exact && (b.from-f.from)%g.column == 0 && (b.to-f.from)%g.column == 0
			}
		}
	}
	g.wide = int((length + g.column - 1) / g.column)
	return g
}

func (g *grid) at(t int64) int { return int((t - g.from) / g.column) }

func (g *grid) chart(b *strings.Builder, c *chart) {
	pad := strings.Repeat(" ", g.left)
	for i := range c.cores {
		r := &c.cores[i]
		name := short(r.name)
		boxes, times := g.boxes(c, r)
		fmt.Fprintf(b, "%s%s%s\n%s%s\n", name, strings.Repeat(" ", g.left-utf8.RuneCountInString(name)), boxes, pad, times)
	}
	for i := range c.tasks {
		r := &c.tasks[i]
		name := short(r.name)
		fmt.Fprintf(b, "%s%s%s\n", name, strings.Repeat(" ", g.left-utf8.RuneCountInString(name)), strings.TrimRight(string(g.states(r)), " "))
	}
	if c.more > 0 {
		fmt.Fprintf(b, "and %s without a row\n", plural(c.more, "more "+g.noun()))
	}
	g.noted(b, c)
}

// fill finds what fills most of each column.
func (g *grid) fill(r *row, value func(b *bar) int) []int {
	most, best := make([]int64, g.wide), make([]int, g.wide)
	for i := range r.bars {
		b := &r.bars[i]
		for k := g.at(b.from); k < g.wide && g.from+int64(k)*g.column < b.to; k++ {
			begin := g.from + int64(k)*g.column
			if ns := min(b.to, begin+g.column) - max(b.from, begin); ns > most[k] {
				most[k], best[k] = ns, value(b)
			}
		}
	}
	return best
}

// states is a task's row: a letter for each column; an arrow where it arrives before a
// column of its own.
func (g *grid) states(r *row) []rune {
	line := []rune(strings.Repeat(" ", g.wide))
	for i, k := range g.fill(r, func(b *bar) int { return int(b.main()) + 1 }) {
		if k > 0 {
			g.used[kind(k-1)] = true
			line[i] = kind(k - 1).letter()
		}
	}
	return line
}

// main is the kind that a bar, or most of a column, shows.
func (b *bar) main() kind {
	k, most := b.kind, 0.0
	for _, s := range b.shares {
		if s.of > most {
			k, most = s.kind, s.of
		}
	}
	return k
}

// boxes is a core's row: "|" where a stay begins, and its task's name where there is
// room; and the times below.
func (g *grid) boxes(c *chart, r *row) (boxes, times string) {
	line := []rune(strings.Repeat(" ", g.wide+1))
	if c.reduced > 0 {
		g.blocks = true
		for i, share := range g.busy(r) {
			if share > 0 {
				line[i] = []rune("▁▂▃▄▅▆▇█")[min(int(share*8), 7)]
			}
		}
	} else {
		for _, b := range r.bars {
			from, to := g.at(b.from), g.at(b.to)
			if b.kind == dispatch {
				for k := from; k < to; k++ {
					g.used[dispatch] = true
					line[k] = dispatch.letter()
				}
				continue
			}
			if from == to { // too short for a box
				line[from] = '|'
				continue
			}
			for k := from + 1; k < to; k++ {
				line[k] = ' '
			}
			line[from], line[to] = '|', '|'
			name := []rune(c.t.TaskName(b.task))
			if room := to - from - 1; len(name) <= room {
				copy(line[from+1+(room-len(name))/2:], name)
			} else {
				for k := from + 1; k < to; k++ {
					line[k] = '·'
				}
			}
		}
	}
	return strings.TrimRight(string(line), " "), g.times(c, r)
}

// busy is in what share of each column somebody ran on a core.
func (g *grid) busy(r *row) []float64 {
	list := make([]float64, g.wide)
	for _, b := range r.bars {
		ran := 0.0
		for _, s := range b.shares {
			if s.kind == kind(draw.Running) {
				ran = s.of
			}
		}
		for k := g.at(b.from); k < g.wide && g.from+int64(k)*g.column < b.to; k++ {
			begin := g.from + int64(k)*g.column
			list[k] += ran * float64(min(b.to, begin+g.column)-max(b.from, begin)) / float64(g.column)
		}
	}
	return list
}

func (g *grid) times(c *chart, r *row) string {
	list := []int64{c.from, c.to}
	if c.reduced == 0 {
		for _, b := range r.bars {
			list = append(list, b.from, b.to)
		}
	}
	slices.Sort(list)
	var out []rune
	for _, t := range slices.Compact(list) {
		at, s := g.at(t), []rune(g.unit.mark(t))
		if len(out) > 0 && at <= len(out) {
			continue
		}
		for len(out) < at {
			out = append(out, ' ')
		}
		out = append(out, s...)
	}
	return string(out) + " " + g.unit.name
}

// noted lists what the policy said.
func (g *grid) noted(b *strings.Builder, c *chart) {
	list := c.said()
	var words []string
	for i, l := range list {
		if i == textNotes {
			words = append(words, fmt.Sprintf("and %d more", len(list)-i))
			break
		}
		words = append(words, g.unit.text(l.at)+" "+l.text)
	}
	if len(words) > 0 {
		draw.Wrap(b, "The policy's doing: "+strings.Join(words, ", "))
	}
}

func (g *grid) legend() string {
	words := []string{"|name| on a core"}
	if g.blocks {
		words[0] = "▁ to █ how much of the time somebody ran on a core"
	}
	for _, k := range kinds() {
		if g.used[k] {
			words = append(words, string(k.letter())+" "+k.name())
		}
	}
	return strings.Join(words, " · ")
}

// columns writes a table, its numbers to the right.
func columns(b *strings.Builder, rows [][]string) {
	wide := make([]int, len(rows[0]))
	for _, r := range rows {
		for i, s := range r {
			wide[i] = max(wide[i], utf8.RuneCountInString(s))
		}
	}
	for _, r := range rows {
		var line strings.Builder
		for i, s := range r {
			fill := strings.Repeat(" ", wide[i]-utf8.RuneCountInString(s))
			if i == 0 {
				line.WriteString(s + fill)
			} else {
				line.WriteString("  " + fill + s)
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}
