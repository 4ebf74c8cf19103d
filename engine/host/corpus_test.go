package host

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
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
	a, err := installed()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func installed() (*source.Archive, error) {
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, err
	}
	return source.Installed(strings.TrimSpace(string(goroot)))
}

// A program may kill its evaluator's process. So each runs in a child: this test
// binary again, told by its environment what to run.
const (
	childProgram = "HOST_CHILD"  // name of the program
	childResult  = "HOST_RESULT" // file for its Evaluation, as JSON
	childLimit   = 40 * time.Second
	corpus       = "../programs/testdata"
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

func child(name, result string) error {
	all, err := programs.Load(corpus)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(p *programs.Program) bool { return p.Name == name })
	a, err := installed()
	if err != nil {
		return err
	}
	out, err := json.Marshal(evaluate(all[i], a))
	if err != nil {
		return err
	}
	return os.WriteFile(result, out, 0o600)
}

// parent runs a child and reads what came of it.
func parent(p *programs.Program, result string) (e programs.Evaluation) {
	ctx, cancel := context.WithTimeout(context.Background(), childLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), childProgram+"="+p.Name, childResult+"="+result)
	output, err := cmd.CombinedOutput()
	if err == nil {
		var data []byte
		if data, err = os.ReadFile(result); err == nil {
			err = json.Unmarshal(data, &e)
		}
	}
	if err != nil {
		return programs.Evaluation{Internal: fmt.Sprintf("its process: %v: %.600s", err, output)}
	}
	return e
}

// TestCorpus holds cells against compiled Go.
func TestCorpus(t *testing.T) {
	all, err := programs.Load(corpus)
	if err != nil {
		t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(p *programs.Program) bool { return !chosen(p.Name) })
	dir := t.TempDir()
	verdicts, reasons := make([]programs.Verdict, len(all)), make([]string, len(all))
	var wg sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, p := range all {
		wg.Go(func() {
			slots <- struct{}{}
			verdicts[i], reasons[i] = programs.Judge(p, parent(p, fmt.Sprintf("%s/%d", dir, i)))
			<-slots
		})
	}
	wg.Wait()
	counts := map[programs.Verdict]int{}
	for i, p := range all {
		counts[verdicts[i]]++
		if verdicts[i] != programs.Equal {
			t.Errorf("%s: %v\n%s", p.Name, verdicts[i], reasons[i])
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
			e = programs.Evaluation{Internal: fmt.Sprintf("the evaluator panicked: %v\n%s", r, debug.Stack())}
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
