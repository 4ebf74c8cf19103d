package lockorder

import (
	"slices"
	"strings"

	"interleave/engine/trace"
)

// order tells what happened before what in a run. What is ordered by a lock alone counts
// unless the question is about that lock: a flag that a lock guards may be what makes a
// task wait for another's work.
type order struct {
	events []trace.Event
	next   []int   // the same task's next event; 0: none
	cross  [][]int // later events of other tasks that an event happens before
	locks  [][]int // takings of a lock that a giving back of it happens before
}

func newOrder(t *trace.Trace, events []trace.Event) *order {
	o := &order{events: events, next: make([]int, len(events)), cross: make([][]int, len(events)), locks: make([][]int, len(events))}
	last := make([]int, len(t.Tasks)) // of each task: its last event so far, + 1
	type channel struct {
		capacity        int
		sends, receives []int
		close           int // + 1
	}
	channels := map[uint32]*channel{}
	before := map[uint32]int{}          // of each object that orders all its events: the last, + 1
	zero := 0                           // the last time that a wait group came to 0, + 1
	passed := make([]int, len(t.Tasks)) // of each task: the last of these that its events come after
	byLock := make([]bool, len(t.Tasks))
	freed := map[uint32][]int{} // of each lock: when it was given back, since it was last taken for writing
	for i, e := range events {
		if p := last[e.Task]; p > 0 {
			o.next[p-1] = i
		}
		after := func(j int) {
			if j != i {
				o.cross[j] = append(o.cross[j], i)
			}
		}
		if zero > passed[e.Task] {
			after(zero - 1)
			passed[e.Task] = zero
		}
		switch e.Kind {
		case trace.Block:
			byLock[e.Task] = strings.HasPrefix(t.Reasons[e.Reason], "sync.Mutex") || strings.HasPrefix(t.Reasons[e.Reason], "sync.RWMutex")
		case trace.Create, trace.Ready:
			if p := last[e.Cause]; p > 0 && !(e.Kind == trace.Ready && byLock[e.Task]) {
				after(p - 1)
			}
		case trace.Send, trace.Receive, trace.Close, trace.Make:
			c := channels[e.Object]
			if c == nil {
				c = &channel{capacity: -1}
				channels[e.Object] = c
			}
			switch {
			case e.Kind == trace.Make:
				c.capacity = int(e.Arg)
			case c.capacity < 0: // its beginning is not in the trace: all of its events in a row
				if p := before[e.Object]; p > 0 {
					after(p - 1)
				}
				before[e.Object] = i + 1
			case e.Kind == trace.Send:
				if k := len(c.sends) - c.capacity; c.capacity > 0 && k >= 0 && k < len(c.receives) {
					after(c.receives[k])
				}
				c.sends = append(c.sends, i)
				if k := len(c.sends) - 1; k < len(c.receives) { // a handover, receiver first
					o.cross[i] = append(o.cross[i], c.receives[k])
				}
			case e.Kind == trace.Close:
				c.close = i + 1
			case e.Arg < 0:
				if c.close > 0 {
					after(c.close - 1)
				}
			default:
				c.receives = append(c.receives, i)
				if k := len(c.receives) - 1; k < len(c.sends) {
					after(c.sends[k])
					if c.capacity == 0 { // both sides of a handover go on after both
						o.cross[i] = append(o.cross[i], c.sends[k])
					}
				}
			}
		case trace.Count:
			if p := before[e.Object]; p > 0 {
				after(p - 1)
			}
			before[e.Object] = i + 1
			if e.Arg == 0 { // a Wait that does not block leaves no event: it comes before all that follows
				if zero > 0 {
					after(zero - 1)
				}
				zero = i + 1
			}
		case trace.Unlock, trace.RUnlock:
			freed[e.Object] = append(freed[e.Object], i)
		case trace.Lock:
			for _, j := range freed[e.Object] {
				o.locks[j] = append(o.locks[j], i)
			}
			freed[e.Object] = nil
		case trace.RLock:
			for _, j := range freed[e.Object] {
				o.locks[j] = append(o.locks[j], i)
			}
		case trace.Signal, trace.Atomic, trace.Set, trace.Fire, trace.Stop:
			if p := before[e.Object]; p > 0 {
				after(p - 1)
			}
			before[e.Object] = i + 1
		}
		last[e.Task] = i + 1
	}
	return o
}

// before tells whether event a happened before event b, whatever the order in which some
// locks are given.
func (o *order) before(a, b int, except []uint32) bool {
	seen := map[int]bool{a: true}
	queue := []int{a}
	for len(queue) > 0 {
		n := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if n == b {
			return true
		}
		visit := func(m int) {
			if !seen[m] && o.events[m].Time <= o.events[b].Time {
				seen[m] = true
				queue = append(queue, m)
			}
		}
		if m := o.next[n]; m > 0 {
			visit(m)
		}
		for _, m := range o.cross[n] {
			visit(m)
		}
		if list := o.locks[n]; len(list) > 0 && !slices.Contains(except, o.events[n].Object) {
			for _, m := range list {
				visit(m)
			}
		}
	}
	return false
}
