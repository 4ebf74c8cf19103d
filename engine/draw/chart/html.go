package chart

import (
	"encoding/base64"
	"fmt"
	"html"
	"strings"

	"interleave/engine/draw"
)

// mostRows is how many values of X the table has.
const mostRows = 300

// html is a fragment of elements and attributes that a front end's sanitizer keeps.
func (c *canvas) html() string {
	e := html.EscapeString
	b := &strings.Builder{}
	fmt.Fprintf(b, `<div style="color:%s;font-family:system-ui,sans-serif;line-height:1.45;margin-bottom:8px">`+"\n", draw.Text)
	if c.Title != "" {
		fmt.Fprintf(b, `<div style="font-size:1.2em;font-weight:600">%s</div>`+"\n", e(c.Title))
	}
	if c.Lead != "" {
		fmt.Fprintf(b, `<div style="max-width:60em;margin:2px 0 8px">%s</div>`+"\n", e(c.Lead))
	}
	fmt.Fprintf(b, `<img alt="%s" style="max-width:100%%;height:auto" src="data:image/svg+xml;base64,%s">`+"\n", e(c.alt()), base64.StdEncoding.EncodeToString([]byte(c.svg())))
	for _, n := range c.notes {
		fmt.Fprintf(b, `<div style="font-size:0.85em">%s</div>`+"\n", e(n))
	}
	b.WriteString("<details><summary>The numbers</summary>\n")
	c.table(b)
	b.WriteString("</details>\n</div>\n")
	return b.String()
}

// table has a row for each X, and a column for each series: of all values, also those
// that are not drawn.
func (c *canvas) table(b *strings.Builder) {
	rows, left := c.rows()
	const cell = `style="text-align:right;padding:2px 10px"`
	b.WriteString(`<table style="margin:6px 0;border-collapse:collapse;font-size:inherit;color:inherit">` + "\n<tr>")
	for i, h := range c.heads() {
		style := cell
		if i == 0 {
			style = `style="text-align:left;padding:2px 10px"`
		}
		fmt.Fprintf(b, `<th scope="col" %s>%s</th>`, style, html.EscapeString(h))
	}
	b.WriteString("</tr>\n")
	for _, r := range rows {
		fmt.Fprintf(b, `<tr><th scope="row" style="text-align:left;padding:2px 10px">%s</th>`, html.EscapeString(r[0]))
		for _, v := range r[1:] {
			fmt.Fprintf(b, "<td %s>%s</td>", cell, html.EscapeString(v))
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</table>\n")
	if left > 0 {
		fmt.Fprintf(b, "<div>and %s more</div>\n", count(left, "row", "rows"))
	}
	for _, m := range c.AtX {
		fmt.Fprintf(b, "<div>Marked: %s</div>\n", html.EscapeString(c.said(&c.X, m)))
	}
	for _, m := range c.AtY {
		fmt.Fprintf(b, "<div>Marked: %s</div>\n", html.EscapeString(c.said(&c.Y, m)))
	}
}

func (c *canvas) heads() []string {
	heads := []string{c.X.name("")}
	for _, s := range c.Series {
		heads = append(heads, s.Name)
	}
	return heads
}

// rows lists the values of all series by X, in order of first appearance, and how
// many more there are.
func (c *canvas) rows() (rows [][]string, left int) {
	index := map[float64]int{}
	for k, s := range c.Series {
		for _, p := range s.Points {
			i, ok := index[p.X]
			if !ok {
				i = len(index)
				index[p.X] = i
				if i < mostRows {
					rows = append(rows, make([]string, len(c.Series)+1))
					rows[i][0] = c.X.text(p.X)
				}
			}
			if i >= mostRows {
				continue
			}
			v := c.Y.text(p.Y)
			if p.Low < p.High {
				v += fmt.Sprintf(" (%s to %s)", c.Y.text(p.Low), c.Y.text(p.High))
			}
			if p.Label != "" {
				v += " " + p.Label
			}
			if at := &rows[i][k+1]; *at == "" {
				*at = v
			} else {
				*at += "; " + v
			}
		}
	}
	return rows, max(len(index)-mostRows, 0)
}
