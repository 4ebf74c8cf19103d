package process

import (
	"fmt"
	"runtime"
)

// Process is a child of the process that started it.
type Process struct{ pid int }

// Fork starts a child process with a copy of everything that child reaches; see the
// package. It ends when child returns, with code 0, or by Exit; a panic ends it with code 2.
func Fork(name string, child func()) *Process {
	c := prices()
	pid, mine, pages, problem := fork(name, child, false, int(c.Fault))
	if problem != "" {
		panic("process.Fork: " + problem)
	}
	work(int(c.Fork) + bytes(pages, c.Page))
	launch(pid, func() { begin(mine) })
	return &Process{pid}
}

// Spawn starts a child process from nothing, as Python does by default on macOS and
// Windows: what child reaches is pickled and sent to it. Nothing is shared, and a start
// takes as long as that of an interpreter.
func Spawn(name string, child func()) *Process {
	c := prices()
	pid, mine, n, problem := fork(name, child, true, 0)
	if problem != "" {
		panic("process.Spawn: " + problem)
	}
	work(int(c.Syscall) + bytes(n, c.Pickle))
	launch(pid, func() {
		work(int(c.Spawn) + bytes(n, c.Pickle))
		begin(mine)
	})
	return &Process{pid}
}

// begin is the whole of a process's first goroutine.
func begin(f func()) {
	defer func() {
		if r := recover(); r != nil {
			print("panic: ", fmt.Sprint(r), " [process ", own(), "]\n")
			exit(2)
			return
		}
		exit(0)
	}()
	f()
}

// Exit ends the running process with a code, and all its goroutines at once; deferred
// calls of the one that calls it run. The program itself, which nobody waits for, ends by
// returning.
func Exit(code int) {
	if Self() == Main {
		panic("process.Exit: this is the program itself, not one of its children: it ends when its main function returns")
	}
	exit(code)
	runtime.Goexit()
}

// Init is the process id of the one that waits for orphans, and Main that of the program
// itself.
const (
	Init = 1
	Main = 100
)

// Self is the id of the running process, and Parent that of its parent: Init, where that
// has ended.
func Self() int   { return own() }
func Parent() int { return parentOf(own()) }

// Wait waits until the process has ended and gives its exit code: what it called Exit
// with, 0 where it returned, 2 after a panic, and, of one that was killed, the signal's
// number with a minus. Until then an ended process is a zombie. Only its parent
// can wait for it, and only once.
func (p *Process) Wait() int {
	work(int(prices().Syscall))
	_, code, problem := wait(p.pid)
	if problem != "" {
		panic("process.Wait: " + problem)
	}
	return code
}

// Wait waits for any child of the running process and tells which one it was; ok is
// false where there is none.
func Wait() (pid, code int, ok bool) {
	work(int(prices().Syscall))
	pid, code, problem := wait(0)
	return pid, code, problem == ""
}

// PID is the process id.
func (p *Process) PID() int { return p.pid }

// State is "running", "zombie" (it has ended and nobody has waited for it) or "gone".
func (p *Process) State() string { return state(p.pid) }

// Kill ends the process at once, as signal 9 does: nothing of it runs any more.
func (p *Process) Kill() {
	work(int(prices().Syscall))
	if problem := kill(p.pid, 9); problem != "" {
		panic("process.Kill: " + problem)
	}
}
