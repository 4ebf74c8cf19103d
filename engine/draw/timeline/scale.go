package timeline

import (
	"cmp"
	"math"
	"slices"

	"interleave/engine/draw"
)

// Scale is how time becomes place.
type Scale uint8

const (
	// Auto is ToScale, unless that hides that some task waited for something; then
	// it is BySteps.
	Auto Scale = iota
	// ToScale has equal times equally wide.
	ToScale
	// BySteps has equally many changes equally wide: it shows the order of what
	// happened, and shortens long waits.
	BySteps
)

// scale divides what is drawn into columns of one width. Its units are ns, or, by
// steps, parts of the way from one change to the next.
type scale struct {
	from    int64
	width   int64 // units of a column
	columns int
	changes []int64 // by steps: the times of changes; else nil
}

// unitsPerStep is fine enough for columns that are parts of a step.
const unitsPerStep = 840

// toScale has at most so many columns, which begin at multiples of a round width.
func toScale(from, to int64, most int) scale {
	for unit := int64(1); unit < math.MaxInt64/1000; unit *= 10 {
		for _, f := range []int64{10, 12, 15, 20, 25, 30, 40, 50, 60, 80} {
			width := max(f*unit/10, 1)
			start := from / width * width
			if n := (to - start + width - 1) / width; n <= int64(most) {
				return scale{from: start, width: width, columns: int(max(n, 1))}
			}
		}
	}
	return scale{from: from, width: math.MaxInt64 / int64(most), columns: most}
}

// bySteps gives each change at least a column where there is room, else as many to
// each column as it takes.
func (c *chart) bySteps(most int) scale {
	changes := []int64{c.from, c.to}
	for i := range c.spans {
		for _, t := range []int64{c.spans[i].From, c.spans[i].To} {
			if t > c.from && t < c.to {
				changes = append(changes, t)
			}
		}
	}
	slices.Sort(changes)
	changes = slices.Compact(changes)
	s := scale{changes: changes, columns: most}
	steps := max(len(changes)-1, 1)
	if each := min(most/steps, 4); each >= 1 {
		s.columns, s.width = steps*each, unitsPerStep/int64(each)
		return s
	}
	per := (steps + most - 1) / most
	s.width = int64(per) * unitsPerStep
	s.columns = (steps + per - 1) / per
	return s
}

// units is the place of a time.
func (s *scale) units(t int64) int64 {
	if s.changes == nil {
		return t
	}
	i, exact := slices.BinarySearch(s.changes, t)
	switch {
	case exact:
		return int64(i) * unitsPerStep
	case i == 0:
		return 0
	case i == len(s.changes):
		return int64(i-1) * unitsPerStep
	}
	a, b := s.changes[i-1], s.changes[i]
	return int64(i-1)*unitsPerStep + int64(float64(t-a)/float64(b-a)*unitsPerStep)
}

// start is the time at which a column begins.
func (s *scale) start(column int) int64 {
	u := s.from + int64(column)*s.width
	if s.changes == nil {
		return u
	}
	i := int(u / unitsPerStep)
	if i >= len(s.changes)-1 {
		return s.changes[len(s.changes)-1]
	}
	a, b := s.changes[i], s.changes[i+1]
	return a + int64(float64(u%unitsPerStep)/unitsPerStep*float64(b-a))
}

// part is what of a column one state, or on a core one task, fills.
type part struct {
	key   uint32
	units int64
	ns    int64
	span  int // the longest stay
	most  int64
	n     int // stays
}

// columns is a lane cut into columns.
type columns struct {
	parts  [][]part // of each column; the greatest first
	hidden []part   // what fills no column most, in order of time
}

// key tells apart what a lane shows.
func (c *chart) key(l *lane, b bar) uint32 {
	if l.kind == core {
		return c.spans[b.span].Task
	}
	return uint32(b.state)
}

// cut cuts a lane into columns.
func (c *chart) cut(l *lane, s *scale) columns {
	out := columns{parts: make([][]part, s.columns)}
	var all []part
	for _, b := range l.bars {
		k, u, v := c.key(l, b), s.units(b.from)-s.from, s.units(b.to)-s.from
		if u == v && c.to > c.from {
			continue
		}
		end := min(b.to, c.last)
		all = count(all, part{k, v - u, end - b.from, b.span, end - b.from, 1})
		first, last := int(u/s.width), int(min((v-1)/s.width, int64(s.columns-1)))
		for i := first; i <= max(last, first); i++ {
			w := min(v, int64(i+1)*s.width) - max(u, int64(i)*s.width)
			ns := max(min(end, s.start(i+1))-max(b.from, s.start(i)), 0)
			out.parts[i] = count(out.parts[i], part{k, w, ns, b.span, ns, 1})
		}
	}
	shown := map[uint32]bool{}
	for _, p := range out.parts {
		slices.SortStableFunc(p, func(a, b part) int { return cmp.Compare(b.units, a.units) })
		if len(p) > 0 {
			shown[p[0].key] = true
		}
	}
	for _, p := range all {
		if !shown[p.key] {
			out.hidden = append(out.hidden, p)
		}
	}
	return out
}

// count adds a part to those of its key.
func count(list []part, more part) []part {
	for i := range list {
		if p := &list[i]; p.key == more.key {
			p.units += more.units
			p.ns += more.ns
			p.n += more.n
			if more.most > p.most {
				p.most, p.span = more.most, more.span
			}
			return list
		}
	}
	return append(list, more)
}

// scales gives the scale that shows most, and, where one alone hides something, the
// other; most bounds their columns.
func (c *chart) scales(most int) []scale {
	linear := toScale(c.from, c.until, most)
	waits, others := c.hides(&linear)
	switch {
	case c.o.Scale == Auto && waits, c.o.Scale == BySteps:
		return []scale{c.bySteps(most), linear}
	case waits || others:
		return []scale{linear, c.bySteps(most)}
	}
	return []scale{linear}
}

// other announces the second of two scales.
func (s *scale) other() string {
	switch {
	case s.changes == nil:
		return "The same to scale: one column is " + draw.Duration(s.width)
	case s.width > unitsPerStep:
		return "The same by steps, not to scale: one column is " + draw.Plural(int(s.width/unitsPerStep), "change")
	}
	return "The same by steps, not to scale: long times are shortened"
}

// hides tells whether some lane was in a state that no column shows: one in which a
// task waits, or another.
func (c *chart) hides(s *scale) (waits, others bool) {
	for i := range c.lanes {
		for _, p := range c.cut(&c.lanes[i], s).hidden {
			if c.lanes[i].kind != core && draw.State(p.key) > draw.Ready {
				waits = true
			} else {
				others = true
			}
		}
	}
	return waits, others
}
