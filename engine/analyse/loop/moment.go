package loop

import (
	"cmp"
	"maps"
	"slices"

	"interleave/engine/trace"
)

// Slow is from when on a step blocks the loop, in ns: asyncio's slow_callback_duration.
const Slow = 100_000_000

// Kind says what a moment is.
type Kind uint8

// The kinds of moment.
const (
	Turn  Kind = iota // a turn begins
	Step              // something runs
	Sleep             // nothing is ready: the loop waits in select
)

// Origin says how something became ready.
type Origin uint8

// The origins, in the order in which a turn runs them.
const (
	Called   Origin = iota // by a step: call_soon
	Selector               // from outside
	Timer                  // a timer was due
)

// Handle is something that the loop is to run.
type Handle struct {
	Task   uint32
	Origin Origin
}

// Clock is a timer that is set.
type Clock struct {
	Object uint32
	By     uint32 // the task that set it
	Label  string // what it calls when it is due, where the run comes to that
	Due    int64  // virtual ns; to a µs
}

// Wait is a task that waits.
type Wait struct {
	Task    uint32
	Reason  uint8
	Object  uint32
	Outside bool // the selector watches for it
	Since   int64
	number  int
}

// Deed is what a step did.
type Deed struct {
	Kind   trace.Kind // Create, Ready (it woke), Set, Stop, Block, Outside, Yield, End, Mark
	Task   uint32     // whom it created or woke
	Reason uint8
	Object uint32
	Arg    int32
}

// Moment is one moment of a loop. Its methods tell how things stand after it.
type Moment struct {
	Kind     Kind
	Turn     int // from 1
	From, To int64
	Task     uint32 // that runs, of a Step
	Place    uint32 // where the last thing happened that the Step did, if anywhere
	Open     bool   // the trace ends before the moment does
	Deeds    []Deed

	w *walker
}

// Took is how long it took, in virtual ns.
func (m *Moment) Took() int64 { return m.To - m.From }

// Blocks tells whether a step was so long that others could notice.
func (m *Moment) Blocks() bool { return m.Kind == Step && m.Took() >= Slow }

// Rest is what the turn still has to run.
func (m *Moment) Rest() []Handle { return m.w.rest }

// Next is what is ready for the next turn, as far as it is known.
func (m *Moment) Next() []Handle { return slices.Concat(m.w.called, m.w.arrived, m.w.due) }

// Timers are those that are set, in order of their times.
func (m *Moment) Timers() []Clock {
	return slices.SortedFunc(maps.Values(m.w.timers), func(a, b Clock) int {
		return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.Object, b.Object))
	})
}

// Waits are the tasks that wait, in the order in which they began to.
func (m *Moment) Waits() []Wait {
	return slices.SortedFunc(maps.Values(m.w.waits), func(a, b Wait) int { return a.number - b.number })
}
