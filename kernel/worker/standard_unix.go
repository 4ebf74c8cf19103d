//go:build unix

package worker

import (
	"fmt"
	"os"
	"runtime/debug"
	"syscall"

	"golang.org/x/sys/unix"
)

// ownFiles are the files of the protocol, which user code does not know.
type ownFiles struct {
	requests, events *os.File
	words            *os.File // writing end of the pipe of descriptor 2
	errors           readEnd  // reading end of it; the parent has it, too
}

// The descriptors that the parent passes besides the standard ones.
const (
	errorsFd = 3 // reading end of the pipe of descriptor 2
	crashFd  = 4 // tells the parent that the runtime is dying
)

// takeFiles moves the descriptors of the protocol to private copies that child
// processes do not get.
func takeFiles() (own ownFiles, err error) {
	var files [5]*os.File
	for fd := range files {
		nonblocking := fd == 0 || fd == 1 || fd == errorsFd
		if files[fd], err = private(fd, nonblocking); err != nil {
			return own, fmt.Errorf("descriptor %d: %w", fd, err)
		}
	}
	syscall.Close(errorsFd)
	syscall.Close(crashFd)
	if err := debug.SetCrashOutput(files[crashFd], debug.CrashOptions{}); err != nil {
		return own, err
	}
	end, err := newReadEnd(files[errorsFd])
	return ownFiles{requests: files[0], events: files[1], words: files[2], errors: end}, err
}

func private(fd int, nonblocking bool) (*os.File, error) {
	copied, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, crashFd+1)
	if err != nil {
		return nil, err
	}
	if err := syscall.SetNonblock(copied, nonblocking); err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(copied), fmt.Sprint("private copy of ", fd)), nil
}

// redirectErrors lets descriptor 2 lead to its pipe again. The reading end is
// the same for all cells: fresh at the first call only.
func (own ownFiles) redirectErrors(first bool) (end readEnd, fresh bool, err error) {
	return own.errors, first, dup(int(own.words.Fd()), 2)
}

// resetInput makes descriptor 0 a file at its end. It also sees to it that no
// pipe made after it gets the number of a standard descriptor that a cell closed.
func resetInput() error {
	for {
		null, err := syscall.Open(os.DevNull, syscall.O_RDONLY, 0)
		if err != nil {
			return err
		}
		if null > 2 {
			defer syscall.Close(null)
			return dup(null, 0)
		}
	}
}

// redirect lets fd lead to a new pipe and returns the reading end.
func redirect(fd int) (readEnd, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return readEnd{}, err
	}
	defer w.Close()
	end, err := newReadEnd(r)
	if err == nil {
		err = dup(int(w.Fd()), fd)
	}
	if err == nil {
		err = syscall.SetNonblock(fd, false)
	}
	if err != nil {
		r.Close()
		return readEnd{}, err
	}
	return end, nil
}

// standardFile returns a file for fd: the one there is, unless it was closed.
func standardFile(fd int, file *os.File) *os.File {
	if _, err := file.Stat(); err == nil {
		return file
	}
	return os.NewFile(uintptr(fd), []string{"/dev/stdin", "/dev/stdout", "/dev/stderr"}[fd])
}

// readEnd is the reading end of a pipe, which can be read without waiting.
type readEnd struct {
	file *os.File
	raw  syscall.RawConn
}

func newReadEnd(file *os.File) (readEnd, error) {
	raw, err := file.SyscallConn()
	return readEnd{file: file, raw: raw}, err
}

// wait calls try whenever there may be something to read, until try returns
// true, and closes the pipe.
func (r readEnd) wait(try func() (over bool)) {
	r.raw.Read(func(uintptr) bool { return try() })
	r.file.Close()
}

// poll reads what is there; n is 0 where there is nothing.
func (r readEnd) poll(buf []byte) (n int, eof bool) {
	r.raw.Control(func(fd uintptr) {
		var err error
		for {
			n, err = readNow(int(fd), buf)
			if err != syscall.EINTR {
				break
			}
		}
		n, eof = max(n, 0), n == 0 && err == nil
	})
	return n, eof
}
