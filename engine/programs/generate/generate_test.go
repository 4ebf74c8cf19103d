package generate

import (
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/traefik/yaegi/stdlib"

	"interleave/engine"
	"interleave/engine/check"
	"interleave/engine/host"
	"interleave/engine/library"
	"interleave/engine/library/source"
	"interleave/engine/machine"
	"interleave/engine/syntax"
)

var (
	first = flag.Uint64("first", 1, "seed of the first program")
	many  = flag.Uint64("programs", 10, "how many programs TestCompiled compiles")

	update = flag.Bool("update", false, "write the outputs' digests")
)

// evaluator runs programs on the machine, several in one session.
type evaluator struct {
	archive *source.Archive
	session *check.Session
	host    *host.Host
	cells   int
}

const perSession = 25

func newEvaluator(t testing.TB) *evaluator {
	t.Helper()
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	a, err := source.Installed(strings.TrimSpace(string(goroot)))
	if err != nil {
		t.Fatal(err)
	}
	return &evaluator{archive: a}
}

// run gives what a program prints, up to the first line of a panic.
func (v *evaluator) run(seed uint64, text string) string {
	if v.cells%perSession == 0 {
		v.session = check.NewSession(library.New(stdlib.Symbols))
		h, err := host.New(v.session, v.archive, machine.Config{Seed: seed})
		if err != nil {
			return err.Error()
		}
		v.host = h
		if out := v.cell("prelude", imports+Prelude); out != "" {
			return out
		}
	}
	v.cells++
	return v.cell("cell[1]", text+"\nMain"+id(seed)+"()\n")
}

// hangs is when a program of a few milliseconds does, also on a computer with much else
// to do.
const hangs = 100 * time.Second

func (v *evaluator) cell(name, text string) string {
	ctx, cancel := context.WithTimeout(context.Background(), hangs)
	defer cancel()
	cell, syntaxErrs := syntax.Parse(v.session.Fset(), name, text)
	if len(syntaxErrs) > 0 {
		return fmt.Sprint(syntaxErrs)
	}
	program, checkErrs := v.session.Check(cell)
	if len(checkErrs) > 0 {
		return fmt.Sprint(checkErrs)
	}
	var out strings.Builder
	outcome, err := v.host.Run(ctx, program, engine.IO{Stdout: &out, Stderr: &out, Stdin: strings.NewReader("")})
	v.session.Commit(program, outcome.Done)
	var panicked *engine.Panic
	var fatal *engine.Fatal
	switch {
	case errors.As(err, &panicked):
		message, _, _ := strings.Cut(panicked.Message, "\n")
		return out.String() + "panic: " + message + "\n"
	case errors.As(err, &fatal):
		return out.String() + "fatal error: " + fatal.Message + "\n"
	case err != nil:
		return out.String() + err.Error()
	}
	return out.String()
}

// TestSame runs programs whose output was taken from compiled Go when the
// generator was last changed: testdata/digests holds a line for each.
func TestSame(t *testing.T) {
	data, err := os.ReadFile(digests)
	if err != nil {
		t.Fatal(err)
	}
	v := newEvaluator(t)
	ran := 0
	for line := range strings.Lines(string(data)) {
		var seed uint64
		var text, output string
		if _, err := fmt.Sscan(line, &seed, &text, &output); err != nil {
			t.Fatal(err)
		}
		program := Program(seed, id(seed))
		if digest(program) != text {
			t.Fatalf("program %d is another one than when its output was taken: run TestCompiled with -update", seed)
		}
		if got := v.run(seed, program); digest(got) != output {
			t.Errorf("program %d prints something else than compiled Go", seed)
			same(t, compile(t, []uint64{seed}), v, seed)
		}
		ran++
	}
	if ran == 0 {
		t.Error("no programs")
	}
}

const digests = "testdata/digests"

func digest(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text)))[:16] }

// TestCompiled compiles programs and holds the machine against them; with
// -update it writes the digests that TestSame uses.
func TestCompiled(t *testing.T) {
	var seeds []uint64
	for i := range *many {
		seeds = append(seeds, *first+i)
	}
	v := newEvaluator(t)
	var lines strings.Builder
	for part := range slices.Chunk(seeds, 50) { // the compiler's memory is the limit
		b := compile(t, part)
		for _, seed := range part {
			want := same(t, b, v, seed)
			fmt.Fprintln(&lines, seed, digest(b.texts[seed]), digest(want))
		}
	}
	if *update {
		if err := os.WriteFile(digests, []byte(lines.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// same compares one program, and gives what compiled Go prints.
func same(t *testing.T, b *batch, v *evaluator, seed uint64) string {
	t.Helper()
	want, err := b.run(seed)
	if err != nil {
		t.Fatal(err)
	}
	if got := v.run(seed, b.texts[seed]); got != want {
		t.Errorf("program %d differs\n%s", seed, firstDifference(want, got))
	}
	return want
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		a, b := "(nothing)", "(nothing)"
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = strings.Join(g[i:min(i+12, len(g))], "\n     ")
		}
		if i >= len(w) || i >= len(g) || w[i] != g[i] {
			return fmt.Sprintf("line %d\nwant %s\ngot  %.1500s", i+1, a, b)
		}
	}
	return ""
}

// FuzzSame does the same for any seed.
func FuzzSame(f *testing.F) {
	for seed := range uint64(4) {
		f.Add(seed)
	}
	v := newEvaluator(f)
	f.Fuzz(func(t *testing.T, seed uint64) { same(t, compile(t, []uint64{seed}), v, seed) })
}
