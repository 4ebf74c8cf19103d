package engine

import (
	"strings"
	"testing"

	"interleave/engine/draw/chart"
	"interleave/kernel/measure/hardware"
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

func TestDoubtful(t *testing.T) {
	for _, c := range []struct {
		two, four float64
		want      string
	}{
		{1.96, 1.98, ""},
		{2.1, 2.15, ""},
		{1.2, 1.3, "2 threads that only compute do not share anything"},
		{3.92, 4.48, "2 threads on 2 CPUs came to 3.92 times one thread, and more than 2 times cannot be"},
		{1.9, 3.1, "4 threads on 2 CPUs came to 3.10 times one thread, and more than 2 times cannot be"},
	} {
		got := doubtful([]hardware.Scale{{Threads: 1, Compute: 1}, {Threads: 2, Compute: c.two}, {Threads: 4, Compute: c.four}}, 2)
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%v, %v: %q", c.two, c.four, got)
		}
	}
}
