package process

import (
	"reflect"
	"testing"

	"interleave/engine/trace"
)

// TestOf reads a trace in which a child is forked, writes, ends, and is waited for while its
// own child goes on.
func TestOf(t *testing.T) {
	tr := trace.New(0)
	main := tr.AddTask(trace.Task{Number: 1})
	child := tr.AddTask(trace.Task{Number: 2, Name: "child", Parent: main})
	thread := tr.AddTask(trace.Task{Number: 3, Parent: child})
	grand := tr.AddTask(trace.Task{Number: 4, Name: "grandchild", Parent: thread})
	add := func(at int64, task uint32, kind trace.Kind, words string, arg int32) {
		tr.Add(trace.Event{Time: at, Task: task, Kind: kind, Reason: tr.Reason(words), Arg: arg})
	}
	add(0, main, trace.Run, "", 0)
	add(0, main, trace.Mark, trace.Costs+"fork 1ms", 0)
	add(10, child, trace.Create, "", 0)
	add(10, child, trace.Ready, "", 0)
	add(10, child, trace.Note, trace.Forked, 101)
	add(10, child, trace.Note, trace.Pages, 5)
	add(12, child, trace.Run, "", 0)
	add(15, thread, trace.Run, "", 0)
	add(18, thread, trace.Note, trace.PageCopied, 2)
	add(20, grand, trace.Run, "", 0)
	add(20, grand, trace.Note, trace.Spawned, 102)
	add(20, grand, trace.Note, trace.Pickled, 64)
	add(22, child, trace.Block, "sleep", 0)
	add(25, thread, trace.Note, trace.Exited, 7)
	add(25, grand, trace.Note, trace.Orphaned, 0)
	add(25, child, trace.End, "stopped", 0)
	add(26, thread, trace.End, "returned", 0)
	add(30, child, trace.Note, trace.Reaped, 100)
	add(40, grand, trace.End, "returned", 0)
	add(40, main, trace.End, "returned", 0)
	got := Of(tr)
	want := &Family{From: 0, To: 40, Costs: "fork 1ms", List: []Process{
		{PID: 100, Name: "the program", How: "main", Ended: -1, Reaped: -1, Orphan: -1, Running: 40, Spans: []Span{{Running, 0, 40}}},
		{PID: 101, Parent: 100, Name: "child", How: "fork", Begun: 10, Ended: 25, Reaped: 30, Orphan: -1, Code: 7, Pages: 5, Copied: 2, Running: 21,
			Spans: []Span{{Ready, 10, 12}, {Running, 12, 25}, {Zombie, 25, 30}}},
		{PID: 102, Parent: 101, Name: "grandchild", How: "spawn", Begun: 20, Ended: -1, Reaped: -1, Orphan: 25, Bytes: 64, Running: 20, Spans: []Span{{Running, 20, 40}}},
	}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if s := got.List[1].Last() + got.List[2].Last(); s != "gonerunning" {
		t.Errorf("at the end: %s", s)
	}
}
