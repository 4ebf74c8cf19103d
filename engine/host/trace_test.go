package host

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"interleave/engine/trace"
)

var update = flag.Bool("update", false, "write the traces that the cells make into their files")

// TestTraces runs cells, the files "1", "2" … of an archive, and holds the trace of
// the last of them: who did what with which object, and where. When, and on which
// core, is the scheduler's affair, and its tests'.
func TestTraces(t *testing.T) {
	files, err := filepath.Glob("_traces/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := open(t)
			want := ""
			var kept []txtar.File
			for _, f := range a.Files {
				if f.Name == "trace" {
					want = string(f.Data)
					continue
				}
				kept = append(kept, f)
				s.cell(t, context.Background(), newTape(), string(f.Data))
			}
			got := told(s.h.Last().Trace)
			if *update {
				a.Files = append(kept, txtar.File{Name: "trace", Data: []byte(got)})
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != want {
				t.Errorf("got\n%s", got)
			}
		})
	}
}

// told is a trace without times and cores.
func told(t *trace.Trace) string {
	var b strings.Builder
	at := func(place uint32) string {
		if place == 0 {
			return "?"
		}
		return t.PlaceName(place) + " in " + t.Places[place].Func
	}
	for i, k := range t.Tasks[1:] {
		fmt.Fprintf(&b, "%s: %s", t.TaskName(uint32(i+1)), k.Start)
		if k.Place != 0 {
			fmt.Fprintf(&b, ", started by %s at %s", t.TaskName(k.Parent), at(k.Place))
		}
		b.WriteString("\n")
	}
	for i, o := range t.Objects[1:] {
		fmt.Fprintf(&b, "%s: %s, at %s\n", t.ObjectName(uint32(i+1)), o.Kind, at(o.Place))
	}
	for _, e := range t.Events() {
		switch e.Kind {
		case trace.Ready, trace.Run, trace.Preempt:
			continue
		}
		fmt.Fprintf(&b, "%s %s", t.TaskName(e.Task), e.Kind)
		if e.Object != 0 {
			b.WriteString(" " + t.ObjectName(e.Object))
		}
		if e.Reason != 0 {
			fmt.Fprintf(&b, " (%s)", t.Reasons[e.Reason])
		}
		fmt.Fprintf(&b, " at %s\n", at(e.Place))
	}
	fmt.Fprintf(&b, "%s\n", t.Head.End)
	return b.String()
}

// TestNamesOfWatched: a variable's memory and what lies there or is referred to from there
// share its name; a number tells things of one kind apart.
func TestNamesOfWatched(t *testing.T) {
	s := open(t)
	if err := s.h.Configure("watch", "on"); err != nil {
		t.Fatal(err)
	}
	s.cell(t, context.Background(), newTape(), `
var mu sync.Mutex
ready := sync.NewCond(&mu)
c, n := make(chan int, 2), 0
func() {
	c := make(chan int, 1)
	c <- 1
}()
go func() { mu.Lock(); n++; mu.Unlock(); ready.Signal(); c <- n }()
<-c
`)
	names := map[string]int{}
	tr := s.h.Last().Trace
	for i := range tr.Objects[1:] {
		names[fmt.Sprint(tr.ObjectName(uint32(i+1)), " ", tr.Objects[i+1].Kind)]++
	}
	for _, want := range []string{"mu mutex", "ready cond", "ready memory", "c chan", "c#2 chan", "c memory", "n memory"} {
		if names[want] != 1 {
			t.Errorf("%s: %d in %v", want, names[want], names)
		}
	}
}

// TestCutTrace holds that a run with too many objects goes on, and says that its trace
// does not.
func TestCutTrace(t *testing.T) {
	s := open(t)
	if _, err := s.cell(t, context.Background(), newTape(), "for range 1_000_001 { _ = make(chan int) }\nc := make(chan int, 1)\nc <- 1"); err != nil {
		t.Fatal(err)
	}
	run := s.h.Last()
	if h := run.Trace.Head; !h.Cut || h.End != "cut" || run.Err != nil || len(run.Trace.Objects) > 1_000_002 {
		t.Errorf("%+v, %d objects", h, len(run.Trace.Objects))
	}
}

// TestRepeatedCell holds that a trace depends on the cell, the settings and the seed
// alone, whatever ran before.
func TestRepeatedCell(t *testing.T) {
	code := `type account struct { mu sync.Mutex; n int }
all := map[string]*account{"a": {}, "b": {}, "c": {}}
out := make(chan int)
var wg sync.WaitGroup
for name, a := range all {
	wg.Go(func() {
		for range 5 { a.mu.Lock(); a.n += len(name); a.mu.Unlock(); select { case out <- a.n: case <-time.After(50): } }
	})
}
go func() { wg.Wait(); close(out) }()
for range out {}`
	for _, policy := range []string{"go", "random"} {
		var first string
		for i := range 3 {
			s := open(t)
			if err := s.h.Configure("policy", policy); err != nil {
				t.Fatal(err)
			}
			for range i { // other things before
				s.run(t, "rand.Intn(5); time.Sleep(1e9); print(new(int) == nil)")
			}
			s.n = 6
			if _, err := s.cell(t, context.Background(), newTape(), code); err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			if err := trace.Lines(&b, s.h.Last().Trace); err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				first = b.String()
			} else if b.String() != first {
				t.Errorf("%s: the trace of the same cell differs:\n%s", policy, difference(first, b.String()))
			}
		}
	}
}

// difference is the first line that differs.
func difference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("line %d\n%s\n%s", i, x[i], y[i])
		}
	}
	return "one is longer"
}
