package hardware

import (
	"os"

	"golang.org/x/sys/unix"
)

// forget asks the system to drop from its memory what it holds of a file; else it
// says why not.
func forget(f *os.File) string {
	if err := unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED); err != nil {
		return err.Error()
	}
	return ""
}
