package graph

import (
	"math"
	"slices"
)

// label is an edge's text with its place.
type label struct {
	text   string
	at     point
	anchor string // as SVG's text-anchor
	marked bool
}

// box is what a node or a text covers.
type box struct{ low, high point }

func (a box) meets(b box) bool {
	return a.low.x < b.high.x && b.low.x < a.high.x && a.low.y < b.high.y && b.low.y < a.high.y
}

// covers is the letters of a label.
func (m *label) covers() box {
	w := textWidth(m.text, small) * 0.92
	x := m.at.x - w/2
	switch m.anchor {
	case "start":
		x = m.at.x
	case "end":
		x = m.at.x - w
	}
	return box{point{x, m.at.y - 8}, point{x + w, m.at.y + 1}}
}

// covers is a node's shape, and what is written below it.
func (n *Node) covers(at point) []box {
	w, h := n.width()/2, float64(nodeHeight)/2
	list := []box{{at.minus(point{w, h}), at.plus(point{w, h})}}
	if n.Sub != "" {
		w = textWidth(n.Sub, small) / 2
		list = append(list, box{at.plus(point{-w, h + 4}), at.plus(point{w, h + 14})})
	}
	return list
}

// labels places the edges' texts beside the lines: at the first place that covers no node
// and no other text, else where it covers least. The middle of the line comes first, and
// the outer side of the ring.
func labels(p *Picture, l *layout) []label {
	var taken []box
	for n := range p.Nodes {
		taken = append(taken, p.Nodes[n].covers(l.at[n])...)
	}
	var list []label
	for e, d := range p.Edges {
		if d.Label == "" {
			continue
		}
		var best label
		least := math.MaxInt
		for _, try := range tries {
			m := labelAt(p, l, e, try.along, try.other)
			area := m.covers()
			count := 0
			for _, t := range taken {
				if area.meets(t) {
					count++
				}
			}
			if count < least {
				best, least = m, count
			}
			if count == 0 {
				break
			}
		}
		list = append(list, best)
		taken = append(taken, best.covers())
	}
	return list
}

// tries are the places for a label: how far along the line, on which side.
var tries = []struct {
	along float64
	other bool
}{{0.5, false}, {0.5, true}, {0.42, false}, {0.58, false}, {0.42, true}, {0.58, true}, {0.34, false}, {0.66, false}, {0.34, true}, {0.66, true}, {0.25, false}, {0.75, false}, {0.25, true}, {0.75, true}}

func labelAt(p *Picture, l *layout, e int, t float64, other bool) label {
	d := p.Edges[e]
	line := path(p, l, e)
	m, along := along(line, t)
	out := outer(p, l, e, line, m, along)
	if other {
		out = out.times(-1)
	}
	q := label{text: d.Label, at: m.plus(out.times(9)), anchor: "middle", marked: d.Marked}
	switch {
	case out.x > 0.12 && d.From != d.To:
		q.anchor = "start"
	case out.x < -0.12 && d.From != d.To:
		q.anchor = "end"
	}
	q.at.y += 4 + 5*out.y
	if q.anchor == "middle" && out.y < 0 {
		q.at.y += 2
	}
	q.at = point{math.Round(q.at.x), math.Round(q.at.y)}
	return q
}

// outer is the side of a line on which its label belongs: the outer one of the ring or of
// a bend, else above.
func outer(p *Picture, l *layout, e int, line []point, m, along point) point {
	d := p.Edges[e]
	out := along.across()
	if out.y > 0 {
		out = out.times(-1)
	}
	switch {
	case d.From == d.To:
		return point{0, -1}
	case len(line) == 3 && len(l.route[e]) == 0:
		return line[1].minus(line[0].middle(line[2])).unit()
	case len(p.Ring) > 2 && slices.Contains(p.Ring, d.From) && slices.Contains(p.Ring, d.To):
		var center point
		for _, n := range p.Ring {
			center = center.plus(l.at[n].times(1 / float64(len(p.Ring))))
		}
		if v := m.minus(center); v.x*out.x+v.y*out.y < 0 {
			return out.times(-1)
		}
	}
	return out
}

// along is a point of what an edge draws, t of its way from 0 to 1, and the direction
// there: of its Bézier curve, or, of more than one, about that.
func along(list []point, t float64) (at, direction point) {
	if len(list) > 4 {
		i := min(int(t*float64(len(list)-1)), len(list)-2)
		return list[i].middle(list[i+1]), list[i+1].minus(list[i]).unit()
	}
	level := slices.Clone(list) // de Casteljau
	for len(level) > 2 {
		for i := range len(level) - 1 {
			level[i] = level[i].times(1 - t).plus(level[i+1].times(t))
		}
		level = level[:len(level)-1]
	}
	return level[0].times(1 - t).plus(level[1].times(t)), level[1].minus(level[0]).unit()
}
