package main

import (
	"os"
	"path/filepath"
	"reflect"
	"sync/atomic"

	"github.com/traefik/yaegi/stdlib"
	"github.com/traefik/yaegi/stdlib/syscall"
	"github.com/traefik/yaegi/stdlib/unrestricted"
	"github.com/traefik/yaegi/stdlib/unsafe"

	"interleave/engine"
	"interleave/engine/library"
	"interleave/engine/yaegi"
	"interleave/install"
	"interleave/kernel/display"
	"interleave/kernel/protocol"
	"interleave/kernel/session"
)

// newSession puts together what a worker runs: the standard library as it is
// compiled into this binary, the display package bound to the cell that calls
// it, the evaluators over both, and a session.
func newSession() (protocol.Handler, error) {
	var latest atomic.Pointer[yaegi.Evaluator] // the library is made before the evaluators that share it
	current := func() display.Sink { return latest.Load().Current().Host.(display.Sink) }
	tables := []map[string]map[string]reflect.Value{
		stdlib.Symbols, syscall.Symbols, unrestricted.Symbols, unsafe.Symbols, display.Symbols(current),
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
				ev, err := yaegi.New(yaegi.Config{Library: packages, Tables: tables})
				if err != nil {
					return nil, err
				}
				latest.Store(ev)
				return ev, nil
			},
		}},
		Source: filepath.Join(filepath.Dir(program), install.SourceArchive),
	})
}
