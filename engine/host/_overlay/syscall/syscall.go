package syscall

// An Errno is an error number of the operating system.
type Errno uintptr

const (
	ENOENT = Errno(2)
	EINTR  = Errno(4)
	EPIPE  = Errno(32)
	EINVAL = Errno(22)
)

func errorText(e int) string

func (e Errno) Error() string { return errorText(int(e)) }

func getenv(key string) (string, bool)

// Getenv reads an environment variable.
func Getenv(key string) (value string, found bool) { return getenv(key) }

// A Signal is a signal of the operating system.
type Signal int

const (
	SIGHUP  = Signal(1)
	SIGINT  = Signal(2)
	SIGQUIT = Signal(3)
	SIGKILL = Signal(9)
	SIGTERM = Signal(15)
)

func (s Signal) Signal() {}

func (s Signal) String() string {
	switch s {
	case SIGHUP:
		return "hangup"
	case SIGINT:
		return "interrupt"
	case SIGQUIT:
		return "quit"
	case SIGKILL:
		return "killed"
	case SIGTERM:
		return "terminated"
	}
	return "signal"
}
