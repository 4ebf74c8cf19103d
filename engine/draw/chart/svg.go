package chart

import (
	"cmp"
	"fmt"
	"html"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"interleave/engine/draw"
)

// Sizes in px.
const (
	plotWide = 560
	plotTall = 270
	letter   = 6.6 // mean width of a letter of 12 px
	edge     = 14
)

// frame is where the plot lies in its picture.
type frame struct {
	left, top, right, bottom float64
	wide, tall               float64
	slanted                  float64 // more room below the plot, for names that are too long to stand beside each other
}

const font = `font-family="system-ui,Segoe UI,Helvetica,Arial,sans-serif" font-size="12"`

// css has the colours of a card, and those that hue gives to the series.
func css(c draw.Card, hue func(draw.Hue) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, ".card{fill:%s}.t{fill:%s}.f{fill:%s}.h{stroke:%s}.g{stroke:%s}.ax{stroke:%s}.mk{stroke:%s}.bd{fill:%s}", c.Ground, c.Text, c.Faint, c.Ground, c.Grid, c.Faint, c.Text, c.Faint)
	for i := range looks {
		color := hue(draw.HueOf(i))
		fmt.Fprintf(&b, ".s%d{stroke:%s}.p%d{fill:%s;stroke:%s}", i, color, i, color, color)
	}
	return b.String()
}

// svg draws the chart as a picture of its own.
func (c *canvas) svg() string {
	f := frame{}
	f.slanted = c.slanted()
	f.left, f.top = edge+c.labels+14, edge+12
	for i, name := range c.X.Names {
		if f.slanted > 0 { // it begins to the left of its place
			room := f.left + (float64(i)+0.5)*plotWide/float64(len(c.X.Names))
			f.left += max(width(clip(name))*math.Cos(slant*math.Pi/180)-room+edge, 0)
		}
	}
	if c.Y.Label != "" {
		f.top += 10
	}
	marks := c.marks()
	f.top += float64(len(marks)) * 15
	f.right, f.bottom = f.left+plotWide, f.top+plotTall
	f.wide, f.tall = f.right+20+14+c.names+edge, f.bottom+52+f.slanted
	b := &strings.Builder{}
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" %s>`+"\n", f.wide, f.tall, f.wide, f.tall, font)
	light, dark := draw.Cards()
	fmt.Fprintf(b, "<title>%s</title>\n<style>%s@media(prefers-color-scheme:dark){%s}</style>\n", html.EscapeString(c.Title),
		css(light, func(h draw.Hue) string { return h.Light }), css(dark, func(h draw.Hue) string { return h.Dark }))
	c.patterns(b)
	fmt.Fprintf(b, `<rect class="card" width="%.0f" height="%.0f" rx="8"/>`+"\n", f.wide, f.tall)
	c.grid(b, &f)
	c.drawMarks(b, &f, marks)
	for i := range c.series {
		c.series[i].area(b, c, &f, i)
	}
	for i := range c.series {
		c.series[i].draw(b, c, &f, i)
	}
	c.legend(b, &f)
	b.WriteString("</svg>\n")
	return b.String()
}

func width(s string) float64 { return float64(utf8.RuneCountInString(s)) * letter }

func (f *frame) x(c *canvas, v float64) float64 { return f.left + c.x.at(v)*plotWide }
func (f *frame) y(c *canvas, v float64) float64 { return f.bottom - c.y.at(v)*plotTall }

// patterns are for bars: the series' colour, and its lines in the card's.
func (c *canvas) patterns(b *strings.Builder) {
	if !c.bands {
		return
	}
	for i, s := range c.series {
		if l := looks[i]; s.Kind == Bars && l.pattern != "" {
			fmt.Fprintf(b, `<pattern id="f%d" width="8" height="8" patternUnits="userSpaceOnUse"><rect class="p%d" width="8" height="8" stroke="none"/><path class="h" d="%s" fill="none" stroke-width="1.6"/></pattern>`+"\n", i, i, l.pattern)
		}
	}
}

func text(b *strings.Builder, class string, x, y float64, anchor, s string) {
	fmt.Fprintf(b, `<text class="%s" x="%.1f" y="%.1f" text-anchor="%s">%s</text>`+"\n", class, x, y, anchor, html.EscapeString(s))
}

// grid draws axes, their ticks and names.
func (c *canvas) grid(b *strings.Builder, f *frame) {
	for _, t := range c.y.ticks {
		y := f.y(c, t)
		fmt.Fprintf(b, `<path class="g" d="M%.1f %.1fH%.1f"/>`+"\n", f.left, y, f.right)
		text(b, "f", f.left-8, y+4, "end", c.Y.text(t))
	}
	end := -1e9
	for _, t := range c.x.ticks {
		x, s := f.x(c, t), c.X.text(t)
		if f.slanted > 0 {
			fmt.Fprintf(b, `<text class="f" transform="translate(%.1f %.1f)rotate(-%d)" text-anchor="end">%s</text>`+"\n", x+4, f.bottom+14, slant, html.EscapeString(clip(s)))
			continue
		}
		if len(c.X.Names) == 0 {
			fmt.Fprintf(b, `<path class="ax" d="M%.1f %.1fv5"/>`+"\n", x, f.bottom)
		}
		if w := width(s) / 2; x-w > end { // no two labels on each other
			text(b, "f", x, f.bottom+19, "middle", s)
			end = x + w + 4
		}
	}
	fmt.Fprintf(b, `<path class="ax" fill="none" d="M%.1f %.1fV%.1fH%.1f"/>`+"\n", f.left, f.top, f.bottom, f.right)
	if c.X.Label != "" {
		text(b, "t", (f.left+f.right)/2, f.bottom+40+f.slanted, "middle", c.X.Label)
	}
	if c.Y.Label != "" {
		text(b, "t", edge, edge+8, "start", c.Y.Label)
	}
}

// slant is by how many degrees long names rise, and mostLetters how much of one is
// written.
const (
	slant       = 35
	mostLetters = 30
)

func clip(s string) string {
	if r := []rune(s); len(r) > mostLetters {
		return string(r[:mostLetters-1]) + "…"
	}
	return s
}

// slanted is how much more room names below the plot take that have to rise; 0: they
// have room beside each other.
func (c *canvas) slanted() (more float64) {
	n := len(c.X.Names)
	for _, s := range c.X.Names {
		if width(s)+6 > plotWide/float64(n) {
			for _, s := range c.X.Names {
				more = max(more, width(clip(s))*math.Sin(slant*math.Pi/180)-4)
			}
			return more
		}
	}
	return 0
}

// marks lists the vertical marks in order of place: each has its name in a row of its
// own above the plot where names would run into each other.
func (c *canvas) marks() [][]Mark {
	list := slices.DeleteFunc(slices.Clone(c.AtX), func(m Mark) bool { return !c.X.shows(m.At) })
	slices.SortStableFunc(list, func(a, b Mark) int { return cmp.Compare(a.At, b.At) })
	var rows [][]Mark
	var ends []float64
	for _, m := range list {
		x := c.x.at(m.At) * plotWide
		i := 0
		for i < len(rows) && ends[i] > x {
			i++
		}
		if i == len(rows) {
			rows, ends = append(rows, nil), append(ends, 0)
		}
		rows[i] = append(rows[i], m)
		ends[i] = x + width(m.Name) + 10
	}
	return rows
}

func (c *canvas) drawMarks(b *strings.Builder, f *frame, rows [][]Mark) {
	for i, row := range rows {
		y := f.top - 5 - float64(i)*15
		for _, m := range row {
			x := f.x(c, m.At)
			if m.To > m.At && c.X.shows(m.To) {
				fmt.Fprintf(b, `<rect class="bd" opacity="0.18" x="%.1f" y="%.1f" width="%.1f" height="%d"/>`+"\n", x, f.top, f.x(c, m.To)-x, plotTall)
			}
			fmt.Fprintf(b, `<path class="mk" stroke-dasharray="3 3" d="M%.1f %.1fV%.1f"/>`+"\n", x, y-8, f.bottom)
			text(b, "t", x+4, y, "start", m.Name)
		}
	}
	for _, m := range c.AtY {
		if !c.Y.shows(m.At) {
			continue
		}
		y := f.y(c, m.At)
		if m.To > m.At && c.Y.shows(m.To) {
			top := f.y(c, m.To)
			fmt.Fprintf(b, `<rect class="bd" opacity="0.18" x="%.1f" y="%.1f" width="%d" height="%.1f"/>`+"\n", f.left, top, plotWide, y-top)
			fmt.Fprintf(b, `<path class="mk" stroke-dasharray="3 3" d="M%.1f %.1fH%.1f"/>`+"\n", f.left, top, f.right)
			y, top = top, y
			fmt.Fprintf(b, `<path class="mk" stroke-dasharray="3 3" d="M%.1f %.1fH%.1f"/>`+"\n", f.left, top, f.right)
		} else {
			fmt.Fprintf(b, `<path class="mk" stroke-dasharray="3 3" d="M%.1f %.1fH%.1f"/>`+"\n", f.left, y, f.right)
		}
		halo(b, f.right-6, y-5, "end", m.Name)
	}
}

// halo is text that can be read on lines.
func halo(b *strings.Builder, x, y float64, anchor, s string) {
	fmt.Fprintf(b, `<text class="t h" x="%.1f" y="%.1f" text-anchor="%s" stroke-width="4" stroke-linejoin="round" style="paint-order:stroke">%s</text>`+"\n", x, y, anchor, html.EscapeString(s))
}

// area draws what lies under the series: bars, and bands of error around lines.
func (s *Series) area(b *strings.Builder, c *canvas, f *frame, i int) {
	if s.Kind == Bars {
		left, wide := c.place(i)
		fill := ""
		if looks[i].pattern != "" {
			fill = fmt.Sprintf(` style="fill:url(#f%d)"`, i)
		}
		for _, p := range s.Points {
			x0, x1 := f.x(c, p.X+left), f.x(c, p.X+left+wide)
			y0, y1 := f.y(c, 0), f.y(c, p.Y)
			fmt.Fprintf(b, `<rect class="p%d" x="%.1f" y="%.1f" width="%.1f" height="%.1f"%s/>`+"\n", i, x0, min(y0, y1), max(x1-x0, 1), max(y0-y1, y1-y0), fill)
		}
		return
	}
	if s.Kind == Dots || !slices.ContainsFunc(s.Points, func(p Point) bool { return p.Low < p.High }) {
		return
	}
	var up, down []string
	for k, p := range s.Points {
		x := f.x(c, p.X)
		up = append(up, fmt.Sprintf("%.1f %.1f", x, f.y(c, p.High)))
		down = append(down, fmt.Sprintf("%.1f %.1f", x, f.y(c, p.Low)))
		if s.Kind == Step && k+1 < len(s.Points) {
			next := f.x(c, s.Points[k+1].X)
			up = append(up, fmt.Sprintf("%.1f %.1f", next, f.y(c, p.High)))
			down = append(down, fmt.Sprintf("%.1f %.1f", next, f.y(c, p.Low)))
		}
	}
	slices.Reverse(down)
	fmt.Fprintf(b, `<path class="p%d" opacity="0.2" stroke="none" d="M%sL%sz"/>`+"\n", i, strings.Join(up, "L"), strings.Join(down, "L"))
}

// place is where the bars of series i begin beside their X, and how wide they are.
func (c *canvas) place(i int) (left, wide float64) {
	n, k := 0, 0
	for j, s := range c.series {
		if s.Kind == Bars {
			if j < i {
				k++
			}
			n++
		}
	}
	room := 0.76 * c.slot()
	wide = room / float64(n)
	return -room/2 + float64(k)*wide, wide
}

// mostShapes is up to how many points each has its shape; of more, some have.
const mostShapes = 40

func (s *Series) draw(b *strings.Builder, c *canvas, f *frame, i int) {
	if len(s.Points) == 0 {
		return
	}
	if s.Kind == Line || s.Kind == Step {
		var d strings.Builder
		for k, p := range s.Points {
			x, y := f.x(c, p.X), f.y(c, p.Y)
			switch {
			case k == 0:
				fmt.Fprintf(&d, "M%.1f %.1f", x, y)
			case s.Kind == Step:
				fmt.Fprintf(&d, "H%.1fV%.1f", x, y)
			default:
				fmt.Fprintf(&d, "L%.1f %.1f", x, y)
			}
		}
		fmt.Fprintf(b, `<path class="s%d" fill="none" stroke-width="2" stroke-linejoin="round"%s d="%s"/>`+"\n", i, dashed(i), d.String())
	}
	every := 1
	if s.Kind == Line || s.Kind == Step {
		every = (len(s.Points) + mostShapes - 1) / mostShapes
	}
	shift := 0.0
	if s.Kind == Bars {
		left, wide := c.place(i)
		shift = left + wide/2
	}
	for k, p := range s.Points {
		x, y := f.x(c, p.X+shift), f.y(c, p.Y)
		if p.Low < p.High && (s.Kind == Dots || s.Kind == Bars) {
			lo, hi := f.y(c, p.Low), f.y(c, p.High)
			class := fmt.Sprintf("s%d", i)
			if s.Kind == Bars {
				class = "mk"
			}
			fmt.Fprintf(b, `<path class="%s" fill="none" stroke-width="1.5" d="M%.1f %.1fV%.1fM%.1f %.1fh8M%.1f %.1fh8"/>`+"\n", class, x, lo, hi, x-4, lo, x-4, hi)
			y = hi
		}
		if s.Kind != Bars && k%every == 0 {
			point(b, i, x, f.y(c, p.Y))
		}
		if p.Label != "" {
			halo(b, x, y-8, "middle", p.Label)
		}
	}
}

func dashed(i int) string {
	if looks[i].dash == "" {
		return ""
	}
	return fmt.Sprintf(` stroke-dasharray="%s"`, looks[i].dash)
}

// point draws a series' shape.
func point(b *strings.Builder, i int, x, y float64) {
	d, class := "", fmt.Sprintf("p%d", i)
	switch looks[i].shape {
	case disc:
		fmt.Fprintf(b, `<circle class="%s" cx="%.1f" cy="%.1f" r="3.6"/>`+"\n", class, x, y)
		return
	case ring:
		fmt.Fprintf(b, `<circle class="s%d" fill="none" stroke-width="2" cx="%.1f" cy="%.1f" r="3.8"/>`+"\n", i, x, y)
		return
	case square:
		d = "m-3.4-3.4h6.8v6.8h-6.8z"
	case triangle:
		d = "m0-4.6l4.4 7.6h-8.8z"
	case flipped:
		d = "m0 4.6l4.4-7.6h-8.8z"
	case diamond:
		d = "m0-5l4.6 5l-4.6 5l-4.6-5z"
	case cross:
		d, class = "m-3.6-3.6l7.2 7.2m0-7.2l-7.2 7.2", fmt.Sprintf("s%d", i)
	case plus:
		d, class = "m-4.4 0h8.8m-4.4-4.4v8.8", fmt.Sprintf("s%d", i)
	}
	fmt.Fprintf(b, `<path class="%s" stroke-width="2" d="M%.1f %.1f%s"/>`+"\n", class, x, y, d)
}

// legend names each series at its right end, where that leaves the names apart.
func (c *canvas) legend(b *strings.Builder, f *frame) {
	type name struct {
		i     int
		at, y float64
	}
	var list []name
	for i, s := range c.series {
		at := f.top + 6
		if n := len(s.Points); n > 0 && s.Kind != Bars {
			at = f.y(c, s.Points[n-1].Y)
		}
		list = append(list, name{i, at, at})
	}
	slices.SortStableFunc(list, func(a, b name) int { return cmp.Compare(a.at, b.at) })
	const apart = 17
	for k := range list {
		if k > 0 {
			list[k].y = max(list[k].y, list[k-1].y+apart)
		}
	}
	for k, low := len(list)-1, f.bottom; k >= 0; k, low = k-1, low-apart {
		list[k].y = min(list[k].y, low)
	}
	for _, n := range list {
		x := f.right + 20
		if c.series[n.i].Kind == Bars {
			fill := ""
			if looks[n.i].pattern != "" {
				fill = fmt.Sprintf(` style="fill:url(#f%d)"`, n.i)
			}
			fmt.Fprintf(b, `<rect class="p%d" x="%.1f" y="%.1f" width="11" height="11"%s/>`+"\n", n.i, x-6, n.y-5.5, fill)
		} else {
			if n.at != n.y || c.series[n.i].Kind != Dots {
				fmt.Fprintf(b, `<path class="s%d" fill="none" opacity="0.6" d="M%.1f %.1fL%.1f %.1f"/>`+"\n", n.i, f.right+2, n.at, x-7, n.y)
			}
			point(b, n.i, x, n.y)
		}
		text(b, "t", x+10, n.y+4, "start", c.series[n.i].Name)
	}
}
