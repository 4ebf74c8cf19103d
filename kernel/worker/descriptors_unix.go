//go:build unix && !linux

package worker

import (
	"syscall"

	"golang.org/x/sys/unix"
)

func dup(from, to int) error { return unix.Dup2(from, to) }

// readNow reads from a descriptor that never waits.
func readNow(fd int, p []byte) (int, error) { return syscall.Read(fd, p) }
