// Package debug is what the machine knows of runtime/debug.
package debug

import (
	"os"
	"runtime"
	"time"
)

// Stack is the calling goroutine's stack.
func Stack() []byte {
	buf := make([]byte, 1024)
	for {
		n := runtime.Stack(buf, false)
		if n < len(buf) {
			return buf[:n]
		}
		buf = make([]byte, 2*len(buf))
	}
}

func PrintStack() { os.Stderr.Write(Stack()) }

func FreeOSMemory() { runtime.GC() }

// The collector is the host's: settings are remembered and change nothing.
var (
	percent = 100
	limit   = int64(1<<63 - 1)
	stack   = 1000000000
	threads = 10000
	onFault bool
)

func SetGCPercent(p int) int            { return swap(&percent, p) }
func SetMaxStack(n int) int             { return swap(&stack, n) }
func SetMaxThreads(n int) int           { return swap(&threads, n) }
func SetPanicOnFault(enabled bool) bool { return swap(&onFault, enabled) }
func SetTraceback(level string)         {}
func SetMemoryLimit(n int64) int64 {
	if n < 0 {
		return limit
	}
	return swap(&limit, n)
}

func swap[T any](p *T, v T) T {
	old := *p
	*p = v
	return old
}

// GCStats tells about collections: there are none.
type GCStats struct {
	LastGC         time.Time
	NumGC          int64
	PauseTotal     time.Duration
	Pause          []time.Duration
	PauseEnd       []time.Time
	PauseQuantiles []time.Duration
}

func ReadGCStats(stats *GCStats) { *stats = GCStats{} }

// A Module is a module of a program.
type Module struct {
	Path, Version, Sum string
	Replace            *Module
}

// A BuildSetting is one setting of a build.
type BuildSetting struct{ Key, Value string }

// BuildInfo tells how a program was built: a cell was not.
type BuildInfo struct {
	GoVersion, Path string
	Main            Module
	Deps            []*Module
	Settings        []BuildSetting
}

func ReadBuildInfo() (info *BuildInfo, ok bool) { return nil, false }
