package process

import (
	"cmp"
	"slices"
	"strings"

	"interleave/engine/trace"
)

// Family is the processes of a run.
type Family struct {
	From, To int64 // virtual ns, of the trace
	List     []Process
	Costs    string // in words; empty: not said
}

// Process is one of them. Times are virtual ns; -1 stands for never.
type Process struct {
	PID     int
	Parent  int // process id, at the beginning
	Name    string
	How     string // "main", "fork" or "spawn"
	Begun   int64
	Ended   int64
	Reaped  int64
	Orphan  int64 // since when it is a child of init
	Code    int   // exit code; of a killed one the signal with a minus
	Pages   int   // that it began with, shared with its parent
	Bytes   int   // that were pickled for it
	Copied  int   // pages that it has copied because it wrote to them
	Running int64 // of all its tasks
	Spans   []Span
}

// Span is what a process does for a while: the foremost that one of its tasks does.
type Span struct {
	State    State
	From, To int64
}

// State is what a process does.
type State uint8

// The states, the foremost first.
const (
	Running State = iota
	Ready
	Outside
	Waiting
	Zombie
)

// mainPID is the process id of the program itself.
const mainPID = 100

// Of finds the processes. A run without children has the program itself only.
func Of(t *trace.Trace) *Family {
	events := t.Events()
	f := &Family{}
	if len(events) > 0 {
		f.From, f.To = events[0].Time, events[len(events)-1].Time
	}
	of := map[uint32]int{} // first task of each child → its index
	f.List = append(f.List, Process{PID: mainPID, How: "main", Name: "the program", Begun: f.From, Ended: -1, Reaped: -1, Orphan: -1})
	home := func(task uint32) int { // the process that a task belongs to
		for ; task != 0; task = t.Tasks[task].Parent {
			if i, ok := of[task]; ok {
				return i
			}
		}
		return 0
	}
	for _, e := range events {
		words := t.Reasons[e.Reason]
		switch {
		case e.Kind == trace.Mark && strings.HasPrefix(words, trace.Costs):
			f.Costs = strings.TrimPrefix(words, trace.Costs)
		case e.Kind != trace.Note:
		case words == trace.Forked || words == trace.Spawned:
			how := "fork"
			if words == trace.Spawned {
				how = "spawn"
			}
			parent := home(t.Tasks[e.Task].Parent)
			of[e.Task] = len(f.List)
			f.List = append(f.List, Process{PID: int(e.Arg), Parent: f.List[parent].PID, Name: t.TaskName(e.Task), How: how, Begun: e.Time, Ended: -1, Reaped: -1, Orphan: -1})
		default:
			f.note(&f.List[home(e.Task)], e, words)
		}
	}
	f.spans(t, home)
	return f
}

func (f *Family) note(p *Process, e trace.Event, words string) {
	switch words {
	case trace.Pages:
		p.Pages = int(e.Arg)
	case trace.Pickled:
		p.Bytes = int(e.Arg)
	case trace.Exited, trace.Killed:
		p.Ended, p.Code = e.Time, int(e.Arg)
	case trace.Reaped:
		p.Reaped = e.Time
	case trace.Orphaned:
		p.Orphan = e.Time
	case trace.PageCopied:
		p.Copied += int(e.Arg)
	}
}

var states = [...]State{trace.IsReady: Ready, trace.IsRunning: Running, trace.IsBlocked: Waiting, trace.IsOutside: Outside}

// spans finds what each process did when.
func (f *Family) spans(t *trace.Trace, home func(uint32) int) {
	type edge struct {
		at    int64
		state State
		by    int
	}
	edges := make([][]edge, len(f.List))
	for _, s := range trace.Spans(t) {
		if s.Task == 0 || t.Tasks[s.Task].System {
			continue
		}
		i, st := home(s.Task), states[s.State]
		if st == Running {
			f.List[i].Running += s.To - s.From
		}
		edges[i] = append(edges[i], edge{s.From, st, 1}, edge{s.To, st, -1})
	}
	for i := range f.List {
		p := &f.List[i]
		slices.SortStableFunc(edges[i], func(a, b edge) int { return cmp.Compare(a.at, b.at) })
		var tasks [Zombie]int
		for k, e := range edges[i] {
			tasks[e.state] += e.by
			if k+1 < len(edges[i]) && edges[i][k+1].at == e.at {
				continue
			}
			for st := Running; st < Zombie; st++ {
				if tasks[st] > 0 && k+1 < len(edges[i]) {
					p.add(Span{st, e.at, edges[i][k+1].at})
					break
				}
			}
		}
		if p.Ended >= 0 {
			gone := p.Reaped
			if gone < 0 {
				gone = f.To
			}
			p.cut(p.Ended)
			if gone > p.Ended {
				p.Spans = append(p.Spans, Span{Zombie, p.Ended, gone})
			}
		}
	}
}

func (p *Process) add(s Span) {
	if n := len(p.Spans); n > 0 && p.Spans[n-1].State == s.State && p.Spans[n-1].To == s.From {
		p.Spans[n-1].To = s.To
		return
	}
	p.Spans = append(p.Spans, s)
}

// cut leaves out what its last task still did after the process had ended.
func (p *Process) cut(at int64) {
	p.Spans = slices.DeleteFunc(p.Spans, func(s Span) bool { return s.From >= at })
	if n := len(p.Spans); n > 0 {
		p.Spans[n-1].To = min(p.Spans[n-1].To, at)
	}
}

// Last is what a process was at the end of the trace: "running", "zombie" or "gone".
func (p *Process) Last() string {
	switch {
	case p.Reaped >= 0:
		return "gone"
	case p.Ended >= 0:
		return "zombie"
	}
	return "running"
}
