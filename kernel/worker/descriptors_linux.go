package worker

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

func dup(from, to int) error { return unix.Dup3(from, to, 0) }

// readNow reads from a descriptor that never waits. The runtime is not told of
// the system call: it would give the thread's place to another goroutine if
// the call took long, and with a thousand busy ones that is lost for seconds.
func readNow(fd int, p []byte) (int, error) {
	n, _, err := syscall.RawSyscall(unix.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(&p[0])), uintptr(len(p)))
	if err != 0 {
		return 0, err
	}
	return int(n), nil
}
