// Package gotest runs the language tests of the Go installation, where it has
// its folder test, on the machine.
//
//	$GOROOT/test/*.go marked "// run" ──► a cell each, in a process of its own ──► exit 0 and the output of the .out file
//
// Files that are known to differ stand in testdata/differ, each with the reason.
package gotest
