package real

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// Config says how programs are run.
type Config struct {
	Cores int // GOMAXPROCS; 0: as many as the computer has
	// Interpreter is the command that runs what Input says on its standard input,
	// where there is no Go toolchain; empty: there is none.
	Interpreter    []string
	Input          []byte
	Stdout, Stderr io.Writer
}

// Use is what a program used of the computer.
type Use struct {
	By    string        // "go1.26.1", or the interpreter's words for itself
	Build time.Duration // compiling and linking
	Wall  time.Duration // from start to end
	CPU   time.Duration // of all its threads, in the program and for it in the system
	Cores int           // that it could use
}

func (u *Use) String() string {
	busy := 0.0
	if u.Wall > 0 {
		busy = float64(u.CPU) / float64(u.Wall)
	}
	text := fmt.Sprintf("real time: %v, %v of CPU, %.2f cores busy on average of %d", short(u.Wall), short(u.CPU), busy, u.Cores)
	if u.Build > 0 {
		return text + fmt.Sprintf("; built by %s in %v", u.By, short(u.Build))
	}
	return text + "; run by " + u.By
}

func short(d time.Duration) time.Duration {
	if d < 10*time.Millisecond {
		return d.Round(time.Microsecond)
	}
	return d.Round(time.Millisecond)
}

// CompileError is what the compiler says of a program that the check has passed.
type CompileError struct{ Lines []string }

func (e *CompileError) Error() string { return strings.Join(e.Lines, "\n") }

// ErrNothing says that there is nothing to run a program with.
var ErrNothing = errors.New("there is no Go toolchain on this computer (the command go), and no interpreter")

// Run runs a program until it ends or ctx does. The error is a *CompileError, an
// *exec.ExitError, ctx's, or one of the computer.
func Run(ctx context.Context, source string, cfg Config) (*Use, error) {
	dir, err := os.MkdirTemp("", "interleave-real-")
	if err != nil {
		return nil, fmt.Errorf("real: %w", err)
	}
	defer os.RemoveAll(dir)
	use := &Use{Cores: cfg.Cores}
	if use.Cores <= 0 {
		use.Cores = runtime.NumCPU()
	}
	cmd, err := build(ctx, source, dir, use)
	switch {
	case errors.Is(err, exec.ErrNotFound) && len(cfg.Interpreter) > 0:
		cmd = exec.Command(cfg.Interpreter[0], cfg.Interpreter[1:]...)
		cmd.Stdin = bytes.NewReader(cfg.Input)
		use.By = "yaegi"
	case errors.Is(err, exec.ErrNotFound):
		return nil, ErrNothing
	case err != nil:
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = cfg.Stdout, cfg.Stderr
	cmd.Env = append(os.Environ(), "GOMAXPROCS="+strconv.Itoa(use.Cores))
	start := time.Now()
	err = wait(ctx, cmd)
	use.Wall = time.Since(start)
	if cmd.ProcessState != nil {
		use.CPU = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	}
	return use, err
}

// build compiles a program against the standard library alone, without a network.
func build(ctx context.Context, source, dir string, use *Use) (*exec.Cmd, error) {
	goCommand, err := exec.LookPath("go")
	if err != nil {
		return nil, err
	}
	for name, text := range map[string]string{"go.mod": "module cell\n\ngo 1.26\n", "main.go": source} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return nil, fmt.Errorf("real: %w", err)
		}
	}
	program := filepath.Join(dir, "cell.exe")
	cmd := exec.Command(goCommand, "build", "-trimpath", "-o", program, ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "GO111MODULE=on", "GOTOOLCHAIN=local", "CGO_ENABLED=0", "GOOS=", "GOARCH=")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	start := time.Now()
	err = wait(ctx, cmd)
	use.Build, use.By = time.Since(start), version(goCommand)
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		bad := &CompileError{}
		for line := range strings.Lines(said.String()) {
			if line = strings.TrimRight(line, "\n"); !strings.HasPrefix(line, "# ") && line != "" {
				bad.Lines = append(bad.Lines, line)
			}
		}
		if len(bad.Lines) == 0 {
			bad.Lines = []string{"go build: " + err.Error()}
		}
		return nil, bad
	}
	if err != nil {
		return nil, err
	}
	return exec.Command(program), nil
}

func version(goCommand string) string {
	out, err := exec.Command(goCommand, "env", "GOVERSION").Output()
	if err != nil {
		return "go"
	}
	return strings.TrimSpace(string(out))
}

// wait runs a command as the leader of a group, and ends the group with ctx.
func wait(ctx context.Context, cmd *exec.Cmd) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	// Where a process is to die with its parent, the system means the thread that
	// started it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	lead(cmd)
	cmd.WaitDelay = time.Second // what a child of its own still holds open
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("real: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { kill(cmd) })
	err := cmd.Wait()
	stop()
	kill(cmd) // what it left behind
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, exec.ErrWaitDelay) {
		return nil
	}
	return err
}
