package graph

import (
	"fmt"
	"math"
	"strings"
)

// bow is how far an edge bends beside one between the same nodes.
const bow = 30

// path lists the points of an edge, ends on the borders of its nodes: two for a
// straight line, more for a curve through them.
func path(p *Picture, l *layout, e int) []point {
	d := p.Edges[e]
	a, z := l.at[d.From], l.at[d.To]
	if d.From == d.To {
		r := float64(nodeHeight)
		return []point{a.plus(point{-9, -r / 2}), a.plus(point{-18, -r}), a.plus(point{18, -r}), a.plus(point{9, -r / 2})}
	}
	via := l.route[e]
	if len(via) == 0 {
		if k := beside(p, e); k != 0 {
			u := z.minus(a).unit()
			via = []point{a.middle(z).plus(u.across().times(bow * k))}
		}
	}
	if len(via) == 0 {
		return []point{p.Nodes[d.From].border(a, z), p.Nodes[d.To].border(z, a)}
	}
	list := append([]point{p.Nodes[d.From].border(a, via[0])}, via...)
	return append(list, p.Nodes[d.To].border(z, via[len(via)-1]))
}

// beside says how far to bend an edge that is not the only one between its nodes: in
// units of bow, to the right of its direction; 0 for the only one.
func beside(p *Picture, e int) float64 {
	d := p.Edges[e]
	same, index, against := 0, 0, false
	for i, o := range p.Edges {
		if o.From == d.From && o.To == d.To {
			if i < e {
				index++
			}
			same++
		}
		if o.From == d.To && o.To == d.From {
			against = true
		}
	}
	switch {
	case against:
		return 0.75 + float64(index)
	case same > 1:
		return float64(index) - float64(same-1)/2
	}
	return 0
}

// command writes a path for SVG: a line, or quadratic curves that meet halfway between
// the points they bend towards.
func command(list []point) string {
	var b strings.Builder
	write := func(format string, q ...point) {
		args := make([]any, 0, 2*len(q))
		for _, x := range q {
			args = append(args, x.x, x.y)
		}
		fmt.Fprintf(&b, format, args...)
	}
	write("M%.1f %.1f", list[0])
	switch n := len(list); n {
	case 2:
		write("L%.1f %.1f", list[1])
	case 4: // one curve
		write("C%.1f %.1f %.1f %.1f %.1f %.1f", list[1], list[2], list[3])
	default:
		for i := 1; i < n-2; i++ {
			write("Q%.1f %.1f %.1f %.1f", list[i], list[i].middle(list[i+1]))
		}
		write("Q%.1f %.1f %.1f %.1f", list[n-2], list[n-1])
	}
	return b.String()
}

// label is an edge's text with its place.
type label struct {
	text   string
	at     point
	anchor string
	marked bool
}

// labels places the edges' texts beside the middles of the lines: away from the ring's
// middle for its edges, above the others.
func labels(p *Picture, l *layout) []label {
	var center point
	for _, n := range p.Ring {
		center = center.plus(l.at[n].times(1 / float64(len(p.Ring))))
	}
	var list []label
	for e, d := range p.Edges {
		if d.Label == "" {
			continue
		}
		line := path(p, l, e)
		m, along := halfway(line)
		out := along.across()
		if out.y > 0 { // above
			out = out.times(-1)
		}
		switch {
		case d.From == d.To:
			out = point{0, -1}
		case len(line) == 3 && len(l.route[e]) == 0: // to the outer side of the bend
			out = line[1].minus(line[0].middle(line[2])).unit()
		case inRing(p, d.From) && inRing(p, d.To) && len(p.Ring) > 2:
			if v := m.minus(center); v.x*out.x+v.y*out.y < 0 {
				out = out.times(-1)
			}
		}
		q := label{text: d.Label, at: m.plus(out.times(9)), anchor: "middle", marked: d.Marked}
		switch {
		case out.x > 0.45:
			q.anchor = "start"
		case out.x < -0.45:
			q.anchor = "end"
		}
		q.at.y += 4 + 5*out.y
		if math.Abs(out.x) <= 0.45 && out.y < 0 {
			q.at.y += 2
		}
		q.at = point{math.Round(q.at.x), math.Round(q.at.y)}
		list = append(list, q)
	}
	return list
}

func inRing(p *Picture, n int) bool {
	for _, r := range p.Ring {
		if r == n {
			return true
		}
	}
	return false
}

// halfway is the middle of what an edge draws, and its direction there.
func halfway(list []point) (at, along point) {
	switch n := len(list); n {
	case 2:
		return list[0].middle(list[1]), list[1].minus(list[0]).unit()
	case 3:
		return list[0].middle(list[2]).middle(list[1]), list[2].minus(list[0]).unit()
	case 4:
		return list[0].plus(list[3]).times(1.0 / 8).plus(list[1].plus(list[2]).times(3.0 / 8)), list[3].minus(list[0]).unit()
	default:
		return list[n/2-1].middle(list[n/2]), list[n/2].minus(list[n/2-1]).unit()
	}
}
