package worker

import (
	"os"
	"os/exec"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// group is a worker's process together with the processes it starts: on
// Windows a job, which ends with the last handle of it.
type group struct{ job windows.Handle }

// prepare keeps the console's interrupts from the worker.
func prepare(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP, HideWindow: true}
}

// passWords gives the process of cmd a standard error that its runtime writes
// its last words to, and nothing else. started is to be called once, after the
// attempt to start cmd.
func passWords(cmd *exec.Cmd) (started func(ok bool) (*lastWords, error), err error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.Stderr = w
	return func(ok bool) (*lastWords, error) {
		w.Close()
		if !ok {
			return nil, r.Close()
		}
		return &lastWords{text: r}, nil
	}, nil
}

func newGroup(cmd *exec.Cmd, cfg Config) (*group, error) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return nil, err
	}
	var limits windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
	limits.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	if cfg.Memory > 0 {
		limits.BasicLimitInformation.LimitFlags |= windows.JOB_OBJECT_LIMIT_PROCESS_MEMORY
		limits.ProcessMemoryLimit = uintptr(cfg.Memory)
	}
	if cfg.Processes > 0 {
		limits.BasicLimitInformation.LimitFlags |= windows.JOB_OBJECT_LIMIT_ACTIVE_PROCESS
		limits.BasicLimitInformation.ActiveProcessLimit = uint32(cfg.Processes)
	}
	_, err = windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits)))
	if err == nil {
		err = assign(job, cmd.Process.Pid)
	}
	if err != nil {
		windows.CloseHandle(job)
		return nil, err
	}
	return &group{job: job}, nil
}

// assign puts the process into the job. It waits for its setup then, so it has
// started no other process yet.
func assign(job windows.Handle, pid int) error {
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(pid))
	if err != nil {
		return err
	}
	defer windows.CloseHandle(process)
	return windows.AssignProcessToJobObject(job, process)
}

// kill ends all processes of the group. It must not be called after reap.
func (g *group) kill() { windows.TerminateJobObject(g.job, 1) }

// await waits for the end of the leader.
func (g *group) await(cmd *exec.Cmd) { cmd.Wait() }

// reap ends what is left of the group and returns how the leader ended.
func (g *group) reap(cmd *exec.Cmd) *os.ProcessState {
	g.kill()
	windows.CloseHandle(g.job)
	return cmd.ProcessState
}

func signalName(*os.ProcessState) string { return "" }
