package timeline

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"interleave/engine/trace"
)

// What was dropped is said in every form.
func TestDropped(t *testing.T) {
	whole := long(2000, 3)
	tr := trace.New(500)
	tr.Head, tr.Tasks, tr.Objects, tr.Places, tr.Reasons = whole.Head, whole.Tasks, whole.Objects, whole.Places, whole.Reasons
	for _, e := range whole.Events() {
		tr.Add(e)
	}
	d := Draw(tr, Options{})
	for name, form := range map[string]string{"HTML": d.HTML, "text": d.Text, "alt": d.Alt} {
		if !strings.Contains(strings.Join(strings.Fields(form), " "), "first "+thousandsOf(tr.Dropped)+" events are missing") {
			t.Errorf("the %s does not say that %d events were dropped", name, tr.Dropped)
		}
	}
}

func thousandsOf(n int) string {
	b, _ := json.Marshal(n)
	s := string(b)
	if len(s) > 3 {
		s = s[:len(s)-3] + "," + s[len(s)-3:]
	}
	return s
}

// A part of a run shows that part only, and the state of things at its beginning.
func TestPart(t *testing.T) {
	tr := long(3000, 4)
	events := tr.Events()
	from, to := events[1000].Time, events[1200].Time
	c := newChart(tr, Options{From: from, To: to})
	if c.from != from || c.to != to {
		t.Errorf("from %d to %d, not %d to %d", c.from, c.to, from, to)
	}
	for _, l := range c.lanes {
		for _, b := range l.bars {
			if b.from < from || b.to > to {
				t.Errorf("a bar of %s from %d to %d", l.name, b.from, b.to)
			}
		}
	}
	d := c.pack(false)
	if n := len(d.Events.At); n < 200 || n > 210 {
		t.Errorf("%d steps", n)
	}
	if d.Events.Count[0] < len(tr.Tasks)-1 {
		t.Errorf("the first step tells %d things", d.Events.Count[0])
	}
}

// Bars of a lane stand one behind the other, and fill what its task lived.
func TestBarsDoNotOverlap(t *testing.T) {
	for _, byCore := range []bool{false, true} {
		c := newChart(long(3000, 9), Options{ByCore: byCore})
		for _, l := range c.lanes {
			for i := 1; i < len(l.bars) && !byCore; i++ {
				if l.bars[i].from != l.bars[i-1].to {
					t.Errorf("%s: a bar ends at %d, the next begins at %d", l.name, l.bars[i-1].to, l.bars[i].from)
				}
			}
		}
	}
}

// Both scales keep the order of times, and each column of a scale follows the last.
func TestScales(t *testing.T) {
	c := newChart(long(3000, 4), Options{})
	for _, s := range []scale{toScale(c.from, c.until, 60), c.bySteps(60), c.bySteps(10_000)} {
		if s.columns < 1 || s.columns > 10_000 {
			t.Errorf("%d columns", s.columns)
		}
		last := int64(-1)
		for _, e := range c.events {
			u := s.units(e.Time)
			if u < last {
				t.Fatalf("time %d stands before what is earlier", e.Time)
			}
			last = u
		}
		if end := s.from + int64(s.columns)*s.width; last > end {
			t.Errorf("the last event stands at %d, the last column ends at %d", last, end)
		}
		for i := range s.columns {
			if s.start(i+1) < s.start(i) {
				t.Errorf("column %d begins before the one before", i+1)
			}
		}
	}
}

// A run is drawn the same each time, packed data included.
func TestSame(t *testing.T) {
	tr := long(20_000, 9)
	if a, b := Draw(tr, Options{}), Draw(tr, Options{}); a != b {
		t.Error("two drawings of one trace differ")
	}
}

// Packed data is what was packed.
func TestEncode(t *testing.T) {
	d := newChart(long(20_000, 9), Options{}).pack(false)
	text := d.encode()
	packed, err := base64.StdEncoding.DecodeString(strings.Trim(string(text), `"`))
	if err != nil {
		t.Fatal(err)
	}
	var got data
	if err := json.NewDecoder(flate.NewReader(bytes.NewReader(packed))).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if len(got.Events.At) != len(d.Events.At) || len(got.Bars.State) != len(d.Bars.State) || len(got.Words) != len(d.Words) {
		t.Error("another run came back")
	}
}

// Nothing that a program says becomes markup.
func TestMarkup(t *testing.T) {
	tr := trace.New(0)
	evil := `</script><img src=x onerror="x">`
	tr.Head = trace.Head{Policy: evil, Cost: evil, Token: evil, Cell: evil, Cores: 1}
	p := tr.AddPlace(trace.Place{File: evil, Line: 1, Func: evil})
	n := tr.AddTask(trace.Task{Number: 1, Cell: evil, Start: evil, Place: p})
	o := tr.AddObject(trace.Object{Kind: trace.Chan, Name: evil})
	tr.Add(trace.Event{Task: n, Kind: trace.Run, Place: p})
	tr.Add(trace.Event{Time: 10, Task: n, Kind: trace.Send, Object: o, Place: p, Arg: 1})
	tr.Describe(trace.Detail{Value: evil, Shared: []trace.Local{{Name: evil, Text: evil}}})
	tr.Add(trace.Event{Time: 20, Task: n, Kind: trace.Block, Object: o, Reason: tr.Reason("chan send"), Place: p})
	d := Draw(tr, Options{Source: map[string]string{evil: evil}, Title: evil})
	if strings.Contains(d.HTML, "<img") || strings.Count(d.HTML, "</script>") != 1 {
		t.Error("a name became markup")
	}
}

// A trace without events is drawn, too.
func TestEmpty(t *testing.T) {
	for _, o := range []Options{{}, {ByCore: true}, {Scale: BySteps}} {
		if d := Draw(trace.New(0), o); d.HTML == "" || d.Text == "" || d.Alt == "" {
			t.Errorf("%+v: %+v", o, d)
		}
	}
}
