package gantt

import (
	"math"
	"strconv"
	"strings"

	"interleave/engine/analyse/metrics"
)

// unit is what times are written in, as plain numbers.
type unit struct {
	ns     int64
	name   string
	digits int // decimals that can be told apart in a picture
}

var units = [...]unit{{ns: 1, name: "ns"}, {ns: 1e3, name: "µs"}, {ns: 1e6, name: "ms"}, {ns: 1e9, name: "s"}}

// unitOf is ms, the unit of textbook processes, where all times are whole ms, else one
// that suits the run's length.
func unitOf(f *figure) unit {
	u := bare(f)
	for u.digits = 0; u.digits < 3 && float64(f.to-f.from) < 300*float64(u.ns)/math.Pow(10, float64(u.digits)); u.digits++ {
	}
	return u
}

func bare(f *figure) unit {
	whole, length := true, int64(0)
	for _, c := range f.charts {
		for _, b := range c.ran {
			whole = whole && b.from%units[2].ns == 0 && b.to%units[2].ns == 0
		}
		length = max(length, c.last-c.m.From)
	}
	switch {
	case whole && length > 0 || length >= 10e6 && length < 10e9:
		return units[2]
	case length >= 10e9:
		return units[3]
	case length >= 10e3:
		return units[1]
	}
	return units[0]
}

// text writes a time with three decimals at most.
func (u unit) text(ns int64) string { return u.mean(float64(ns)) }

func (u unit) mean(ns float64) string {
	s := strconv.FormatFloat(math.Round(ns/float64(u.ns)*1000)/1000, 'f', -1, 64)
	return strings.Replace(s, "-", "−", 1)
}

// mark writes a time at an axis, as finely as a place on it can be told.
func (u unit) mark(ns int64) string {
	scale := math.Pow(10, float64(u.digits))
	return strconv.FormatFloat(math.Round(float64(ns)/float64(u.ns)*scale)/scale, 'f', -1, 64)
}

// of writes a mean of something, or that there is none.
func (u unit) of(a metrics.Average) string {
	if a.N == 0 {
		return "–"
	}
	return u.average(a.Mean())
}

// average writes a mean with two decimals at most, as books do.
func (u unit) average(ns float64) string {
	s := strconv.FormatFloat(math.Round(ns/float64(u.ns)*100)/100, 'f', -1, 64)
	return strings.Replace(s, "-", "−", 1)
}
