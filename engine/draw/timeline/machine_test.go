package timeline_test

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/traefik/yaegi/stdlib"

	"interleave/engine"
	"interleave/engine/check"
	"interleave/engine/draw/drawtest"
	"interleave/engine/draw/timeline"
	"interleave/engine/host"
	"interleave/engine/library"
	"interleave/engine/library/source"
	"interleave/engine/machine"
	"interleave/engine/syntax"
	"interleave/engine/trace"
)

// installed is the source of the standard library of the Go installation.
var installed = sync.OnceValues(func() (*source.Archive, error) {
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, err
	}
	return source.Installed(strings.TrimSpace(string(goroot)))
})

// run runs a cell on the machine and gives its trace, and the error it ended with.
func run(t testing.TB, src string, config machine.Config) (*trace.Trace, error) {
	t.Helper()
	archive, err := installed()
	if err != nil {
		t.Fatal(err)
	}
	s := check.NewSession(library.New(stdlib.Symbols))
	h, err := host.New(s, archive, config)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	c, errs := syntax.Parse(s.Fset(), "cell[1]", src)
	if len(errs) > 0 {
		t.Fatal(errs[0].Msg)
	}
	p, wrong := s.Check(c)
	if len(wrong) > 0 {
		t.Fatal(wrong[0])
	}
	_, err = h.Run(context.Background(), p, engine.IO{Stdout: io.Discard, Stderr: io.Discard})
	return h.Last().Trace, err
}

// cells are the programs of testdata.
func cells(t testing.TB) map[string]string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.cell")
	if err != nil || len(files) < 25 {
		t.Fatalf("%d programs, %v", len(files), err)
	}
	all := map[string]string{}
	for _, f := range files {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(f), ".cell")] = string(src)
	}
	return all
}

func options(src string) timeline.Options {
	return timeline.Options{Source: map[string]string{"cell[1]": src}}
}

// TestGolden holds the drawings of programs that ran on the machine, to the byte.
func TestGolden(t *testing.T) {
	for name, src := range cells(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr, _ := run(t, src, machine.Config{})
			o := options(src)
			tasks := timeline.Draw(tr, o)
			o.ByCore = true
			cores := timeline.Draw(tr, o)
			drawtest.Golden(t, name+".html", strings.Replace(tasks.HTML, program(t), "PROGRAM", 1))
			drawtest.Golden(t, name+".txt", tasks.Text+"\n"+cores.Text+"\n"+tasks.Alt+"\n"+cores.Alt+"\n")
		})
	}
}

// Two runs of one program, on one core and on four.
func TestCompare(t *testing.T) {
	src := cells(t)["parallel"]
	side := func(name string, cores int) timeline.Side {
		tr, _ := run(t, src, machine.Config{Cores: cores})
		return timeline.Side{Name: name, Trace: tr, Options: options(src)}
	}
	one, four := side("1 core", 1), side("4 cores", 4)
	d := timeline.Compare(one, four)
	drawtest.Golden(t, "compare.text", d.Text+"\n"+d.Alt+"\n")
	if same := timeline.Compare(one, one).Text; !strings.Contains(same, "Both take the same") {
		t.Errorf("a run beside itself: %s", same)
	}
}

// program is the script, which the golden files leave out.
func program(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("timeline.js")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
