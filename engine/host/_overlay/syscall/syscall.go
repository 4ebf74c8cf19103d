// Package syscall is the part of the system's interface that other packages and
// their users name: errors, signals, the environment.
package syscall

import (
	"internal/oserror"
	"internal/selfsignal"
	"strconv"
)

const (
	Stdin  = 0
	Stdout = 1
	Stderr = 2
)

// An Errno is an error number of the operating system.
type Errno uintptr

func (e Errno) Error() string {
	if 0 <= int(e) && int(e) < len(errors) {
		if s := errors[e]; s != "" {
			return s
		}
	}
	return "errno " + strconv.Itoa(int(e))
}

func (e Errno) Is(target error) bool {
	switch target {
	case oserror.ErrPermission:
		return e == EACCES || e == EPERM
	case oserror.ErrExist:
		return e == EEXIST || e == ENOTEMPTY
	case oserror.ErrNotExist:
		return e == ENOENT
	}
	return false
}

func (e Errno) Timeout() bool { return e == EAGAIN || e == EWOULDBLOCK || e == ETIMEDOUT }

func (e Errno) Temporary() bool { return e == EINTR || e == EMFILE || e == ENFILE || e.Timeout() }

// A Signal is a signal of the operating system.
type Signal int

func (s Signal) Signal() {}

func (s Signal) String() string {
	if 0 <= s && int(s) < len(signals) {
		if str := signals[s]; str != "" {
			return str
		}
	}
	return "signal " + strconv.Itoa(int(s))
}

// A WaitStatus tells how a process ended.
type WaitStatus uint32

func (w WaitStatus) Exited() bool    { return w&0x7f == 0 }
func (w WaitStatus) Signaled() bool  { return w&0x7f != 0x7f && w&0x7f != 0 }
func (w WaitStatus) Stopped() bool   { return w&0xff == 0x7f }
func (w WaitStatus) Continued() bool { return w == 0xffff }
func (w WaitStatus) CoreDump() bool  { return w.Signaled() && w&0x80 != 0 }

func (w WaitStatus) ExitStatus() int {
	if !w.Exited() {
		return -1
	}
	return int(w>>8) & 0xff
}

func (w WaitStatus) Signal() Signal {
	if !w.Signaled() {
		return -1
	}
	return Signal(w & 0x7f)
}

// SysProcAttr is what a new process may ask for beyond the usual: nothing here.
type SysProcAttr struct{}

func getenv(key string) (string, bool)
func getpid() int
func getppid() int
func getuid() int
func getgid() int
func kill(pid, sig int) error

// Getenv reads an environment variable.
func Getenv(key string) (value string, found bool) { return getenv(key) }

func Getpid() int      { return getpid() }
func Getppid() int     { return getppid() }
func Getuid() int      { return getuid() }
func Getgid() int      { return getgid() }
func Getpagesize() int { return 4096 }

func environ() []string

func Environ() []string { return environ() }

// Kill sends a signal to a process, or to a group of them as kill(2) says. One to
// the program itself stays in the machine.
func Kill(pid int, sig Signal) error {
	if pid != getpid() || sig == 0 {
		return kill(pid, int(sig))
	}
	if !selfsignal.Raise(int(sig)) {
		die(int(sig))
	}
	return nil
}

func die(sig int)
func exit(code int)

func Exit(code int) { exit(code) }
