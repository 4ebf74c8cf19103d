package trace

import (
	"fmt"
	"slices"
	"testing"
)

// script writes a trace: tasks g1, g2, g3, a channel, a mutex, a RWMutex and a wait
// group.
type script struct {
	*Trace
	c, mu, rw, wg uint32
	now           int64
}

func newScript(bound int) *script {
	s := &script{Trace: New(bound)}
	for n := range 3 {
		s.AddTask(Task{Number: n + 1, Cell: "cell[1]", Start: "main.f"})
	}
	s.c, s.mu = s.AddObject(Object{Kind: Chan, Name: "c"}), s.AddObject(Object{Kind: Mutex, Name: "mu"})
	s.rw, s.wg = s.AddObject(Object{Kind: RWMutex, Name: "rw"}), s.AddObject(Object{Kind: WaitGroup, Name: "wg"})
	return s
}

func (s *script) do(task uint32, kind Kind, object uint32, arg int32, reason string) {
	s.now++
	s.Add(Event{Time: s.now, Task: task, Kind: kind, Object: object, Arg: arg, Reason: s.Reason(reason), Core: -1})
}

func (s *script) end() *World { return At(s.Trace, s.Len()) }

func TestWorldChannel(t *testing.T) {
	s := newScript(0)
	s.do(1, Run, 0, 0, "")
	s.do(1, Make, s.c, 2, "")
	for i := range 2 {
		s.do(1, Send, s.c, int32(i+1), "")
		s.Describe(Detail{Value: fmt.Sprint(7 + i)})
	}
	s.do(1, Block, s.c, 0, "chan send")
	s.Describe(Detail{Value: "9"})
	o := s.end().Objects[s.c]
	if o.Cap != 2 || o.Len != 2 || !slices.Equal(o.Contents, []string{"7", "8"}) || len(o.Waiters) != 1 || o.Waiters[0] != (Waiter{Task: 1, Way: ToSend, Value: "9"}) {
		t.Errorf("full: %+v", o)
	}
	s.do(2, Run, 0, 0, "")
	s.do(2, Receive, s.c, 1, "")
	s.do(1, Send, s.c, 2, "")
	s.Describe(Detail{Value: "9"})
	s.do(1, Ready, 0, 0, "")
	o = s.end().Objects[s.c]
	if o.Len != 2 || !slices.Equal(o.Contents, []string{"8", "9"}) || len(o.Waiters) != 0 {
		t.Errorf("after a receive: %+v", o)
	}
	s.do(2, Receive, s.c, 1, "")
	s.do(2, Receive, s.c, 0, "")
	s.do(2, Close, s.c, 0, "")
	s.do(2, Receive, s.c, -1, "")
	if o = s.end().Objects[s.c]; o.Len != 0 || !o.Closed || len(o.Contents) != 0 {
		t.Errorf("closed: %+v", o)
	}
}

// A value that goes from hand to hand is never in the buffer; a select leaves all
// queues when one of its cases goes on.
func TestWorldSelect(t *testing.T) {
	s := newScript(0)
	d := s.AddObject(Object{Kind: Chan, Name: "d"})
	s.do(1, Make, s.c, 1, "")
	s.do(2, Block, 0, 0, "select")
	s.do(2, Case, s.c, 0, "")
	s.do(2, Case, d, 1, "")
	w := s.end()
	if q := w.Objects[s.c].Waiters; len(q) != 1 || q[0] != (Waiter{Task: 2, Way: ToReceive, Select: true}) {
		t.Errorf("c: %+v", q)
	}
	if q := w.Objects[d].Waiters; len(q) != 1 || q[0].Way != ToSend {
		t.Errorf("d: %+v", q)
	}
	s.do(1, Send, s.c, 0, "")
	s.do(2, Receive, s.c, 0, "")
	s.do(2, Ready, 0, 0, "")
	w = s.end()
	if o := w.Objects[s.c]; o.Len != 0 || len(o.Contents) != 0 || len(o.Waiters) != 0 || len(w.Objects[d].Waiters) != 0 {
		t.Errorf("after the send: %+v and %+v", o, w.Objects[d])
	}
}

// A task that was woken for a mutex and came too late waits in front again.
func TestWorldMutex(t *testing.T) {
	s := newScript(0)
	s.do(1, Lock, s.mu, 0, "")
	s.do(2, Block, s.mu, 0, "sync.Mutex.Lock")
	s.do(3, Block, s.mu, 0, "sync.Mutex.Lock")
	o := s.end().Objects[s.mu]
	if o.Holder != 1 || len(o.Waiters) != 2 || o.Waiters[0].Task != 2 {
		t.Errorf("held: %+v", o)
	}
	s.do(1, Unlock, s.mu, 0, "")
	s.do(2, Ready, 0, 0, "")
	if o = s.end().Objects[s.mu]; o.Holder != 0 || !o.Known || o.Woken != 2 || len(o.Waiters) != 1 {
		t.Errorf("given back: %+v", o)
	}
	s.do(1, Lock, s.mu, 0, "")
	s.do(2, Run, 0, 0, "")
	s.do(2, Block, s.mu, 0, "sync.Mutex.Lock")
	if o = s.end().Objects[s.mu]; o.Holder != 1 || o.Woken != 0 || len(o.Waiters) != 2 || o.Waiters[0].Task != 2 {
		t.Errorf("taken before: %+v", o)
	}
}

func TestWorldOthers(t *testing.T) {
	s := newScript(0)
	s.do(1, RLock, s.rw, 0, "")
	s.do(2, RLock, s.rw, 0, "")
	s.do(3, Block, s.rw, 0, "sync.RWMutex.Lock")
	s.do(1, RUnlock, s.rw, 0, "")
	s.do(1, Count, s.wg, 3, "")
	s.do(1, Block, s.wg, 0, "sync.WaitGroup.Wait")
	w := s.end()
	if o := w.Objects[s.rw]; len(o.Readers) != 1 || o.Readers[0].Task != 2 || o.Waiters[0].Way != ToLock {
		t.Errorf("rw: %+v", o)
	}
	if o := w.Objects[s.wg]; o.Count != 3 || len(o.Waiters) != 1 || o.Waiters[0].Way != ToGo {
		t.Errorf("wg: %+v", o)
	}
	if n := w.Tasks[1]; n.State != IsBlocked || n.Object != s.wg {
		t.Errorf("g1: %+v", n)
	}
	s.do(3, End, 0, 0, "stopped")
	if w = s.end(); len(w.Objects[s.rw].Waiters) != 0 || w.Tasks[3].Life != Ended {
		t.Errorf("stopped: %+v", w.Objects[s.rw])
	}
}

// What happened before the first event is not known, and nothing pretends so.
func TestWorldDropped(t *testing.T) {
	s := newScript(3)
	s.do(1, Make, s.c, 5, "")
	s.do(1, Lock, s.mu, 0, "")
	s.do(2, Block, s.mu, 0, "sync.Mutex.Lock")
	s.do(1, Send, s.c, 4, "")
	s.Describe(Detail{Value: "x"})
	s.do(1, Count, s.wg, 1, "")
	w := s.end()
	if o := w.Objects[s.mu]; o.Known || len(o.Waiters) != 1 {
		t.Errorf("mu: %+v", o)
	}
	if o := w.Objects[s.c]; o.Cap != -1 || !slices.Equal(o.Contents, []string{"", "", "", "x"}) {
		t.Errorf("c: %+v", o)
	}
}

// Details stay with their events when events are sorted, dropped and cut.
func TestDetails(t *testing.T) {
	tr := New(4)
	for i, at := range []int64{10, 40, 20, 30, 50, 60} {
		tr.Add(Event{Time: at})
		if i%2 == 0 {
			tr.Describe(Detail{Value: "not this"})
			tr.Describe(Detail{Value: fmt.Sprint(at)})
		}
	}
	events, details := tr.Detailed()
	for i, e := range events {
		want := ""
		if e.Time == 20 || e.Time == 50 {
			want = fmt.Sprint(e.Time)
		}
		if got := value(details[i]); got != want {
			t.Errorf("event at %d has %q", e.Time, got)
		}
	}
	tr = New(0)
	tr.Add(Event{})
	p := tr.Point()
	tr.Add(Event{})
	tr.Describe(Detail{Value: "x"})
	tr.Cut(p)
	if len(tr.details) != 0 || tr.detailed != 0 {
		t.Errorf("%d details, %d bytes after the cut", len(tr.details), tr.detailed)
	}
}

func TestDetailBound(t *testing.T) {
	tr := New(0)
	big := Detail{Value: string(make([]byte, DetailBound/10))}
	for range 25 {
		tr.Add(Event{})
		tr.Describe(big)
	}
	_, details := tr.Detailed()
	if details[0] != nil || details[24] == nil || tr.detailed > DetailBound {
		t.Errorf("%d bytes", tr.detailed)
	}
}
