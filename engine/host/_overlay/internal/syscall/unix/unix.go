// Package unix is what package os/exec asks of the system.
package unix

import "syscall"

const X_OK = 1

func eaccess(path string) int

// Eaccess tells whether the process may run a file.
func Eaccess(path string, mode uint32) error {
	if n := eaccess(path); n != 0 {
		return syscall.Errno(n)
	}
	return nil
}
