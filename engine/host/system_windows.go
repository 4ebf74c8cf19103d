package host

import (
	"io/fs"
	"os"
	"syscall"
)

// identity is what tells a file from every other one; Windows tells it only of an
// open file, so that none is known here.
func identity(fs.FileInfo) (dev, ino uint64) { return 0, 0 }

// waitStatus is how a process ended, in the form of wait(2), which the
// interpreted package syscall reads.
func waitStatus(s *os.ProcessState) int { return s.ExitCode() << 8 }

// mayRun tells whether a file can be run: Windows says so only on trying. 0: yes.
func mayRun(path string) int {
	if _, err := os.Stat(path); err != nil {
		return 2 // ENOENT
	}
	return 0
}

func signalName(sig int) string { return syscall.Signal(sig).String() }

func kill(pid, sig int) error { return signalProcess(pid, sig) }
