//go:build unix

package install

import (
	"os/exec"
	"syscall"
)

// ownGroup keeps the terminal's Ctrl-C from reaching the process.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
