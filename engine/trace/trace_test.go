package trace

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"unsafe"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; got\n%s", name, got)
	}
}

func TestEventSize(t *testing.T) {
	if n := unsafe.Sizeof(Event{}); n != 32 {
		t.Errorf("an event takes %d bytes", n)
	}
}

// sample is two tasks on two cores: g2 waits for a lock that main holds.
func sample() *Trace {
	t := New(0)
	t.Head = Head{Policy: "go", Seed: 7, Cores: 2, Cost: "switch 100 ns", Token: "go.7.2.10ms.v1"}
	here := t.AddPlace(Place{File: "cell[1]", Line: 3, Column: 2, Func: "main.cell"})
	there := t.AddPlace(Place{File: "cell[1]", Line: 5, Column: 9, Func: "main.work"})
	main := t.AddTask(Task{Number: 1, Cell: "cell[1]", Start: "main.cell"})
	work := t.AddTask(Task{Number: 2, Cell: "cell[1]", Start: "main.work", Parent: main, Place: here})
	mu := t.AddObject(Object{Kind: Mutex, Name: "mu", Place: here})
	lock := t.Reason("sync.Mutex.Lock")
	over := t.Reason("returned")
	for _, e := range []Event{
		{Time: 0, Task: main, Kind: Create, Core: -1},
		{Time: 0, Task: main, Kind: Ready, Core: -1},
		{Time: 100, Task: main, Kind: Run, Core: 0},
		{Time: 200, Task: main, Kind: Lock, Core: 0, Object: mu, Place: here},
		{Time: 300, Task: work, Kind: Create, Core: -1, Cause: main, Place: here},
		{Time: 300, Task: work, Kind: Ready, Core: -1},
		{Time: 1500, Task: main, Kind: Unlock, Core: 0, Object: mu, Place: here}, // core 0 was ahead
		{Time: 1000, Task: work, Kind: Run, Core: 1},
		{Time: 1200, Task: work, Kind: Block, Core: 1, Object: mu, Reason: lock, Place: there},
		{Time: 1500, Task: work, Kind: Ready, Core: -1, Cause: main, Place: here},
		{Time: 1600, Task: main, Kind: End, Core: 0, Reason: over},
		{Time: 2600, Task: work, Kind: Run, Core: 0, Arg: 1},
		{Time: 2600, Task: work, Kind: Lock, Core: 0, Object: mu, Place: there},
		{Time: 3100, Task: work, Kind: End, Core: 0, Reason: over},
	} {
		t.Add(e)
	}
	return t
}

func TestExports(t *testing.T) {
	for name, write := range map[string]func(*bytes.Buffer, *Trace) error{
		"sample.lines":  func(b *bytes.Buffer, tr *Trace) error { return Lines(b, tr) },
		"sample.chrome": func(b *bytes.Buffer, tr *Trace) error { return Chrome(b, tr) },
	} {
		var b bytes.Buffer
		if err := write(&b, sample()); err != nil {
			t.Fatal(err)
		}
		golden(t, name, b.Bytes())
		for line := range bytes.Lines(b.Bytes()) {
			if name == "sample.lines" && !json.Valid(line) {
				t.Errorf("not JSON: %s", line)
			}
		}
		if name == "sample.chrome" && !json.Valid(b.Bytes()) {
			t.Errorf("%s is not JSON", name)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

var errFull = errors.New("disk full")

func TestExportsReportErrors(t *testing.T) {
	if err := Lines(full{}, sample()); !errors.Is(err, errFull) {
		t.Errorf("Lines: %v", err)
	}
	if err := Chrome(full{}, sample()); !errors.Is(err, errFull) {
		t.Errorf("Chrome: %v", err)
	}
}

func TestSummary(t *testing.T) {
	s := Summarize(sample())
	if s.Wall != 3100 || s.Switches != 1 || s.Preemptions != 0 {
		t.Errorf("wall %d, switches %d, preemptions %d", s.Wall, s.Switches, s.Preemptions)
	}
	if s.Cores[0].Busy != 1500+500 || s.Cores[1].Busy != 200 {
		t.Errorf("busy %d and %d", s.Cores[0].Busy, s.Cores[1].Busy)
	}
	if want := 2200.0 / 3100; s.Speedup != want {
		t.Errorf("speed-up %v, want %v", s.Speedup, want)
	}
	if len(s.Tasks) != 2 {
		t.Fatalf("%d tasks", len(s.Tasks))
	}
	main, work := s.Tasks[0], s.Tasks[1]
	if main.Name != "g1" || main.Ready != 100 || main.Running != 1500 || main.Blocked != 0 || main.Ended != "returned" {
		t.Errorf("main: %+v", main)
	}
	if work.Ready != 700+1100 || work.Running != 700 || work.Blocked != 300 {
		t.Errorf("work: %+v", work)
	}
	if w := work.Waits; len(w) != 1 || w[0] != (Wait{"sync.Mutex.Lock", 1, 300, 1}) {
		t.Errorf("work waited for %+v", w)
	}
}

// The parts of each task's life fill it: running, ready, blocked and outside
// together are the time from its first event to its last.
func TestSpansFillLives(t *testing.T) {
	tr := sample()
	total := map[uint32]int64{}
	for _, s := range Spans(tr) {
		total[s.Task] += s.To - s.From
	}
	if total[1] != 1600 || total[2] != 3100-300 {
		t.Errorf("lives of %v ns", total)
	}
}

func TestBound(t *testing.T) {
	tr := New(10)
	for i := range 25 {
		tr.Add(Event{Time: int64(i)})
	}
	events := tr.Events()
	if len(events) != 10 || tr.Dropped != 15 || events[0].Time != 15 || events[9].Time != 24 {
		t.Errorf("%d events from %d, %d dropped", len(events), events[0].Time, tr.Dropped)
	}
}

func TestCut(t *testing.T) {
	tr := New(5)
	tr.Add(Event{Time: 1})
	p := tr.Point()
	tr.Add(Event{Time: 2})
	if !tr.Cut(p) || tr.Len() != 1 {
		t.Errorf("%d events after the cut", tr.Len())
	}
	for i := range 9 {
		tr.Add(Event{Time: int64(i)})
	}
	if tr.Cut(p) {
		t.Error("events came back that had been dropped")
	}
}

func TestReasons(t *testing.T) {
	tr := New(0)
	for i := range 1000 {
		n := tr.Reason(string(rune('a' + i)))
		if want := string(rune('a' + i)); i < 250 && tr.Reasons[n] != want || i > 260 && tr.Reasons[n] != "other" {
			t.Fatalf("reason %d became %q", i, tr.Reasons[n])
		}
	}
	if !slices.Contains(tr.Reasons, "other") {
		t.Error("no other")
	}
}

// A name that a program gives is one line of a drawing.
func TestTaskNameIsOneLine(t *testing.T) {
	tr := New(0)
	if got := tr.TaskName(tr.AddTask(Task{Name: "left\n\tright"})); got != "left right" {
		t.Errorf("name %q", got)
	}
}

// A note's number stands where its words want it, and only there.
func TestNoteText(t *testing.T) {
	tr := New(0)
	for _, c := range []struct {
		words string
		arg   int32
		want  string
	}{{"boost", 0, "boost"}, {"to queue %d", 0, "to queue 0"}, {"of %d tickets", 17, "of 17 tickets"}, {"lag %d µs", -3, "lag -3 µs"}, {"takes the GIL", 3, "takes the GIL"}} {
		if got := tr.NoteText(&Event{Kind: Note, Reason: tr.Reason(c.words), Arg: c.arg}); got != c.want {
			t.Errorf("%q and %d: %q, want %q", c.words, c.arg, got, c.want)
		}
	}
}
