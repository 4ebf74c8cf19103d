package graph

import (
	"fmt"
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
