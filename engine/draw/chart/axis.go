package chart

import (
	"math"
	"strconv"
	"strings"

	"interleave/engine/draw"
)

// Scale is how a value becomes a place.
type Scale uint8

// The scales.
const (
	Linear Scale = iota
	Log2         // each step doubles: sizes, quanta
	Log10
)

// Axis is one of the two axes.
type Axis struct {
	Label    string // what it shows
	Scale    Scale
	From, To float64              // its range; both 0: from the data
	Ticks    []float64            // where values are written; nil: at round ones
	Format   func(float64) string // writes a value with its unit; nil: Number
	Names    []string             // of X: what stands at 0, 1, 2 …
}

// Number writes a value with four digits that matter.
func Number(x float64) string {
	if x == math.Trunc(x) && math.Abs(x) < 1e15 {
		return draw.Thousands(int(x))
	}
	s := strconv.FormatFloat(x, 'g', 4, 64)
	return strings.Replace(s, "-", "−", 1)
}

// Duration writes ns.
func Duration(x float64) string {
	if x == 0 {
		return "0"
	}
	return draw.Duration(int64(math.Round(x)))
}

// Bytes writes a size in powers of 1024.
func Bytes(x float64) string {
	for _, u := range []struct {
		of   float64
		name string
	}{{1 << 30, " GiB"}, {1 << 20, " MiB"}, {1 << 10, " KiB"}} {
		if x >= u.of {
			return Number(x/u.of) + u.name
		}
	}
	return Number(x) + " B"
}

// Percent writes a share of 1.
func Percent(x float64) string { return Number(math.Round(x*1000)/10) + " %" }

// text writes a value of the axis.
func (a *Axis) text(x float64) string {
	if i := int(math.Round(x)); len(a.Names) > 0 && i >= 0 && i < len(a.Names) {
		return a.Names[i]
	}
	if a.Format != nil {
		return a.Format(x)
	}
	return Number(x)
}

// name is what the axis is called in a sentence.
func (a *Axis) name(otherwise string) string {
	if a.Label != "" {
		return a.Label
	}
	return otherwise
}

// shows tells whether a value has a place on the axis.
func (a *Axis) shows(x float64) bool {
	if math.IsNaN(x) || math.IsInf(x, 0) || a.Scale != Linear && x <= 0 {
		return false
	}
	return a.From == 0 && a.To == 0 || x >= a.From && x <= a.To
}

// span is a range of values.
type span struct {
	low, high float64
	some      bool
}

func (s *span) take(x float64) {
	if !s.some {
		*s = span{x, x, true}
		return
	}
	s.low, s.high = min(s.low, x), max(s.high, x)
}

func (s *span) takeMark(a *Axis, m Mark) {
	if a.shows(m.At) {
		s.take(m.At)
	}
	if m.To > m.At && a.shows(m.To) {
		s.take(m.To)
	}
}

// scale is an axis with its range and ticks.
type scale struct {
	from, to float64
	log      bool
	ticks    []float64
}

// at is the place of a value: 0 at the axis' beginning, 1 at its end.
func (s *scale) at(x float64) float64 {
	if s.log {
		return (math.Log(x) - math.Log(s.from)) / (math.Log(s.to) - math.Log(s.from))
	}
	return (x - s.from) / (s.to - s.from)
}

// value is the inverse of at.
func (s *scale) value(p float64) float64 {
	if s.log {
		return math.Exp(math.Log(s.from) + p*(math.Log(s.to)-math.Log(s.from)))
	}
	return s.from + p*(s.to-s.from)
}

// scale fits the axis to a range; round says whether it ends at ticks.
func (a *Axis) scale(r span, round bool) scale {
	s := scale{from: r.low, to: r.high, log: a.Scale != Linear}
	fixed := a.From != 0 || a.To != 0
	switch {
	case fixed:
		s.from, s.to = a.From, a.To
	case !r.some && s.log:
		s.from, s.to = 1, 10
	case !r.some:
		s.from, s.to = 0, 1
	}
	if !(s.from < s.to) {
		if s.log {
			s.from, s.to = s.from/2, s.to*2
		} else {
			s.from, s.to = min(0, s.from), max(0, s.to)
			if s.from == s.to {
				s.to = 1
			}
		}
	}
	switch {
	case len(a.Names) > 0:
		for i := range a.Names {
			s.ticks = append(s.ticks, float64(i))
		}
		return s
	case a.Scale == Linear:
		s.linear(round && !fixed)
	case a.Scale == Log2:
		s.powers(2, round && !fixed)
	default:
		s.powers(10, round && !fixed)
	}
	if a.Ticks != nil {
		s.ticks = nil
		for _, x := range a.Ticks {
			if x >= s.from && x <= s.to {
				s.ticks = append(s.ticks, x)
			}
		}
	}
	return s
}

// linear puts some six ticks at 1, 2 or 5 times a power of ten.
func (s *scale) linear(round bool) {
	rough := (s.to - s.from) / 6
	unit := math.Pow(10, math.Floor(math.Log10(rough)))
	step := unit * 10
	for _, f := range []float64{1, 2, 5} {
		if f*unit >= rough*0.999 {
			step = f * unit
			break
		}
	}
	if round {
		s.from, s.to = math.Floor(s.from/step+1e-9)*step, math.Ceil(s.to/step-1e-9)*step
	}
	for i := math.Ceil(s.from/step - 1e-9); i*step <= s.to*(1+1e-12)+step*1e-9; i++ {
		s.ticks = append(s.ticks, i*step+0) // + 0 makes 0 of −0
	}
}

// powers puts ticks at powers of base, or at some of them; an axis of doublings that
// begins with its data counts from there: 1 ms, 2 ms, 4 ms.
func (s *scale) powers(base float64, round bool) {
	unit := 1.0
	if base == 2 && !round {
		unit = s.from
	}
	low, high := math.Log(s.from/unit)/math.Log(base), math.Log(s.to/unit)/math.Log(base)
	if round {
		low, high = math.Floor(low+1e-9), math.Ceil(high-1e-9)
		s.from, s.to = math.Pow(base, low), math.Pow(base, high)
	}
	every := max(math.Ceil((high-low)/9), 1)
	for i := math.Ceil(low - 1e-9); i <= high+1e-9; i += every {
		s.ticks = append(s.ticks, unit*math.Pow(base, i))
	}
	if base == 10 && high-low < 1.5 { // few powers: also what lies between
		var more []float64
		for i := math.Floor(low); i <= high; i++ {
			for _, f := range []float64{1, 2, 5} {
				if x := f * math.Pow(10, i); x >= s.from*(1-1e-12) && x <= s.to*(1+1e-12) {
					more = append(more, x)
				}
			}
		}
		s.ticks = more
	}
}
