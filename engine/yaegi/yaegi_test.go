package yaegi

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/traefik/yaegi/stdlib"
	"golang.org/x/tools/txtar"

	"interleave/engine"
	"interleave/engine/check"
	"interleave/engine/library"
	"interleave/engine/syntax"
)

// kit is a session with an evaluator.
type kit struct {
	t       testing.TB
	session *check.Session
	ev      *Evaluator
	n       int
}

func newKit(t testing.TB) *kit {
	lib := library.New(stdlib.Symbols)
	ev, err := New(Config{Library: lib, Tables: []map[string]map[string]reflect.Value{stdlib.Symbols}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ev.Close() })
	return &kit{t: t, session: check.NewSession(lib), ev: ev}
}

// program parses and checks a cell.
func (k *kit) program(src string) *check.Program {
	k.t.Helper()
	k.n++
	cell, errs := syntax.Parse(k.session.Fset(), fmt.Sprintf("cell[%d]", k.n), src)
	if len(errs) > 0 {
		k.t.Fatalf("cell %d: %v", k.n, errs)
	}
	p, checks := k.session.Check(cell)
	if len(checks) > 0 {
		k.t.Fatalf("cell %d: %v", k.n, checks)
	}
	return p
}

// run runs a cell and returns what it printed, its results, and how it ended.
func (k *kit) run(ctx context.Context, src, input string) (string, error) {
	k.t.Helper()
	p := k.program(src)
	var out buffer
	if refused := k.ev.Refuse(p); len(refused) > 0 {
		for _, r := range refused {
			fmt.Fprintf(&out, "refused %d: %s\n", r.Pos.Line, r.Msg)
		}
		return out.String(), nil
	}
	o, err := k.ev.Run(ctx, p, engine.IO{Stdout: &out, Stderr: &out, Stdin: strings.NewReader(input)})
	k.session.Commit(p, o.Done)
	for _, v := range o.Values {
		fmt.Fprintf(&out, "= %s\n", v.Text())
	}
	return out.String(), err
}

type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

var update = flag.Bool("update", false, "write the sections \"out\" of testdata anew; read what changed")

var wantRefusal = regexp.MustCompile(`// refuse "([^"]*)"`)

// TestCells runs testdata/*.txtar: sections "cell", each followed by "out" with
// what it prints, its results after "= ", and how it ended after "! ". A line that
// is refused says so beside it: // refuse "part of the message".
func TestCells(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			k := newKit(t)
			input := ""
			var written []txtar.File
			defer func() {
				if *update {
					archive.Files = written
					if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
						t.Error(err)
					}
				}
			}()
			for i, f := range archive.Files {
				if f.Name != "out" {
					written = append(written, f)
				}
				switch f.Name {
				case "input":
					input = string(f.Data)
				case "cell":
					got, err := k.run(context.Background(), string(f.Data), input)
					if err != nil {
						got += "! " + strings.ReplaceAll(strings.ReplaceAll(err.Error(), "\n", "\n! "), "\t", "  ") + "\n"
					}
					want := ""
					if i+1 < len(archive.Files) && archive.Files[i+1].Name == "out" {
						want = string(archive.Files[i+1].Data)
					}
					if refusals := wantRefusals(string(f.Data)); refusals != nil {
						checkRefusals(t, k.n, got, refusals)
						continue
					}
					if got != "" {
						written = append(written, txtar.File{Name: "out", Data: []byte(got)})
					}
					if got != want && !*update {
						t.Errorf("cell %d\n%s--- got\n%s--- want\n%s", k.n, f.Data, got, want)
					}
				}
			}
		})
	}
}

// wantRefusals maps lines to what their refusal says.
func wantRefusals(src string) map[int]string {
	var m map[int]string
	for i, line := range strings.Split(src, "\n") {
		if match := wantRefusal.FindStringSubmatch(line); match != nil {
			if m == nil {
				m = map[int]string{}
			}
			m[i+1] = match[1]
		}
	}
	return m
}

func checkRefusals(t *testing.T, n int, got string, want map[int]string) {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSpace(got), "\n") {
		var at int
		if _, err := fmt.Sscanf(line, "refused %d:", &at); err != nil || want[at] == "" || !strings.Contains(line, want[at]) {
			t.Errorf("cell %d: unexpected %q", n, line)
		}
		delete(want, at)
	}
	for at, text := range want {
		t.Errorf("cell %d: line %d is not refused: %s", n, at, text)
	}
}

// TestInterrupt cancels cells in every state there is; each must end, with all
// its goroutines, and the next cell must find its variables.
func TestInterrupt(t *testing.T) {
	for name, src := range map[string]string{
		"endless loop":    "started <- true\nfor {}",
		"busy goroutines": "for range 10 { go func() { for {} }() }\nstarted <- true\nfor {}",
		"no case":         "started <- true\nselect {}",
		"receive":         "started <- true\n<-make(chan int)",
		"send":            "started <- true\nmake(chan int) <- 1",
		"nil channel":     "started <- true\nvar c chan int\n<-c",
		"sleep":           "started <- true\ntime.Sleep(time.Hour)",
		"mutex":           "var mu sync.Mutex\nmu.Lock()\nstarted <- true\nmu.Lock()",
		"rwmutex":         "var mu sync.RWMutex\nmu.RLock()\nstarted <- true\nmu.Lock()",
		"waitgroup":       "var wg sync.WaitGroup\nwg.Add(1)\nstarted <- true\nwg.Wait()",
		"cond":            "c := sync.NewCond(&sync.Mutex{})\nc.L.Lock()\nstarted <- true\nc.Wait()",
		"recursion":       "func f(n int) { if n > 0 { f(n-1) } }\nstarted <- true\nfor { f(10) }",
		"range":           "started <- true\nfor range 1 << 60 {}",
		"in a callback":   "started <- true\nsort.Slice([]int{1, 2}, func(i, j int) bool { for {} })",
	} {
		t.Run(name, func(t *testing.T) {
			k := newKit(t)
			if _, err := k.run(context.Background(), "kept := 7\nstarted := make(chan bool, 1)\n_ = time.After(time.Hour)", ""); err != nil {
				t.Fatal(err)
			}
			p := k.program("started")
			if r := k.ev.Refuse(p); len(r) > 0 {
				t.Fatal(r)
			}
			o, err := k.ev.Run(context.Background(), p, engine.IO{})
			if err != nil {
				t.Fatal(err)
			}
			started := o.Values[0].Native().(chan bool)
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			go func() { <-started; cancel() }()
			if out, err := k.run(ctx, src, ""); !errors.Is(err, engine.ErrInterrupted) {
				t.Fatalf("ended with %v: %s", err, out)
			}
			if out, err := k.run(context.Background(), "kept", ""); err != nil || out != "= 7\n" {
				t.Fatalf("afterwards: %q, %v", out, err)
			}
		})
	}
}

// TestLateOutput: a goroutine writes to the cell that started it, also when
// another cell runs.
func TestLateOutput(t *testing.T) {
	k := newKit(t)
	var first, second buffer
	run := func(src string, out io.Writer) {
		t.Helper()
		p := k.program(src)
		o, err := k.ev.Run(context.Background(), p, engine.IO{Stdout: out, Stderr: out})
		if err != nil {
			t.Fatal(err)
		}
		k.session.Commit(p, o.Done)
	}
	run("c, done := make(chan string), make(chan bool)\ngo func() { for s := range c { fmt.Println(\"late\", s) }; close(done) }()", &first)
	run("fmt.Println(\"second\")\nc <- \"a\"\nclose(c)\n<-done", &second)
	if first.String() != "late a\n" || second.String() != "second\n" {
		t.Fatalf("first %q, second %q", first.String(), second.String())
	}
}

// TestBackgroundSurvives: interrupting a cell leaves goroutines of earlier ones alone.
func TestBackgroundSurvives(t *testing.T) {
	k := newKit(t)
	if _, err := k.run(context.Background(), "in, out := make(chan int), make(chan int)\ngo func() { for v := range in { out <- v * 2 } }()\nready := make(chan bool, 1)", ""); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := k.run(ctx, "for {}", ""); !errors.Is(err, engine.ErrInterrupted) {
		t.Fatal(err)
	}
	if out, err := k.run(context.Background(), "in <- 21\n<-out", ""); err != nil || out != "= 42\n" {
		t.Fatalf("%q %v", out, err)
	}
}

func TestManyGoroutines(t *testing.T) {
	k := newKit(t)
	out, err := k.run(context.Background(), `var wg sync.WaitGroup
var mu sync.Mutex
n := 0
for i := 0; i < 100000; i++ {
	wg.Add(1)
	go func(k int) { defer wg.Done(); mu.Lock(); defer mu.Unlock(); n += k % 2 }(i)
}
wg.Wait()
n`, "")
	if err != nil || out != "= 50000\n" {
		t.Fatalf("%q %v", out, err)
	}
}

func benchmark(b *testing.B, setup, body string) {
	k := newKit(b)
	if _, err := k.run(context.Background(), setup, ""); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for range b.N {
		if out, err := k.run(context.Background(), body, ""); err != nil || strings.Contains(out, "refused") {
			b.Fatal(out, err)
		}
	}
}

func BenchmarkFib20(b *testing.B) {
	benchmark(b, "func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }", "_ = fib(20)")
}

func BenchmarkLoop1e5(b *testing.B) {
	benchmark(b, "func loop(n int) (s int) { for i := 0; i < n; i++ { s += i }; return }", "_ = loop(100000)")
}

func BenchmarkPingPong1e4(b *testing.B) {
	benchmark(b, "func ping(n int) { a, c := make(chan int), make(chan int); go func() { for v := range a { c <- v } }(); for i := 0; i < n; i++ { a <- i; <-c }; close(a) }", "ping(10000)")
}

func BenchmarkCell(b *testing.B) { benchmark(b, "x := 1", "x + 1") }
