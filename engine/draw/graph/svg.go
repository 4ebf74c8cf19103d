package graph

import (
	"fmt"
	"html"
	"strings"

	"interleave/engine/draw"
)

// css has the colours of a card.
func css(t draw.Card) string {
	return fmt.Sprintf(".card{fill:%s}.t{fill:%s}.f{fill:%s}.e{stroke:%s}.n{fill:%s;stroke:%s}.m{stroke:%s}.a{fill:%s}.am,.tm{fill:%s}.u{fill:%s;stroke:%s}.h{stroke:%s}",
		t.Ground, t.Text, t.Faint, t.Line, t.Fill, t.Line, t.Danger, t.Line, t.Danger, t.Text, t.Text, t.Ground)
}

// SVG draws the graph as a picture of its own.
func (p *Picture) SVG() string {
	l := arrange(p)
	b := &strings.Builder{}
	marks := labels(p, l)
	low, high := point{0, 0}, point{l.width, l.height}
	for _, m := range marks {
		x := m.at.x
		switch w := textWidth(m.text, small); m.anchor {
		case "start":
			high.x = max(high.x, x+w)
		case "end":
			low.x = min(low.x, x-w)
		default:
			low.x, high.x = min(low.x, x-w/2), max(high.x, x+w/2)
		}
		low.y, high.y = min(low.y, m.at.y-12), max(high.y, m.at.y+5)
	}
	for e := range p.Edges {
		for _, q := range path(p, l, e) {
			low = point{min(low.x, q.x), min(low.y, q.y)}
			high = point{max(high.x, q.x), max(high.y, q.y)}
		}
	}
	w, h := high.x-low.x+2*margin, high.y-low.y+2*margin
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="%.0f %.0f %.0f %.0f" width="%.0f" height="%.0f" font-family="system-ui,Segoe UI,Helvetica,Arial,sans-serif" font-size="13">`, low.x-margin, low.y-margin, w, h, w, h)
	light, dark := draw.Cards()
	fmt.Fprintf(b, "\n<title>%s</title>\n<style>%s@media(prefers-color-scheme:dark){%s}</style>\n", html.EscapeString(p.Title), css(light), css(dark))
	for _, m := range []struct{ id, class string }{{"l", "a"}, {"m", "am"}} {
		fmt.Fprintf(b, `<marker id=%q viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path class=%q d="M0 0L8 4L0 8z"/></marker>`+"\n", m.id, m.class)
	}
	fmt.Fprintf(b, `<rect class="card" x="%.0f" y="%.0f" width="%.0f" height="%.0f" rx="8"/>`+"\n", low.x-margin, low.y-margin, w, h)
	for _, marked := range []bool{false, true} { // what matters lies on top
		for e := range p.Edges {
			if p.Edges[e].Marked == marked {
				drawEdge(b, p, l, e)
			}
		}
	}
	for n := range p.Nodes {
		drawNode(b, &p.Nodes[n], l.at[n])
	}
	for _, m := range marks {
		class := "f"
		if m.marked {
			class = "t"
		}
		fmt.Fprintf(b, `<text class="%s h" x="%.0f" y="%.0f" font-size="11" text-anchor=%q stroke-width="4" stroke-linejoin="round" style="paint-order:stroke">%s</text>`+"\n", class, m.at.x, m.at.y, m.anchor, html.EscapeString(m.text))
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func drawNode(b *strings.Builder, n *Node, at point) {
	w, h := n.width(), float64(nodeHeight)
	class, stroke := "n", 1.3
	if n.Marked {
		class, stroke = "n m", 2.6
	}
	radius := 5.0
	if n.Shape == Circle {
		radius = h / 2
	}
	extra := ""
	if n.Faint {
		extra = ` stroke-dasharray="2 3"`
	}
	fmt.Fprintf(b, `<rect class=%q x="%.1f" y="%.1f" width="%.0f" height="%.0f" rx="%.0f" stroke-width="%.1f"%s/>`+"\n", class, at.x-w/2, at.y-h/2, w, h, radius, stroke, extra)
	y := at.y + 4.5
	if n.Units > 0 {
		y -= 8
		x := at.x - float64(n.Units-1)*5.5
		for i := range n.Units {
			fill := ""
			if i >= n.Units-n.Free {
				fill = ` fill="none" style="fill:none"`
			}
			fmt.Fprintf(b, `<circle class="u" cx="%.1f" cy="%.0f" r="3.5" stroke-width="1.2"%s/>`, x+float64(i)*11, at.y+11, fill)
		}
		b.WriteByte('\n')
	}
	weight := "400"
	if !n.Faint {
		weight = "600"
	}
	fmt.Fprintf(b, `<text class="t" x="%.0f" y="%.1f" font-weight=%q text-anchor="middle">%s</text>`+"\n", at.x, y, weight, html.EscapeString(n.Label))
	if n.Sub != "" {
		fmt.Fprintf(b, `<text class="f" x="%.0f" y="%.0f" font-size="11" text-anchor="middle">%s</text>`+"\n", at.x, at.y+h/2+13, html.EscapeString(n.Sub))
	}
}

func drawEdge(b *strings.Builder, p *Picture, l *layout, e int) {
	d := p.Edges[e]
	class, width, marker := "e", 1.4, "l"
	if d.Marked {
		class, width, marker = "m", 2.6, "m"
	}
	dash := ""
	switch d.Line {
	case Dashed:
		dash = ` stroke-dasharray="7 4"`
	case Dotted:
		dash = ` stroke-dasharray="1.5 4" stroke-linecap="round"`
	}
	fmt.Fprintf(b, `<path class=%q d=%q fill="none" stroke-width="%.1f"%s marker-end="url(#%s)"/>`+"\n", class, command(path(p, l, e)), width, dash, marker)
}
