package machine

import "math"

// MapUse is what a step does with a map.
type MapUse uint8

const (
	MapRead MapUse = iota
	MapRange
	MapClone
	MapWrite
	MapDelete // of one key, or by clear of all
)

// mapUses says what a use costs, in ns, and in which words Go's runtime ends a program
// that makes it while another goroutine writes.
var mapUses = [...]struct {
	cost  int64
	clash string
}{
	MapRead:   {10, "concurrent map read and map write"},
	MapRange:  {10, "concurrent map iteration and map write"},
	MapClone:  {10, "concurrent map clone and map write"},
	MapWrite:  {20, "concurrent map writes"},
	MapDelete: {20, "concurrent map writes"},
}

func (u MapUse) writes() bool { return u >= MapWrite }

// written is when a task was last busy writing to a map. What a core computes runs
// ahead of the others in real time, but in virtual time others ran beside it: whatever
// they did to the map within those ns was not ordered by any synchronisation, which
// takes place in order of time.
type written struct {
	by       int // a task's ID
	from, to int64
	era      int // see Rewind
}

// UseMap must be asked by every step that uses a map, before it does so, and be obeyed
// unless it says Next. Like Go's runtime it ends the program where two goroutines are
// caught in the map at the same time and one of them writes; a reader is caught only if
// it comes while the other writes. Where only one core is busy that cannot happen.
func (x *Exec) UseMap(h *Map, use MapUse) Status {
	if x.watchMap(h, use.writes()) {
		return Again
	}
	m := x.M
	cost := mapUses[use].cost
	if m.horizon == math.MaxInt64 || h == nil || h.live == 0 && use != MapWrite { // nobody runs beside it, or nothing is used
		x.Spend(cost)
		return Next
	}
	from := m.Now()
	x.Spend(cost)
	w := written{x.T.ID, from, m.Now(), m.era}
	if other := h.writtenBeside(w); from < other.to {
		if from >= other.from || use.writes() && w.to > other.from {
			return x.ThrowFatal(mapUses[use].clash)
		}
	}
	if use.writes() {
		h.note(w, &m.trail)
	}
	return Next
}

// writtenBeside is the last write by a task other than w's.
func (h *Map) writtenBeside(w written) written {
	for i := range h.written {
		if other := &h.written[i]; other.by != w.by && other.era == w.era {
			return *other
		}
	}
	return written{}
}

// note keeps the last write, and the last one before it that was another task's.
func (h *Map) note(w written, t *trail) {
	if t.on() {
		old := h.written
		t.call(func() { h.written = old })
	}
	if h.written[0].by != w.by {
		h.written[1] = h.written[0]
	}
	h.written[0] = w
}
