package main

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"interleave/install"
	"interleave/lessons"
)

func labCommand() *cobra.Command {
	var (
		dir       string
		port      int
		noBrowser bool
		force     bool
	)
	cmd := &cobra.Command{
		Use:   "lab",
		Short: "Install the kernel and open the lessons in JupyterLab",
		Long: `Lab does all the set-up: it installs the kernel for your account, finds JupyterLab 4
or newer or makes one in a virtual environment of its own (once; needs Python 3.11 or newer
and a network), copies the lessons to a folder of yours without touching what you
changed there, and opens the first one. Ctrl-C ends JupyterLab.

Running it again takes seconds.`,
		Example: `  interleave lab
  interleave lab --dir ~/go-lessons
  interleave lab --no-browser --port 9000`,
		Args: arguments(cobra.NoArgs),
		RunE: stoppable(func(ctx context.Context, cmd *cobra.Command, _ []string) error {
			if port < 0 || port > 65535 {
				return &usageError{errors.New("--port must be between 1 and 65535"), cmd.CommandPath()}
			}
			system, err := install.Here()
			if err != nil {
				return err
			}
			progress := progressTo(cmd.OutOrStdout())

			progress.Line("[1/4] Kernel")
			at := system.KernelDir("", install.DefaultName)
			spec, err := installKernel(ctx, install.Kernel{System: system, Dir: at, DisplayName: install.DefaultDisplayName, Force: force}, progress)
			if err != nil {
				return err
			}
			trial, err := install.Try(ctx, spec)
			if err != nil {
				return err
			}
			progress.Line("  %s\n  %v", at, trial)

			progress.Line("[2/4] JupyterLab")
			progress.Status("  looking for JupyterLab …")
			found, note := install.FindLab(ctx, system)
			if note != "" {
				progress.Line("  %s", note)
			}
			if found == nil {
				if found, err = install.MakeLab(ctx, system, progress); err != nil {
					return err
				}
			}
			progress.Line("  JupyterLab %s, %s", found.Version, found.Program)

			progress.Line("[3/4] Lessons")
			if dir == "" {
				dir = filepath.Join(system.Home, "interleave-lessons")
			}
			if dir, err = filepath.Abs(dir); err != nil {
				return err
			}
			report, err := install.CopyLessons(lessons.Files, dir)
			if err != nil {
				return err
			}
			tellLessons(progress, dir, report)

			progress.Line("[4/4] Start")
			progress.Status("  waiting for JupyterLab …")
			server, err := found.Start(ctx, install.Serve{
				Dir: dir, Open: lessons.First, Port: port, Browser: !noBrowser,
				Data: filepath.Dir(filepath.Dir(at)), Log: filepath.Join(system.OwnData(), "jupyterlab.log"),
			})
			if err != nil {
				return err
			}
			progress.Line("\nJupyterLab is running. Open\n\n    %s\n\nCtrl-C ends it.", server.URL)
			select {
			case <-server.Exited():
				return server.Failure()
			case <-ctx.Done():
				progress.Line("\nEnding JupyterLab …")
				return server.Stop()
			}
		}),
	}
	cmd.Flags().StringVar(&dir, "dir", "", "folder for the lessons (default interleave-lessons in your home)")
	cmd.Flags().IntVar(&port, "port", 0, "for JupyterLab (default 8888 or the next free one)")
	cmd.Flags().BoolVar(&noBrowser, "no-browser", false, "only print the address")
	cmd.Flags().BoolVar(&force, "force", false, "replace a kernel named interleave that is not ours")
	return cmd
}

func tellLessons(progress *install.Progress, dir string, r install.LessonReport) {
	progress.Line("  %s", dir)
	for _, group := range []struct {
		text  string
		names []string
	}{
		{"new", r.New},
		{"updated, you had not changed", r.Updated},
		{"kept, with your changes", r.Kept},
		{"of these there is a newer one (rename yours to get it)", r.Behind},
	} {
		if len(group.names) > 0 {
			progress.Line("  %s: %s", group.text, strings.Join(group.names, ", "))
		}
	}
	if len(r.New)+len(r.Updated)+len(r.Kept) == 0 {
		progress.Line("  up to date")
	}
}
