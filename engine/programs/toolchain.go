package programs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"
)

// runLimit ends a compiled program that hangs.
const runLimit = 100 * time.Second

// Toolchain is the Go compiler and linker of this machine, used below the go
// command: hundreds of main packages are linked into one binary, which is what
// keeps a run of the whole corpus short. It starts native goroutines only
// inside its methods and joins them.
type Toolchain struct {
	dir     string            // scratch; the caller's
	exports map[string]string // import path → file with the compiled package
	types   types.Importer
	config  string // importcfg of the standard library
}

// NewToolchain asks the go command for the packages that the programs import.
// dir is an empty directory for what is built.
func NewToolchain(dir string, all []*Program) (*Toolchain, error) {
	paths := map[string]bool{"fmt": true, "os": true, "runtime": true}
	for _, p := range all {
		for _, text := range append([]string{p.Main}, p.Cells...) {
			for _, c := range split(text) {
				if c.kind != importChunk {
					continue
				}
				f, err := parser.ParseFile(token.NewFileSet(), "", "package p;"+c.text, parser.ImportsOnly)
				if err != nil {
					return nil, fmt.Errorf("programs: %s: %w", p.Name, err)
				}
				for _, spec := range f.Imports {
					path, _ := strconv.Unquote(spec.Path.Value)
					paths[path] = true
				}
			}
		}
	}
	args := []string{"list", "-e", "-export", "-deps", "-f", "{{if .Export}}{{.ImportPath}}={{.Export}}{{end}}"}
	for path := range paths {
		args = append(args, path)
	}
	list := exec.Command("go", args...)
	list.Dir = dir // outside every module: the standard library alone
	// With cgo, which package net has where there is a C compiler, Go's runtime notices no deadlock.
	list.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off", "GO111MODULE=on", "CGO_ENABLED=0")
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("programs: go list: %w", err)
	}
	t := &Toolchain{dir: dir, exports: map[string]string{}}
	for line := range strings.Lines(string(out)) {
		path, file, ok := strings.Cut(strings.TrimSpace(line), "=")
		if ok {
			t.exports[path] = file
			t.config += "packagefile " + path + "=" + file + "\n"
		}
	}
	t.types = importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		file, ok := t.exports[path]
		if !ok {
			return nil, fmt.Errorf("no package %s", path)
		}
		return os.Open(file)
	})
	return t, nil
}

// Compiled is a program ready to run, or what the compiler said about it.
type Compiled struct {
	Program *Program
	Errors  []string // nil: it runs
	Checks  []string // the same errors from go/types, where it says them otherwise

	source       string // where there are errors
	binary, name string
	alone        bool // built as package main itself, not called by a main package that others share
}

// Compile builds all programs and links them. An error means that a program
// cannot be built for another reason than its own errors.
func (t *Toolchain) Compile(all []*Program) ([]*Compiled, error) {
	built := make([]*Compiled, len(all))
	failed := make([]error, len(all))
	sources := make([]string, len(all))
	for i, p := range all { // one importer: not in parallel
		sources[i], failed[i] = Derive(p, t.types)
	}
	each(len(all), func(i int) {
		if failed[i] != nil {
			return
		}
		built[i] = &Compiled{Program: all[i], name: fmt.Sprintf("program%d", i), alone: needsOwnBinary(sources[i])}
		failed[i] = t.compile(built[i], sources[i])
	})
	if err := errors.Join(failed...); err != nil {
		return nil, err
	}

	links := [][]*Compiled{nil} // the first is shared
	for _, c := range built {
		switch {
		case c.Errors != nil:
		case c.alone:
			links = append(links, []*Compiled{c})
		default:
			links[0] = append(links[0], c)
		}
	}
	failed = make([]error, len(links))
	each(len(links), func(i int) { failed[i] = t.link(links[i]) })
	for _, c := range built {
		if c.Errors != nil {
			failed = append(failed, t.recheck(c))
		}
	}
	return built, errors.Join(failed...)
}

// compile turns one main package into an object file; where it is to share a
// binary, under an import path of its own and with an exported entry.
func (t *Toolchain) compile(c *Compiled, source string) error {
	files := map[string]string{c.name + ".go": source, c.name + ".cfg": t.config}
	path, sources := "main", []string{c.name + ".go"}
	if !c.alone {
		path, sources = c.name, append(sources, c.name+"_entry.go")
		files[c.name+"_entry.go"] = "package main\n\nfunc Entry() { main() }\n"
	}
	if err := t.write(files); err != nil {
		return err
	}
	args := []string{"tool", "compile", "-p", path, "-lang=go1.26", "-complete", "-importcfg", c.name + ".cfg", "-o", c.name + ".a"}
	tool := exec.Command("go", append(args, sources...)...)
	tool.Dir = t.dir
	out, err := tool.CombinedOutput()
	if err == nil {
		return nil
	}
	var exit *exec.ExitError
	if c.Errors = compileErrors(string(out)); errors.As(err, &exit) && len(c.Errors) > 0 {
		c.source = source
		return nil
	}
	return fmt.Errorf("programs: %s: compile: %w\n%s", c.Program.Name, err, out)
}

// cellError finds the cell's own position in a line of the compiler.
var (
	cellError  = regexp.MustCompile(`^(?:.*/)?(cell\[\d+\]:\d+:\d+: .*)`)
	derivedPos = regexp.MustCompile(`\[program\d+\.go:\d+:\d+\]`)
)

func compileErrors(out string) []string {
	var lines []string
	for line := range strings.Lines(out) {
		line = derivedPos.ReplaceAllString(strings.TrimRight(line, "\n"), "")
		if m := cellError.FindStringSubmatch(line); m != nil {
			lines = append(lines, m[1])
		} else if strings.HasPrefix(line, "\t") && len(lines) > 0 {
			lines[len(lines)-1] += "; " + strings.TrimSpace(line)
		}
	}
	return lines
}

// link makes one binary: of a program that stands alone, or of several, where
// the first argument says which of them runs.
func (t *Toolchain) link(group []*Compiled) error {
	if len(group) == 0 {
		return nil
	}
	name := group[0].name
	if !group[0].alone {
		name = "shared"
		var source, config strings.Builder
		source.WriteString("package main\n\nimport (\n\t\"os\"\n")
		config.WriteString(t.config)
		for _, c := range group {
			fmt.Fprintf(&source, "\t%s %q\n", c.name, c.name)
			fmt.Fprintf(&config, "packagefile %s=%s.a\n", c.name, c.name)
		}
		source.WriteString(")\n\nfunc main() {\n\tname := os.Args[1]\n\tos.Args = os.Args[:1]\n\tswitch name {\n")
		for _, c := range group {
			fmt.Fprintf(&source, "\tcase %q:\n\t\t%s.Entry()\n", c.name, c.name)
		}
		source.WriteString("\t}\n}\n")
		if err := t.write(map[string]string{name + ".go": source.String(), name + ".cfg": config.String()}); err != nil {
			return err
		}
		if err := t.tool("compile", "-p", "main", "-importcfg", name+".cfg", "-o", name+".a", name+".go"); err != nil {
			return err
		}
	}
	if err := t.tool("link", "-importcfg", name+".cfg", "-o", name+".exe", name+".a"); err != nil {
		return err
	}
	for _, c := range group {
		c.binary = filepath.Join(t.dir, name+".exe")
	}
	return nil
}

func (t *Toolchain) tool(name string, args ...string) error {
	tool := exec.Command("go", append([]string{"tool", name}, args...)...)
	tool.Dir = t.dir
	if out, err := tool.CombinedOutput(); err != nil {
		return fmt.Errorf("programs: go tool %s: %w\n%s", name, err, out)
	}
	return nil
}

// write puts files into the toolchain's directory.
func (t *Toolchain) write(files map[string]string) error {
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(t.dir, name), []byte(text), 0o644); err != nil {
			return fmt.Errorf("programs: %w", err)
		}
	}
	return nil
}

// Run runs a compiled program with the given number of processors.
func (c *Compiled) Run(procs int) (Result, error) {
	if c.Errors != nil {
		return Result{Errors: c.Errors, Checks: c.Checks}, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), runLimit)
	defer cancel()
	var stdout, stderr bytes.Buffer
	run := exec.CommandContext(ctx, c.binary, c.name)
	run.Env = append(os.Environ(), fmt.Sprintf("GOMAXPROCS=%d", procs))
	run.Stdin, run.Stdout, run.Stderr = strings.NewReader(c.Program.Input), &stdout, &stderr
	err := run.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return Result{}, fmt.Errorf("programs: %s: still running after %v", c.Program.Name, runLimit)
	case err != nil && !errors.As(err, &exit):
		return Result{}, fmt.Errorf("programs: %s: %w", c.Program.Name, err)
	}
	return Result{
		Stdout: stdout.String(),
		Stderr: untilPanic(stderr.String()),
		Exit:   run.ProcessState.ExitCode(),
	}, nil
}

// needsOwnBinary says whether a main package shows that it is not the only one:
// it runs code before main, or it has generics, whose instances are named by
// the import paths of their arguments.
func needsOwnBinary(source string) bool {
	f, err := parser.ParseFile(token.NewFileSet(), "", source, parser.SkipObjectResolution)
	if err != nil {
		return true
	}
	own := false
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			own = own || n.Name.Name == "init" && n.Recv == nil || n.Type.TypeParams != nil
		case *ast.TypeSpec:
			own = own || n.TypeParams != nil
		}
		return true
	})
	for _, d := range f.Decls {
		if d, ok := d.(*ast.GenDecl); ok && d.Tok == token.VAR {
			for _, s := range d.Specs {
				own = own || len(s.(*ast.ValueSpec).Values) > 0
			}
		}
	}
	return own
}

// each calls f for 0 … n-1, as many at once as there are processors, and waits.
func each(n int, f func(i int)) {
	next := make(chan int)
	var workers sync.WaitGroup
	for range runtime.NumCPU() {
		workers.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	workers.Wait()
}
