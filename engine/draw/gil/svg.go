package gil

import (
	"fmt"
	"html"
	"strconv"
	"strings"
	"unicode/utf8"

	"interleave/engine/analyse/gil"
	"interleave/engine/draw"
)

// Sizes in px.
const (
	wide   = 720 // of a lane
	tall   = 22
	gap    = 21 // between lanes: marks stand in it
	letter = 6.8
	edge   = 14
	fine   = 2 // columns a px
)

const font = `font-family="system-ui,Segoe UI,Helvetica,Arial,sans-serif" font-size="12"`

// css has the colours of a theme. A picture within an img element does not see the
// page's: it lies on a card of its own, and follows the system's theme.
func css(dark bool) string {
	card, other := draw.Cards()
	if dark {
		card = other
	}
	return fmt.Sprintf(".card{fill:%s}.t,.m{fill:%s}.f{fill:%s}.ax{stroke:%s}.o{stroke:%s}", card.Ground, card.Text, card.Faint, card.Line, draw.Edge)
}

func width(s string) float64 { return float64(utf8.RuneCountInString(s)) * letter }

func (c *chart) svg() string {
	states, kinds := c.used()
	left := 60.0
	for i := range c.runs {
		for _, th := range c.runs[i].Threads[:min(len(c.runs[i].Threads), mostLanes)] {
			left = max(left, width(th.Name)+2*edge)
		}
	}
	left = min(left, 200)
	b := &strings.Builder{}
	y := float64(edge)
	for i := range c.runs {
		if len(c.runs) > 1 {
			text(b, "t", left, y+10, "start", "600", c.runs[i].Name)
			y += 18
		}
		y = c.lanes(b, &c.runs[i], left, y)
	}
	y = c.axis(b, left, y)
	y = c.legend(b, left, y, states, kinds)
	total := left + wide + edge + 20
	var page strings.Builder
	fmt.Fprintf(&page, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" %s>`+"\n", total, y, total, y, font)
	fmt.Fprintf(&page, "<title>%s</title>\n<style>%s@media(prefers-color-scheme:dark){%s}</style>\n", html.EscapeString("who holds the lock and who waits for it"), css(false), css(true))
	for i, l := range looks {
		page.WriteString(l.SVGPattern(fmt.Sprint("s", i)) + "\n")
	}
	fmt.Fprintf(&page, `<rect class="card" width="%.0f" height="%.0f" rx="8"/>`+"\n", total, y)
	page.WriteString(b.String())
	page.WriteString("</svg>\n")
	return page.String()
}

func text(b *strings.Builder, class string, x, y float64, anchor, weight, s string) {
	fmt.Fprintf(b, `<text class="%s" x="%.1f" y="%.1f" text-anchor="%s" font-weight="%s">%s</text>`+"\n", class, x, y, anchor, weight, html.EscapeString(s))
}

// lanes draws a run's threads from y on, and gives where they end.
func (c *chart) lanes(b *strings.Builder, r *Run, left, y float64) float64 {
	mixed := false
	columns := c.columns(r)
	for k := range r.Threads[:min(len(r.Threads), mostLanes)] {
		th := &r.Threads[k]
		top := y + gap
		text(b, "t", left-8, top+tall/2+4, "end", "400", clipped(th.Name, int((left-edge)/letter)))
		mixed = c.fill(b, r, th, columns, left, top) || mixed
		for _, at := range c.moments(r, th, gil.Missed, wide) {
			x := left + float64(at)
			fmt.Fprintf(b, `<path class="ax" d="M%.1f %.1fl4 4m0 -4l-4 4" stroke-width="1.2"/>`+"\n", x-2, top-6)
		}
		for _, at := range c.moments(r, th, gil.Asked, wide) {
			x := left + float64(at)
			fmt.Fprintf(b, `<path class="m" d="M%.1f %.1fl8 0l-4 8z"/>`+"\n", x-4, top-9)
		}
		for _, at := range c.moments(r, th, gil.Forced, wide) {
			x := left + float64(at)
			fmt.Fprintf(b, `<path class="m" d="M%.1f %.1fl8 0l-4 -8z"/>`+"\n", x-4, top+tall+9)
		}
		y = top + tall
	}
	if mixed {
		c.notes = append(c.notes, fmt.Sprintf("%s: where more happens within %s than can be shown, a column is split by shares of its time.", r.Name, draw.Duration((c.to-c.from)/int64(columns))))
	}
	return y + gap + 4
}

// mostColumns bounds the columns of all lanes together, and so the size of the picture.
const mostColumns = 8000

// columns is how finely a lane is drawn: two columns a px, or fewer where much
// happens in many lanes.
func (c *chart) columns(r *Run) int {
	lanes, parts := min(len(r.Threads), mostLanes), 0
	for _, th := range r.Threads[:lanes] {
		parts += len(th.Parts)
	}
	if parts <= 2000 {
		return wide * fine
	}
	return min(wide/2, mostColumns/max(lanes, 1))
}

// fill draws the bars of a lane, as one path for each state. It tells whether some
// are split.
func (c *chart) fill(b *strings.Builder, r *Run, th *gil.Thread, columns int, left, top float64) (mixed bool) {
	var paths [gil.States]strings.Builder
	px := wide / float64(columns)
	for _, bar := range c.bars(r, th, columns) {
		x, w := left+bar.from*px, (bar.to-bar.from)*px
		if !bar.mixed {
			fmt.Fprintf(&paths[bar.state], "M%s %gh%sv%dh-%sz", short(x), top, short(w), tall, short(w))
			continue
		}
		mixed = true
		sum := 0.0
		for _, share := range bar.shares {
			sum += share
		}
		low := top + tall
		for s, share := range bar.shares {
			if share > 0 {
				h := share / sum * tall
				fmt.Fprintf(&paths[s], "M%s %sh%sv%sh-%sz", short(x), short(low-h), short(w), short(h), short(w))
				low -= h
			}
		}
	}
	for s := range paths {
		if d := paths[s].String(); d != "" {
			stroke := ` stroke-width="0.5"`
			if mixed {
				stroke = ` stroke-width="0"`
			}
			fmt.Fprintf(b, `<path class="o" d="%s" fill="url(#s%d)"%s/>`+"\n", d, s, stroke)
		}
	}
	return mixed
}

// short writes a length with one digit behind the point.
func short(x float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(x, 'f', 1, 64), ".0")
}

func clipped(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:max(n-1, 1)]) + "…"
}

// ticks are round times within the part that is drawn.
func (c *chart) ticks() (list []int64) {
	step := int64(1)
	for n := 0; (c.to-c.from)/step > 8; n++ {
		step = step * []int64{2, 5, 10}[n%3] / []int64{1, 2, 5}[n%3]
	}
	for t := (c.from + step - 1) / step * step; t <= c.to; t += step {
		list = append(list, t)
	}
	return list
}

func (c *chart) axis(b *strings.Builder, left, y float64) float64 {
	fmt.Fprintf(b, `<path class="ax" d="M%.1f %.1fh%d" fill="none"/>`+"\n", left, y, wide)
	if c.to <= c.from {
		return y + 24
	}
	for _, t := range c.ticks() {
		x := left + float64(t-c.from)/float64(c.to-c.from)*wide
		fmt.Fprintf(b, `<path class="ax" d="M%.1f %.1fv5"/>`+"\n", x, y)
		text(b, "f", x, y+18, "middle", "400", draw.Duration(t))
	}
	return y + 32
}

func (c *chart) legend(b *strings.Builder, left, y float64, states [gil.States]bool, kinds [gil.Marks]bool) float64 {
	x := left
	item := func(w float64) {
		if x > left && x+w > left+wide+20 {
			x, y = left, y+20
		}
	}
	for s, is := range states {
		if !is {
			continue
		}
		w := 26 + width(looks[s].name) + 16
		item(w)
		fmt.Fprintf(b, `<rect class="o" x="%.1f" y="%.1f" width="20" height="13" fill="url(#s%d)" stroke-width="0.5"/>`+"\n", x, y, s)
		text(b, "t", x+26, y+11, "start", "400", looks[s].name)
		x += w
	}
	for k, is := range kinds {
		if !is {
			continue
		}
		w := 14 + width(marks[k].name) + 16
		item(w)
		text(b, "t", x, y+11, "start", "400", marks[k].one)
		text(b, "t", x+14, y+11, "start", "400", marks[k].name)
		x += w
	}
	return y + 20 + edge
}
