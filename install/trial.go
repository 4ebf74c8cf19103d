package install

import (
	"context"
	"fmt"
	"strings"
	"time"

	"interleave/kernel/client"
)

// patience is how long an installed kernel may take for the trial cell, on a slow
// computer with much else to do.
const patience = 90 * time.Second

// trial is a cell that needs a package, output and a result.
const trial = `import "strings"
println(strings.ToUpper("ready"))
6 * 7`

// Trial is a kernel that was started from its kernel.json and ran a cell.
type Trial struct {
	Start time.Duration // from starting the process until it answered
	Cell  time.Duration // of the cell, there and back
}

// Try starts a kernel exactly as Jupyter would and runs a cell in it.
func Try(ctx context.Context, spec Spec) (Trial, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var env []string
	for name, value := range spec.Env {
		env = append(env, name+"="+value)
	}
	began := time.Now()
	kernel, err := client.Start(ctx, spec.Argv, env)
	if err != nil {
		return Trial{}, fmt.Errorf("install: the kernel does not start: %w", err)
	}
	started := time.Now()
	result, err := kernel.Execute(ctx, trial)
	took := time.Since(started)
	if closing := kernel.Close(); err == nil {
		err = closing
	}
	switch {
	case err != nil:
		return Trial{}, fmt.Errorf("install: the kernel starts but a cell fails: %w", err)
	case result.Error != nil:
		return Trial{}, fmt.Errorf("install: the kernel starts but a cell fails: %s: %s", result.Error.Name, result.Error.Value)
	case !strings.Contains(result.Stdout+result.Stderr, "READY") || result.Text != "42":
		return Trial{}, fmt.Errorf("install: the kernel starts but answers wrongly: it printed %q and the result is %q",
			result.Stdout+result.Stderr, result.Text)
	}
	return Trial{Start: started.Sub(began), Cell: took}, nil
}
