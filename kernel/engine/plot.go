package engine

import (
	"fmt"
	"math"

	"interleave/engine/draw/chart"
	"interleave/kernel/display"
)

// Plot is curves over axes, which shows itself:
//
//	engine.Plot{Title: "…", X: "cores", Y: "speed-up", Curves: []engine.Curve{{Name: "measured", X: xs, Y: ys}}}
type Plot struct {
	Title  string
	X, Y   string // what the axes show
	XUnit  string // "B", "ns" or none: how values are written
	YUnit  string
	LogX   bool // equal steps double
	LogY   bool // equal steps multiply by ten
	Curves []Curve
	At     []float64 // values of X that are marked
}

// Curve is a line through points with rising X.
type Curve struct {
	Name string
	X, Y []float64
}

func (p Plot) chart() (chart.Chart, error) {
	axis := func(label, unit string, log bool, scale chart.Scale) chart.Axis {
		a := chart.Axis{Label: label}
		if log {
			a.Scale = scale
		}
		switch unit {
		case "B":
			a.Format = chart.Bytes
		case "ns":
			a.Format = func(x float64) string {
				if math.Abs(x) < 1000 {
					return chart.Number(x) + " ns"
				}
				return chart.Duration(x)
			}
		case "":
		default:
			a.Format = func(x float64) string { return chart.Number(x) + " " + unit }
		}
		return a
	}
	c := chart.Chart{Title: p.Title, X: axis(p.X, p.XUnit, p.LogX, chart.Log2), Y: axis(p.Y, p.YUnit, p.LogY, chart.Log10)}
	for _, curve := range p.Curves {
		if len(curve.X) != len(curve.Y) {
			return chart.Chart{}, fmt.Errorf("engine.Plot: the curve %q has %d values of X and %d of Y", curve.Name, len(curve.X), len(curve.Y))
		}
		s := chart.Series{Name: curve.Name}
		for i, x := range curve.X {
			s.Points = append(s.Points, chart.Point{X: x, Y: curve.Y[i]})
		}
		c.Series = append(c.Series, s)
	}
	write := c.X.Format
	if write == nil {
		write = chart.Number
	}
	for _, x := range p.At {
		c.AtX = append(c.AtX, chart.Mark{At: x, Name: write(x)})
	}
	return c, nil
}

// String is the plot as text, or what is wrong with it.
func (p Plot) String() string {
	c, err := p.chart()
	if err != nil {
		return err.Error()
	}
	return chart.Draw(c).Text
}

// Display shows the plot. It panics where a curve has not as many values of Y as of X.
func (p Plot) Display() display.Bundle {
	c, err := p.chart()
	if err != nil {
		panic(err.Error())
	}
	return drawn(chart.Draw(c)).Display()
}
