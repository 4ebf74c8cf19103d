package real

import (
	"os/exec"
	"syscall"
)

// lead keeps the console's interrupts from a command. It stays in the job of this
// process, and ends with it.
func lead(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP, HideWindow: true}
}

// kill ends the command.
func kill(cmd *exec.Cmd) { cmd.Process.Kill() }
