package outcomes

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
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

var (
	first = flag.Uint64("first", 1, "seed of the first program")
	many  = flag.Uint64("programs", 60, "how many programs the machine runs")
	seeds = flag.Uint64("seeds", 6, "under how many seeds of each policy")
	few   = flag.Uint64("compiled", 6, "how many programs are compiled")
)

// What a search finds where the answer is known.
func TestKnown(t *testing.T) {
	add, lock, unlock := Op{Kind: Add, K: 1}, Op{Kind: Lock}, Op{Kind: Unlock}
	recv, send := Op{Kind: Recv}, Op{Kind: Send, K: 7}
	for name, c := range map[string]struct {
		p    Program
		want []string
	}{
		"both count": {Program{Threads: [][]Op{{add}, {add}}}, []string{"2 0 0 0 1 0 2 0", "2 0 0 0 2 0 1 0"}},
		"store buffer": { // not both read 0: atomics have one order (Go Memory Model, "Atomic Values")
			Program{Threads: [][]Op{{{Kind: Store, K: 1}, {Kind: Load, On: 1}}, {{Kind: Store, On: 1, K: 1}, {Kind: Load}}}},
			[]string{"1 1 0 0 0 0 1 0", "1 1 0 0 1 0 0 0", "1 1 0 0 1 0 1 0"},
		},
		"a lock":       {Program{Threads: [][]Op{{lock, {Kind: Write, K: 1}, unlock}, {lock, {Kind: Write, K: 2}, unlock}}}, []string{"0 0 4 0 0 0 0 0", "0 0 5 0 0 0 0 0"}},
		"a message":    {Program{Threads: [][]Op{{send}, {recv}}}, []string{"0 0 0 0 0 0 7 0"}},
		"nobody sends": {Program{Threads: [][]Op{{recv}, {add}}}, []string{Deadlock}},
		"a race to close": {
			Program{Threads: [][]Op{{{Kind: Close}}, {send}}, Caps: [2]int{1, 0}},
			[]string{"0 0 0 0 0 0 0 0", SendClosed},
		},
		"closed twice": {Program{Threads: [][]Op{{{Kind: Close}, {Kind: Close}}}}, []string{CloseTwice}},
		"a sender that waits is told of the close": {Program{Threads: [][]Op{{{Kind: Close}}, {send}}}, []string{SendClosed}},
		"a select takes what is there": {
			Program{Threads: [][]Op{{send, {Kind: Select, To: 1, Else: true, Cases: []Op{recv}}}}, Caps: [2]int{1, 0}},
			[]string{"0 0 0 0 7 0"},
		},
		"a select or its default": {
			Program{Threads: [][]Op{{send}, {{Kind: Select, Else: true, Cases: []Op{recv}}}}, Caps: [2]int{1, 0}},
			[]string{"0 0 0 0 0 0 50 0", "0 0 0 0 0 0 7 0"},
		},
		"a reader or a writer first": {
			Program{Threads: [][]Op{{{Kind: WLock}, {Kind: WWrite, K: 1}, {Kind: WUnlock}}, {{Kind: RLock}, {Kind: RRead}, {Kind: RUnlock}}}},
			[]string{"0 0 0 1 0 0 0 0", "0 0 0 1 0 0 1 0"},
		},
		"a reader within a reader waits for a writer who waits for the first": {
			Program{Threads: [][]Op{{{Kind: RLock}, {Kind: RLock}, {Kind: RUnlock}, {Kind: RUnlock}}, {{Kind: WLock}, {Kind: WUnlock}}}},
			[]string{"0 0 0 0 0 0 0 0", Deadlock},
		},
		"first in, first out": {
			Program{Threads: [][]Op{{send, {Kind: Send, K: 8}, {Kind: Recv}, {Kind: Recv, To: 1}}}, Caps: [2]int{2, 0}},
			[]string{"0 0 0 0 7 8"},
		},
	} {
		got, ok := c.p.Outcomes()
		if slices.Sort(c.want); !ok || !slices.Equal(got, c.want) {
			t.Errorf("%s:\ngot  %q\nwant %q", name, got, c.want)
		}
	}
}

// run is a program, with its ends.
type run struct {
	seed    uint64
	p       *Program
	allowed []string
}

func (r run) name() string { return fmt.Sprint("Run", r.seed) }

// runs makes so many programs that can be searched and may end in several ways.
func runs(t *testing.T, n uint64) (list []run) {
	for seed := *first; uint64(len(list)) < n; seed++ {
		r := run{seed: seed, p: Generate(seed)}
		var ok bool
		if r.allowed, ok = r.p.Outcomes(); ok && len(r.allowed) > 1 {
			list = append(list, r)
		}
	}
	return list
}

const imports = "import (\n\t\"sync\"\n\t\"sync/atomic\"\n)\n\n"

// TestMachine holds what the machine prints against all that it may print.
func TestMachine(t *testing.T) {
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	archive, err := source.Installed(strings.TrimSpace(string(goroot)))
	if err != nil {
		t.Fatal(err)
	}
	ran, reached, allowed := 0, 0, 0
	for part := range slices.Chunk(runs(t, *many), 25) { // a session holds on to what its cells declared
		session := check.NewSession(library.New(stdlib.Symbols))
		h, err := host.New(session, archive, machine.Config{})
		if err != nil {
			t.Fatal(err)
		}
		cell := func(text string) string {
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			defer cancel()
			e := programs.Evaluate(ctx, &programs.Program{Cells: []string{text}}, session, h)
			return ending(e.Stderr + e.Internal + strings.Join(append(e.Errors, e.Refused...), "\n"))
		}
		if got := cell(imports); got != "" {
			t.Fatal(got)
		}
		for _, r := range part {
			if got := cell(r.p.Source(r.name())); got != "" {
				t.Fatal(got)
			}
			found := map[string]bool{}
			for _, policy := range []string{"go", "random", "rr(q=1us)", "cfs"} {
				for seed := range *seeds {
					if err := errors.Join(h.Configure("policy", policy), h.Configure("seed", fmt.Sprint(seed+1)), h.Configure("cores", fmt.Sprint(1+seed%4))); err != nil {
						t.Fatal(err)
					}
					got := cell(r.name() + "()")
					found[got] = true
					if ran++; !slices.Contains(r.allowed, got) {
						t.Errorf("program %d under %s, seed %d, prints %q; it may print\n%q\n%s", r.seed, policy, seed+1, got, r.allowed, r.p.Source(r.name()))
					}
				}
			}
			reached, allowed = reached+len(found), allowed+len(r.allowed)
		}
		h.Close()
	}
	t.Logf("%d runs; %d of the %d outcomes that are allowed were seen", ran, reached, allowed)
}

// TestCompiled holds the search against what compiled Go prints.
func TestCompiled(t *testing.T) {
	list := runs(t, *few)
	var main strings.Builder
	main.WriteString("package main\n\nimport \"os\"\n" + imports)
	for _, r := range list {
		main.WriteString(r.p.Source(r.name()))
	}
	main.WriteString("func main() {\n\tfor range 200 {\n\tswitch os.Args[1] {\n")
	for _, r := range list {
		fmt.Fprintf(&main, "\tcase %q: %s()\n", r.name(), r.name())
	}
	main.WriteString("\t}\n\t}\n}\n")
	dir := t.TempDir()
	file, binary := filepath.Join(dir, "main.go"), filepath.Join(dir, "main.exe")
	if err := os.WriteFile(file, []byte(main.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	build := exec.Command("go", "build", "-o", binary, file)
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // with it Go's runtime notices no deadlock
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%.3000s", err, out)
	}
	for _, r := range list {
		for range 3 { // the first deadlock or panic ends a run
			cmd := exec.Command(binary, r.name())
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			var exit *exec.ExitError
			if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
				t.Fatal(err)
			}
			for line := range strings.Lines(stderr.String()) {
				if line == "\n" { // a goroutine's stack follows
					break
				}
				if got := ending(line); !slices.Contains(r.allowed, got) {
					t.Fatalf("program %d prints %q when compiled; the search finds\n%q\n%s", r.seed, got, r.allowed, r.p.Source(r.name()))
				}
			}
		}
	}
}

// ending is a line that a program printed, without what Go adds to a panic that passes
// through sync.WaitGroup.Go.
func ending(text string) string {
	text, _, _ = strings.Cut(strings.TrimSuffix(text, "\n"), " [recovered")
	return text
}
