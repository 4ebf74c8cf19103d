//go:build unix

package front

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"
)

// watchParent calls end once the process that started the kernel is gone: its
// children are then taken over by another parent. Where pid is not the parent
// (a wrapper stands between), the process is asked for by its number.
func watchParent(ctx context.Context, pid int, end func()) {
	child := os.Getppid() == pid
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		if child && os.Getppid() != pid || !child && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			end()
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}
