package worker

import (
	"math"
	"runtime/debug"
)

// maxStack is how deep one goroutine may recurse, in bytes of stack. It is
// reached within a second.
const maxStack = 256 << 20

// limitRuntime lets the collector work harder before the memory limit is met.
func limitRuntime(memory int64) {
	if math.MaxInt > math.MaxInt32 {
		debug.SetMaxStack(maxStack)
	}
	if memory > 0 {
		debug.SetMemoryLimit(memory / 10 * 9)
	}
}
