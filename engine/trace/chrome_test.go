package trace

import (
	"bytes"
	"encoding/json"
	"testing"
)

// entry is an event of the Trace Event Format (Google, "Trace Event Format", 2016):
// phases M (names), X (complete), i (instant), s and f (the ends of an arrow).
type entry struct {
	Ph   string         `json:"ph"`
	Pid  *int           `json:"pid"`
	Tid  *int           `json:"tid"`
	Ts   *float64       `json:"ts"`
	Dur  *float64       `json:"dur"`
	Name string         `json:"name"`
	Cat  string         `json:"cat"`
	ID   int            `json:"id"`
	S    string         `json:"s"`
	Bp   string         `json:"bp"`
	Args map[string]any `json:"args"`
}

// Perfetto's importer drops what breaks these rules: every event has its phase's
// fields, bars of a track do not overlap, and each arrow has two ends at one time, which
// lie in bars of named tracks.
func TestChromeSchema(t *testing.T) {
	var b bytes.Buffer
	if err := Chrome(&b, sample()); err != nil {
		t.Fatal(err)
	}
	var file struct {
		TraceEvents     []entry           `json:"traceEvents"`
		DisplayTimeUnit string            `json:"displayTimeUnit"`
		OtherData       map[string]string `json:"otherData"`
	}
	if err := json.Unmarshal(b.Bytes(), &file); err != nil {
		t.Fatal(err)
	}
	if file.DisplayTimeUnit != "ns" || file.OtherData["token"] == "" {
		t.Errorf("unit %q, other data %v", file.DisplayTimeUnit, file.OtherData)
	}
	type track struct{ pid, tid int }
	named, ended := map[track]bool{}, map[track]float64{}
	bars := map[track][][2]float64{}
	starts, ends := map[int]entry{}, map[int]entry{}
	for i, e := range file.TraceEvents {
		if e.Pid == nil || e.Name == "" {
			t.Fatalf("event %d has no process or no name: %+v", i, e)
		}
		if e.Ph == "M" {
			if e.Args["name"] == "" {
				t.Errorf("event %d names nothing", i)
			}
			if e.Tid != nil {
				named[track{*e.Pid, *e.Tid}] = true
			}
			continue
		}
		if e.Tid == nil || e.Ts == nil || *e.Ts < 0 {
			t.Fatalf("event %d has no thread or no time: %+v", i, e)
		}
		k := track{*e.Pid, *e.Tid}
		if !named[k] {
			t.Errorf("event %d is on track %v, which has no name yet", i, k)
		}
		switch e.Ph {
		case "X":
			if e.Dur == nil || *e.Dur < 0 {
				t.Fatalf("event %d has no length: %+v", i, e)
			}
			if *e.Ts < ended[k]-1e-9 {
				t.Errorf("event %d begins at %v, in the one before, which ends at %v", i, *e.Ts, ended[k])
			}
			ended[k] = *e.Ts + *e.Dur
			bars[k] = append(bars[k], [2]float64{*e.Ts, ended[k]})
		case "i":
			if e.S != "t" {
				t.Errorf("event %d is instant in scope %q", i, e.S)
			}
		case "s":
			starts[e.ID] = e
		case "f":
			if e.Bp != "e" {
				t.Errorf("event %d binds to the next bar", i)
			}
			ends[e.ID] = e
		default:
			t.Errorf("event %d has phase %q", i, e.Ph)
		}
	}
	if len(starts) != 1 || len(ends) != len(starts) {
		t.Errorf("%d arrows begin, %d end", len(starts), len(ends))
	}
	for id, s := range starts {
		f, ok := ends[id]
		if !ok || *f.Ts < *s.Ts || f.Name != s.Name || f.Cat != s.Cat {
			t.Errorf("arrow %d: from %+v to %+v", id, s, f)
		}
		for _, e := range []entry{s, f} {
			in := false
			for _, bar := range bars[track{*e.Pid, *e.Tid}] {
				in = in || *e.Ts >= bar[0] && *e.Ts <= bar[1]
			}
			if !in {
				t.Errorf("arrow %d has an end outside of all bars: %+v", id, e)
			}
		}
	}
}
