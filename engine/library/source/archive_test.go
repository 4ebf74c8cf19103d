package source_test

import (
	"bytes"
	"errors"
	"go/build"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"interleave/engine/library/source"
)

// archive is written once for all tests of the package.
var archive = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "source")
	if err != nil {
		return "", err
	}
	name := filepath.Join(dir, "gosrc.zip")
	f, err := os.Create(name)
	if err != nil {
		return "", err
	}
	if err := source.Write(build.Default.GOROOT, f); err != nil {
		return "", err
	}
	return name, f.Close()
})

func TestMain(m *testing.M) {
	code := m.Run()
	if name, err := archive(); err == nil {
		os.RemoveAll(filepath.Dir(name))
	}
	os.Exit(code)
}

func open(t testing.TB) *source.Archive {
	t.Helper()
	name, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	a, err := source.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

func TestFiles(t *testing.T) {
	a := open(t)
	files, err := a.Files("os")
	if err != nil {
		t.Fatal(err)
	}
	for name := range files {
		if strings.HasSuffix(name, "_test.go") {
			t.Errorf("a test is in the archive: %s", name)
		}
	}
	for system, file := range map[string]string{"windows": "file_windows.go", "darwin": "stat_darwin.go", "linux": "stat_linux.go"} {
		if _, ok := files[file]; ok != (system == runtime.GOOS) {
			t.Errorf("%s in the archive: %v on %s", file, ok, runtime.GOOS)
		}
	}
	if !bytes.Contains(files["file.go"], []byte("\npackage os\n")) {
		t.Error("os/file.go has no package clause")
	}
	for _, missing := range []string{"nowhere", "cmd/go", "os/testdata", "", "../os", "net/"} {
		if _, err := a.Files(missing); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Files(%q): %v, want fs.ErrNotExist", missing, err)
		}
	}
	if _, err := fs.Stat(a.FS(), "internal/race/norace.go"); err != nil {
		t.Errorf("packages that others need are missing: %v", err)
	}
}

func TestInstalledHasTheSame(t *testing.T) {
	packed := open(t)
	installed, err := source.Installed(build.Default.GOROOT)
	if err != nil {
		t.Fatal(err)
	}
	for _, pkg := range []string{"os", "sync", "net", "runtime"} {
		a, err1 := packed.Files(pkg)
		b, err2 := installed.Files(pkg)
		if err1 != nil || err2 != nil || len(a) == 0 || len(a) != len(b) {
			t.Errorf("%s: %d files packed (%v), %d installed (%v)", pkg, len(a), err1, len(b), err2)
		}
	}
	if _, err := source.Installed(t.TempDir()); err == nil {
		t.Error("an empty folder passed for a Go installation")
	}
}

func TestAdd(t *testing.T) {
	for _, a := range []*source.Archive{open(t), source.Empty()} {
		if _, ok := a.Lookup("my/own", "Hello", ""); ok {
			t.Error("found before it was added")
		}
		a.Add("my/own", fstest.MapFS{
			"own.go":      {Data: []byte("// Package own is mine.\npackage own\n\n// Hello greets.\nfunc Hello(name string) {}\n")},
			"own_test.go": {Data: []byte("package own\n\nfunc Helper() {}\n")},
		})
		if e, ok := a.Lookup("my/own", "Hello", ""); !ok || e.Params != "func(name string)" || e.Doc != "Hello greets.\n" {
			t.Errorf("%v %+v", ok, e)
		}
		if _, ok := a.Lookup("my/own", "Helper", ""); ok {
			t.Error("a test's function is found")
		}
	}
	if _, ok := source.Empty().Lookup("fmt", "Println", ""); ok {
		t.Error("an empty archive has fmt")
	}
}

func TestWriteIsReproducible(t *testing.T) {
	name, err := archive()
	if err != nil {
		t.Fatal(err)
	}
	first, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var second bytes.Buffer
	if err := source.Write(build.Default.GOROOT, &second); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second.Bytes()) {
		t.Error("two archives of one GOROOT differ")
	}
	t.Logf("%.1f MB", float64(len(first))/1e6)
	if err := source.Write(t.TempDir(), &second); err == nil {
		t.Error("a folder without source was packed without an error")
	}
}

func TestPackages(t *testing.T) {
	list, err := open(t).Packages()
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for _, p := range list {
		have[p] = true
	}
	for p, want := range map[string]bool{"fmt": true, "net/http": true, "sync/atomic": true, "math/rand/v2": true,
		"internal/race": false, "net/http/internal": false, "cmd": false, "vendor": false, "builtin": false} {
		if have[p] != want {
			t.Errorf("%s listed: %v, want %v", p, have[p], want)
		}
	}
}
