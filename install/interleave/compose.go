package main

import (
	"os"
	"path/filepath"
	"reflect"

	"github.com/traefik/yaegi/stdlib"
	"github.com/traefik/yaegi/stdlib/syscall"
	"github.com/traefik/yaegi/stdlib/unrestricted"
	"github.com/traefik/yaegi/stdlib/unsafe"

	"interleave/engine"
	"interleave/engine/library"
	"interleave/engine/yaegi"
	"interleave/install"
	"interleave/kernel/protocol"
	"interleave/kernel/session"
)

// newSession puts together what a worker runs: the standard library as it is
// compiled into this binary, the evaluators over it, and a session.
func newSession() (protocol.Handler, error) {
	tables := []map[string]map[string]reflect.Value{
		stdlib.Symbols, syscall.Symbols, unrestricted.Symbols, unsafe.Symbols,
	}
	packages := library.New(tables...)
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return session.New(session.Config{
		Library: packages,
		Evaluators: []session.Evaluator{{
			Name:  "yaegi",
			About: "the yaegi interpreter; what it would get wrong is refused",
			Open: func() (engine.Evaluator, error) {
				return yaegi.New(yaegi.Config{Library: packages, Tables: tables})
			},
		}},
		Source: filepath.Join(filepath.Dir(program), install.SourceArchive),
	})
}
