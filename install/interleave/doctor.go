package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"interleave/install"
)

func doctorCommand() *cobra.Command {
	name := install.DefaultName
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Find out what is wrong, and how to mend it",
		Long: `Doctor looks at Go, Python, JupyterLab, the installed kernel and its files, and runs a
cell. Each finding comes with the command that mends it. It changes nothing.

Exit code 1: something does not work.`,
		Example: `  interleave doctor
  interleave doctor --name go`,
		Args: arguments(cobra.NoArgs),
		RunE: stoppable(func(ctx context.Context, cmd *cobra.Command, _ []string) error {
			system, err := install.Here()
			if err != nil {
				return err
			}
			program, err := os.Executable()
			if err != nil {
				return fmt.Errorf("where this program is: %w", err)
			}
			doctor := install.Doctor{System: system, Name: name, Command: calledAs(program), Program: program, Try: install.Try}
			trouble := 0
			for _, f := range doctor.Examine(ctx) {
				sign := map[install.Grade]string{install.Good: "ok   ", install.Remark: "note ", install.Trouble: "WRONG"}[f.Grade]
				fmt.Fprintf(cmd.OutOrStdout(), "%s  %-14s  %s\n", sign, f.What, f.Text)
				if f.Mend != "" {
					fmt.Fprintf(cmd.OutOrStdout(), "%23smend it: %s\n", "", f.Mend)
				}
				if f.Grade == install.Trouble {
					trouble++
				}
			}
			if trouble > 0 {
				return fmt.Errorf("%d of these do not work", trouble)
			}
			fmt.Fprintln(cmd.OutOrStdout(), "All is well.")
			return nil
		}),
	}
	cmd.Flags().StringVar(&name, "name", name, "of the kernel")
	return cmd
}
