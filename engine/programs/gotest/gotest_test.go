package gotest

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/traefik/yaegi/stdlib"

	"interleave/engine/check"
	"interleave/engine/host"
	"interleave/engine/library"
	"interleave/engine/library/source"
	"interleave/engine/machine"
	"interleave/engine/programs"
)

var only = flag.String("only", "test/ken/", "run the files whose path contains `text`; / for all")

// A program may kill its evaluator's process. So each runs in a child: this test
// binary again, told by its environment what to run.
const (
	childFile   = "GOTEST_CHILD"
	childResult = "GOTEST_RESULT"
	childRoot   = "GOTEST_ROOT"
	childLimit  = time.Minute
	cellLimit   = 40 * time.Second
)

func TestMain(m *testing.M) {
	if name := os.Getenv(childFile); name != "" {
		if err := child(name, os.Getenv(childResult)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func goroot() string {
	out, _ := exec.Command("go", "env", "GOROOT").Output()
	return strings.TrimSpace(string(out))
}

func child(name, result string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	a, err := source.Installed(os.Getenv(childRoot))
	if err != nil {
		return err
	}
	e := evaluate(&programs.Program{Name: name, Cells: []string{string(text)}}, a)
	data, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return os.WriteFile(result, data, 0o600)
}

func evaluate(p *programs.Program, a *source.Archive) (e programs.Evaluation) {
	defer func() {
		if r := recover(); r != nil {
			e = programs.Evaluation{Internal: fmt.Sprintf("the evaluator panicked: %v\n%s", r, debug.Stack())}
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), cellLimit)
	defer cancel()
	session := check.NewSession(library.New(stdlib.Symbols))
	h, err := host.New(session, a, machine.Config{})
	if err != nil {
		return programs.Evaluation{Internal: err.Error()}
	}
	defer h.Close()
	return programs.Evaluate(ctx, p, session, h)
}

// TestFiles wants every file to pass but those known to differ.
func TestFiles(t *testing.T) {
	root := goroot()
	files, err := runnable(filepath.Join(root, "test"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Log("this Go installation comes without its tests")
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	known, err := differing()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	outs := make([]string, len(files))
	var wg sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, f := range files {
		wg.Go(func() {
			slots <- struct{}{}
			outs[i] = parent(f, fmt.Sprintf("%s/%d", dir, i), root)
			<-slots
		})
	}
	wg.Wait()
	differ := 0
	for i, f := range files {
		name, err := filepath.Rel(root, f)
		if err != nil {
			t.Fatal(err)
		}
		name = filepath.ToSlash(name)
		if outs[i] != "" {
			differ++
		}
		switch reason := known[name]; {
		case outs[i] != "" && reason == "":
			t.Errorf("%s: %s", name, outs[i])
		case outs[i] == "" && reason != "":
			t.Logf("%s passes, though it is said to differ: %s", name, reason)
		}
	}
	t.Logf("%d files, %d differ", len(files), differ)
}

// runnable lists the files that are to be compiled and run alone.
func runnable(dir string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && strings.HasSuffix(path, ".dir"):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") || !strings.Contains(filepath.ToSlash(path), *only):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		head, _, _ := strings.Cut(string(text), "\npackage ")
		if slices.Contains(strings.Split(head, "\n"), "// run") {
			files = append(files, path)
		}
		return nil
	})
	return files, err
}

// differing reads the known differences: a file and the reason in each line.
func differing() (map[string]string, error) {
	data, err := os.ReadFile("testdata/differ")
	if err != nil {
		return nil, err
	}
	known := map[string]string{}
	for line := range strings.Lines(string(data)) {
		name, reason, _ := strings.Cut(strings.TrimSpace(line), " ")
		known[name] = reason
	}
	return known, nil
}

// parent runs a file in a child and says how it differs.
func parent(file, result, root string) string {
	ctx, cancel := context.WithTimeout(context.Background(), childLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), childFile+"="+file, childResult+"="+result, childRoot+"="+root)
	cmd.Dir = filepath.Dir(file)
	output, err := cmd.CombinedOutput()
	var e programs.Evaluation
	if err == nil {
		var data []byte
		if data, err = os.ReadFile(result); err == nil {
			err = json.Unmarshal(data, &e)
		}
	}
	if err != nil {
		return fmt.Sprintf("process: %v: %.400s", err, output)
	}
	want, _ := os.ReadFile(strings.TrimSuffix(file, ".go") + ".out")
	switch {
	case e.Internal != "":
		return fmt.Sprintf("internal: %.700s", e.Internal)
	case len(e.Errors) > 0:
		return fmt.Sprintf("errors: %.300s", strings.Join(e.Errors, " | "))
	case len(e.Refused) > 0:
		return "refused: " + strings.Join(e.Refused, " | ")
	case e.Exit != 0:
		return fmt.Sprintf("exit %d: %.400s %.400s", e.Exit, e.Stdout, e.Stderr)
	case e.Stdout+e.Stderr != string(want):
		return fmt.Sprintf("output: %.400s", e.Stdout+e.Stderr)
	}
	return ""
}
