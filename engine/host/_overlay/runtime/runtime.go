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

func GOROOT() string { return "" }

// SetFinalizer does nothing: the machine runs no finalizers.
func SetFinalizer(obj, finalizer any) {}
