package engine

import (
	"strings"
	"testing"

	"interleave/engine/draw/chart"
)

func TestMeasurement(t *testing.T) {
	m := &Measurement{Title: "A <title>", Computer: "a computer", Notes: []string{"not sure"}}
	m.add("load", 1.25, "ns", "of a word")
	m.add("wait", 5e6, "ns", "")
	m.add("rate", 3<<30, "B/s", "")
	m.charts = []chart.Chart{{Title: m.Title, Series: []chart.Series{{Name: "measured", Points: []chart.Point{{X: 1, Y: 2}, {X: 2, Y: 3}}}}}}
	for _, form := range []string{"text/plain", "text/html"} {
		text := m.Display()[form].(string)
		for _, want := range []string{"1.25 ns", "5 ms", "3 GiB/s", "of a word", "not sure", "Measured on: a computer"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q:\n%s", form, want, text)
			}
		}
	}
	if got := m.Value("wait"); got != 5e6 {
		t.Errorf("wait: %v", got)
	}
	defer func() {
		if said, _ := recover().(string); !strings.Contains(said, `no figure "nothing" (there is: load, wait, rate)`) {
			t.Errorf("panic: %q", said)
		}
	}()
	m.Value("nothing")
}
