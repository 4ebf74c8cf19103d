//go:build unix

package worker

import (
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// group is a worker's process together with the processes it starts: on unix a
// process group.
type group struct{ leader int }

// prepare makes the process of cmd the leader of a group.
func prepare(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// passWords gives the process of cmd a standard error of which the parent and
// the process both have the reading end: the process reads what its cells
// write, and the parent reads what is left when it dies. started is to be
// called once, after the attempt to start cmd.
func passWords(cmd *exec.Cmd) (started func(ok bool) (*lastWords, error), err error) {
	textR, textW, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	alarmR, alarmW, err := os.Pipe()
	if err != nil {
		textR.Close()
		textW.Close()
		return nil, err
	}
	cmd.Stderr = textW
	cmd.ExtraFiles = []*os.File{errorsFd - 3: textR, crashFd - 3: alarmW}
	return func(ok bool) (*lastWords, error) {
		defer textR.Close()
		textW.Close()
		alarmW.Close()
		// The start made textR, and all copies of it, wait in reads.
		text, err := private(int(textR.Fd()), true)
		if err != nil || !ok {
			alarmR.Close()
			text.Close()
			return nil, err
		}
		return &lastWords{alarm: alarmR, text: text}, nil
	}, nil
}

func newGroup(cmd *exec.Cmd, _ Config) (*group, error) { return &group{leader: cmd.Process.Pid}, nil }

// kill ends all processes of the group. It must not be called after reap.
func (g *group) kill() { unix.Kill(-g.leader, unix.SIGKILL) }

// await waits for the end of the leader and leaves it to be reaped, so that its
// number names no other process or group yet.
func (g *group) await(*exec.Cmd) { waitForEnd(g.leader) }

// reap ends what is left of the group and returns how the leader ended.
func (g *group) reap(cmd *exec.Cmd) *os.ProcessState {
	g.kill()
	cmd.Wait()
	return cmd.ProcessState
}

func signalName(state *os.ProcessState) string {
	if state == nil {
		return ""
	}
	status, ok := state.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() {
		return ""
	}
	return unix.SignalName(status.Signal())
}
