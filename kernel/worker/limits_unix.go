//go:build unix

package worker

import (
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"

	"interleave/kernel/protocol"
)

// limitProcess sets what the worker and the processes it starts may use.
func limitProcess(setup protocol.Setup) error {
	// A write to a closed pipe on descriptor 1 or 2 would end the process.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	limitRuntime(setup.Memory)
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return err
	}
	if err := limitMemory(setup.Memory); err != nil {
		return err
	}
	return limitTasks(setup.Processes)
}

// lowerPriority makes the worker, all its threads and the processes it starts
// give way to the front. A system that refuses changes nothing but the pace.
func lowerPriority(nice int) {
	if nice > 0 {
		unix.Setpriority(unix.PRIO_PGRP, 0, nice)
	}
}

// endGroup ends the processes that cells started, and this one, where the
// worker leads their group.
func endGroup() {
	if unix.Getpgrp() == os.Getpid() {
		unix.Kill(0, unix.SIGKILL)
	}
}
