package waits_test

import (
	"strings"
	"testing"

	"interleave/engine/analyse/waits"
	"interleave/engine/draw/graph"
	"interleave/engine/trace"
)

// script makes a trace by hand: tasks 1 (main), 2, 3 …; objects as they are made.
type script struct {
	t   *trace.Trace
	now int64
}

func newScript(tasks int) *script {
	s := &script{t: trace.New(0)}
	s.t.Head = trace.Head{Cell: "cell[1]", Cores: 1}
	for n := range tasks {
		s.t.AddTask(trace.Task{Number: n + 1, Cell: "cell[1]"})
		s.add(uint32(n+1), trace.Create, 0, 0)
		s.add(uint32(n+1), trace.Run, 0, 0)
	}
	return s
}

func (s *script) object(kind trace.ObjectKind, name string) uint32 {
	return s.t.AddObject(trace.Object{Kind: kind, Name: name})
}

func (s *script) add(task uint32, kind trace.Kind, object uint32, arg int32) {
	s.event(trace.Event{Task: task, Kind: kind, Object: object, Arg: arg})
}

func (s *script) event(e trace.Event) {
	s.now += 10
	e.Time, e.Place = s.now, s.t.AddPlace(trace.Place{File: "cell[1]", Line: int(s.now / 10), Column: 1})
	s.t.Add(e)
}

func (s *script) block(task uint32, why string, object uint32) {
	s.event(trace.Event{Task: task, Kind: trace.Block, Object: object, Reason: s.t.Reason(why)})
}

func (s *script) end(task uint32) {
	s.event(trace.Event{Task: task, Kind: trace.End, Reason: s.t.Reason("returned")})
}

// A receiver that nobody can reach is stuck for ever, and only then.
func TestReach(t *testing.T) {
	for _, c := range []struct {
		name  string
		reach func(c uint32) waits.Reach
		stuck bool
		sure  bool
		says  string
	}{
		{"not known", func(uint32) waits.Reach { return nil }, false, false, "whether anybody still could, the trace does not tell"},
		{"nobody", func(uint32) waits.Reach { return waits.Reach{} }, true, true, "it waits for ever"},
		{"only itself", func(c uint32) waits.Reach { return waits.Reach{c: {Tasks: []uint32{2}}} }, true, true, "it waits for ever"},
		{"one that runs", func(c uint32) waits.Reach { return waits.Reach{c: {Tasks: []uint32{2, 3}}} }, false, false, "Somebody who can still run may reach c"},
		{"the session", func(c uint32) waits.Reach { return waits.Reach{c: {Session: true}} }, false, false, "a later cell could end the wait"},
		{"a timer", func(c uint32) waits.Reach { return waits.Reach{c: {Timers: true}} }, false, false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScript(3)
			ch := s.object(trace.Chan, "c")
			s.add(1, trace.Make, ch, 0)
			s.block(2, "chan receive", ch)
			s.end(1)
			beyond := waits.Beyond{Reach: c.reach(ch)}
			d := waits.Find(s.t, beyond)
			if (d != nil) != c.stuck {
				t.Errorf("stuck: %v", d != nil)
			}
			if d != nil && (!d.Sure || d.Whole || d.Findings[0].Reason != waits.NoSender) {
				t.Errorf("%+v", d)
			}
			leaks := waits.Leaks(s.t, beyond)
			if len(leaks) != 1 || leaks[0].Sure != c.sure || !strings.Contains(leaks[0].Text, c.says) {
				t.Errorf("leaks: %+v, want %q", leaks, c.says)
			}
		})
	}
}

// Two receivers that only reach each other's channels are stuck together: a knot.
func TestKnot(t *testing.T) {
	for _, helped := range []bool{false, true} {
		s := newScript(4)
		a, b, x := s.object(trace.Chan, "a"), s.object(trace.Chan, "b"), s.object(trace.Chan, "x")
		s.add(1, trace.Make, a, 0)
		s.add(1, trace.Make, b, 0)
		s.block(2, "chan receive", a)
		s.block(3, "select", 0)
		s.add(3, trace.Case, b, 0)
		s.add(3, trace.Case, x, 1)
		reach := waits.Reach{a: {Tasks: []uint32{2, 3}}, b: {Tasks: []uint32{2, 3}}}
		if helped {
			reach[b] = waits.Reachers{Tasks: []uint32{3, 4}}
		}
		d := waits.Find(s.t, waits.Beyond{Reach: reach})
		if helped {
			if d != nil {
				t.Errorf("g4 can send to g3, and g3 then to g2: %s", d.Sentence)
			}
			continue
		}
		if d == nil || len(d.Findings) != 2 || !d.Sure {
			t.Fatalf("%+v", d)
		}
		if len(d.Circles) != 1 || len(d.Circles[0]) != 2 {
			t.Errorf("circles: %v", d.Circles)
		}
		if text := graph.Deadlock(d).Text; !strings.Contains(text, "could act") {
			t.Errorf("no edge to who could act:\n%s", text)
		}
	}
}

// While others run, waiting for each other's locks is a deadlock unless somebody else
// unlocks: that is said, and known where it is known who reaches the locks.
func TestPartOfTheTasks(t *testing.T) {
	s := newScript(3)
	a, b := s.object(trace.Mutex, "a"), s.object(trace.Mutex, "b")
	s.add(2, trace.Lock, a, 0)
	s.add(3, trace.Lock, b, 0)
	s.block(2, "sync.Mutex.Lock", b)
	s.block(3, "sync.Mutex.Lock", a)
	d := waits.Find(s.t, waits.Beyond{})
	if d == nil || d.Sure || d.Whole || d.Message != "" || !strings.Contains(d.Sentence, "unlocks what it has not locked") {
		t.Fatalf("%+v", d)
	}
	d = waits.Find(s.t, waits.Beyond{Reach: waits.Reach{a: {Tasks: []uint32{2, 3}}, b: {Tasks: []uint32{2, 3}}}})
	if d == nil || !d.Sure || strings.Contains(d.Sentence, "unlocks what it has not locked") {
		t.Fatalf("%+v", d)
	}
	if d = waits.Find(s.t, waits.Beyond{Reach: waits.Reach{a: {Tasks: []uint32{1, 2, 3}}, b: {Tasks: []uint32{2, 3}}}}); d == nil || d.Sure || !strings.Contains(d.Sentence, "unlocks what it has not locked") {
		t.Errorf("main reaches a: %+v", d)
	}
	// once somebody has unlocked another's lock, no claim is made without knowing more
	s = newScript(3)
	a, b = s.object(trace.Mutex, "a"), s.object(trace.Mutex, "b")
	s.add(2, trace.Lock, a, 0)
	s.add(1, trace.Unlock, a, 0)
	s.add(2, trace.Lock, a, 0)
	s.add(3, trace.Lock, b, 0)
	s.block(2, "sync.Mutex.Lock", b)
	s.block(3, "sync.Mutex.Lock", a)
	if d := waits.Find(s.t, waits.Beyond{}); d != nil {
		t.Errorf("main has unlocked a before: %s", d.Sentence)
	}
}
