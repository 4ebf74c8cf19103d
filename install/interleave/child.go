package main

import (
	"os"

	"github.com/spf13/cobra"

	"interleave/kernel/measure/hardware"
)

// childCommand is a child process whose costs engine.MeasureProcesses measures.
func childCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "child",
		Short:  "Be a child process that is measured (engine.MeasureProcesses starts this)",
		Hidden: true,
		Args:   arguments(cobra.NoArgs),
		Run:    func(*cobra.Command, []string) { os.Exit(hardware.Child(os.Stdin, os.Stdout)) },
	}
}
