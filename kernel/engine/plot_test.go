package engine

import (
	"fmt"
	"strings"
	"testing"
)

func TestPlotOfUnequalCurve(t *testing.T) {
	p := Plot{Title: "speed-up", Curves: []Curve{{Name: "measured", X: []float64{1, 2, 4}, Y: []float64{1, 1.9}}}}
	const want = `engine.Plot: the curve "measured" has 3 values of X and 2 of Y`
	if got := fmt.Sprint(p); got != want {
		t.Errorf("as text: %s", got)
	}
	func() {
		defer func() {
			if r := recover(); r != want {
				t.Errorf("shown: %v", r)
			}
		}()
		p.Display()
	}()
	p.Curves[0].Y = []float64{1, 1.9, 3.5}
	if got := p.String(); !strings.Contains(got, "measured") || !strings.Contains(got, "3.5") {
		t.Errorf("as text:\n%s", got)
	}
}
