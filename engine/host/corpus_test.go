package host

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/traefik/yaegi/stdlib"

	"interleave/engine/check"
	"interleave/engine/library"
	"interleave/engine/library/source"
	"interleave/engine/machine"
	"interleave/engine/programs"
)

var only = flag.String("programs", "", "run only programs whose name begins with one of these, separated by commas")

// archive is the source of the Go installation that runs the test.
func archive(t testing.TB) *source.Archive {
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	a, err := source.Installed(strings.TrimSpace(string(goroot)))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestCorpus holds cells against compiled Go.
func TestCorpus(t *testing.T) {
	all, err := programs.Load("../programs/testdata")
	if err != nil {
		t.Fatal(err)
	}
	a := archive(t)
	counts := map[programs.Verdict]int{}
	for _, p := range all {
		if !chosen(p.Name) {
			continue
		}
		verdict, why := programs.Judge(p, evaluate(p, a))
		counts[verdict]++
		if verdict != programs.Equal {
			t.Errorf("%s: %v\n%s", p.Name, verdict, why)
		}
	}
	t.Log(counts)
}

func chosen(name string) bool {
	for _, prefix := range strings.Split(*only, ",") {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

func evaluate(p *programs.Program, a *source.Archive) (e programs.Evaluation) {
	defer func() {
		if r := recover(); r != nil {
			e = programs.Evaluation{Internal: fmt.Sprint("the evaluator panicked: ", r)}
			if *only != "" {
				panic(r)
			}
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	session := check.NewSession(library.New(stdlib.Symbols))
	h, err := New(session, a, machine.Config{})
	if err != nil {
		return programs.Evaluation{Internal: err.Error()}
	}
	defer h.Close()
	return programs.Evaluate(ctx, p, session, h)
}

// TestProgram runs the Go file that the environment names, as one cell; for work
// on the machine by hand.
func TestProgram(t *testing.T) {
	name := os.Getenv("PROGRAM")
	if name == "" {
		return
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	e := evaluate(&programs.Program{Name: name, Cells: []string{string(text)}}, archive(t))
	fmt.Print(e.Stdout, e.Stderr, strings.Join(e.Errors, "\n"), e.Internal)
}
