package host

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/traefik/yaegi/stdlib"

	"interleave/engine"
	"interleave/engine/check"
	"interleave/engine/library"
	"interleave/engine/library/source"
	"interleave/engine/machine"
	"interleave/engine/programs"
	"interleave/engine/trace"
)

var (
	only  = flag.String("programs", "", "run only programs whose name begins with one of these, separated by commas")
	seeds = flag.Uint64("seeds", 2, "run programs whose course may depend on the seed under so many")
)

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
	childProgram = "HOST_CHILD"      // name of the program
	childResult  = "HOST_RESULT"     // file for its runs, as JSON
	childSeeds   = "HOST_SEEDS"      // how many runs
	childLimit   = 2 * time.Minute   // of each run: then it hangs, also on a computer with much else to do
	cellLimit    = 100 * time.Second // then its cells are interrupted
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
	var all []*programs.Program
	for _, dir := range []string{corpus, backCorpus} {
		list, err := programs.Load(dir)
		if err != nil {
			return err
		}
		all = append(all, list...)
	}
	all = append(all, printing)
	i := slices.IndexFunc(all, func(p *programs.Program) bool { return p.Name == name })
	a, err := installed()
	if err != nil {
		return err
	}
	n, err := strconv.ParseUint(os.Getenv(childSeeds), 10, 64)
	if err != nil {
		return err
	}
	var runs []run
	for seed := range n {
		tr := trace.New(1 << 16)
		config, b := backConfig(machine.Config{Seed: seed + 1})
		e := evaluate(all[i], a, config, tr)
		digest := sha256.New()
		if err := trace.Lines(digest, tr); err != nil {
			return err
		}
		r := run{Evaluation: e, Trace: fmt.Sprintf("%d events, %x", tr.Len()+tr.Dropped, digest.Sum(nil))}
		if b != nil {
			r.Times = b.times
		}
		runs = append(runs, r)
	}
	out, err := json.Marshal(runs)
	if err != nil {
		return err
	}
	return os.WriteFile(result, out, 0o600)
}

// run is what came of one run of a program.
type run struct {
	programs.Evaluation
	Trace string // a digest
	Times int    // it went back to a snapshot
}

// parent runs a child and reads what came of its runs.
func parent(p *programs.Program, result string, seeds uint64, env ...string) (runs []run) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(seeds)*childLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), childProgram+"="+p.Name, childResult+"="+result, childSeeds+"="+strconv.FormatUint(seeds, 10))
	cmd.Env = append(cmd.Env, env...)
	output, err := cmd.CombinedOutput()
	if err == nil {
		var data []byte
		if data, err = os.ReadFile(result); err == nil {
			err = json.Unmarshal(data, &runs)
		}
	}
	if err != nil {
		return []run{{Evaluation: programs.Evaluation{Internal: fmt.Sprintf("its process: %v: %.600s", err, output)}}}
	}
	return runs
}

// seedsFor is under how many seeds a program runs: what has no goroutines, maps or
// chance in it cannot notice.
func seedsFor(p *programs.Program) uint64 {
	text := strings.Join(p.Cells, "\n")
	if p.Want.Errors == nil && slices.ContainsFunc([]string{"go ", ".Go(", "map[", "rand.", "time."}, func(s string) bool { return strings.Contains(text, s) }) {
		return *seeds
	}
	return 1
}

// TestCorpus holds cells against compiled Go, under several seeds.
func TestCorpus(t *testing.T) {
	all, err := programs.Load(corpus)
	if err != nil {
		t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(p *programs.Program) bool { return !chosen(p.Name) })
	counts, total := map[programs.Verdict]int{}, 0
	for i, runs := range each(t, all, seedsFor) {
		worst := programs.Equal
		for k, r := range runs {
			verdict, reason := programs.Judge(all[i], r.Evaluation)
			if verdict != programs.Equal {
				t.Errorf("%s, seed %d: %v\n%s", all[i].Name, k+1, verdict, reason)
			}
			worst = max(worst, verdict)
		}
		counts[worst]++
		total += len(runs)
	}
	t.Log(counts, "in", total, "runs")
}

// each runs programs in children, some at a time.
func each(t *testing.T, all []*programs.Program, seeds func(*programs.Program) uint64, env ...string) [][]run {
	dir := t.TempDir()
	runs := make([][]run, len(all))
	var wg sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, p := range all {
		wg.Go(func() {
			slots <- struct{}{}
			runs[i] = parent(p, fmt.Sprintf("%s/%d", dir, i), seeds(p), env...)
			<-slots
		})
	}
	wg.Wait()
	return runs
}

// printing prints addresses: what compiled Go prints otherwise in every run.
var printing = &programs.Program{Name: "addresses", Cells: []string{`
import ("fmt"; "hash/maphash"; "sort"; "unsafe")

type node struct { a int8; next *node; words [3]string }

x, n, c, m, f := 5, &node{}, make(chan int), map[*node]int{}, func() {}
fmt.Println(&x, n, c, &m, unsafe.Pointer(&n.words[1]))
fmt.Printf("%p %p %p %v %p %p\n", n, c, m, f != nil, []int{1}, make([]byte, 100_000))
println(&x, n, c, m, any(x), []int{})
for i := range 8 { m[&node{a: int8(i)}] = i }
var all []uintptr
for p := range m { all = append(all, uintptr(unsafe.Pointer(p))) }
sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
fmt.Println(m, all)
done := make(chan *node)
for range 4 { go func() { done <- new(node) }() }
for range 4 { fmt.Printf("%p\n", <-done) }
fmt.Println(maphash.Comparable(maphash.MakeSeed(), n))
panic(n)
`}}

// TestSameInEveryProcess runs a part of the corpus twice, each time in processes of
// its own, the second time with less memory and one native processor: output and
// traces are the same to the byte, addresses too.
func TestSameInEveryProcess(t *testing.T) {
	all, err := programs.Load(corpus)
	if err != nil {
		t.Fatal(err)
	}
	part := []*programs.Program{printing}
	for i, p := range all {
		if seedsFor(p) > 1 && i%16 == 0 {
			part = append(part, p)
		}
	}
	once := func(*programs.Program) uint64 { return 1 }
	first, second := each(t, part, once), each(t, part, once, "GOMAXPROCS=1", "GOGC=20", "GODEBUG=clobberfree=1")
	for i, p := range part {
		if a, b := fmt.Sprintf("%+v", first[i]), fmt.Sprintf("%+v", second[i]); a != b {
			t.Errorf("%s differs from one process to the next:\n%s\n%s", p.Name, a, b)
		}
	}
	if !strings.Contains(first[0][0].Stdout, "0xc000010000") {
		t.Errorf("no addresses: %+v", first[0])
	}
	if len(part) < 10 {
		t.Errorf("only %d programs", len(part))
	}
}

func chosen(name string) bool {
	for _, prefix := range strings.Split(*only, ",") {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// evaluate runs a program; tr gets its trace where it is not nil.
func evaluate(p *programs.Program, a *source.Archive, config machine.Config, tr *trace.Trace) (e programs.Evaluation) {
	defer func() {
		if r := recover(); r != nil {
			e = programs.Evaluation{Internal: fmt.Sprintf("the evaluator panicked: %v\n%s", r, debug.Stack())}
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), cellLimit)
	defer cancel()
	session := check.NewSession(library.New(stdlib.Symbols))
	h, err := New(session, a, config)
	if err != nil {
		return programs.Evaluation{Internal: err.Error()}
	}
	defer h.Close()
	h.machine.Record(tr)
	var ev engine.Evaluator = h
	if b, ok := config.Policy.(*back); ok {
		b.h = h
		ev = backward{h, b}
	}
	e = programs.Evaluate(ctx, p, session, ev)
	h.enter()
	h.machine.Record(nil)
	h.leave()
	return e
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
	e := evaluate(&programs.Program{Name: name, Cells: []string{string(text)}}, archive(t), machine.Config{}, nil)
	fmt.Print(e.Stdout, e.Stderr, strings.Join(e.Errors, "\n"), e.Internal)
}
