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
	"interleave/kernel/worker"
)

func kernelCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "kernel CONNECTION_FILE",
		Short: "Serve as a Jupyter kernel (Jupyter starts this)",
		Long: `Kernel serves the sockets that a Jupyter connection file names until it is told to
shut down. Jupyter starts it as kernel.json says.`,
		Example: "  interleave kernel ~/.local/share/jupyter/runtime/kernel-1234.json",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			system, err := install.Here()
			if err != nil {
				return err
			}
			log := slog.New(slog.NewTextHandler(os.Stderr, nil))
			pool, err := worker.Start(worker.Config{})
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
}

// workerCommand is the process that runs cells.
func workerCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "worker",
		Short:  "Run cells for a kernel (a kernel starts this)",
		Hidden: true,
		Args:   arguments(cobra.NoArgs),
		RunE:   func(*cobra.Command, []string) error { return worker.Serve(newSession) },
	}
}
