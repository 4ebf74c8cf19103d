package programs

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/traefik/yaegi/stdlib"
	"github.com/traefik/yaegi/stdlib/syscall"
	"github.com/traefik/yaegi/stdlib/unrestricted"
	"github.com/traefik/yaegi/stdlib/unsafe"

	"interleave/engine/check"
	"interleave/engine/library"
	"interleave/engine/yaegi"
)

var (
	counts  = flag.Bool("counts", false, "print a table of verdicts by chapter")
	refused = flag.Bool("refused", false, "list what is refused, and why")
)

// A program may hang its evaluator, or kill the process. So each runs in a
// child: this test binary again, told by its environment what to run.
const (
	childProgram = "PROGRAMS_CHILD"  // name of the program
	childResult  = "PROGRAMS_RESULT" // file for its Evaluation, as JSON
)

const (
	cellLimit  = 100 * time.Second // then the cells hang, also on a computer with much else to do: they are interrupted
	childLimit = 2 * time.Minute   // then the child is killed
)

func TestMain(m *testing.M) {
	if name := os.Getenv(childProgram); name != "" {
		if err := child(name, os.Getenv(childResult)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child runs one program and writes what came of it.
func child(name, result string) error {
	p, err := read(filepath.Join("testdata", filepath.FromSlash(name)+".txtar"), name)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), cellLimit)
	defer cancel()
	tables := []map[string]map[string]reflect.Value{stdlib.Symbols, syscall.Symbols, unrestricted.Symbols, unsafe.Symbols}
	lib := library.New(tables...)
	ev, err := yaegi.New(yaegi.Config{Library: lib, Tables: tables})
	if err != nil {
		return err
	}
	out, err := json.Marshal(Evaluate(ctx, p, check.NewSession(lib), ev))
	if err != nil {
		return err
	}
	return os.WriteFile(result, out, 0o600)
}

// parent runs a child and reads what came of it.
func parent(p *Program, dir string, run int) Evaluation {
	result := filepath.Join(dir, strings.ReplaceAll(p.Name, "/", "_")+fmt.Sprint(run)+".json")
	ctx, cancel := context.WithTimeout(context.Background(), childLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), childProgram+"="+p.Name, childResult+"="+result)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	err := cmd.Run()
	if ctx.Err() != nil {
		return Evaluation{Internal: "killed: it could not be interrupted"}
	}
	data, readErr := os.ReadFile(result)
	if err != nil || readErr != nil {
		said := output.String()
		return Evaluation{Internal: fmt.Sprintf("its process died (%v): %s", err, said[:min(len(said), 400)])}
	}
	var e Evaluation
	if err := json.Unmarshal(data, &e); err != nil {
		return Evaluation{Internal: err.Error()}
	}
	return e
}

// TestEvaluator holds cells against compiled Go: every program runs to the same
// output, or is refused and says why. A silently wrong answer fails.
func TestEvaluator(t *testing.T) {
	all := corpus(t)
	dir := t.TempDir()
	verdicts := make([]Verdict, len(all))
	reasons := make([]string, len(all))
	each(len(all), func(i int) {
		for run := range *repeat {
			verdicts[i], reasons[i] = Judge(all[i], parent(all[i], dir, run))
			if verdicts[i] == Wrong {
				break
			}
		}
	})
	for i, p := range all {
		switch {
		case verdicts[i] == Wrong:
			t.Errorf("%s: wrong\n%s", p.Name, reasons[i])
		case verdicts[i] == Refused && *refused:
			fmt.Printf("%s: refused\n%s\n", p.Name, reasons[i])
		}
	}
	table := newTable(all, verdicts)
	if *counts {
		fmt.Print(table.Markdown())
	}
	t.Log(table.Total())
}
