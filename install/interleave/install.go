package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"interleave/install"
)

// place is where a kernel is installed, from the flags.
type place struct {
	user, environment bool
	prefix, name      string
}

func (p *place) flags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&p.user, "user", false, "for your own account (the default)")
	cmd.Flags().BoolVar(&p.environment, "sys-prefix", false, "into the active virtual or conda environment")
	cmd.Flags().StringVar(&p.prefix, "prefix", "", "into `DIR`/share/jupyter/kernels")
	cmd.Flags().StringVar(&p.name, "name", install.DefaultName, "of the kernel, as jupyter --kernel=NAME")
}

// dir is the kernel's directory.
func (p *place) dir(system install.System) (string, error) {
	if err := install.CheckName(p.name); err != nil {
		return "", err
	}
	if p.user && p.environment || (p.user || p.environment) && p.prefix != "" {
		return "", errors.New("only one of --user, --sys-prefix and --prefix can be given")
	}
	prefix := p.prefix
	if p.environment {
		if prefix = system.EnvironmentPrefix(); prefix == "" {
			return "", errors.New("--sys-prefix: no virtual or conda environment is active: activate one, or use --prefix DIR")
		}
	}
	if prefix != "" {
		absolute, err := filepath.Abs(prefix)
		if err != nil {
			return "", err
		}
		prefix = absolute
	}
	return system.KernelDir(prefix, p.name), nil
}

func installCommand() *cobra.Command {
	var at place
	var display, evaluator string
	var force bool
	cmd := &cobra.Command{
		Use:   "install",
		Short: "Install the kernel for the Jupyter that is there",
		Long: `Install copies this program beside a kernel.json where Jupyter finds it, and
ends by running a cell through the installed kernel. It needs no jupyter on PATH.
Running it again brings an older installation up to date.`,
		Example: `  interleave install
  interleave install --sys-prefix
  interleave install --prefix /usr/local --name go
  interleave install --evaluator yaegi --name go-yaegi --display-name "Go (yaegi)"`,
		Args: arguments(cobra.NoArgs),
		RunE: stoppable(func(ctx context.Context, cmd *cobra.Command, _ []string) error {
			if _, err := workerFor(evaluator, ""); err != nil {
				return &usageError{err, cmd.CommandPath()}
			}
			system, err := install.Here()
			if err != nil {
				return err
			}
			dir, err := at.dir(system)
			if err != nil {
				return &usageError{err, cmd.CommandPath()}
			}
			progress := progressTo(cmd.OutOrStdout())
			kernel := install.Kernel{System: system, Dir: dir, DisplayName: display, Evaluator: evaluator, Force: force}
			spec, err := installKernel(ctx, kernel, progress)
			if err != nil {
				return err
			}
			progress.Line("Installed %q in %s", spec.DisplayName, dir)
			return tryKernel(ctx, spec, progress)
		}),
	}
	at.flags(cmd)
	cmd.Flags().StringVar(&display, "display-name", install.DefaultDisplayName, "what the menus of Jupyter show")
	cmd.Flags().StringVar(&evaluator, evaluatorFlag, "", "what runs the cells: machine or yaegi (default machine)")
	cmd.Flags().BoolVar(&force, "force", false, "replace a kernel of that name that is not ours")
	return cmd
}

// installKernel installs a kernel that is this program.
func installKernel(ctx context.Context, kernel install.Kernel, progress *install.Progress) (install.Spec, error) {
	program, err := os.Executable()
	if err != nil {
		return install.Spec{}, fmt.Errorf("where this program is: %w", err)
	}
	progress.Status("  copying the kernel …")
	kernel.Program, kernel.GOROOT = program, install.GOROOT(ctx)
	spec, err := kernel.Install()
	if _, missing := os.Stat(filepath.Join(kernel.Dir, install.SourceArchive)); err == nil && missing != nil {
		progress.Line("  %s was not found on PATH: cells will be run by yaegi; install again with it for the machine", runtime.Version())
	}
	return spec, err
}

func tryKernel(ctx context.Context, spec install.Spec, progress *install.Progress) error {
	progress.Status("  trying the kernel …")
	trial, err := install.Try(ctx, spec)
	if err != nil {
		return err
	}
	progress.Line("It works: %v", trial)
	return nil
}

func uninstallCommand() *cobra.Command {
	var at place
	var all bool
	cmd := &cobra.Command{
		Use:   "uninstall",
		Short: "Remove the kernel",
		Long: `Uninstall removes the kernel's directory. Your lessons and your history stay.
With --all it also removes the JupyterLab that "interleave lab" has made.`,
		Example: `  interleave uninstall
  interleave uninstall --sys-prefix
  interleave uninstall --all`,
		Args: arguments(cobra.NoArgs),
		RunE: stoppable(func(_ context.Context, cmd *cobra.Command, _ []string) error {
			system, err := install.Here()
			if err != nil {
				return err
			}
			dir, err := at.dir(system)
			if err != nil {
				return &usageError{err, cmd.CommandPath()}
			}
			progress := progressTo(cmd.OutOrStdout())
			switch err := install.Uninstall(dir); {
			case errors.Is(err, fs.ErrNotExist):
				progress.Line("There is no kernel in %s", dir)
			case err != nil:
				return err
			default:
				progress.Line("Removed %s", dir)
			}
			if !all {
				return nil
			}
			removed, err := install.RemoveLab(system)
			if removed != "" {
				progress.Line("Removed %s", removed)
			}
			return err
		}),
	}
	at.flags(cmd)
	cmd.Flags().BoolVar(&all, "all", false, "also remove the JupyterLab made by interleave lab")
	return cmd
}

func progressTo(w io.Writer) *install.Progress {
	f, ok := w.(*os.File)
	return &install.Progress{Out: w, Live: ok && term.IsTerminal(int(f.Fd()))}
}
