//go:build unix

package front

import (
	"context"
	"os"
	"os/exec"
	"testing"
)

func TestDeathOfTheParentIsNoticed(t *testing.T) {
	child := exec.Command(os.Args[0], "-test.run=^$")
	if err := child.Run(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go watchParent(context.Background(), child.Process.Pid, func() { close(ended) })
	<-ended
}

func TestALivingParentIsLeftAlone(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, pid := range []int{os.Getppid(), os.Getpid()} {
		watchParent(ctx, pid, func() { t.Errorf("process %d was taken for dead", pid) })
	}
}
