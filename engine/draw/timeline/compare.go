package timeline

import (
	"fmt"
	"html"
	"strings"

	"interleave/engine/draw"
	"interleave/engine/trace"
)

// Side is one of two runs that are compared.
type Side struct {
	Name    string // such as "1 core"
	Trace   *trace.Trace
	Options Options // Scale, From, To and Title have no meaning here
}

// Compare draws two runs on one scale, both from their beginnings, and says where
// they first differ.
func Compare(a, b Side) draw.Drawing {
	charts := [2]*chart{a.chart(), b.chart()}
	length := max(charts[0].to-charts[0].from, charts[1].to-charts[1].from)
	var page, text strings.Builder
	said := []string{took(charts[0], charts[1]), differ(charts[0], charts[1])}
	page.WriteString(`<div style="` + pageStyle + `">`)
	for _, s := range said {
		page.WriteString("<div>" + html.EscapeString(s) + "</div>")
		draw.Wrap(&text, s)
	}
	alt := strings.Join(said, " ")
	for _, c := range charts {
		c.until = c.from + length
		c.frame(&page)
		text.WriteString("\n" + c.text())
		alt += " " + c.alt()
	}
	page.WriteString("</div>\n")
	return draw.Drawing{HTML: page.String(), Text: text.String(), Alt: alt}
}

func (s Side) chart() *chart {
	o := s.Options
	o.Scale, o.From, o.To, o.Title = ToScale, 0, 0, s.Name
	return newChart(s.Trace, o)
}

// took says how long both took.
func took(a, b *chart) string {
	x, y := a.last-a.from, b.last-b.from
	s := fmt.Sprintf("%s took %s, %s %s of virtual time", a.title(), draw.Duration(x), b.title(), draw.Duration(y))
	switch {
	case x == y:
		return s + ": as long."
	case x > y && y > 0:
		return fmt.Sprintf("%s: %s was %.2f times as fast. Both are drawn on one scale.", s, b.title(), float64(x)/float64(y))
	case x > 0:
		return fmt.Sprintf("%s: %s was %.2f times as fast. Both are drawn on one scale.", s, a.title(), float64(y)/float64(x))
	}
	return s + "."
}

// differ says where two runs part: the first step that is not the same in words.
func differ(a, b *chart) string {
	x, y := a.told(), b.told()
	for i := range max(len(x), len(y)) {
		var p, q string
		if i < len(x) {
			p = a.step(x[i])
		}
		if i < len(y) {
			q = b.step(y[i])
		}
		together := "They part at once: "
		if i > 0 {
			together = fmt.Sprintf("The same %s; then ", draw.Plural(i, "step"))
		}
		switch {
		case p == q:
			continue
		case p == "":
			return fmt.Sprintf("%s%s is over, and in %s %s.", together, a.title(), b.title(), q)
		case q == "":
			return fmt.Sprintf("%s%s is over, and in %s %s.", together, b.title(), a.title(), p)
		}
		return fmt.Sprintf("%sin %s %s, in %s %s.", together, a.title(), p, b.title(), q)
	}
	return fmt.Sprintf("Both take the same %s in the same order.", draw.Plural(len(x), "step"))
}

// step is a sentence with its place.
func (c *chart) step(i int) string {
	s := c.sentence(i)
	if at := c.place(c.at(i)); at != "" {
		s += " (" + at + ")"
	}
	return s
}
