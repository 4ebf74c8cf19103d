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
	"interleave/engine/check"
	"interleave/engine/host"
	"interleave/engine/library"
	"interleave/engine/library/source"
	"interleave/engine/machine"
	"interleave/engine/yaegi"
	"interleave/install"
	"interleave/kernel/display"
	cells "interleave/kernel/engine"
	"interleave/kernel/protocol"
	"interleave/kernel/session"
)

// newSession puts together what a worker runs: evaluators, each over the standard
// library as it is compiled into this binary, and a session.
func newSession() (protocol.Handler, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return session.New(session.Config{
		Evaluators: []session.Evaluator{
			{Name: "yaegi", About: "the yaegi interpreter; what it would get wrong is refused", Open: openYaegi},
			{Name: "machine", About: "the deterministic machine: the same schedule every time", Open: openMachine},
		},
		Source: filepath.Join(filepath.Dir(program), install.SourceArchive),
	})
}

// current gives the IO of the cell that calls.
type current interface{ Current() engine.IO }

// tables are the symbols of the library, with a display package that shows in the
// cell that calls it.
func tables(ev *current) []map[string]map[string]reflect.Value {
	sink := func() display.Sink { return (*ev).Current().Host.(display.Sink) }
	return []map[string]map[string]reflect.Value{
		stdlib.Symbols, syscall.Symbols, unrestricted.Symbols, unsafe.Symbols, display.Symbols(sink), cells.Symbols(),
	}
}

func openYaegi(func() *source.Archive) (*check.Session, engine.Evaluator, error) {
	var calls current
	symbols := tables(&calls)
	packages := library.New(symbols...)
	ev, err := yaegi.New(yaegi.Config{Library: packages, Tables: symbols})
	if err != nil {
		return nil, nil, err
	}
	calls = ev
	return check.NewSession(packages), ev, nil
}

func openMachine(archive func() *source.Archive) (*check.Session, engine.Evaluator, error) {
	var calls current
	checked := check.NewSession(library.New(tables(&calls)...))
	ev, err := host.New(checked, archive(), machine.Config{})
	if err != nil {
		return nil, nil, err
	}
	cells.Provide(ev)
	calls = ev
	return checked, ev, nil
}
