package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"interleave/install"
	"interleave/kernel/message"
)

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the versions of this program, of Go and of the protocol",
		Example: "  interleave version",
		Args:    arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "interleave %s\n%s %s/%s\nJupyter protocol %s\n",
				install.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH, message.ProtocolVersion)
			return err
		},
	}
}
