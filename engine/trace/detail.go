package trace

import (
	"cmp"
	"slices"
)

// DetailBound is how many bytes of details a trace holds, by Detail.Size.
const DetailBound = 16 << 20

// Detail is what is to be seen at one event beyond the event itself. Traces hold
// details where whoever writes them cares to; drawings show them while a run is
// stepped through.
type Detail struct {
	// Value is the value that a Send or Receive moved, as %v shows it, on one line
	// and not longer than some 40 letters. It is given with the Send; with a Receive
	// only where the Send is not in the trace; with a Block or Case of a task that
	// waits to send, what it wants to send.
	Value string
	// Frames are the event's task's calls in the learner's own functions, innermost
	// first. No frames mean that they are as they were at the task's last event
	// that has any.
	Frames []Frame
	// Shared are the variables that belong to no frame, those of the cell's top level,
	// as they are at this event. None means: as at the last event that has any.
	Shared []Local
}

// Frame is a call that is under way.
type Frame struct {
	Place  Place   // where it stands, and the function
	Locals []Local // parameters and variables that live there, in the order of their declarations
}

// Local is a variable of a frame, with its value in words on one line.
type Local struct{ Name, Text string }

// Size is about how many bytes a detail takes.
func (d *Detail) Size() int {
	n := 48 + len(d.Value)
	for _, f := range d.Frames {
		n += 80 + len(f.Place.File) + len(f.Place.Func)
		for _, l := range f.Locals {
			n += 32 + len(l.Name) + len(l.Text)
		}
	}
	for _, l := range d.Shared {
		n += 32 + len(l.Name) + len(l.Text)
	}
	return n
}

// numbered is a detail with the number of its event: how many were added before.
type numbered struct {
	event int
	Detail
}

// Describe adds a detail to the event that was added last. What a second one for the
// same event gives replaces what the first gave. Beyond DetailBound the oldest are
// dropped.
func (t *Trace) Describe(d Detail) {
	n := t.Dropped + t.n - 1
	if n < 0 {
		return
	}
	if k := len(t.details); k > 0 && t.details[k-1].event == n {
		old := &t.details[k-1].Detail
		t.detailed -= old.Size()
		d.Value, d.Frames, d.Shared = cmp.Or(d.Value, old.Value), either(d.Frames, old.Frames), either(d.Shared, old.Shared)
		t.details = t.details[:k-1]
	}
	t.details = append(t.details, numbered{n, d})
	t.detailed += d.Size()
	gone := 0
	for ; t.detailed > DetailBound && gone < len(t.details)-1; gone++ {
		t.detailed -= t.details[gone].Size()
		t.details[gone] = numbered{}
	}
	t.details = t.details[gone:]
}

func either[T any](a, b []T) []T {
	if len(a) > 0 {
		return a
	}
	return b
}

// Describing tells whether the event that was added last is to be described.
func (t *Trace) Describing() bool { return t.Dropped+t.n <= t.Wanted }

// cutDetails takes back those of the event with number n and of all later ones.
func (t *Trace) cutDetails(n int) {
	for k := len(t.details); k > 0 && t.details[k-1].event >= n; k-- {
		t.detailed -= t.details[k-1].Size()
		t.details = t.details[:k-1]
	}
}

// Detailed lists the events as Events does, and with each its detail or nil.
func (t *Trace) Detailed() ([]Event, []*Detail) {
	list := t.added()
	details := make([]*Detail, len(list))
	for i := range t.details {
		if k := t.details[i].event - t.Dropped; k >= 0 {
			details[k] = &t.details[i].Detail
		}
	}
	if slices.IsSortedFunc(list, byTime) {
		return list, details
	}
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return byTime(list[a], list[b]) })
	events, sorted := make([]Event, len(list)), make([]*Detail, len(list))
	for i, k := range order {
		events[i], sorted[i] = list[k], details[k]
	}
	return events, sorted
}
