package worker

import (
	"os"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// ownFiles are the files of the protocol, which user code does not know. The
// runtime writes its last words to the standard handle, which words is a copy
// of; os.Stderr leads elsewhere.
type ownFiles struct{ requests, events, words *os.File }

// redirectErrors lets os.Stderr lead to a new pipe.
func (own ownFiles) redirectErrors(bool) (end readEnd, fresh bool, err error) {
	end, err = redirect(2)
	return end, true, err
}

// takeFiles moves the standard handles of the process to private copies that
// child processes do not get.
func takeFiles() (ownFiles, error) {
	var own [3]*os.File
	self := windows.CurrentProcess()
	for i, name := range []string{"requests", "events", "last words"} {
		std, err := windows.GetStdHandle([]uint32{windows.STD_INPUT_HANDLE, windows.STD_OUTPUT_HANDLE, windows.STD_ERROR_HANDLE}[i])
		if err != nil {
			return ownFiles{}, err
		}
		var private windows.Handle
		if err := windows.DuplicateHandle(self, std, self, &private, 0, false, windows.DUPLICATE_SAME_ACCESS); err != nil {
			return ownFiles{}, err
		}
		own[i] = os.NewFile(uintptr(private), name)
	}
	return ownFiles{requests: own[0], events: own[1], words: own[2]}, nil
}

// resetInput makes the standard input a file at its end.
func resetInput() error {
	null, err := os.Open(os.DevNull)
	if err != nil {
		return err
	}
	os.Stdin = null
	return windows.SetStdHandle(windows.STD_INPUT_HANDLE, windows.Handle(null.Fd()))
}

// redirect lets os.Stdout (1) or os.Stderr (2) lead to a new pipe and returns
// the reading end.
func redirect(fd int) (readEnd, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return readEnd{}, err
	}
	if fd == 2 {
		os.Stderr = w
		return newReadEnd(r)
	}
	os.Stdout = w
	if err := windows.SetStdHandle(windows.STD_OUTPUT_HANDLE, windows.Handle(w.Fd())); err != nil {
		return readEnd{}, err
	}
	return newReadEnd(r)
}

// standardFile returns the file that the variable of the os package holds:
// resetInput and redirect have just set it.
func standardFile(fd int, _ *os.File) *os.File {
	return []*os.File{os.Stdin, os.Stdout, os.Stderr}[fd]
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

// wait calls try every few milliseconds until try returns true, and closes the
// pipe. A read that waits would hold up poll.
func (r readEnd) wait(try func() (over bool)) {
	for !try() {
		time.Sleep(10 * time.Millisecond)
	}
	r.file.Close()
}

var peekNamedPipe = windows.NewLazySystemDLL("kernel32.dll").NewProc("PeekNamedPipe")

// poll reads what is there; n is 0 where there is nothing.
func (r readEnd) poll(buf []byte) (n int, eof bool) {
	r.raw.Control(func(handle uintptr) {
		var there uint32
		ok, _, _ := peekNamedPipe.Call(handle, 0, 0, 0, uintptr(unsafe.Pointer(&there)), 0)
		if ok == 0 {
			eof = true
			return
		}
		if there == 0 {
			return
		}
		var got uint32
		if windows.ReadFile(windows.Handle(handle), buf[:min(len(buf), int(there))], &got, nil) == nil {
			n = int(got)
		}
	})
	return n, eof
}
