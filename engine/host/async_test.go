package host

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// twin is a program over asyncio and the same over package async.
type twin struct{ name, python, cell, want string }

func twins(t testing.TB) (list []twin) {
	t.Helper()
	files, err := filepath.Glob("testdata/async/*.txtar")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil || len(a.Files) != 3 {
			t.Fatalf("%s: %d parts, %v", file, len(a.Files), err)
		}
		list = append(list, twin{strings.TrimSuffix(filepath.Base(file), ".txtar"), string(a.Files[0].Data), string(a.Files[1].Data), string(a.Files[2].Data)})
	}
	return list
}

// TestAsync runs the programs over package async.
func TestAsync(t *testing.T) {
	s := open(t)
	defer s.h.Close()
	s.run(t, "const ms = time.Millisecond")
	for _, p := range twins(t) {
		got := s.run(t, p.cell+"\n;")
		if got != p.want {
			t.Errorf("%s\n got %s\nwant %s", p.name, got, p.want)
		}
	}
}

// TestAsyncio runs the same programs in Python.
func TestAsyncio(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3: what asyncio does is not compared")
	}
	all := twins(t)
	var programs []string
	for _, p := range all {
		programs = append(programs, p.python)
	}
	in, err := json.Marshal(programs)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "testdata/async/run.py")
	cmd.Stdin = bytes.NewReader(in)
	var words bytes.Buffer
	cmd.Stderr = &words
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, words.String())
	}
	var outputs []string
	if err := json.Unmarshal(out, &outputs); err != nil || len(outputs) != len(all) {
		t.Fatalf("%d outputs of %d programs, %v", len(outputs), len(all), err)
	}
	for i, p := range all {
		if outputs[i] != p.want {
			t.Errorf("%s\n got %q\nwant %q", p.name, outputs[i], p.want)
		}
	}
}
