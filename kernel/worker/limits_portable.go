//go:build unix && !linux

package worker

import (
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// limitMemory watches the heap: these systems do not limit mapped memory. The
// goroutine lives as long as the process.
func limitMemory(bytes int64) error {
	if bytes <= 0 {
		return nil
	}
	go func() {
		sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
		for range time.Tick(50 * time.Millisecond) {
			metrics.Read(sample)
			if used := sample[0].Value.Uint64() - sample[1].Value.Uint64(); used > uint64(bytes) {
				debug.SetTraceback("none")
				go panic("out of memory")
			}
		}
	}()
	return nil
}

// limitTasks leaves the system's own limit, which counts all of the user's
// processes, as it is.
func limitTasks(int) error { return nil }
