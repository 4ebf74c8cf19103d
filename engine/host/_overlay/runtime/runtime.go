package runtime

const (
	GOOS     string = "linux"
	GOARCH   string = "amd64"
	Compiler        = "gc"
)

func Gosched()
func Goexit()
func NumGoroutine() int
func NumCPU() int
func GOMAXPROCS(n int) int
func GC()
func KeepAlive(x any) {}
func Version() string

// Breakpoint ends the program: no debugger waits for it.
func Breakpoint()

// MemProfileRate is read by nobody: the machine samples no allocations.
var MemProfileRate = 512 * 1024

func GOROOT() string { return "" }

// Nothing is sampled: the fraction is remembered, because callers get the old one.
var mutexFraction int

func SetMutexProfileFraction(rate int) int {
	old := mutexFraction
	if rate >= 0 {
		mutexFraction = rate
	}
	return old
}

func SetBlockProfileRate(rate int) {}
func SetCPUProfileRate(hz int)     {}

// SetDefaultGOMAXPROCS changes nothing, as GOMAXPROCS.
func SetDefaultGOMAXPROCS() {}

// SetFinalizer does nothing: the machine runs no finalizers.
func SetFinalizer(obj, finalizer any) {}
