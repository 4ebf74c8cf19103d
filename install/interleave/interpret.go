package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"interleave/kernel/protocol"
	"interleave/kernel/session"
)

// interpretCommand runs a program for %%real where there is no Go toolchain.
func interpretCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "interpret",
		Short:  "Run a cell, as JSON on standard input, through yaegi (%%real starts this)",
		Hidden: true,
		Args:   arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var cell session.Interpretation
			if err := json.NewDecoder(cmd.InOrStdin()).Decode(&cell); err != nil {
				return fmt.Errorf("interpret: %w", err)
			}
			s, err := session.New(session.Config{Evaluators: []session.Evaluator{{Name: "yaegi", Open: openYaegi}}})
			if err != nil {
				return err
			}
			defer s.Close()
			for _, r := range cell.Earlier {
				if err := s.Replay(r); err != nil {
					return fmt.Errorf("interpret: %w", err)
				}
			}
			out := console{cmd.OutOrStdout(), cmd.ErrOrStderr()}
			if bad := s.Execute(cmd.Context(), protocol.Execute{Count: cell.Count, Code: cell.Code}, out).Error; bad != nil {
				fmt.Fprintln(out.stderr, plain(strings.Join(bad.Traceback, "\n")))
				return errTold
			}
			return nil
		},
	}
}

// plain is a text without the colours of a terminal.
func plain(text string) string {
	var b strings.Builder
	for i, part := range strings.Split(text, "\x1b[") {
		if i > 0 {
			_, part, _ = strings.Cut(part, "m")
		}
		b.WriteString(part)
	}
	return b.String()
}

// console is the output of a program on a terminal.
type console struct{ stdout, stderr io.Writer }

// Stream implements protocol.Output.
func (c console) Stream(s protocol.Stream) {
	if s.Name == "stderr" {
		io.WriteString(c.stderr, s.Text)
		return
	}
	io.WriteString(c.stdout, s.Text)
}

// Display implements protocol.Output.
func (c console) Display(d protocol.Display) { fmt.Fprintln(c.stdout, d.Data["text/plain"]) }

// Clear implements protocol.Output.
func (console) Clear(protocol.Clear) {}

// Comm implements protocol.Output.
func (console) Comm(protocol.Comm) {}

// Prompt implements protocol.Output: nobody is there to be asked.
func (console) Prompt(context.Context, protocol.Prompt) (protocol.Input, error) {
	return protocol.Input{EOF: true}, errors.New("no input")
}
