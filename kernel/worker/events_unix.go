//go:build unix

package worker

import (
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// eventPipe is the reading end of the pipe of events. It is read with poll and
// read, not by way of the runtime's poller: that one is woken for every line a
// cell prints, also while nobody waits for one.
type eventPipe struct {
	file    *os.File
	expires atomic.Int64 // Unix ns; 0: never
}

func newEventPipe() (r *eventPipe, w *os.File, err error) {
	var fds [2]int
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err := syscall.Pipe(fds[:]); err != nil {
		return nil, nil, os.NewSyscallError("pipe", err)
	}
	syscall.CloseOnExec(fds[0])
	syscall.CloseOnExec(fds[1])
	return &eventPipe{file: os.NewFile(uintptr(fds[0]), "events")}, os.NewFile(uintptr(fds[1]), "events"), nil
}

// pollTime is how long it takes at most until a reader notices that the pipe
// has expired.
const pollTime = 200 * time.Millisecond

func (e *eventPipe) Read(b []byte) (int, error) {
	raw, err := e.file.SyscallConn()
	if err != nil {
		return 0, err
	}
	for {
		if at := e.expires.Load(); at != 0 && time.Now().UnixNano() > at {
			return 0, os.ErrDeadlineExceeded
		}
		var ready int
		var failed error
		if err := raw.Control(func(fd uintptr) {
			ready, failed = unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, int(pollTime/time.Millisecond))
		}); err != nil {
			return 0, err
		}
		if failed != nil && failed != unix.EINTR {
			return 0, os.NewSyscallError("poll", failed)
		}
		if ready > 0 {
			return e.file.Read(b)
		}
	}
}

// expireAt ends reads at the given time.
func (e *eventPipe) expireAt(at time.Time) { e.expires.Store(at.UnixNano()) }

func (e *eventPipe) Close() error { return e.file.Close() }
