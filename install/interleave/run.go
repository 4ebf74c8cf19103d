package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"interleave/install"
	"interleave/kernel/notebook"
	"interleave/kernel/notebook/headless"
	"interleave/kernel/notebook/page"
	"interleave/kernel/worker"
)

// runOptions are the flags of run.
type runOptions struct {
	output, html string
	evaluator    string
	options      headless.Options
}

func runCommand() *cobra.Command {
	var o runOptions
	cmd := &cobra.Command{
		Use:   "run NOTEBOOK…",
		Short: "Run notebooks without Jupyter",
		Long: `Run executes the code cells of each notebook in order, in a fresh kernel in the
notebook's folder, and writes the notebook back with its outputs.

It stops at the first cell that fails, except at cells with the tag
raises-exception. Cells with the tag skip-execution are left out.

Exit code 1: a cell failed, or a notebook could not be read or written.`,
		Example: `  interleave run lesson.ipynb
  interleave run lesson.ipynb --output done.ipynb --html done.html
  interleave run *.ipynb --output results/ --timeout 30s`,
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: stoppable(func(ctx context.Context, cmd *cobra.Command, notebooks []string) error {
			if o.options.Timeout < 0 {
				return &usageError{errors.New("--timeout must not be negative"), cmd.CommandPath()}
			}
			for _, flag := range []struct{ name, value string }{{"output", o.output}, {"html", o.html}} {
				if len(notebooks) > 1 && flag.value != "" && !isFolder(flag.value) {
					return &usageError{fmt.Errorf("--%s %s: for several notebooks it must be a folder that is there, or end in a slash", flag.name, flag.value), cmd.CommandPath()}
				}
			}
			progress := progressTo(cmd.OutOrStdout())
			failed := 0
			for _, path := range notebooks {
				if err := o.run(ctx, path, progress); err != nil {
					if ctx.Err() != nil {
						return err
					}
					failed++
					fmt.Fprintf(cmd.ErrOrStderr(), "interleave: %v\n", err)
				}
			}
			if failed > 0 {
				return errTold
			}
			return nil
		}),
	}
	cmd.Flags().StringVarP(&o.output, "output", "o", "", "write to this `FILE` or folder instead of back")
	cmd.Flags().StringVar(&o.html, "html", "", "also write a page to this `FILE` or folder")
	cmd.Flags().BoolVar(&o.options.AllowErrors, "allow-errors", false, "go on after a cell that failed")
	cmd.Flags().StringVar(&o.evaluator, evaluatorFlag, "", "what runs the cells: machine or yaegi (default machine)")
	cmd.Flags().DurationVar(&o.options.Timeout, "timeout", 0, "per cell, such as 30s (default no limit)")
	return cmd
}

// run runs one notebook and writes the results, also where a cell failed.
func (o runOptions) run(ctx context.Context, path string, progress *install.Progress) error {
	nb, err := notebook.Read(path)
	if err != nil {
		return err
	}
	folder, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return err
	}
	config, err := workerFor(o.evaluator, folder)
	if err != nil {
		return err
	}
	pool, err := worker.Start(config)
	if err != nil {
		return err
	}
	progress.Line("%s", path)
	began, cells := time.Now(), 0
	o.options.Progress = func(s headless.Step) {
		if s.Done {
			cells = s.Number
		}
		tell(progress, s)
	}
	err = headless.Run(ctx, nb, pool, o.options)
	took := time.Since(began)
	if closing := pool.Close(); err == nil {
		err = closing
	}
	var failure *headless.Failure
	if err != nil && !errors.As(err, &failure) {
		return fmt.Errorf("%s: %w", path, err)
	}
	if failure != nil {
		text := strings.Join(failure.Traceback, "\n")
		if !progress.Live {
			text = regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(text, "") // colours are for terminals
		}
		progress.Line("\n%s\n", text)
		err = fmt.Errorf("%s: %w", path, failure)
	}
	written, writing := o.write(nb, path, folder)
	for _, file := range written {
		progress.Line("  wrote %s", file)
	}
	noun := "cells"
	if cells == 1 {
		noun = "cell"
	}
	progress.Line("  %d %s in %.1f s", cells, noun, took.Seconds())
	return errors.Join(err, writing)
}

func tell(progress *install.Progress, s headless.Step) {
	head := fmt.Sprintf("  [%*d/%d] cell %-3d", len(fmt.Sprint(s.Of)), s.Number, s.Of, s.Cell)
	switch {
	case !s.Done:
		progress.Status("%s …", head)
	case s.Error == nil:
		progress.Line("%s ok %8d ms", head, s.Elapsed.Milliseconds())
	case s.Allowed:
		progress.Line("%s ok %8d ms, failed as it may: %s: %s", head, s.Elapsed.Milliseconds(), s.Error.Name, s.Error.Value)
	default:
		progress.Line("%s FAILED after %d ms: %s: %s", head, s.Elapsed.Milliseconds(), s.Error.Name, s.Error.Value)
	}
}

// write writes the notebook and, where wanted, the page; written are the paths.
func (o runOptions) write(nb *notebook.Notebook, path, folder string) (written []string, err error) {
	to := path
	if o.output != "" {
		to = target(o.output, filepath.Base(path))
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return nil, err
	}
	if err := nb.Write(to); err != nil {
		return nil, err
	}
	written = append(written, to)
	if o.html == "" {
		return written, nil
	}
	name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	to = target(o.html, name+".html")
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return written, err
	}
	file, err := os.Create(to)
	if err != nil {
		return written, err
	}
	err = page.Page{Title: name, Notebook: nb, Files: os.DirFS(folder)}.Write(file)
	if closing := file.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return written, err
	}
	return append(written, to), nil
}

// target is the file to write: the path given, or name in the folder given.
func target(given, name string) string {
	if isFolder(given) {
		return filepath.Join(given, name)
	}
	return given
}

func isFolder(path string) bool {
	if strings.HasSuffix(path, "/") || strings.HasSuffix(path, string(filepath.Separator)) {
		return true
	}
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
