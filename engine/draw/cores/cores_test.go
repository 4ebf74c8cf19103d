package cores

import (
	"strings"
	"testing"

	"interleave/engine/draw"
	"interleave/engine/draw/drawtest"
	"interleave/engine/trace"
)

// sample is two tasks on two cores: g2 waits for a lock that main holds.
func sample() *trace.Trace {
	t := trace.New(0)
	t.Head = trace.Head{Policy: "go", Seed: 7, Cores: 2, Token: "go.7.2.10ms.v1", Cell: "cell[1]"}
	here := t.AddPlace(trace.Place{File: "cell[1]", Line: 3, Column: 2, Func: "main.cell"})
	main := t.AddTask(trace.Task{Number: 1, Cell: "cell[1]", Start: "main.cell"})
	work := t.AddTask(trace.Task{Number: 2, Cell: "cell[1]", Start: "main.<work>", Parent: main, Place: here})
	mu := t.AddObject(trace.Object{Kind: trace.Mutex, Name: "mu", Place: here})
	lock, over := t.Reason("sync.Mutex.Lock"), t.Reason("returned")
	for _, e := range []trace.Event{
		{Time: 0, Task: main, Kind: trace.Create, Core: -1},
		{Time: 0, Task: main, Kind: trace.Ready, Core: -1},
		{Time: 100, Task: main, Kind: trace.Run, Core: 0},
		{Time: 200, Task: main, Kind: trace.Lock, Core: 0, Object: mu, Place: here},
		{Time: 300, Task: work, Kind: trace.Create, Core: -1, Cause: main, Place: here},
		{Time: 300, Task: work, Kind: trace.Ready, Core: -1},
		{Time: 1000, Task: work, Kind: trace.Run, Core: 1},
		{Time: 1200, Task: work, Kind: trace.Block, Core: 1, Object: mu, Reason: lock},
		{Time: 1500, Task: main, Kind: trace.Unlock, Core: 0, Object: mu, Place: here},
		{Time: 1500, Task: work, Kind: trace.Ready, Core: -1, Cause: main, Place: here},
		{Time: 1600, Task: main, Kind: trace.End, Core: 0, Reason: over},
		{Time: 2600, Task: work, Kind: trace.Run, Core: 0, Arg: 1},
		{Time: 3100, Task: work, Kind: trace.End, Core: 0, Reason: over},
	} {
		t.Add(e)
	}
	return t
}

func TestGolden(t *testing.T) {
	for name, d := range map[string]draw.Drawing{"utilization": Draw(sample())} {
		drawtest.Golden(t, name+".txt", d.Text+"\n"+d.Alt+"\n")
		drawtest.Golden(t, name+".html", d.HTML)
	}
}

// A core that always runs something is busy all the time, and no task is ready.
func TestBusy(t *testing.T) {
	tr := trace.New(0)
	tr.Head.Cores = 1
	for k := range uint32(100) {
		n := tr.AddTask(trace.Task{Number: int(k) + 1, Start: "main.f"})
		tr.Add(trace.Event{Time: int64(k) * 10, Task: n, Kind: trace.Run})
		tr.Add(trace.Event{Time: int64(k)*10 + 10, Task: n, Kind: trace.End, Reason: tr.Reason("returned")})
	}
	if d := Draw(tr); !strings.Contains(d.Text, strings.Repeat("█", 60)+" 100 %") || !strings.Contains(d.Text, "at most 0.0") {
		t.Errorf("got\n%s", d.Text)
	}
}

// An empty trace is drawn, too.
func TestEmpty(t *testing.T) {
	if d := Draw(trace.New(0)); d.HTML == "" || d.Text == "" || d.Alt == "" {
		t.Errorf("%+v", d)
	}
}

func TestAtMost(t *testing.T) {
	for x, want := range map[float64]string{0: "0.0 at most", 0.01: "under 0.1", 0.05: "0.1 at most", 4.06: "4.1 at most"} {
		if got := atMost(x, "%s at most"); got != want {
			t.Errorf("%v: %q, want %q", x, got, want)
		}
	}
}
