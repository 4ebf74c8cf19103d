package gantt

import (
	"fmt"
	"strings"

	"interleave/engine/draw"
)

// share is what of a column's time a row was in one kind.
type share struct {
	kind kind
	of   float64 // 0 to 1
}

const (
	mostColumns = 300
	mostCells   = 7000 // columns of all rows
)

// reduce replaces the bars of every row by columns of equal width. A column that one
// kind fills is drawn as ever; columns alike that follow each other are one.
func (c *chart) reduce(f *figure) {
	rows := 0
	for _, o := range f.charts {
		rows += len(o.cores) + len(o.tasks)
	}
	n := min(mostColumns, mostCells/max(rows, 1))
	width := max((f.to-f.from+int64(n)-1)/int64(n), 1)
	c.reduced = width
	for _, list := range [][]row{c.cores, c.tasks} {
		for i := range list {
			list[i].bars = cut(list[i].bars, f.from, width, n)
		}
	}
}

// cut makes columns of bars.
func cut(bars []bar, from, width int64, n int) []bar {
	order := kinds()
	index := map[kind]int{}
	for i, k := range order {
		index[k] = i
	}
	times := make([][]int64, n)
	for _, b := range bars {
		for i := int((b.from - from) / width); i < n; i++ {
			begin := from + int64(i)*width
			ns := min(b.to, begin+width) - max(b.from, begin)
			if ns <= 0 {
				break
			}
			if times[i] == nil {
				times[i] = make([]int64, len(order))
			}
			times[i][index[b.kind]] += ns
		}
	}
	var out []bar
	for i, list := range times {
		if list == nil {
			continue
		}
		b := bar{from: from + int64(i)*width}
		b.to = b.from + width
		for k, ns := range list {
			if ns > 0 {
				b.shares = append(b.shares, share{order[k], float64(ns) / float64(width)})
			}
		}
		if k := len(out); k > 0 && out[k-1].to == b.from && alike(out[k-1].shares, b.shares) {
			out[k-1].to = b.to
			continue
		}
		out = append(out, b)
	}
	return out
}

// alike tells whether nobody would see a difference.
func alike(a, b []share) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if d := a[i].of - b[i].of; a[i].kind != b[i].kind || d > 0.02 || d < -0.02 {
			return false
		}
	}
	return true
}

// columns draws a row of columns: for each kind the area that it and those below it
// fill, the topmost first, so that each covers what is not its own of the one before.
func (p *pen) columns(r *row, y, tall float64) {
	order := kinds()
	for top := len(order) - 1; top >= 0; top-- {
		there := false
		var d strings.Builder
		fmt.Fprintf(&d, "M%.1f %.1f", p.x(p.from), y+tall)
		height, end := 0.0, p.from
		to := func(h float64) {
			if h != height {
				fmt.Fprintf(&d, "V%.1f", y+tall-h)
				height = h
			}
		}
		for _, b := range r.bars {
			sum := 0.0
			for _, s := range b.shares {
				if s.kind <= order[top] {
					sum += s.of
					there = there || s.kind == order[top]
				}
			}
			if b.from > end {
				to(0)
				fmt.Fprintf(&d, "H%.1f", p.x(b.from))
			}
			h := min(sum, 1) * tall
			if sum > 0 {
				h = max(h, 0.5)
			}
			to(h)
			fmt.Fprintf(&d, "H%.1f", p.x(b.to))
			end = b.to
		}
		if !there {
			continue
		}
		p.used[order[top]] = true
		fmt.Fprintf(&p.b, `<path d="%sV%.1fz" fill="url(#%s)"/>`+"\n", d.String(), y+tall, order[top].id())
	}
}

// merged tells what was reduced.
func (c *chart) merged() string {
	if c.reduced == 0 {
		return ""
	}
	return fmt.Sprintf("Reduced: %s are merged into columns of %s. The height of a colour in a column is its share of that time; order within a column is not shown.",
		draw.Plural(c.spans, "stay"), draw.Duration(c.reduced))
}
