package graph

import (
	"cmp"
	"slices"
)

// layered lays a part out in layers from left to right, in the steps of K. Sugiyama,
// S. Tagawa and M. Toda, "Methods for Visual Understanding of Hierarchical System
// Structures" (IEEE SMC 11(2), 1981): edges of circles turned around, layers by longest
// paths, places in between for long edges, an order by barycentres that crosses least,
// then heights near those of the neighbours. It gives the size.
func layered(p *Picture, l *layout, part []int) point {
	s := newSugiyama(p, part)
	s.orders()
	s.heights()
	x := 0.0
	for i, layer := range s.layers {
		wide := 0.0
		for _, v := range layer {
			wide = max(wide, s.room(v))
		}
		if i > 0 {
			x += s.along(i)
		}
		for _, v := range layer {
			s.at[v].x = x + wide/2
			if s.node[v] >= 0 {
				l.at[s.node[v]] = s.at[v]
			}
		}
		x += wide
	}
	for e, chain := range s.chains {
		for _, v := range chain {
			l.route[e] = append(l.route[e], s.at[v])
		}
	}
	return settle(p, l, part)
}

// sugiyama is a part as layers of vertices: nodes, and places that long edges go
// through.
type sugiyama struct {
	p      *Picture
	node   []int // of each vertex; -1: a place of an edge
	at     []point
	layer  []int
	layers [][]int
	left   [][]int // of each vertex: its neighbours in the layer before
	right  [][]int
	chains map[int][]int // of an edge: the places that it goes through, from its beginning
}

func newSugiyama(p *Picture, part []int) *sugiyama {
	s := &sugiyama{p: p, chains: map[int][]int{}}
	vertex := map[int]int{}
	for _, n := range part {
		vertex[n] = s.add(n, 0)
	}
	type arc struct {
		edge, from, to int
		turned         bool
	}
	var arcs []arc
	out := make([][]int, len(part)) // indices in arcs
	for e, d := range p.Edges {
		from, ok := vertex[d.From]
		if ok && d.From != d.To {
			out[from] = append(out[from], len(arcs))
			arcs = append(arcs, arc{e, from, vertex[d.To], false})
		}
	}
	// turn the edges that lead back
	state := make([]uint8, len(part))
	var visit func(v int)
	visit = func(v int) {
		state[v] = 1
		for _, i := range out[v] {
			switch state[arcs[i].to] {
			case 0:
				visit(arcs[i].to)
			case 1:
				arcs[i].turned = true
			}
		}
		state[v] = 2
	}
	sources := make([]bool, len(part))
	for v := range sources {
		sources[v] = true
	}
	for _, a := range arcs {
		sources[a.to] = false
	}
	for _, first := range []bool{true, false} {
		for v := range part {
			if state[v] == 0 && sources[v] == first {
				visit(v)
			}
		}
	}
	for i := range arcs {
		if arcs[i].turned {
			arcs[i].from, arcs[i].to = arcs[i].to, arcs[i].from
		}
	}
	for changed := true; changed; { // longest paths
		changed = false
		for _, a := range arcs {
			if s.layer[a.to] <= s.layer[a.from] {
				s.layer[a.to], changed = s.layer[a.from]+1, true
			}
		}
	}
	for range part { // beginnings go next to what they lead to
		for v := range part {
			next, begins := len(part)+1, true
			for _, a := range arcs {
				if a.to == v {
					begins = false
				}
				if a.from == v {
					next = min(next, s.layer[a.to])
				}
			}
			if begins && next <= len(part) {
				s.layer[v] = next - 1
			}
		}
	}
	for _, a := range arcs {
		at := a.from
		var chain []int
		for k := s.layer[a.from] + 1; k < s.layer[a.to]; k++ {
			v := s.add(-1, k)
			s.join(at, v)
			chain = append(chain, v)
			at = v
		}
		s.join(at, a.to)
		if a.turned {
			slices.Reverse(chain)
		}
		s.chains[a.edge] = chain
	}
	for v, k := range s.layer {
		for len(s.layers) <= k {
			s.layers = append(s.layers, nil)
		}
		s.layers[k] = append(s.layers[k], v)
	}
	return s
}

func (s *sugiyama) add(node, layer int) int {
	s.node, s.layer, s.at = append(s.node, node), append(s.layer, layer), append(s.at, point{})
	s.left, s.right = append(s.left, nil), append(s.right, nil)
	return len(s.node) - 1
}

func (s *sugiyama) join(a, b int) {
	s.right[a] = append(s.right[a], b)
	s.left[b] = append(s.left[b], a)
}

func (s *sugiyama) room(v int) float64 {
	if s.node[v] < 0 {
		return 0
	}
	return s.p.Nodes[s.node[v]].room()
}

// along is the distance between a layer and the one before: room for the labels.
func (s *sugiyama) along(i int) float64 {
	wide := float64(gapAlong) - 30
	for _, e := range s.p.Edges {
		from, to := slices.Index(s.node, e.From), slices.Index(s.node, e.To)
		if from >= 0 && to >= 0 && max(s.layer[from], s.layer[to]) == i {
			wide = max(wide, textWidth(e.Label, small)+34)
		}
	}
	return wide
}

// sweeps is how often the order is improved from either side.
const sweeps = 12

// orders finds an order of each layer with few crossings.
func (s *sugiyama) orders() {
	best := s.copyOrder()
	least := s.crossings()
	for i := 0; i < sweeps && least > 0; i++ {
		if i%2 == 0 {
			for k := 1; k < len(s.layers); k++ {
				s.sort(k, s.left)
			}
		} else {
			for k := len(s.layers) - 2; k >= 0; k-- {
				s.sort(k, s.right)
			}
		}
		if c := s.crossings(); c < least {
			best, least = s.copyOrder(), c
		}
	}
	s.layers = best
}

func (s *sugiyama) copyOrder() [][]int {
	var list [][]int
	for _, l := range s.layers {
		list = append(list, slices.Clone(l))
	}
	return list
}

// sort orders a layer by the mean places of the neighbours on one side.
func (s *sugiyama) sort(k int, side [][]int) {
	place := s.places()
	mean := map[int]float64{}
	for i, v := range s.layers[k] {
		mean[v] = float64(i)
		if len(side[v]) > 0 {
			sum := 0
			for _, w := range side[v] {
				sum += place[w]
			}
			mean[v] = float64(sum) / float64(len(side[v]))
		}
	}
	slices.SortStableFunc(s.layers[k], func(a, b int) int { return cmp.Compare(mean[a], mean[b]) })
}

func (s *sugiyama) places() []int {
	place := make([]int, len(s.node))
	for _, l := range s.layers {
		for i, v := range l {
			place[v] = i
		}
	}
	return place
}

// crossings counts pairs of edges between neighbouring layers that cross.
func (s *sugiyama) crossings() int {
	place := s.places()
	count := 0
	for _, l := range s.layers {
		var ends [][2]int
		for _, v := range l {
			for _, w := range s.right[v] {
				ends = append(ends, [2]int{place[v], place[w]})
			}
		}
		for i, a := range ends {
			for _, b := range ends[:i] {
				if (a[0]-b[0])*(a[1]-b[1]) < 0 {
					count++
				}
			}
		}
	}
	return count
}

// heights moves vertices towards their neighbours, in both directions in turn.
func (s *sugiyama) heights() {
	for _, l := range s.layers {
		y := 0.0
		for i, v := range l {
			if i > 0 {
				y += (s.space(l[i-1]) + s.space(v)) / 2
			}
			s.at[v].y = y
		}
	}
	for i := range 2 * sweeps {
		for k := range s.layers {
			if i%2 == 1 {
				k = len(s.layers) - 1 - k
			}
			layer := s.layers[k]
			ys := spread(layer, func(v int) float64 {
				sum, of := 0.0, 0
				for _, w := range slices.Concat(s.left[v], s.right[v]) {
					sum += s.at[w].y
					of++
				}
				if of == 0 {
					return s.at[v].y
				}
				return sum / float64(of)
			}, s.space)
			for j, v := range layer {
				s.at[v].y = ys[j]
			}
		}
	}
}

// space is the height that a vertex takes.
func (s *sugiyama) space(v int) float64 {
	if s.node[v] < 0 {
		return 34
	}
	return nodeHeight + gapAcross
}
