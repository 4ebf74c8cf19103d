package timeline

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"interleave/engine/trace"
)

// long is a trace of about n events: producers and consumers over a buffered channel,
// who now and then take a lock, on four cores; one of them sleeps once, and only
// once.
func long(n int, tasks uint32) *trace.Trace {
	t := trace.New(max(n, 1))
	t.Head = trace.Head{Policy: "go", Seed: 1, Cores: 4, Cell: "cell[1]", End: "returned", Token: "go.1.4.10ms.v1", Cost: "made up"}
	var places []uint32
	for line := range 20 {
		places = append(places, t.AddPlace(trace.Place{File: "cell[1]", Line: line + 1, Column: 2, Func: "main.work"}))
	}
	for k := range tasks {
		t.AddTask(trace.Task{Number: int(k) + 1, Cell: "cell[1]", Start: "main.work", Place: places[0]})
	}
	c, mu := t.AddObject(trace.Object{Kind: trace.Chan, Name: "c"}), t.AddObject(trace.Object{Kind: trace.Mutex, Name: "mu"})
	recv, lock, sleep := t.Reason("chan receive"), t.Reason("sync.Mutex.Lock"), t.Reason("sleep")
	r := rand.New(rand.NewPCG(1, 2))
	now := int64(0)
	add := func(task uint32, kind trace.Kind, object uint32, reason uint8, arg int32, cause uint32) {
		now += 10 + r.Int64N(90)
		t.Add(trace.Event{Time: now, Task: task, Kind: kind, Object: object, Reason: reason, Arg: arg, Cause: cause, Core: int16(task % 4), Place: places[r.IntN(20)]})
	}
	for k := range tasks {
		add(k+1, trace.Create, 0, 0, 0, 0)
		add(k+1, trace.Ready, 0, 0, 0, 0)
	}
	for t.Len() < n-8 {
		k, by := 1+r.Uint32N(tasks), 1+r.Uint32N(tasks)
		add(k, trace.Run, 0, 0, 0, 0)
		switch {
		case t.Len() >= n/2 && t.Len() < n/2+8 && sleep != 0:
			add(k, trace.Block, 0, sleep, 0, 0)
			add(k, trace.Ready, 0, 0, 0, 0)
			sleep = 0
		case r.IntN(3) == 0:
			add(k, trace.Lock, mu, 0, 0, 0)
			add(k, trace.Unlock, mu, 0, 0, 0)
			add(k, trace.Block, mu, lock, 0, 0)
			add(k, trace.Ready, 0, 0, 0, by)
		default:
			add(k, trace.Send, c, 0, int32(r.IntN(5)), 0)
			add(k, trace.Block, c, recv, 0, 0)
			add(k, trace.Ready, 0, 0, 0, by)
		}
	}
	return t
}

func TestLong(t *testing.T) {
	for _, c := range []struct {
		n     int
		tasks uint32
	}{{5_000, 9}, {25_000, 9}, {100_000, 9}, {100_000, 200}, {300_000, 9}, {400_000, 60_000}} {
		n := c.n
		d := Draw(long(n, c.tasks), Options{})
		if len(d.HTML) >= 500_000 {
			t.Errorf("%d events make %d bytes of HTML", n, len(d.HTML))
		}
		if c.tasks < 1000 && !strings.Contains(d.Text, "sleep 1×") {
			t.Errorf("%d events: the text hides that a task slept once", n)
		}
		t.Logf("%d events of %d tasks: %d bytes of HTML, %d of text", n, c.tasks, len(d.HTML), len(d.Text))
	}
}

// A part of a run that is reduced as a whole is all there: every event in its time, and the
// name by which more can be asked for only where it is reduced itself.
func TestPartOfLong(t *testing.T) {
	tr := long(100_000, 9)
	events := tr.Events()
	for _, c := range []struct {
		from, to int
		reduced  bool
	}{{0, 90_000, true}, {40_000, 42_000, false}, {len(events) - 1000, len(events) - 1, false}} {
		from, to := events[c.from].Time, events[c.to].Time
		d := newChart(tr, Options{From: from, To: to, Scale: ToScale, Key: "run"}).pack(c.reduced)
		if (d.Run == "run") != c.reduced || (d.Columns > 0) != c.reduced {
			t.Errorf("%d to %d: run %q, %d columns", c.from, c.to, d.Run, d.Columns)
		}
		if got := len(d.Events.At); !c.reduced && got != c.to-c.from+1 {
			t.Errorf("%d to %d: %d events", c.from, c.to, got)
		}
		if part := Part(tr, Options{From: from, To: to, Scale: ToScale, Key: "run"}); !bytes.Equal(part, d.encode()) {
			t.Errorf("%d to %d: Part gives something else", c.from, c.to)
		}
	}
}

func BenchmarkDraw(b *testing.B) {
	for name, n := range map[string]int{"100k": 100_000, "1M": 1_000_000} {
		tr := long(n, 9)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Draw(tr, Options{})
			}
		})
		b.Run(name+"/part", func(b *testing.B) {
			for b.Loop() {
				Part(tr, Options{From: tr.Events()[n/2].Time, To: tr.Events()[n/2+1000].Time, Key: "run"})
			}
		})
	}
}
