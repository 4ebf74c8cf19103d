// Package gotest runs on the machine what the Go installation has to tell right
// from wrong: its language tests, where it has its folder test, and the examples
// of its standard library that say what they print.
//
//	$GOROOT/test/*.go marked "// run" ──► a cell each, in a process of its own ──► exit 0 and the output of the .out file
//	$GOROOT/src/…/*_test.go with "// Output:" ──► a cell a file, a cell an example, a process a package ──► that output
//
// What is known to differ stands in testdata/differ and testdata/examples, each
// with the reason.
package gotest
