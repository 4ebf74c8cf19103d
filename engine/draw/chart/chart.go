package chart

import (
	"fmt"
	"math"
	"strings"

	"interleave/engine/draw"
)

// Chart is what is drawn.
type Chart struct {
	Title  string // what is to be seen
	Lead   string // a sentence or two below it; may be empty
	X, Y   Axis
	Series []Series // the first eight are drawn
	AtX    []Mark   // vertical lines and bands
	AtY    []Mark   // horizontal ones
	Notes  []string // below the picture
	Alt    string   // what a teacher would say; empty: made of the title and the series
}

// Kind is how a series is drawn.
type Kind uint8

// The kinds.
const (
	Line Kind = iota // points joined by straight lines
	Step             // each value holds until the next point
	Dots             // points
	Bars             // from 0
)

// Series is a row of points with a name.
type Series struct {
	Name   string
	Kind   Kind
	Points []Point // of a line or steps, with rising X
}

// Point is one value.
type Point struct {
	X, Y      float64
	Low, High float64 // within which Y lies: an error bar, or a band around a line; equal: not known
	Label     string  // beside the point, where it needs one
}

// Mark is a place on an axis.
type Mark struct {
	At   float64
	To   float64 // greater than At: a band as far as there
	Name string
}

// Draw draws charts, one below the other. It is a pure function of its arguments.
func Draw(list ...Chart) draw.Drawing {
	var page, text, alt []string
	var all []*canvas
	for i := range list {
		all = append(all, newCanvas(&list[i]))
	}
	for _, c := range all {
		for _, o := range all { // so that their axes lie below each other
			c.labels, c.names = max(c.labels, o.labels), max(c.names, o.names)
		}
	}
	for _, c := range all {
		page, text, alt = append(page, c.html()), append(text, c.text()), append(alt, c.alt())
	}
	return draw.Drawing{HTML: strings.Join(page, ""), Text: strings.Join(text, "\n"), Alt: strings.Join(alt, " ")}
}

// mostSeries is how many series can be told apart.
const mostSeries = len(looks)

// canvas is a chart with what can be drawn of it, and its scales.
type canvas struct {
	*Chart
	series []Series // what is drawn: values that the axes can show
	bands  bool     // some series has bars
	x, y   scale
	labels float64 // room for those of the vertical axis, px
	names  float64 // and for the series' names
	notes  []string
}

func newCanvas(ch *Chart) *canvas {
	c := &canvas{Chart: ch}
	for _, s := range ch.Series[:min(len(ch.Series), mostSeries)] {
		if s.Kind == Bars && ch.Y.Scale != Linear {
			s.Kind = Dots
		}
		c.bands = c.bands || s.Kind == Bars
		c.series = append(c.series, s)
	}
	c.keep()
	c.scales()
	if n := len(ch.Series) - mostSeries; n > 0 {
		c.notes = append(c.notes, fmt.Sprintf("%s more than can be told apart, and only in the table.", count(n, "series is", "series are")))
	}
	if c.Y.Scale == Linear && c.y.from > 0 {
		c.notes = append(c.notes, fmt.Sprintf("The %s axis begins at %s, not at 0.", c.Y.name("vertical"), c.Y.text(c.y.from)))
	}
	for _, a := range []struct {
		axis  *Axis
		which string
	}{{&c.X, "horizontal"}, {&c.Y, "vertical"}} {
		if a.axis.Scale != Linear {
			c.notes = append(c.notes, fmt.Sprintf("The %s axis is logarithmic: equal steps multiply.", a.axis.name(a.which)))
		}
	}
	c.notes = append(c.notes, ch.Notes...)
	return c
}

// keep leaves out what the axes cannot show, and thins what is finer than the
// picture.
func (c *canvas) keep() {
	gone, thinned, group := 0, 0, 0
	for i := range c.series {
		s := &c.series[i]
		var list []Point
		for _, p := range s.Points {
			if !c.X.shows(p.X) || !c.Y.shows(p.Y) {
				gone++
				continue
			}
			if !(p.Low < p.High) || !c.Y.shows(p.Low) || !c.Y.shows(p.High) {
				p.Low, p.High = p.Y, p.Y
			}
			list = append(list, p)
		}
		if k := len(list); k > mostPoints {
			by := (2*k + mostPoints - 1) / mostPoints
			list = thin(list, by)
			thinned, group = thinned+k-len(list), max(group, by)
		}
		s.Points = list
	}
	if gone > 0 {
		c.notes = append(c.notes, fmt.Sprintf("%s no place on these axes and can only be found in the table.", count(gone, "point has", "points have")))
	}
	if thinned > 0 {
		c.notes = append(c.notes, fmt.Sprintf("Reduced: of up to %s that follow each other only the least and the greatest are drawn; %s left out.",
			draw.Plural(group, "point"), count(thinned, "point is", "points are")))
	}
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return draw.Thousands(n) + " " + many
}

// mostPoints is how many points of a series are drawn each by itself.
const mostPoints = 1200

// thin keeps, of each group of points that follow each other, the least and the
// greatest.
func thin(list []Point, by int) []Point {
	var out []Point
	for from := 0; from < len(list); from += by {
		low, high := from, from
		for k := from; k < min(from+by, len(list)); k++ {
			if list[k].Y < list[low].Y {
				low = k
			}
			if list[k].Y > list[high].Y {
				high = k
			}
		}
		out = append(out, list[min(low, high)])
		if low != high {
			out = append(out, list[max(low, high)])
		}
	}
	return out
}

// scales finds the range of both axes.
func (c *canvas) scales() {
	x, y := span{}, span{}
	for _, s := range c.series {
		for _, p := range s.Points {
			x.take(p.X)
			y.take(p.Low)
			y.take(p.High)
		}
	}
	for _, m := range c.AtX {
		x.takeMark(&c.X, m)
	}
	for _, m := range c.AtY {
		y.takeMark(&c.Y, m)
	}
	if len(c.X.Names) > 0 {
		x = span{-0.5, float64(len(c.X.Names)) - 0.5, true}
	} else if c.bands {
		half := c.slot() / 2
		x = span{x.low - half, x.high + half, x.some}
	}
	if c.Y.Scale == Linear {
		y.take(0)
	}
	c.x, c.y = c.X.scale(x, false), c.Y.scale(y, true)
	for _, t := range c.y.ticks {
		c.labels = max(c.labels, width(c.Y.text(t)))
	}
	for _, s := range c.series {
		c.names = max(c.names, width(s.Name))
	}
}

// slot is the least distance between two values of X: the room for bars.
func (c *canvas) slot() float64 {
	if len(c.X.Names) > 0 {
		return 1
	}
	least := math.Inf(1)
	for _, s := range c.series {
		for i := 1; i < len(s.Points); i++ {
			if d := math.Abs(s.Points[i].X - s.Points[i-1].X); d > 0 {
				least = min(least, d)
			}
		}
	}
	if math.IsInf(least, 1) {
		return 1
	}
	return least
}

func (c *canvas) alt() string {
	if c.Alt != "" {
		return c.Alt
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s. Chart of %s over %s. ", strings.TrimRight(c.Title, "."), c.Y.name("values"), c.X.name("the horizontal axis"))
	if c.Lead != "" {
		b.WriteString(c.Lead + " ")
	}
	for _, s := range c.series {
		if len(s.Points) == 0 {
			continue
		}
		a, z := s.Points[0], s.Points[len(s.Points)-1]
		low, high := a, a
		for _, p := range s.Points {
			if p.Y < low.Y {
				low = p
			}
			if p.Y > high.Y {
				high = p
			}
		}
		fmt.Fprintf(&b, "%s: from %s at %s to %s at %s; least %s, greatest %s. ", s.Name, c.Y.text(a.Y), c.X.text(a.X), c.Y.text(z.Y), c.X.text(z.X), c.Y.text(low.Y), c.Y.text(high.Y))
	}
	for _, m := range c.AtX {
		fmt.Fprintf(&b, "Marked: %s. ", c.said(&c.X, m))
	}
	for _, m := range c.AtY {
		fmt.Fprintf(&b, "Marked: %s. ", c.said(&c.Y, m))
	}
	return strings.TrimSpace(b.String())
}

// said is a mark in words.
func (c *canvas) said(a *Axis, m Mark) string {
	if m.To > m.At {
		return fmt.Sprintf("%s (%s to %s)", m.Name, a.text(m.At), a.text(m.To))
	}
	return fmt.Sprintf("%s (%s)", m.Name, a.text(m.At))
}
