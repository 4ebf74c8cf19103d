package worker

import (
	"golang.org/x/sys/windows"

	"interleave/kernel/protocol"
)

// limitProcess sets the limits of the runtime; the parent limits the process
// through its job.
func limitProcess(setup protocol.Setup) error {
	limitRuntime(setup.Memory)
	return nil
}

// lowerPriority makes the worker give way to the front.
func lowerPriority(nice int) {
	if nice > 0 {
		windows.SetPriorityClass(windows.CurrentProcess(), windows.BELOW_NORMAL_PRIORITY_CLASS)
	}
}

// endGroup does nothing: the job ends with the parent's handle of it.
func endGroup() {}
