package gil

import (
	"interleave/engine/analyse/gil"
)

// bar is a piece of a lane, in columns.
type bar struct {
	from, to float64
	state    gil.State           // that fills it; of a mixed one that has most of it
	shares   [gil.States]float64 // of its time
	mixed    bool                // it is one column, in which a thread did several things
}

// bars lays a thread's parts into a lane of so many columns. Parts that are narrower
// than a column share it.
func (c *chart) bars(r *Run, th *gil.Thread, columns int) (list []bar) {
	width := float64(c.to - c.from)
	if width <= 0 {
		return nil
	}
	at := func(t int64) float64 {
		return min(max(float64(t-r.From-c.from)/width, 0), 1) * float64(columns)
	}
	full := func(s gil.State, from, to float64) {
		if n := len(list); n > 0 && !list[n-1].mixed && list[n-1].state == s && list[n-1].to >= from {
			list[n-1].to = to
			return
		}
		b := bar{from: from, to: to, state: s}
		b.shares[s] = 1
		list = append(list, b)
	}
	column, first, last := -1, 0.0, 0.0
	var shares [gil.States]float64
	flush := func() {
		if column < 0 {
			return
		}
		var b bar
		kinds := 0
		for s, x := range shares {
			if x > 0 {
				kinds++
			}
			if x > shares[b.state] {
				b.state = gil.State(s)
			}
		}
		if kinds == 1 {
			full(b.state, first, last)
		} else {
			b.from, b.to, b.shares, b.mixed = float64(column), float64(column+1), shares, true
			list = append(list, b)
		}
		column, shares = -1, [gil.States]float64{}
	}
	add := func(s gil.State, k int, from, to float64) {
		if to <= from {
			return
		}
		if k != column {
			flush()
			column, first = k, from
		}
		last = to
		shares[s] += to - from
	}
	for _, p := range th.Parts {
		from, to := at(p.From), at(p.To)
		if to <= from {
			continue
		}
		a, z := int(from), int(to)
		if a == z {
			add(p.State, a, from, to)
			continue
		}
		add(p.State, a, from, float64(a+1))
		if z > a+1 {
			flush()
			full(p.State, float64(a+1), float64(z))
		}
		add(p.State, z, float64(z), to)
	}
	flush()
	return list
}

// letters of a lane of so many columns: in a column in which a thread did several
// things, that which the columns before have shown too little of.
func (c *chart) letters(r *Run, th *gil.Thread, columns int) (row []rune, mixed bool) {
	row = make([]rune, columns)
	for i := range row {
		row[i] = ' '
	}
	var owed [gil.States]float64
	for _, b := range c.bars(r, th, columns) {
		for k := int(b.from); k < columns && float64(k) < b.to-0.01; k++ {
			show := b.state
			if b.mixed {
				mixed = true
				for s, x := range b.shares {
					if owed[s] += x; owed[s] > owed[show] {
						show = gil.State(s)
					}
				}
				owed[show]--
			}
			row[k] = letters[show]
		}
	}
	return row, mixed
}

// moments gives the columns in which marks of a kind lie, each once.
func (c *chart) moments(r *Run, th *gil.Thread, kind gil.MarkKind, columns int) (list []int) {
	width := float64(c.to - c.from)
	for _, m := range th.Marks {
		t := m.At - r.From
		if m.Kind != kind || t < c.from || t > c.to || width <= 0 {
			continue
		}
		k := min(int(float64(t-c.from)/width*float64(columns)), columns-1)
		if n := len(list); n == 0 || list[n-1] != k {
			list = append(list, k)
		}
	}
	return list
}
