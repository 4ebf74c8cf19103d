package worker

import (
	"math"
	"runtime/debug"
)

// maxStack is how deep one goroutine may recurse, in bytes of stack. It is
// reached within a second.
const maxStack = 256 << 20

// collectAt is how much the heap grows between two collections, in percent: a
// worker's heap is small, and cells make garbage quickly. More would save little
// time, and for each byte that past cells keep there are that many percent on top.
const collectAt = 200

// limitRuntime lets the collector work harder long before the memory limit is met: the
// limit also counts what is mapped and was given back, and a cell that fills what
// it may hold, many times, leaves gaps of it.
func limitRuntime(memory int64) {
	debug.SetGCPercent(collectAt)
	if math.MaxInt > math.MaxInt32 {
		debug.SetMaxStack(maxStack)
	}
	if memory > 0 {
		debug.SetMemoryLimit(memory / 10 * 6)
	}
}
