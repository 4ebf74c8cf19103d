package gotest

import (
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/build"
	"go/doc"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var examples = flag.String("examples", "/", "run the examples of packages whose path contains `text`")

// examplesWork is a child's work on a folder of the standard library.
const examplesWork = "examples"

// shown is what came of one example.
type shown struct {
	Name string // of the file and the function
	Bad  string // what speaks against it
}

// prepared are cells that run before the examples of a package, where its tests
// set something up that its examples rest on.
var prepared = map[string]string{
	"context": `const shortDuration = time.Millisecond`,
	"time":    `import "time"; time.Local, _ = time.LoadLocation("America/Los_Angeles")`,
}

// examplesChild runs the examples of a folder and writes what came of each as it
// ends: what follows one that ends the process is missing.
func examplesChild(dir, result string) error {
	w, err := os.Create(result)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(w)
	root := os.Getenv(childRoot)
	s, err := open(root)
	if err != nil {
		return err
	}
	defer s.host.Close()
	files, err := testFiles(dir)
	if err != nil {
		return err
	}
	path, err := filepath.Rel(filepath.Join(root, "src"), dir)
	if err != nil {
		return err
	}
	if text := prepared[filepath.ToSlash(path)]; text != "" {
		if bad := s.run(text, io.Discard, io.Discard); bad != "" {
			return fmt.Errorf("%s: %s", path, bad)
		}
	}
	for _, f := range files {
		for _, e := range f.examples {
			bad := f.declare(s, files)
			if bad == "" {
				bad = f.show(s, e)
			}
			if err := enc.Encode(shown{filepath.Base(f.name) + ":Example" + e.Name, bad}); err != nil {
				return err
			}
		}
	}
	return w.Close()
}

// testFile is a file of a package's tests, as a cell.
type testFile struct {
	name, text string
	syntax     *ast.File
	examples   []*doc.Example // that say what they print
	cell       int            // the cell that declared it; 0: none did
}

// testFiles reads a folder's tests.
func testFiles(dir string) ([]*testFile, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		return nil, err
	}
	var files []*testFile
	fset := token.NewFileSet()
	for _, name := range names {
		if ok, err := build.Default.MatchFile(dir, filepath.Base(name)); err != nil || !ok {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		f, err := parser.ParseFile(fset, name, text, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		at, end := fset.Position(f.Name.Pos()).Offset, fset.Position(f.Name.End()).Offset
		file := &testFile{name: name, text: string(text[:at]) + "main" + string(text[end:]), syntax: f}
		file.examples = slices.DeleteFunc(doc.Examples(f), func(e *doc.Example) bool { return e.Output == "" && !e.EmptyOutput })
		files = append(files, file)
	}
	return files, nil
}

// declare runs the file as a cell: if it does not stand alone, after the others of
// its package that declare what it does not.
func (f *testFile) declare(s *session, all []*testFile) string {
	if f.cell > 0 {
		return ""
	}
	bad := s.run(f.text, io.Discard, io.Discard)
	if bad == "" {
		f.cell = s.cells
		return ""
	}
	for _, other := range all {
		if other != f && other.syntax.Name.Name == f.syntax.Name.Name && other.cell == 0 &&
			slices.ContainsFunc(f.syntax.Unresolved, func(id *ast.Ident) bool { return other.syntax.Scope.Lookup(id.Name) != nil }) {
			if bad := s.run(other.text, io.Discard, io.Discard); bad != "" {
				return filepath.Base(other.name) + ": " + bad
			}
			other.cell = s.cells
		}
	}
	bad = s.run(f.text, io.Discard, io.Discard)
	if bad == "" {
		f.cell = s.cells
	}
	return bad
}

// show runs an example and holds what it prints, and the names of the package
// and the file in that, against its comment, as go test does.
func (f *testFile) show(s *session, e *doc.Example) string {
	var out strings.Builder
	bad := s.run("Example"+e.Name+"()", &out, io.Discard)
	tidy := func(text string) string {
		lines := strings.Split(strings.TrimSpace(text), "\n")
		if e.Unordered {
			slices.Sort(lines)
		}
		return strings.Join(lines, "\n")
	}
	got := tidy(strings.ReplaceAll(out.String(), fmt.Sprintf("cell[%d]:", f.cell), filepath.Base(f.name)+":"))
	want := tidy(regexp.MustCompile(`\b`+f.syntax.Name.Name+`\.`).ReplaceAllString(e.Output, "main."))
	if bad != "" || got != want {
		return fmt.Sprintf("%s\n got: %.1500s\nwant: %.1500s", bad, got, want)
	}
	return ""
}

// TestExamples runs the examples of the standard library that say what they
// print, all but those that are known to differ.
func TestExamples(t *testing.T) {
	root := goroot()
	src := filepath.Join(root, "src")
	dirs, err := exampleDirs(src)
	if err != nil {
		t.Fatal(err)
	}
	known, err := differing("testdata/examples")
	if err != nil {
		t.Fatal(err)
	}
	results := t.TempDir()
	all := each(dirs, func(i int, dir string) []shown {
		return examplesOf(dir, fmt.Sprintf("%s/%d", results, i), root)
	})
	n, differ := 0, 0
	for i, list := range all {
		path, err := filepath.Rel(src, dirs[i])
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			name := filepath.ToSlash(path) + "/" + e.Name
			n++
			if e.Bad != "" {
				differ++
			}
			switch reason := known[name]; {
			case e.Bad != "" && reason == "":
				t.Errorf("%s: %s", name, e.Bad)
			case e.Bad == "" && reason != "":
				t.Logf("%s passes, though it is said to differ: %s", name, reason)
			}
		}
	}
	t.Logf("%d examples of %d packages, %d differ", n, len(dirs), differ)
}

// exampleDirs lists the folders of the standard library that have examples.
func exampleDirs(src string) ([]string, error) {
	var dirs []string
	err := filepath.WalkDir(src, func(path string, d fs.DirEntry, err error) error {
		name := d.Name()
		switch {
		case err != nil:
			return err
		case !d.IsDir():
			return nil
		case name == "testdata" || name == "internal" || name == "vendor" || name[0] == '_' || path == filepath.Join(src, "cmd"):
			return filepath.SkipDir
		}
		rel, err := filepath.Rel(src, path)
		if err != nil || !strings.Contains("/"+filepath.ToSlash(rel)+"/", *examples) {
			return err
		}
		files, err := testFiles(path)
		if slices.ContainsFunc(files, func(f *testFile) bool { return len(f.examples) > 0 }) {
			dirs = append(dirs, path)
		}
		return err
	})
	return dirs, err
}

// examplesOf runs the examples of a folder in a child.
func examplesOf(dir, result, root string) (list []shown) {
	output, err := run(examplesWork, dir, dir, result, root)
	if err != nil {
		defer func() { list = append(list, shown{"process", fmt.Sprintf("%v: %.2000s", err, output)}) }()
	}
	data, err := os.ReadFile(result)
	if err != nil {
		return []shown{{"result", err.Error()}}
	}
	for line := range strings.Lines(string(data)) {
		var e shown
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			return append(list, shown{"result", err.Error()})
		}
		list = append(list, e)
	}
	return list
}
