package os

import (
	"internal/selfsignal"
	"strconv"
	"syscall"
	"time"
)

// Args are the program's: a cell has a name and no arguments.
var Args = []string{"cell"}

func exit(code int)
func environ() []string
func setenv(key, value string) error
func unsetenv(key string) error
func clearenv()
func system(what string) (string, error)
func getpid() int
func getppid() int
func getuid() int
func getgid() int

// Exit ends the cell.
func Exit(code int) { exit(code) }

func Getenv(key string) string {
	v, _ := syscall.Getenv(key)
	return v
}

func LookupEnv(key string) (string, bool) { return syscall.Getenv(key) }
func Environ() []string                   { return environ() }
func Setenv(key, value string) error      { return NewSyscallError("setenv", setenv(key, value)) }
func Unsetenv(key string) error           { return NewSyscallError("unsetenv", unsetenv(key)) }
func Clearenv()                           { clearenv() }

func ExpandEnv(s string) string { return Expand(s, Getenv) }

func Getwd() (dir string, err error)     { return system("getwd") }
func Hostname() (name string, err error) { return system("hostname") }
func Executable() (string, error)        { return system("executable") }
func UserHomeDir() (string, error)       { return system("home") }
func UserCacheDir() (string, error)      { return system("cache") }
func UserConfigDir() (string, error)     { return system("config") }
func TempDir() string                    { s, _ := system("temp"); return s }
func Getpid() int                        { return getpid() }
func Getppid() int                       { return getppid() }
func Getuid() int                        { return getuid() }
func Geteuid() int                       { return getuid() }
func Getgid() int                        { return getgid() }
func Getegid() int                       { return getgid() }
func Getpagesize() int                   { return 4096 }

// A Signal is a signal of the operating system.
type Signal interface {
	String() string
	Signal()
}

var (
	Interrupt Signal = syscall.SIGINT
	Kill      Signal = syscall.SIGKILL
)

// A Process is one that StartProcess made, or that was found.
type Process struct {
	Pid  int
	id   int // the host's number of it; 0: found
	done bool
}

// ProcAttr is what a new process gets.
type ProcAttr struct {
	Dir   string
	Env   []string
	Files []*File
	Sys   *syscall.SysProcAttr
}

// A ProcessState tells how a process ended.
type ProcessState struct {
	pid    int
	status int // as wait gives it
	user   int64
	system int64
}

func startProcess(name string, argv []string, dir string, env []string, files []int) (id, pid int, err error)
func waitProcess(id int) (status int, user, system int64, err error)
func signalProcess(pid, sig int) error

// StartProcess starts a program.
func StartProcess(name string, argv []string, attr *ProcAttr) (*Process, error) {
	var files []int
	var env []string
	dir := ""
	if attr != nil {
		dir, env = attr.Dir, attr.Env
		for _, f := range attr.Files {
			if f == nil {
				files = append(files, -1)
			} else {
				files = append(files, f.id)
			}
		}
	}
	if env == nil {
		env = Environ()
	}
	id, pid, err := startProcess(name, argv, dir, env, files)
	if err != nil {
		return nil, &PathError{Op: "fork/exec", Path: name, Err: underlying(err)}
	}
	return &Process{Pid: pid, id: id}, nil
}

func FindProcess(pid int) (*Process, error) { return &Process{Pid: pid}, nil }

func (p *Process) Wait() (*ProcessState, error) {
	if p.id == 0 {
		return nil, NewSyscallError("wait", syscall.ECHILD)
	}
	status, user, system, err := waitProcess(p.id)
	if err != nil {
		return nil, NewSyscallError("wait", err)
	}
	p.done = true
	return &ProcessState{p.Pid, status, user, system}, nil
}

// die ends the program as a signal does.
func die(sig int)

func (p *Process) Signal(sig Signal) error {
	if p.done {
		return ErrProcessDone
	}
	s, ok := sig.(syscall.Signal)
	if !ok {
		return ErrInvalid
	}
	if p.Pid == Getpid() {
		if !selfsignal.Raise(int(s)) {
			die(int(s))
		}
		return nil
	}
	return signalProcess(p.Pid, int(s))
}

func (p *Process) Kill() error    { return p.Signal(Kill) }
func (p *Process) Release() error { return nil }

func (p *ProcessState) Exited() bool              { return p.status&0x7f == 0 }
func (p *ProcessState) Pid() int                  { return p.pid }
func (p *ProcessState) Success() bool             { return p.status == 0 }
func (p *ProcessState) Sys() any                  { return syscall.WaitStatus(p.status) }
func (p *ProcessState) SysUsage() any             { return nil }
func (p *ProcessState) UserTime() time.Duration   { return time.Duration(p.user) }
func (p *ProcessState) SystemTime() time.Duration { return time.Duration(p.system) }

func (p *ProcessState) ExitCode() int {
	if p == nil || !p.Exited() {
		return -1
	}
	return p.status >> 8 & 0xff
}

func (p *ProcessState) String() string {
	if p == nil {
		return "<nil>"
	}
	if p.Exited() {
		return "exit status " + strconv.Itoa(p.ExitCode())
	}
	s := "signal: " + syscall.Signal(p.status&0x7f).String()
	if p.status&0x80 != 0 {
		s += " (core dumped)"
	}
	return s
}
