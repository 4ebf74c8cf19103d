package worker

import "golang.org/x/sys/unix"

// waitForEnd waits until the process has ended and leaves it to be reaped.
func waitForEnd(pid int) {
	for unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
	}
}
