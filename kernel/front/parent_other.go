//go:build !unix

package front

import "context"

// watchParent does nothing: JPY_PARENT_PID is not a process number here, and
// Jupyter ends the kernel's job together with itself.
func watchParent(ctx context.Context, _ int, _ func()) { <-ctx.Done() }
