//go:build unix

package host

import (
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// identity is what tells a file from every other one of this computer.
func identity(info fs.FileInfo) (dev, ino uint64) {
	if sys, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(sys.Dev), sys.Ino
	}
	return 0, 0
}

// waitStatus is how a process ended, as wait(2) gives it.
func waitStatus(s *os.ProcessState) int { return int(s.Sys().(syscall.WaitStatus)) }

// mayRun is access(2) for running a file; 0: yes, else the error's number.
func mayRun(path string) int {
	err := unix.Faccessat(unix.AT_FDCWD, path, unix.X_OK, unix.AT_EACCESS)
	if n, ok := err.(syscall.Errno); ok {
		return int(n)
	}
	return 0
}

func signalName(sig int) string { return unix.SignalName(syscall.Signal(sig)) }

func kill(pid, sig int) error { return syscall.Kill(pid, syscall.Signal(sig)) }
