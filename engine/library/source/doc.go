// Package source keeps the source of the Go standard library where a learner
// has no Go installation, and reads declarations and documentation from it.
//
//	GOROOT/src ──Write──▶ gosrc.zip ──Open──┐
//	                                        ├─▶ Archive ──Files──▶ source of one package
//	GOROOT/src ──────────────────Installed──┘      └─────Lookup──▶ Entry (signature, documentation)
//
// In: a GOROOT, or the archive made of one. Out: the files that build
// constraints select for this operating system and processor (without cgo),
// tests left out, and for each exported name its declaration with parameter
// names and its doc comment.
//
// A package is read the first time that it is asked about. Function bodies are
// cut away before parsing, by their place in gofmt's layout, so that a package
// of the size of net/http is ready in a few milliseconds; a file whose cut form
// does not parse is parsed in full.
package source
