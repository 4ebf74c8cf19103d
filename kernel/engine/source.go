package engine

import "embed"

// Source is the source of this package, for those who show its documentation.
//
//go:embed *.go
var Source embed.FS
