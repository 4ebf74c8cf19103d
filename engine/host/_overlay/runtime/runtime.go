package runtime

const (
	GOOS     = "linux"
	GOARCH   = "amd64"
	Compiler = "gc"
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

// SetFinalizer does nothing: the machine runs no finalizers.
func SetFinalizer(obj, finalizer any) {}
