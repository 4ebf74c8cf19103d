package chart

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"interleave/engine/draw/drawtest"
)

func ms(n float64) float64 { return n * 1e6 }

// quantum is a sweep: what a learner sees first.
func quantum() Chart {
	var turn, response []Point
	for _, q := range []float64{1, 2, 4, 8, 16} {
		turn = append(turn, Point{X: ms(q), Y: ms(14 - 4*math.Log2(q)/4)})
		response = append(response, Point{X: ms(q), Y: ms(q), Low: ms(q * 0.9), High: ms(q * 1.1)})
	}
	return Chart{
		Title: "Round robin: the quantum", Lead: "Three jobs of 5 ms each.",
		X:      Axis{Label: "quantum", Scale: Log2, Format: Duration},
		Y:      Axis{Label: "average time", Format: Duration},
		Series: []Series{{Name: "turnaround", Points: turn}, {Name: "response", Points: response}},
	}
}

// cache is measured: steps, error bars, marks where a computer's caches end.
func cache() Chart {
	var model, seen []Point
	for k := 12; k <= 26; k++ {
		x := math.Pow(2, float64(k))
		y := 1.2
		for i, size := range []float64{32 << 10, 1 << 20, 32 << 20} {
			if x > size {
				y = []float64{4, 15, 80}[i]
			}
		}
		model = append(model, Point{X: x, Y: y})
		seen = append(seen, Point{X: x, Y: y * 1.1, Low: y, High: y * 1.3})
	}
	ns := func(x float64) string { return Number(x) + " ns" }
	return Chart{
		Title:  "Each cache that the data no longer fits into costs a step",
		X:      Axis{Label: "working set", Scale: Log2, Format: Bytes},
		Y:      Axis{Label: "time of an access", Scale: Log10, Format: ns},
		Series: []Series{{Name: "model", Kind: Step, Points: model}, {Name: "measured", Kind: Dots, Points: seen}},
		AtX:    []Mark{{At: 32 << 10, Name: "L1 32 KiB"}, {At: 1 << 20, Name: "L2 1 MiB"}, {At: 32 << 20, Name: "L3 32 MiB"}},
	}
}

// mixes has bars of two series over names, a tolerance band and a level.
func mixes() Chart {
	return Chart{
		Title: "Simulated and measured", X: Axis{Label: "mix", Names: []string{"1 CPU", "2 CPU", "1 CPU + 1 I/O", "4 CPU"}},
		Y: Axis{Label: "share of the time", Format: Percent},
		Series: []Series{
			{Name: "simulated", Kind: Bars, Points: []Point{{X: 0, Y: 1}, {X: 1, Y: 0.5}, {X: 2, Y: 0.8}, {X: 3, Y: 0.25}}},
			{Name: "CPython 3.14", Kind: Bars, Points: []Point{{X: 0, Y: 0.99}, {X: 1, Y: 0.51, Low: 0.48, High: 0.55}, {X: 2, Y: 0.71, Label: "?"}, {X: 3, Y: 0.26}}},
		},
		AtY: []Mark{{At: 0.45, To: 0.55, Name: "half, within 10 %"}},
	}
}

// names are too long to stand beside each other.
func names() Chart {
	c := Chart{Title: "Policies", X: Axis{Label: "policy"}, Y: Axis{Label: "ms"}}
	s := Series{Name: "waiting", Kind: Bars}
	for i, name := range []string{"priority(first=low,aging=1ms)", "fcfs", "sjf", "round robin, q = 4 ms", "mlfq(queues=3,q=4ms/8ms/16ms,boost=100ms)", "lottery(q=2ms)", "cfs"} {
		c.X.Names = append(c.X.Names, name)
		s.Points = append(s.Points, Point{X: float64(i), Y: float64(20 - i)})
	}
	c.Series = []Series{s}
	return c
}

// crowd has as many series as can be told apart, and one more.
func crowd() Chart {
	c := Chart{Title: "Nine policies", X: Axis{Label: "processes"}, Y: Axis{Label: "switches"}}
	for i := range 9 {
		s := Series{Name: fmt.Sprintf("policy <%d>", i)}
		for x := range 11 {
			s.Points = append(s.Points, Point{X: float64(x), Y: float64(x*(i+2)) + 20*math.Sin(float64(x+i))})
		}
		c.Series = append(c.Series, s)
	}
	return c
}

// hostile has what no axis can show.
func hostile() Chart {
	return Chart{
		Title: `"><script>alert(1)</script>`, X: Axis{Label: "x & y"}, Y: Axis{Scale: Log10},
		Series: []Series{{Name: "<b>", Kind: Bars, Points: []Point{{X: 0, Y: 0}, {X: 1, Y: math.NaN()}, {X: 2, Y: math.Inf(1)}, {X: math.NaN(), Y: 3}, {X: 3, Y: -1}, {X: 4, Y: 12}}}},
		Notes:  []string{"a < b"},
	}
}

var charts = map[string]func() Chart{"quantum": quantum, "cache": cache, "mixes": mixes, "names": names, "crowd": crowd, "hostile": hostile, "empty": func() Chart { return Chart{Title: "Nothing"} }}

func TestGolden(t *testing.T) {
	for name, c := range charts {
		t.Run(name, func(t *testing.T) {
			d := Draw(c())
			drawtest.Golden(t, name+".txt", d.Text+"\n"+d.Alt+"\n")
			drawtest.Golden(t, name+".svg", drawtest.Pictures(t, d.HTML)[0])
			drawtest.Golden(t, name+".html", drawtest.WithoutPictures(d.HTML))
		})
	}
}

// Every picture is XML, has no number that is none, and no text outside of it.
func TestPictures(t *testing.T) {
	for name, c := range charts {
		drawtest.WellFormed(t, name, drawtest.Pictures(t, Draw(c()).HTML)[0])
	}
}

// What cannot be drawn is counted, and stands in the table.
func TestNothingIsHidden(t *testing.T) {
	page := Draw(hostile()).HTML
	for _, want := range []string{"5 points have no place on these axes", "−1", "NaN", "+Inf", "logarithmic"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, "<script>") {
		t.Error("a name became markup")
	}
	if page = Draw(crowd()).HTML; !strings.Contains(page, "1 series is more than can be told apart") || !strings.Contains(page, "policy &lt;8&gt;") {
		t.Error("the ninth series is lost")
	}
}

// Bars and linear lines begin at 0; where a chart wants another beginning, it says so.
func TestNoFalseLengths(t *testing.T) {
	c := Chart{Y: Axis{Label: "ms"}, Series: []Series{{Points: []Point{{X: 1, Y: 1000}, {X: 2, Y: 1010}}}}}
	if k := newCanvas(&c); k.y.from != 0 || len(k.notes) != 0 {
		t.Errorf("the axis begins at %v, notes %q", k.y.from, k.notes)
	}
	c.Y.From, c.Y.To = 990, 1020
	if k := newCanvas(&c); k.y.from != 990 || !strings.Contains(strings.Join(k.notes, ""), "The ms axis begins at 990, not at 0.") {
		t.Errorf("the axis begins at %v, notes %q", k.y.from, k.notes)
	}
	c.Series[0].Kind, c.Y = Bars, Axis{Scale: Log10}
	if k := newCanvas(&c); k.series[0].Kind != Dots {
		t.Error("a bar on a logarithmic axis has a length that means nothing")
	}
}

// Ticks stand at round values, and scales keep their order.
func TestTicks(t *testing.T) {
	for _, c := range []struct {
		axis      Axis
		low, high float64
		want      string
	}{
		{Axis{}, 0, 10, "0 2 4 6 8 10"},
		{Axis{}, 0, 97, "0 20 40 60 80 100"},
		{Axis{}, -3, 3, "-3 -2 -1 0 1 2 3"},
		{Axis{}, 0, 0.03, "0 0.005 0.01 0.015 0.02 0.025 0.03"},
		{Axis{Scale: Log2}, 1, 16, "1 2 4 8 16"},
		{Axis{Scale: Log10}, 1, 1e6, "1 10 100 1000 1e+04 1e+05 1e+06"},
		{Axis{Scale: Log10}, 3, 8, "1 2 5 10"},
		{Axis{Ticks: []float64{1, 3, 99}}, 0, 10, "1 3"},
		{Axis{}, 5, 5, "0 1 2 3 4 5"},
	} {
		s := c.axis.scale(span{c.low, c.high, true}, true)
		var got []string
		for _, x := range s.ticks {
			got = append(got, fmt.Sprintf("%.4g", x))
		}
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("%v to %v: ticks %s, want %s", c.low, c.high, g, c.want)
		}
		for _, x := range s.ticks {
			if y := s.value(s.at(x)); math.Abs(y-x) > 1e-9*max(1, math.Abs(x)) {
				t.Errorf("%v is drawn where %v is", x, y)
			}
		}
	}
}

// Long series are thinned: their least and greatest values stay, and it is said.
func TestLong(t *testing.T) {
	s := Series{Name: "long"}
	for i := range 100_000 {
		y := math.Sin(float64(i) / 1000)
		if i == 54_321 {
			y = 7
		}
		s.Points = append(s.Points, Point{X: float64(i), Y: y})
	}
	c := Chart{Series: []Series{s}}
	k := newCanvas(&c)
	most := 0.0
	for _, p := range k.series[0].Points {
		most = max(most, p.Y)
	}
	d := Draw(c)
	if most != 7 || len(k.series[0].Points) > mostPoints || !strings.Contains(d.Text, "Reduced") {
		t.Errorf("greatest %v of %d points\n%s", most, len(k.series[0].Points), d.Text)
	}
	if n := len(d.HTML); n > 200_000 {
		t.Errorf("%d bytes", n)
	}
}
