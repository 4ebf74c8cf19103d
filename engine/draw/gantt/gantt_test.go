package gantt

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"interleave/engine/draw"
	"interleave/engine/draw/drawtest"
	"interleave/engine/policy"
	"interleave/engine/trace"
	"interleave/engine/workload"
)

const ms = 1_000_000

// script makes a trace from lines such as "3 A run 0", "5 A slice", "5 A io disk 2":
// a time in ms, a task, what it does, and more about it.
func script(cores int, policy, text string) *trace.Trace {
	t := trace.New(0)
	t.Head = trace.Head{Policy: policy, Seed: 1, Cores: cores, End: "returned"}
	tasks, devices := map[string]uint32{}, map[string]uint32{}
	task := func(name string) uint32 {
		if name == "all" {
			return 0
		}
		if tasks[name] == 0 {
			tasks[name] = t.AddTask(trace.Task{Number: len(tasks) + 1, Name: name})
		}
		return tasks[name]
	}
	for line := range strings.Lines(text) {
		var at float64
		var who, what, more string
		var number int32
		fmt.Sscan(line, &at, &who, &what, &more, &number)
		if who == "" {
			continue
		}
		e := trace.Event{Time: int64(at * ms), Task: task(who), Core: -1}
		switch what {
		case "new":
			e.Kind = trace.Create
			t.Add(e)
			e.Kind = trace.Ready
		case "ready":
			e.Kind = trace.Ready
		case "run":
			e.Kind = trace.Run
			fmt.Sscan(more, &e.Core)
		case "slice":
			e.Kind, e.Reason = trace.Preempt, t.Reason("slice")
		case "taken":
			e.Kind, e.Reason = trace.Preempt, t.Reason("policy")
		case "io":
			if devices[more] == 0 {
				devices[more] = t.AddObject(trace.Object{Kind: trace.Device, Name: more})
			}
			e.Kind, e.Reason, e.Object, e.Arg = trace.Outside, t.Reason("I/O"), devices[more], number*1000
		case "end":
			e.Kind, e.Reason = trace.End, t.Reason("returned")
		case "note":
			e.Kind, e.Reason, e.Arg = trace.Note, t.Reason(strings.ReplaceAll(more, "_", " ")), number
		default:
			panic(line)
		}
		t.Add(e)
	}
	return t
}

// Silberschatz, 5.3.1 and 5.3.3: 24, 3, 3 by FCFS and by round robin of quantum 4.
const (
	fcfs = "0 P1 new\n0 P2 new\n0 P3 new\n0 P1 run 0\n24 P1 end\n24 P2 run 0\n27 P2 end\n27 P3 run 0\n30 P3 end"
	rr   = "0 P1 new\n0 P2 new\n0 P3 new\n0 P1 run 0\n4 P1 slice\n4 P2 run 0\n7 P2 end\n7 P3 run 0\n10 P3 end\n10 P1 run 0\n30 P1 end"
)

// A device that two want, notes of the policy, switches that take time, a second core.
const devices = `
0 editor new
0 editor run 0
1 editor io disk
1 compile new
1.5 compile run 0
2 backup new
2 backup run 1
3 backup io disk 1
4 editor ready
5.5 compile slice
5.5 compile note to_queue_%d 2
6 editor run 0
7 editor end
7.5 compile run 0
8 backup ready
8.5 backup run 1
9 all note boost
9 backup end
11 compile end`

// What has not ended, and what began before the trace did.
const unfinished = "0 A new\n0 A run 0\n3 B new\n5 A taken\n5 B run 0\n9 C new\n12 B slice"

func traces() map[string]func() draw.Drawing {
	one := func(cores int, policy, text string) func() draw.Drawing {
		return func() draw.Drawing { return Draw(script(cores, policy, text), Options{}) }
	}
	return map[string]func() draw.Drawing{
		"fcfs":    one(1, "fcfs", fcfs),
		"rr":      one(1, "rr(q=4ms)", rr),
		"devices": one(2, "mlfq", devices),
		"unfinished": func() draw.Drawing {
			return Draw(script(1, "rr", unfinished), Options{Error: "the run was ended after 12ms of virtual time"})
		},
		"part": func() draw.Drawing {
			return Draw(script(2, "mlfq", devices), Options{Title: "A part", From: 2.5 * ms, To: 7.25 * ms})
		},
		"empty": func() draw.Drawing { return Draw(trace.New(0), Options{Title: "<b> & so on"}) },
		"compare": func() draw.Drawing {
			return Compare(Side{Name: "FCFS", Trace: script(1, "fcfs", fcfs)}, Side{Name: "round robin, q = 4", Trace: script(1, "rr(q=4ms)", rr)})
		},
		"mlfq": func() draw.Drawing {
			return Draw(run("mlfq(queues=3,q=2/4/8,boost=20)", "name arrival burst\nlong 0 24\neditor 3 1+keyboard:4+1+keyboard:4+1\nlate 9 6"), Options{Title: "Multi-level feedback queue"})
		},
		"crowd": func() draw.Drawing { return Draw(crowd(60, 3000, 2), Options{}) },
	}
}

// run runs a table of processes on one core.
func run(name, table string) *trace.Trace {
	list, err := workload.Parse(table)
	if err != nil {
		panic(err)
	}
	p, err := policy.Named(name)
	if err != nil {
		panic(err)
	}
	t, err := workload.Run(list, workload.Setup{Policy: p})
	if err != nil {
		panic(err)
	}
	return t
}

// crowd is a run of many tasks that are switched between.
func crowd(tasks, events, cores int) *trace.Trace {
	t := trace.New(0)
	t.Head = trace.Head{Policy: "rr", Seed: 1, Cores: cores}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range tasks {
		n := t.AddTask(trace.Task{Number: i + 1, Name: fmt.Sprintf("P%d", i+1)})
		t.Add(trace.Event{Task: n, Kind: trace.Create, Core: -1})
		t.Add(trace.Event{Task: n, Kind: trace.Ready, Core: -1})
	}
	disk, io, slice, end := t.AddObject(trace.Object{Kind: trace.Device, Name: "disk"}), t.Reason("I/O"), t.Reason("slice"), t.Reason("returned")
	var now int64
	next := 0
	back := make([][]uint32, 6)
	for k := 0; t.Len() < events; k++ {
		for _, n := range back[k%len(back)] {
			t.Add(trace.Event{Time: now, Task: n, Kind: trace.Ready, Core: -1})
		}
		back[k%len(back)] = nil
		var ran []uint32
		for core := range cores {
			n := uint32(next%tasks) + 1
			next++
			for j := 0; j < len(back); j++ { // it must be there
				for _, o := range back[j] {
					if o == n {
						n = 0
					}
				}
			}
			if n != 0 {
				t.Add(trace.Event{Time: now, Task: n, Kind: trace.Run, Core: int16(core)})
			}
			ran = append(ran, n)
		}
		now += 100_000 + r.Int64N(900_000)
		for core, n := range ran {
			switch {
			case n == 0:
			case r.IntN(3) == 0:
				t.Add(trace.Event{Time: now, Task: n, Kind: trace.Outside, Reason: io, Object: disk, Core: int16(core)})
				back[(k+3)%len(back)] = append(back[(k+3)%len(back)], n)
			case t.Len() > events-tasks && n > 3:
				t.Add(trace.Event{Time: now, Task: n, Kind: trace.End, Reason: end, Core: int16(core)})
				n = 0
			default:
				t.Add(trace.Event{Time: now, Task: n, Kind: trace.Preempt, Reason: slice, Core: int16(core)})
			}
		}
	}
	return t
}

func TestGolden(t *testing.T) {
	for name, make := range traces() {
		t.Run(name, func(t *testing.T) {
			d := make()
			drawtest.Golden(t, name+".txt", d.Text+"\n"+d.Alt+"\n")
			drawtest.Golden(t, name+".svg", drawtest.Pictures(t, d.HTML)[0])
			drawtest.Golden(t, name+".html", drawtest.WithoutPictures(d.HTML))
		})
	}
}

// Every picture is XML, and its places are numbers.
func TestPictures(t *testing.T) {
	for name, make := range traces() {
		drawtest.WellFormed(t, name, drawtest.Pictures(t, make().HTML)[0])
	}
}

// 100,000 events are drawn in columns, in less than 500 kB, and it is said.
func TestLarge(t *testing.T) {
	for _, cores := range []int{1, 8} {
		tr := crowd(1000, 100_000, cores)
		for name, d := range map[string]draw.Drawing{"one": Draw(tr, Options{}), "two": Compare(Side{Name: "A", Trace: tr}, Side{Name: "B", Trace: tr})} {
			if n := len(d.HTML); n > 500_000 {
				t.Errorf("%s, %d cores: %d bytes", name, cores, n)
			}
			if !strings.Contains(d.HTML, "Reduced: ") || !strings.Contains(d.Text, "Reduced: ") {
				t.Errorf("%s, %d cores: does not say that it is reduced", name, cores)
			}
		}
	}
}

// The shares of a column are those of its time.
func TestColumns(t *testing.T) {
	run, ready := kind(draw.Running), kind(draw.Ready)
	list := cut([]bar{{kind: run, from: 0, to: 15}, {kind: ready, from: 15, to: 20}, {kind: run, from: 30, to: 60}}, 0, 10, 6)
	var got []string
	for _, b := range list {
		got = append(got, fmt.Sprintf("%d-%d:%v", b.from, b.to, b.shares))
	}
	want := "0-10:[{0 1}] 10-20:[{0 0.5} {1 0.5}] 30-60:[{0 1}]"
	if g := strings.Join(got, " "); g != want {
		t.Errorf("got  %s\nwant %s", g, want)
	}
}

func BenchmarkDraw(b *testing.B) {
	tr := crowd(1000, 100_000, 4)
	n := 0
	for b.Loop() {
		n = len(Draw(tr, Options{}).HTML)
	}
	b.ReportMetric(float64(n), "bytes")
}

// TestPages writes whole pages to look at, into the folder that PAGES names.
func TestPages(t *testing.T) {
	dir := os.Getenv("PAGES")
	if dir == "" {
		t.Skip("PAGES names no folder")
	}
	for name, make := range traces() {
		if err := os.WriteFile(filepath.Join(dir, name+".html"), []byte(make().HTML), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
