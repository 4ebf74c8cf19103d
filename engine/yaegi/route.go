package yaegi

import (
	"unsafe"
	_ "unsafe" // for linkname
)

// goroutine is what the host knows of a goroutine that runs learner's code. It
// hangs on the goroutine as its profiler labels: the one thing that a native
// goroutine carries, that is cheap to read, and that children inherit, so that
// goroutines which library code starts belong to the right cell too.
type goroutine struct {
	labels []struct{ key, value string } // what runtime/pprof expects to find first
	run    *run
	id     int
	token  *thrown  // set while a deferred function is called that may recover it
	frames []string // emitted functions that the panic under way has left
}

// The Go linker keeps these two open for packages that have done this for long.

//go:linkname runtimeSetProfLabel runtime/pprof.runtime_setProfLabel
func runtimeSetProfLabel(labels unsafe.Pointer)

//go:linkname runtimeGetProfLabel runtime/pprof.runtime_getProfLabel
func runtimeGetProfLabel() unsafe.Pointer

func (g *goroutine) enter() { runtimeSetProfLabel(unsafe.Pointer(g)) }

// current is the calling goroutine. One without labels (a timer's) counts
// towards the last cell.
func (ev *Evaluator) current() *goroutine {
	if p := runtimeGetProfLabel(); p != nil {
		return (*goroutine)(p)
	}
	ev.runMu.Lock()
	r := ev.last
	ev.runMu.Unlock()
	return &goroutine{run: r}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
