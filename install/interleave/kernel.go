package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"interleave/install"
	"interleave/kernel/front"
	"interleave/kernel/history"
	"interleave/kernel/protocol"
	"interleave/kernel/worker"
)

func kernelCommand() *cobra.Command {
	var evaluator string
	cmd := &cobra.Command{
		Use:   "kernel CONNECTION_FILE",
		Short: "Serve as a Jupyter kernel (Jupyter starts this)",
		Long: `Kernel serves the sockets that a Jupyter connection file names until it is told to
shut down. Jupyter starts it as kernel.json says.`,
		Example: "  interleave kernel ~/.local/share/jupyter/runtime/kernel-1234.json",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			system, err := install.Here()
			if err != nil {
				return err
			}
			cells, err := workerFor(evaluator, "")
			if err != nil {
				return &usageError{err, cmd.CommandPath()}
			}
			log := slog.New(slog.NewTextHandler(os.Stderr, nil))
			pool, err := worker.Start(cells)
			if err != nil {
				return err
			}
			past := history.Open(filepath.Join(system.OwnData(), "history.db"), log)
			defer past.Close()
			return front.Run(context.Background(), front.Config{
				ConnectionFile: args[0], Worker: pool, History: past, Version: install.Version, Log: log,
			})
		},
	}
	cmd.Flags().StringVar(&evaluator, evaluatorFlag, "", "what runs the cells: machine or yaegi (default machine)")
	return cmd
}

// workerCommand is the process that runs cells.
func workerCommand() *cobra.Command {
	var evaluator string
	cmd := &cobra.Command{
		Use:    "worker",
		Short:  "Run cells for a kernel (a kernel starts this)",
		Hidden: true,
		Args:   arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			return worker.Serve(func() (protocol.Handler, error) { return newSession(evaluator) })
		},
	}
	cmd.Flags().StringVar(&evaluator, evaluatorFlag, "", "what runs the cells")
	return cmd
}
