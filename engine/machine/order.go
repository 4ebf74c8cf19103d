package machine

import (
	"cmp"
	"iter"

	"interleave/engine/layout"
)

// Keys ranges over the entries in the order in which they were put in, without
// being a step of the program.
func (h *Map) Keys() iter.Seq2[Val, Val] {
	return func(yield func(k, v Val) bool) {
		for i := range h.entries {
			if e := &h.entries[i]; !e.dead && !yield(e.key, e.val) {
				return
			}
		}
	}
}

// Order compares two values of a type that has an order; all others are equal.
func Order(t *layout.Type, a, b Val) int {
	switch t.Class {
	case layout.Int:
		if t.Signed() {
			return cmp.Compare(int64(a.N), int64(b.N))
		}
		return cmp.Compare(a.N, b.N)
	case layout.Float:
		return cmp.Compare(Float(a), Float(b))
	case layout.String:
		return cmp.Compare(String(a), String(b))
	}
	return 0
}
