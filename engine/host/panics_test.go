package host

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"interleave/engine"
)

const panics = "testdata/panics/nested.txt"

// TestPanicWords holds what a program's end says against compiled Go: all of it but
// the goroutines' stacks.
func TestPanicWords(t *testing.T) {
	data, err := os.ReadFile(panics)
	if err != nil {
		t.Fatal(err)
	}
	a := txtar.Parse(data)
	prelude, bodies, want := string(a.Files[0].Data), a.Files[1:], map[string]string{}
	out := &txtar.Archive{Files: slices.Clone(a.Files[:1])}
	for _, f := range bodies {
		if name, ok := strings.CutSuffix(f.Name, " says"); ok {
			want[name] = string(f.Data)
		}
	}
	s := open(t)
	defer s.h.Close()
	s.run(t, prelude)
	for _, f := range bodies {
		if strings.HasSuffix(f.Name, " says") {
			continue
		}
		if *update {
			want[f.Name] = compiledEnd(t, prelude, string(f.Data))
		}
		out.Files = append(out.Files, f, txtar.File{Name: f.Name + " says", Data: []byte(want[f.Name])})
		got := s.end(t, "func() {\n"+string(f.Data)+"}()\n")
		if got != want[f.Name] || got == "" {
			t.Errorf("%s: %s got  %q\nwant %q", f.Name, f.Data, got, want[f.Name])
		}
	}
	if *update {
		if err := os.WriteFile(panics, txtar.Format(out), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestPlaceOfImpliedDereference: a nil pointer that a selector goes through stands where
// it is used, not at the statement before.
func TestPlaceOfImpliedDereference(t *testing.T) {
	s := open(t)
	defer s.h.Close()
	s.run(t, "type Q struct{ x int }\nfunc (q Q) M() {}\ntype V struct{ *Q }")
	for _, use := range []string{"p.M()", "f := p.M\nf()", "_ = v.x", "v.M()"} {
		got := s.run(t, "var p *Q\nvar v V\nfmt.Print()\n\n"+use)
		if !strings.Contains(got, "]:5:") {
			t.Errorf("%s: %s", use, got)
		}
	}
}

// end is the last words of a cell, without stacks.
func (s *session) end(t *testing.T, src string) string {
	_, err := s.cell(t, t.Context(), newTape(), src)
	var panicked *engine.Panic
	var fatal *engine.Fatal
	switch {
	case errors.As(err, &panicked):
		return "panic: " + panicked.Message + "\n"
	case errors.As(err, &fatal):
		return "fatal error: " + fatal.Message + "\n"
	}
	t.Fatalf("%v\n%s", err, src)
	return ""
}

// compiledEnd takes them from compiled Go.
func compiledEnd(t *testing.T, prelude, body string) string {
	file := filepath.Join(t.TempDir(), "main.go")
	text := "package main\n" + prelude + "\nfunc main() {\n" + body + "}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "run", file)
	cmd.Stdout = io.Discard
	var errs strings.Builder
	cmd.Stderr = &errs
	if err := cmd.Run(); err == nil {
		t.Fatalf("it ends well: %s", body)
	}
	before, _, _ := strings.Cut(errs.String(), "\ngoroutine ")
	if end, _, ok := strings.Cut(before, "\n[signal "); ok {
		before = end + "\n"
	}
	return before
}
