package trace

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Version changes when the meaning of a trace or of a replay token does.
const Version = 1

// DefaultBound is how many events a trace holds if nothing else is said: 32 MB.
const DefaultBound = 1_000_000

// Head says what made a trace.
type Head struct {
	Cell   string // whose run it is
	Policy string // name and parameters
	Seed   uint64
	Cores  int
	Cost   string // the cost model in words
	Token  string // replays the run
	Cut    bool   // the trace ends before the run does: there were too many tasks and objects
	End    string // how the run ended: "returned", "deadlock", "panic", "fatal", "exit", "interrupted"; "cut" where the trace is; empty: not said
}

// Trace is what happened in one run.
type Trace struct {
	Head        Head
	Tasks       []Task       // [0] stands for none
	Objects     []Object     // [0] stands for none
	Places      []Place      // [0] stands for none
	Reasons     []string     // [0] is empty
	Dropped     int          // events that no longer fit, oldest first
	Memory      []MemoryUse  // by task; only of a machine with caches
	FalseShares []FalseShare // the most frequent first; likewise
	Wanted      int          // how many events, from the first on, the writer should describe

	bound   int
	blocks  [][]Event // of blockSize events each; together a ring
	n       int       // events in them
	next    int       // where the next event goes once the ring is full
	counts  [objectKinds]int
	reasons map[string]uint8

	details  []numbered // in order of their events
	detailed int        // their size
}

// New returns an empty trace of at most bound events; 0 stands for DefaultBound.
func New(bound int) *Trace {
	if bound <= 0 {
		bound = DefaultBound
	}
	return &Trace{
		bound: bound, Tasks: make([]Task, 1), Objects: make([]Object, 1), Places: make([]Place, 1),
		Reasons: make([]string, 1), reasons: map[string]uint8{"": 0},
	}
}

// blockSize is how many events a block of the ring has: it grows without being copied.
const blockSize = 4096

// Add appends an event.
func (t *Trace) Add(e Event) {
	if t.n < t.bound {
		if t.n%blockSize == 0 {
			t.blocks = append(t.blocks, make([]Event, 0, min(blockSize, 64+t.n)))
		}
		b := &t.blocks[len(t.blocks)-1]
		*b = append(*b, e)
		t.n++
		return
	}
	t.blocks[t.next/blockSize][t.next%blockSize] = e
	t.Dropped++
	if t.next++; t.next == t.bound {
		t.next = 0
	}
}

// added lists the events in the order in which they were added.
func (t *Trace) added() []Event {
	list := slices.Concat(t.blocks...)
	if t.next > 0 {
		list = slices.Concat(list[t.next:], list[:t.next])
	}
	return list
}

// AddTask gives a task its number. A name becomes one line.
func (t *Trace) AddTask(task Task) uint32 {
	if strings.ContainsAny(task.Name, "\n\r\t") {
		task.Name = strings.Join(strings.Fields(task.Name), " ")
	}
	t.Tasks = append(t.Tasks, task)
	return uint32(len(t.Tasks) - 1)
}

// AddObject gives an object its number; o.Number is set here. Beyond as many
// objects as events are kept it gives 0: a program that goes on for ever does not
// fill the memory.
func (t *Trace) AddObject(o Object) uint32 {
	if len(t.Objects) > t.bound {
		return 0
	}
	t.counts[o.Kind]++
	o.Number = t.counts[o.Kind]
	t.Objects = append(t.Objects, o)
	return uint32(len(t.Objects) - 1)
}

// AddPlace gives a place its number.
func (t *Trace) AddPlace(p Place) uint32 {
	t.Places = append(t.Places, p)
	return uint32(len(t.Places) - 1)
}

// Reason gives words their number. There are at most 255; what comes later is
// "other".
func (t *Trace) Reason(words string) uint8 {
	if n, ok := t.reasons[words]; ok {
		return n
	}
	if len(t.Reasons) >= 255 && words != "other" {
		return t.Reason("other")
	}
	t.Reasons = append(t.Reasons, words)
	n := uint8(len(t.Reasons) - 1)
	t.reasons[words] = n
	return n
}

// Len is the number of events it holds.
func (t *Trace) Len() int { return t.n }

// Events lists the events in order of time; those of one instant in the order in
// which they happened. The list is the caller's.
func (t *Trace) Events() []Event {
	list := t.added()
	sorted := slices.IsSortedFunc(list, byTime)
	if !sorted {
		slices.SortStableFunc(list, byTime)
	}
	return list
}

func byTime(a, b Event) int { return cmp.Compare(a.Time, b.Time) }

// Point is a place in a trace that is still being written.
type Point struct {
	events, dropped, tasks, objects, places, reasons int
	counts                                           [objectKinds]int
}

// Point gives the present end.
func (t *Trace) Point() Point {
	return Point{t.n, t.Dropped, len(t.Tasks), len(t.Objects), len(t.Places), len(t.Reasons), t.counts}
}

// Cut takes back what was added since p; false, and nothing done, if events from
// before p were dropped since.
func (t *Trace) Cut(p Point) bool {
	if t.Dropped != p.dropped {
		return false
	}
	t.n = p.events
	t.blocks = t.blocks[:(t.n+blockSize-1)/blockSize]
	if last := len(t.blocks) - 1; last >= 0 {
		t.blocks[last] = t.blocks[last][:t.n-last*blockSize]
	}
	t.cutDetails(p.dropped + p.events)
	t.Tasks, t.Objects, t.Places = t.Tasks[:p.tasks], t.Objects[:p.objects], t.Places[:p.places]
	for _, words := range t.Reasons[p.reasons:] {
		delete(t.reasons, words)
	}
	t.Reasons, t.counts = t.Reasons[:p.reasons], p.counts
	return true
}

// TaskName is what a reader calls a task: the name that the program gave it, else "g3", or
// "g3 cell[2]" where its cell is not the one whose run it is.
func (t *Trace) TaskName(n uint32) string {
	if n == 0 {
		return "machine"
	}
	task := t.Tasks[n]
	switch {
	case task.Name != "":
		return task.Name
	case task.System:
		return fmt.Sprintf("timer %d", n)
	case task.Cell != t.Head.Cell && t.Head.Cell != "":
		return fmt.Sprintf("g%d %s", task.Number, task.Cell)
	}
	return fmt.Sprintf("g%d", task.Number)
}

// ObjectName is what a reader calls an object: its variable's name, or "chan 2".
func (t *Trace) ObjectName(n uint32) string {
	switch o := t.Objects[n]; {
	case n == 0:
		return ""
	case o.Name != "":
		return o.Name
	default:
		return fmt.Sprintf("%s %d", o.Kind, o.Number)
	}
}

// PlaceName is "file:line:column".
func (t *Trace) PlaceName(n uint32) string {
	if n == 0 {
		return ""
	}
	p := t.Places[n]
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}
