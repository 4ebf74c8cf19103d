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
	return settle(p, l, part)
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
			x := edge[s] + s*(gapAlong+wide/2)
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
