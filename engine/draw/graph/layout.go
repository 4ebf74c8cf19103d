package graph

import (
	"math"
	"slices"
)

// layout is where everything lies.
type layout struct {
	at            []point   // of each node: its middle
	route         [][]point // of each edge: its bends between its ends
	width, height float64
}

// ringMost is the largest number of tasks of a circle that is drawn as a ring.
const ringMost = 14

// arrange lays a picture out: the circle that it is about as a ring, with what hangs on
// it to its sides; all else in layers from left to right, below.
func arrange(p *Picture) *layout {
	l := &layout{at: make([]point, len(p.Nodes)), route: make([][]point, len(p.Edges))}
	y := 0.0
	parts := components(p)
	slices.SortStableFunc(parts, func(a, b []int) int { return ringFirst(p, a) - ringFirst(p, b) })
	for _, part := range parts {
		var size point
		if ringFirst(p, part) == 0 {
			size = ringed(p, l, part)
		} else {
			size = layered(p, l, part)
		}
		for _, n := range part {
			l.at[n].y += y
		}
		for e := range p.Edges {
			if slices.Contains(part, p.Edges[e].From) {
				for i := range l.route[e] {
					l.route[e][i].y += y
				}
			}
		}
		y += size.y + gapAcross
		l.width = max(l.width, size.x)
	}
	l.height = max(y-gapAcross, 0)
	l.round()
	return l
}

// ringFirst is 0 of the part that holds the ring.
func ringFirst(p *Picture, part []int) int {
	if len(p.Ring) >= 2 && len(p.Ring) <= 2*ringMost && slices.Contains(part, p.Ring[0]) {
		return 0
	}
	return 1
}

// round makes coordinates whole: they are the same on every computer.
func (l *layout) round() {
	r := func(p *point) { p.x, p.y = math.Round(p.x), math.Round(p.y) }
	for i := range l.at {
		r(&l.at[i])
	}
	for _, route := range l.route {
		for i := range route {
			r(&route[i])
		}
	}
}

// components lists the connected parts, each in order of its nodes.
func components(p *Picture) [][]int {
	part := make([]int, len(p.Nodes))
	for i := range part {
		part[i] = i
	}
	var find func(int) int
	find = func(n int) int {
		if part[n] != n {
			part[n] = find(part[n])
		}
		return part[n]
	}
	for _, e := range p.Edges {
		a, b := find(e.From), find(e.To)
		part[max(a, b)] = min(a, b)
	}
	var list [][]int
	index := map[int]int{}
	for n := range p.Nodes {
		r := find(n)
		i, ok := index[r]
		if !ok {
			i = len(list)
			index[r] = i
			list = append(list, nil)
		}
		list[i] = append(list[i], n)
	}
	return list
}
