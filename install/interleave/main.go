package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// The exit codes.
const (
	exitFailed      = 1
	exitUsage       = 2
	exitInterrupted = 130
)

func main() { os.Exit(run()) }

// run carries out the command line and returns the exit code.
func run() int {
	err := root().Execute()
	var usage *usageError
	var stopped *stoppedError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage):
		fmt.Fprintf(os.Stderr, "interleave: %v\nTry: %s --help\n", err, usage.command)
		return exitUsage
	case errors.As(err, &stopped):
		fmt.Fprintln(os.Stderr, "interleave: interrupted")
		return exitInterrupted
	case errors.Is(err, errTold):
		return exitFailed
	}
	fmt.Fprintf(os.Stderr, "interleave: %s\n", strings.TrimPrefix(err.Error(), "install: "))
	return exitFailed
}

// stoppable runs a command with a context that Ctrl-C and the like end. The
// kernel and the worker are not run so: there Ctrl-C has another meaning.
func stoppable(run func(ctx context.Context, cmd *cobra.Command, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
		defer stop()
		err := run(ctx, cmd, args)
		if err != nil && ctx.Err() != nil {
			return &stoppedError{err}
		}
		return err
	}
}

// stoppedError is what became of a command that was interrupted.
type stoppedError struct{ error }

// errTold ends a command that has told its errors already.
var errTold = errors.New("told")

// usageError is a wrong command line.
type usageError struct {
	error
	command string
}

func root() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "interleave",
		Short: "A Go notebook kernel for learning concurrency",
		Long: `Interleave runs Go in Jupyter notebooks, made for learning concurrency.

To begin: "interleave lab" installs everything and opens the first lesson.

Exit codes: 0 all is well, 1 something failed, 2 the command line is wrong,
130 interrupted by Ctrl-C.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          arguments(cobra.NoArgs),
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return &usageError{err, cmd.CommandPath()}
	})
	cmd.CompletionOptions.HiddenDefaultCmd = true
	cmd.AddCommand(labCommand(), installCommand(), uninstallCommand(), doctorCommand(), runCommand(),
		kernelCommand(), workerCommand(), interpretCommand(), childCommand(), versionCommand())
	return cmd
}

// arguments makes errors of an argument check errors of usage.
func arguments(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return &usageError{err, cmd.CommandPath()}
		}
		return nil
	}
}

// calledAs is how the user can call this program again: "go run" starts a
// temporary file.
func calledAs(program string) string {
	if strings.Contains(filepath.ToSlash(program), "/go-build") {
		return "go run ./install/interleave"
	}
	if found, err := filepath.Abs(os.Args[0]); err == nil && found == program {
		return os.Args[0]
	}
	return "interleave"
}
