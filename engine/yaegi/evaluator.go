package yaegi

import (
	"context"
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"reflect"
	"runtime"
	"sync"

	"github.com/traefik/yaegi/interp"
	"golang.org/x/tools/go/types/typeutil"

	"interleave/engine"
	"interleave/engine/check"
)

const hostPath = "interleave/host"

// Library is where native packages come from.
type Library interface {
	// Symbols gives the exported names of a package, in the form of yaegi's
	// tables; nil where there is no such package.
	Symbols(path string) map[string]reflect.Value
	Paths() []string
}

// Config is what an evaluator needs.
type Config struct {
	Library Library
	// Tables are the symbol tables as yaegi wants them, with its interface
	// wrappers ("_error"); the library is made of the same ones.
	Tables []map[string]map[string]reflect.Value
}

// Evaluator implements engine.Evaluator. The native goroutines it owns: one for
// each goroutine of a cell, the cell's body included; each ends when the
// learner's function does or at its next step after its cell was cancelled.
type Evaluator struct {
	interp *interp.Interpreter
	lib    Library
	tables []map[string]map[string]reflect.Value

	mu        sync.Mutex // emission and declaration
	counter   int
	aliases   map[string]string
	names     map[types.Object]string
	helpers   map[string]string
	insts     map[string]string
	binders   map[string]bool
	sources   map[*types.Func]source
	structs   typeutil.Map
	ready     *ready
	functions functions
	sites     sites
	table     *typeTable
	imported  map[string]bool
	ifaces    map[reflect.Type]string // converters to native interface types

	overridden map[string]bool
	overrides  map[string]map[string]reflect.Value
	host       map[string]reflect.Value
	registered struct{ body, main func() }

	// stop is a variable of yaegi's that emitted code reads at every loop and call;
	// set while a cancelled cell has goroutines. (Of a native variable yaegi
	// would take the value for a constant.)
	stop    *bool
	stopped int
	runMu   sync.Mutex
	last    *run
	waiting waiting
	streams map[string]reflect.Value
}

// ready is a program that was emitted and compiled.
type ready struct {
	program  *check.Program
	unit     *unit
	compiled *interp.Program
	errors   []check.Error
}

// New makes an evaluator for one session.
func New(c Config) (*Evaluator, error) {
	ev := &Evaluator{
		lib: c.Library, tables: c.Tables,
		aliases: map[string]string{}, names: map[types.Object]string{}, helpers: map[string]string{},
		insts: map[string]string{}, binders: map[string]bool{}, sources: map[*types.Func]source{},
		imported: map[string]bool{}, ifaces: map[reflect.Type]string{},
	}
	ev.table = newTypeTable(ev)
	ev.waiting.ev = ev
	ev.interp = interp.New(interp.Options{Stdout: discard{}, Stderr: unwinding{ev}, Unrestricted: true})
	for _, t := range c.Tables {
		if err := ev.interp.Use(plainTables(t)); err != nil {
			return nil, fmt.Errorf("yaegi: symbols: %w", err)
		}
	}
	ev.overrides = ev.override()
	ev.overridden = map[string]bool{}
	for path, names := range ev.overrides {
		for n, v := range names {
			if v.Kind() == reflect.Pointer && v.IsNil() {
				ev.overridden[path+"."+n] = true
			}
		}
		if err := ev.interp.Use(plainTables(map[string]map[string]reflect.Value{path + "/" + base(path): names})); err != nil {
			return nil, fmt.Errorf("yaegi: overrides: %w", err)
		}
	}
	ev.host = ev.hostSymbols()
	if err := ev.interp.Use(interp.Exports{hostPath + "/host": ev.host}); err != nil {
		return nil, fmt.Errorf("yaegi: host: %w", err)
	}
	if _, err := ev.interp.Eval("package main\nimport h \"" + hostPath + "\"\nvar stop bool\nfunc init() { h.StopAt(&stop) }\n"); err != nil {
		return nil, fmt.Errorf("yaegi: start: %w", err)
	}
	ev.imported[hostPath] = true
	return ev, nil
}

// plainTables leaves out yaegi's own symbols. It also goes without the
// standard table's key "fmt/fmt" being noticed as such: yaegi would then
// replace functions of os and log by its own.
func plainTables(t map[string]map[string]reflect.Value) interp.Exports {
	out := interp.Exports{}
	for k, v := range t {
		if k == "." || len(v) == 0 {
			continue
		}
		if k == "fmt/fmt" {
			k = "fmt/./fmt"
		}
		out[k] = v
	}
	return out
}

func base(path string) string {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == '/' {
			return path[i+1:]
		}
	}
	return path
}

// Name implements engine.Evaluator.
func (ev *Evaluator) Name() string { return "yaegi" }

// Refuse implements engine.Evaluator: p is emitted and compiled, nothing of it runs.
func (ev *Evaluator) Refuse(p *check.Program) []check.Error {
	ev.mu.Lock()
	defer ev.mu.Unlock()
	return ev.prepare(p).errors
}

func (ev *Evaluator) prepare(p *check.Program) (r *ready) {
	if ev.ready != nil && ev.ready.program == p {
		return ev.ready
	}
	r = &ready{program: p}
	ev.ready = r
	defer func() {
		if x := recover(); x != nil {
			r.errors = append(r.errors, ev.cannot(p, fmt.Sprint(x)))
		}
	}()
	r.unit = ev.emit(p)
	if len(r.unit.errors) > 0 {
		r.errors = r.unit.errors
		return r
	}
	ev.useNewHostSymbols()
	// Imports last for the session, whatever becomes of the cell: yaegi takes all
	// its input for one file.
	for path, alias := range r.unit.imports {
		if ev.imported[path] {
			continue
		}
		if _, err := ev.interp.Eval(fmt.Sprintf("package main\nimport %s %q\n", alias, path)); err != nil {
			r.errors = []check.Error{ev.cannot(p, err.Error())}
			return r
		}
		ev.imported[path] = true
	}
	compiled, err := ev.interp.Compile(r.unit.text())
	if err != nil {
		r.errors = []check.Error{ev.cannot(p, err.Error())}
		return r
	}
	r.compiled = compiled
	return r
}

func (ev *Evaluator) cannot(p *check.Program, why string) check.Error {
	e := check.Error{Msg: "the yaegi evaluator cannot carry this: " + why + "; nothing of this cell ran", Hint: "write it otherwise, or " + otherEvaluator}
	if p.Cell != nil {
		e.Pos = token.Position{Filename: p.Cell.Name, Line: 1, Column: 1}
	}
	return e
}

// Run implements engine.Evaluator.
func (ev *Evaluator) Run(ctx context.Context, p *check.Program, io engine.IO) (engine.Outcome, error) {
	body, main, err := ev.declare(p)
	if err != nil {
		return engine.Outcome{}, err
	}
	r := ev.newRun(io)
	if body == nil && main == nil {
		return engine.Outcome{}, nil
	}
	return r.main(ctx, func() {
		if body != nil {
			body()
		}
		if main != nil {
			main()
		}
	})
}

// declare executes the declarations of p and returns what is to be run.
func (ev *Evaluator) declare(p *check.Program) (body, main func(), err error) {
	ev.mu.Lock()
	defer ev.mu.Unlock()
	r := ev.prepare(p)
	ev.ready = nil
	if len(r.errors) > 0 {
		return nil, nil, fmt.Errorf("yaegi: %w", r.errors[0])
	}
	ev.registered.body, ev.registered.main = nil, nil
	if _, err := ev.interp.Execute(r.compiled); err != nil {
		return nil, nil, fmt.Errorf("yaegi: declarations: %w", err)
	}
	r.unit.commit()
	passing := r.unit.passing
	for _, d := range p.Decls {
		// Whoever referred to what is replaced was linked anew.
		if n := ev.names[d.Replaces]; n != "" && d.Replaces != nil {
			passing = append(passing, n)
			delete(ev.names, d.Replaces)
		}
	}
	ev.prune(r.compiled, passing)
	return ev.registered.body, ev.registered.main, nil
}

// Call implements engine.Evaluator.
func (ev *Evaluator) Call(ctx context.Context, v engine.Value, method string, io engine.IO) (any, error) {
	x, ok := v.(*value)
	if !ok {
		return nil, errors.New("yaegi: not a value of this evaluator")
	}
	m := ev.methodValue(x.iface(), method)
	if !m.IsValid() {
		return nil, fmt.Errorf("yaegi: %s has no method %s", x.Type(), method)
	}
	var results []any
	r := ev.newRun(io)
	_, err := r.main(ctx, func() {
		for _, out := range m.Call(nil) {
			results = append(results, out.Interface())
		}
	})
	if err != nil || len(results) == 0 {
		return nil, err
	}
	if len(results) > 1 {
		if err, ok := results[len(results)-1].(error); ok {
			return results[0], err
		}
	}
	return results[0], nil
}

// Current is the IO of the cell that the calling goroutine belongs to, for
// functions of the host that a cell calls.
func (ev *Evaluator) Current() engine.IO { return ev.current().run.io }

// Close implements engine.Evaluator: everything that still runs is cancelled.
func (ev *Evaluator) Close() error {
	ev.runMu.Lock()
	last := ev.last
	ev.runMu.Unlock()
	for r := last; r != nil; r = r.previous {
		r.cancel()
	}
	runtime.Gosched()
	return nil
}
