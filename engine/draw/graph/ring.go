package graph

import (
	"cmp"
	"math"
	"slices"
)

// ringed lays out a part that holds the ring; it gives the size.
func ringed(p *Picture, l *layout, part []int) point {
	ring := p.Ring
	k := len(ring)
	in := map[int]bool{}
	widest := 0.0
	for _, n := range ring {
		in[n] = true
		widest = max(widest, p.Nodes[n].room())
	}
	var rx, ry float64
	switch k {
	case 2:
		rx = (widest + 170) / 2
		l.at[ring[0]], l.at[ring[1]] = point{-rx, 0}, point{rx, 0}
	case 4:
		rx, ry = (widest+150)/2, 66
		for i, c := range []point{{-rx, -ry}, {rx, -ry}, {rx, ry}, {-rx, ry}} {
			l.at[ring[i]] = c
		}
	default:
		rx = max(190, float64(k)*26+widest/2)
		ry = max(120, float64(k)*19)
		for i, n := range ring {
			a := 2*math.Pi*float64(i)/float64(k) - math.Pi/2
			l.at[n] = point{rx * math.Cos(a), ry * math.Sin(a)}
		}
	}
	sides(p, l, part, in, rx)
	dodge(p, l, part)
	return settle(p, l, part)
}

// dodge bends edges that would run through a node that is not theirs: a reader would take
// such a line for two.
func dodge(p *Picture, l *layout, part []int) {
	clear := func(e Edge, via point) bool {
		a, z := l.at[e.From], l.at[e.To]
		for _, n := range part {
			if n == e.From || n == e.To {
				continue
			}
			for i := 1; i < 16; i++ { // along the curve
				t := float64(i) / 16
				at := a.times((1 - t) * (1 - t)).plus(via.times(2 * t * (1 - t))).plus(z.times(t * t))
				if d := at.minus(l.at[n]); math.Abs(d.x) < p.Nodes[n].width()/2+6 && math.Abs(d.y) < nodeHeight/2+6 {
					return false
				}
			}
		}
		return true
	}
	for e, d := range p.Edges {
		if !slices.Contains(part, d.From) || d.From == d.To || beside(p, e) != 0 {
			continue
		}
		middle := l.at[d.From].middle(l.at[d.To])
		if clear(d, middle) {
			continue
		}
		across := l.at[d.To].minus(l.at[d.From]).unit().across()
		for _, k := range []float64{90, -90, 140, -140, 200, -200} {
			if via := middle.plus(across.times(k)); clear(d, via) {
				l.route[e] = []point{via}
				break
			}
		}
	}
}

// sides puts what hangs on the ring into columns to its left and right: each node on
// the side of what it hangs on, in the order of their heights.
func sides(p *Picture, l *layout, part []int, placed map[int]bool, rx float64) {
	side := map[int]float64{} // of a node outside the ring: -1 or 1
	count := map[float64]int{}
	edge := map[float64]float64{-1: -rx, 1: rx} // where the last column ends
	for _, n := range p.Ring {
		w := p.Nodes[n].room() / 2
		edge[-1], edge[1] = min(edge[-1], l.at[n].x-w), max(edge[1], l.at[n].x+w)
	}
	for {
		// the next column: what is joined with what has its place
		var next []int
		want := map[int]float64{}
		for _, n := range part {
			if placed[n] {
				continue
			}
			sum, of, lean := 0.0, 0, 0.0
			for _, m := range neighbours(p, n) {
				if placed[m] {
					sum += l.at[m].y
					of++
					if s, ok := side[m]; ok {
						lean += 10 * s
					} else if math.Abs(l.at[m].x) > 1 {
						lean += math.Copysign(1, l.at[m].x)
					}
				}
			}
			if of == 0 {
				continue
			}
			switch {
			case lean < 0, lean == 0 && count[-1] <= count[1]:
				side[n] = -1
			default:
				side[n] = 1
			}
			count[side[n]]++
			want[n] = sum / float64(of)
			next = append(next, n)
		}
		if len(next) == 0 {
			return
		}
		for _, s := range []float64{-1, 1} {
			column := slices.DeleteFunc(slices.Clone(next), func(n int) bool { return side[n] != s })
			if len(column) == 0 {
				continue
			}
			slices.SortStableFunc(column, func(a, b int) int { return cmp.Compare(want[a], want[b]) })
			wide := 0.0
			for _, n := range column {
				wide = max(wide, p.Nodes[n].room())
			}
			x := edge[s] + s*(alongFor(p, column, placed)+wide/2)
			ys := spread(column, func(n int) float64 { return want[n] }, func(int) float64 { return nodeHeight + gapAcross })
			for i, n := range column {
				l.at[n] = point{x, ys[i]}
			}
			edge[s] = x + s*wide/2
		}
		for _, n := range next {
			placed[n] = true
		}
	}
}

// alongFor is the room between a column of nodes and those that are placed: for the
// longest label between them.
func alongFor(p *Picture, column []int, placed map[int]bool) float64 {
	room := float64(gapAlong)
	for _, e := range p.Edges {
		if placed[e.From] && slices.Contains(column, e.To) || placed[e.To] && slices.Contains(column, e.From) {
			room = max(room, textWidth(e.Label, small)+24)
		}
	}
	return room
}

func neighbours(p *Picture, n int) []int {
	var list []int
	for _, e := range p.Edges {
		if e.From == n {
			list = append(list, e.To)
		}
		if e.To == n {
			list = append(list, e.From)
		}
	}
	return list
}

// settle moves a part so that its upper left corner is the origin; it gives the size.
func settle(p *Picture, l *layout, part []int) point {
	low, high := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, n := range part {
		w := p.Nodes[n].room() / 2
		low.x, high.x = min(low.x, l.at[n].x-w), max(high.x, l.at[n].x+w)
		low.y, high.y = min(low.y, l.at[n].y-nodeHeight/2), max(high.y, l.at[n].y+nodeHeight/2+sub(&p.Nodes[n]))
	}
	for e, d := range p.Edges {
		if slices.Contains(part, d.From) {
			for _, q := range l.route[e] { // a curve comes half as far
				q = q.middle(l.at[d.From].middle(l.at[d.To]))
				low, high = point{min(low.x, q.x), min(low.y, q.y-8)}, point{max(high.x, q.x), max(high.y, q.y+8)}
			}
		}
	}
	for _, n := range part {
		l.at[n] = l.at[n].minus(low)
	}
	for e := range p.Edges {
		if slices.Contains(part, p.Edges[e].From) {
			for i := range l.route[e] {
				l.route[e][i] = l.route[e][i].minus(low)
			}
		}
	}
	return high.minus(low)
}

// sub is the height of what stands below a node.
func sub(n *Node) float64 {
	if n.Sub == "" {
		return 0
	}
	return 15
}

// spread gives each of a column's nodes, in its order, a height as near to the wanted
// one as the distances allow: least squares under an order, by pooling neighbours
// (M. Ayer et al., "An Empirical Distribution Function for Sampling with Incomplete
// Information", 1955).
func spread(column []int, want, space func(int) float64) []float64 {
	type pool struct {
		sum  float64
		size int
	}
	offset := make([]float64, len(column)) // the least distance from the first
	for i := 1; i < len(column); i++ {
		offset[i] = offset[i-1] + (space(column[i-1])+space(column[i]))/2
	}
	var pools []pool
	for i, n := range column {
		pools = append(pools, pool{want(n) - offset[i], 1})
		for k := len(pools); k > 1 && pools[k-2].sum*float64(pools[k-1].size) > pools[k-1].sum*float64(pools[k-2].size); k = len(pools) {
			pools[k-2].sum += pools[k-1].sum
			pools[k-2].size += pools[k-1].size
			pools = pools[:k-1]
		}
	}
	ys := make([]float64, 0, len(column))
	for _, q := range pools {
		for range q.size {
			ys = append(ys, q.sum/float64(q.size)+offset[len(ys)])
		}
	}
	return ys
}
