//go:build unix && !linux

package worker

import "golang.org/x/sys/unix"

// waitForEnd waits until the process has ended and leaves it to be reaped.
func waitForEnd(pid int) {
	queue, err := unix.Kqueue()
	if err != nil {
		return
	}
	defer unix.Close(queue)
	change := make([]unix.Kevent_t, 1)
	unix.SetKevent(&change[0], pid, unix.EVFILT_PROC, unix.EV_ADD|unix.EV_ONESHOT)
	change[0].Fflags = unix.NOTE_EXIT
	events := make([]unix.Kevent_t, 1)
	for {
		if _, err := unix.Kevent(queue, change, events, nil); err != unix.EINTR {
			return
		}
	}
}
