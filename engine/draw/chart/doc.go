// Package chart draws figures over axes: lines, steps, points and bars, of a
// simulation or of a measurement.
//
//	Chart (axes, series, marks) ─▶ layout ─┬─▶ SVG in an <img> with alt
//	                                       ├─▶ text
//	                                       └─▶ table of all numbers
//
// What goes in is plain data, worked out before:
//
//	chart.Draw(chart.Chart{
//		Title: "Short slices answer sooner and switch more",
//		X:     chart.Axis{Label: "quantum", Scale: chart.Log2, Format: chart.Duration},
//		Y:     chart.Axis{Label: "average response", Format: chart.Duration},
//		Series: []chart.Series{
//			{Name: "simulated", Kind: chart.Step, Points: points},
//			{Name: "measured", Kind: chart.Dots, Points: others}, // Point.Low and High: an error bar
//		},
//		AtX: []chart.Mark{{At: 5e6, Name: "CPython's 5 ms"}},                // a labelled line
//		AtY: []chart.Mark{{At: 0.9, To: 1.1, Name: "within 10 % of the model"}}, // a labelled band
//	})
//
// For bars over names, X.Names holds the names and Point.X is an index into them.
// Several charts given to Draw stand below each other in one drawing.
//
// # What it does not do
//
// It never draws a false length: bars and linear Y axes begin at 0 unless the axis
// says otherwise, which is then written below the picture; bars over a logarithmic Y are
// drawn as dots. What cannot be drawn (not a number, nothing or less on a logarithmic
// axis, more series than can be told apart) is counted below the picture and stands in
// the table. Series differ by the shape of their points, their dashes and patterns, and a
// name at their end; colour only helps.
package chart
