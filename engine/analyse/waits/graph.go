package waits

import (
	"math"
	"slices"

	"interleave/engine/trace"
)

// End is the moment at which a trace ends, for At.
const End = math.MaxInt64

// Graph is who held what and who waited for what at a moment: a resource-allocation
// graph with tasks and objects as nodes.
type Graph struct {
	Trace   *trace.Trace
	Time    int64
	Tasks   []Task   // that had not ended, or ended holding a lock; by number
	Objects []Object // that were held, waited for, or in use; by number
	Edges   []Edge   // requests in order of waiting, each before what stands in its way; then the other holds
	Missing int      // events that the trace no longer has, all from its beginning

	m        *moment
	stuck    []bool
	home     string           // the file of which lines are told without its name
	requests map[uint32][]int // edges by the task that requests
	grants   map[uint32][]int // all other edges by their object
	holds    map[uint32][]int // holds by task
	tasks    map[uint32]int   // places in Tasks
	objects  map[uint32]int   // places in Objects
	wanted   map[uint32]bool  // objects for which stuck tasks wait
	called   map[string]int   // how many objects have a name
	named    map[string]int   // how many tasks
	present  int              // tasks of the program that have been, and
	alive    int              // of them those that have not ended, and
	going    bool             // whether one of these is not stuck
}

// Task is a task at a moment.
type Task struct {
	Number  uint32 // in Trace.Tasks
	Name    string // what a reader calls it
	Status  Status
	Since   int64  // since when, in virtual ns
	Place   uint32 // where it stood
	Reason  string // Go's words for what it waited for
	Objects []uint32
	Stuck   bool // nothing that can still happen wakes it
	Cycle   bool // it is part of a circle of waiting
}

// Object is what tasks share, at a moment.
type Object struct {
	Number   uint32 // in Trace.Objects
	Name     string
	Kind     trace.ObjectKind
	Capacity int // of a channel's buffer; -1: not known
	Length   int // values in a channel's buffer
	Closed   bool
	Counter  int // of a wait group; -1: not known
	Holders  int
	Unknown  bool   // a lock that is held, and the trace does not have who took it
	Keeper   string // of such a lock: who that was, and is no more; empty: it is not known
	Waiters  int
	Cycle    bool
}

// EdgeKind says what an edge means.
type EdgeKind uint8

// The kinds of edge.
const (
	Request EdgeKind = iota // Task waits for Object
	Hold                    // Task holds Object
	Ahead                   // Task, a writer, waits for Object in front of readers
	Could                   // Task reaches Object and could act on it
)

// Edge joins a task and an object.
type Edge struct {
	Kind   EdgeKind
	Task   uint32
	Object uint32
	Read   bool // the reading side of a RWMutex
	Send   bool // a request to send
	Place  uint32
	Since  int64
	Cycle  bool
}

// At gives the graph at a time, in virtual ns; beyond is about the end of the trace.
func At(t *trace.Trace, at int64, beyond Beyond) *Graph {
	events := t.Events()
	end := replay(t, events, End)
	still := stuck(end, beyond)
	m := end
	if at < end.last {
		m = replay(t, events, at)
		for n := range still { // stuck then, if its last wait had begun
			still[n] = still[n] && m.tasks[n].status == Blocked && m.tasks[n].order == end.tasks[n].order
		}
	}
	g := &Graph{Trace: t, Time: min(at, m.last), Missing: t.Dropped, m: m, stuck: still, called: map[string]int{}, named: map[string]int{}}
	for _, o := range t.Objects {
		if o.Kind != trace.Timer && o.Kind != trace.Memory {
			g.called[o.Name]++
		}
	}
	for _, k := range t.Tasks {
		g.named[k.Name]++
	}
	if len(t.Places) > 1 {
		g.home = t.Places[1].File
	}
	if slices.ContainsFunc(t.Places, func(p trace.Place) bool { return p.File == t.Head.Cell && p.File != "" }) {
		g.home = t.Head.Cell
	}
	g.build(beyond)
	g.index()
	g.mark()
	return g
}

func (g *Graph) build(beyond Beyond) {
	m := g.m
	used := map[uint32]bool{}
	ahead := map[Edge]bool{}
	holding := map[uint32]bool{}
	waiters := map[uint32]int{}
	var holds []Edge
	for o := range m.objects {
		for _, h := range m.objects[o].holds {
			holds = append(holds, Edge{Kind: Hold, Task: h.task, Object: uint32(o), Read: h.read, Place: h.place, Since: h.time})
			used[uint32(o)], holding[h.task] = true, true
		}
	}
	for _, n := range m.blocked() {
		k := &m.tasks[n]
		for _, w := range k.waits {
			used[w.object] = true
			waiters[w.object]++
			g.Edges = append(g.Edges, Edge{Kind: Request, Task: n, Object: w.object, Read: k.reason == readLock, Send: w.send, Place: k.place, Since: k.since})
		}
		if a := m.ahead(n); a != 0 {
			e := Edge{Kind: Ahead, Task: a, Object: k.waits[0].object, Place: m.tasks[a].place, Since: m.tasks[a].since}
			if !ahead[e] {
				ahead[e] = true
				g.Edges = append(g.Edges, e)
			}
		}
	}
	g.Edges = append(g.Edges, holds...)
	g.could(beyond, used)
	for n := range m.tasks {
		k := &m.tasks[n]
		if n == 0 || k.status == Absent || k.status == Ended && !holding[uint32(n)] || g.Trace.Tasks[n].System && k.status != Blocked {
			continue
		}
		task := Task{Number: uint32(n), Name: g.TaskName(uint32(n)), Status: k.status, Since: k.since, Place: k.place, Reason: k.reason, Stuck: g.stuck[n]}
		for _, w := range k.waits {
			task.Objects = append(task.Objects, w.object)
		}
		g.Tasks = append(g.Tasks, task)
	}
	for o := range m.objects {
		x := &m.objects[o]
		kind := g.Trace.Objects[o].Kind
		if o == 0 || !used[uint32(o)] && !(kind == trace.Chan && x.length > 0) {
			continue
		}
		n := Object{Number: uint32(o), Name: g.ObjectName(uint32(o)), Kind: kind, Capacity: x.capacity, Length: x.length, Closed: x.closed, Counter: x.counter, Holders: len(x.holds)}
		if kind == trace.WaitGroup && !x.counted {
			n.Counter = -1
		}
		n.Waiters = waiters[uint32(o)]
		n.Unknown = n.Waiters > 0 && (kind == trace.Mutex || kind == trace.RWMutex) && m.unknown(uint32(o))
		n.Keeper = g.keeper(uint32(o))
		g.Objects = append(g.Objects, n)
	}
}

// could adds who reaches what is waited for, where that is known.
func (g *Graph) could(beyond Beyond, used map[uint32]bool) {
	for o := range g.m.objects {
		switch g.Trace.Objects[o].Kind {
		case trace.Chan, trace.WaitGroup, trace.Cond:
		default:
			continue
		}
		if !used[uint32(o)] {
			continue
		}
		for _, n := range beyond.Reach[uint32(o)].Tasks {
			k := &g.m.tasks[n]
			if beyond.asleep(g.Trace) && slices.Contains(beyond.Reach[uint32(o)].Unseen, n) {
				continue // nobody acts any more: no arrow where there may be no way
			}
			waits := slices.ContainsFunc(k.waits, func(w wait) bool { return w.object == uint32(o) })
			if !waits && k.status != Absent && k.status != Ended {
				g.Edges = append(g.Edges, Edge{Kind: Could, Task: n, Object: uint32(o), Place: k.place, Since: k.since})
			}
		}
	}
}

// blocked lists the blocked tasks, the longest waiting first.
func (m *moment) blocked() []uint32 {
	var list []uint32
	for n := range m.tasks {
		if m.tasks[n].status == Blocked {
			list = append(list, uint32(n))
		}
	}
	slices.SortFunc(list, func(a, b uint32) int { return m.tasks[a].order - m.tasks[b].order })
	return list
}

// index makes the tables by which edges, tasks and objects are found.
func (g *Graph) index() {
	g.requests, g.grants, g.holds = map[uint32][]int{}, map[uint32][]int{}, map[uint32][]int{}
	g.tasks, g.objects, g.wanted = map[uint32]int{}, map[uint32]int{}, map[uint32]bool{}
	for i, e := range g.Edges {
		switch e.Kind {
		case Request:
			g.requests[e.Task] = append(g.requests[e.Task], i)
			if g.stuck[e.Task] {
				g.wanted[e.Object] = true
			}
			continue
		case Hold:
			g.holds[e.Task] = append(g.holds[e.Task], i)
		}
		g.grants[e.Object] = append(g.grants[e.Object], i)
	}
	for i, t := range g.Tasks {
		g.tasks[t.Number] = i
	}
	for i, o := range g.Objects {
		g.objects[o.Number] = i
	}
	for n := range g.m.tasks {
		k := &g.m.tasks[n]
		if n == 0 || k.status == Absent || g.Trace.Tasks[n].System {
			continue
		}
		g.present++
		if k.status != Ended {
			g.alive++
			g.going = g.going || !g.stuck[n]
		}
	}
}

// Task finds a task by its number in the trace; nil: it is not in the graph.
func (g *Graph) Task(n uint32) *Task {
	if i, ok := g.tasks[n]; ok {
		return &g.Tasks[i]
	}
	return nil
}

// Object finds an object by its number in the trace; nil: it is not in the graph.
func (g *Graph) Object(n uint32) *Object {
	if i, ok := g.objects[n]; ok {
		return &g.Objects[i]
	}
	return nil
}

// Holds lists what a task holds, as places in Edges.
func (g *Graph) Holds(n uint32) []int { return g.holds[n] }

// Between is the object of a circle for which one task waits and which stands between it
// and the next; 0: there is none.
func (g *Graph) Between(task, next uint32) uint32 {
	for _, s := range g.ways(task) {
		if s.to == next && g.Edges[s.request].Cycle {
			return g.Edges[s.request].Object
		}
	}
	return 0
}
