package main

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"

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
	"interleave/kernel/python"
	"interleave/kernel/session"
	"interleave/kernel/worker"
)

// newSession puts together what a worker runs: evaluators, each over the standard
// library as it is compiled into this binary, and a session that begins with the
// named one, or with the machine where that can be had.
func newSession(evaluator string) (protocol.Handler, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return session.New(session.Config{
		Evaluators: []session.Evaluator{
			{
				Name: "machine", About: "the deterministic machine: the same schedule every time", Open: openMachine,
				Mend: "run \"interleave install\" with " + strings.Replace(runtime.Version(), "go", "Go ", 1) + " on PATH, then restart the kernel",
			},
			{Name: "yaegi", About: "the yaegi interpreter; what it would get wrong is refused", Open: openYaegi},
		},
		Evaluator:   evaluator,
		Source:      filepath.Join(filepath.Dir(program), install.SourceArchive),
		Interpreter: []string{program, "interpret"},
	})
}

// evaluatorFlag is how the commands that run cells take the name of an evaluator.
const evaluatorFlag = "evaluator"

// workerFor is how a worker is started whose cells the named evaluator runs;
// empty: the default one.
func workerFor(evaluator, dir string) (worker.Config, error) {
	if !slices.Contains([]string{"", "machine", "yaegi"}, evaluator) {
		return worker.Config{}, fmt.Errorf("no evaluator %q (there is: machine, yaegi)", evaluator)
	}
	return worker.Config{Flags: []string{"--" + evaluatorFlag, evaluator}, Dir: dir}, nil
}

// current gives the IO of the cell that calls.
type current interface{ Current() engine.IO }

// tables are the symbols of the library, with a display package that shows in the
// cell that calls it.
func tables(ev *current) []map[string]map[string]reflect.Value {
	sink := func() display.Sink { return (*ev).Current().Host.(display.Sink) }
	return []map[string]map[string]reflect.Value{
		stdlib.Symbols, syscall.Symbols, unrestricted.Symbols, unsafe.Symbols, display.Symbols(sink), cells.Symbols(), python.Symbols(),
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
	ev.Shows(reflect.TypeFor[display.Bundle]().PkgPath())
	calls = ev
	return checked, ev, nil
}
