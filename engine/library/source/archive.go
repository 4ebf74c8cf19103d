package source

import (
	"archive/zip"
	"fmt"
	"go/build"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
)

// Archive is the source of the standard library, one folder for each import
// path. It is safe for concurrent use and starts no goroutines.
type Archive struct {
	files  fs.FS
	closer io.Closer
	match  func(dir, name string) bool // which files of a folder belong to its package

	mu       sync.Mutex
	added    map[string]fs.FS  // packages that are not of the standard library
	packages map[string]*pages // by import path; nil for a path that is not there
}

// Open opens an archive that Write made.
func Open(name string) (*Archive, error) {
	r, err := zip.OpenReader(name)
	if err != nil {
		return nil, fmt.Errorf("source: %w", err)
	}
	return &Archive{
		files:    r,
		closer:   r,
		match:    func(_, file string) bool { return strings.HasSuffix(file, ".go") },
		packages: map[string]*pages{},
	}, nil
}

// Installed reads the source of the Go installation at goroot itself.
func Installed(goroot string) (*Archive, error) {
	src := filepath.Join(goroot, "src")
	if _, err := os.Stat(filepath.Join(src, "builtin", "builtin.go")); err != nil {
		return nil, fmt.Errorf("source: no Go source in %s: %w", goroot, err)
	}
	ctx := constraints(goroot)
	return &Archive{
		files: os.DirFS(src),
		match: func(dir, file string) bool {
			return selected(&ctx, filepath.Join(src, filepath.FromSlash(dir)), file)
		},
		packages: map[string]*pages{},
	}, nil
}

// Empty is an archive without the standard library, for packages that are added.
func Empty() *Archive {
	return &Archive{
		files:    none{},
		match:    func(string, string) bool { return false },
		packages: map[string]*pages{},
	}
}

// none is a file system without files.
type none struct{}

func (none) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// Add makes one more package known, by a file system that holds its source.
func (a *Archive) Add(importPath string, files fs.FS) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.added == nil {
		a.added = map[string]fs.FS{}
	}
	a.added[importPath] = files
	delete(a.packages, importPath)
}

// Close releases the archive's file.
func (a *Archive) Close() error {
	if a.closer == nil {
		return nil
	}
	return a.closer.Close()
}

// FS is the archive as a file system: "net/http/server.go".
func (a *Archive) FS() fs.FS { return a.files }

// Files returns the source files of one package by file name. The error wraps
// fs.ErrNotExist where the archive has no such package.
func (a *Archive) Files(importPath string) (map[string][]byte, error) {
	if importPath == "" || !fs.ValidPath(importPath) {
		return nil, fmt.Errorf("source: package %q: %w", importPath, fs.ErrNotExist)
	}
	a.mu.Lock()
	files, added := a.added[importPath]
	a.mu.Unlock()
	dir, match := ".", func(file string) bool {
		return strings.HasSuffix(file, ".go") && !strings.HasSuffix(file, "_test.go")
	}
	if !added {
		files, dir = a.files, a.folder(importPath)
		match = func(file string) bool { return a.match(dir, file) }
	}
	entries, err := fs.ReadDir(files, dir)
	if err != nil {
		return nil, fmt.Errorf("source: package %q: %w", importPath, err)
	}
	out := map[string][]byte{}
	for _, e := range entries {
		if e.IsDir() || !match(e.Name()) {
			continue
		}
		text, err := fs.ReadFile(files, path.Join(dir, e.Name()))
		if err != nil {
			return nil, fmt.Errorf("source: package %q: %w", importPath, err)
		}
		out[e.Name()] = text
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("source: package %q: %w", importPath, fs.ErrNotExist)
	}
	return out, nil
}

// folder is where a package's files are: those beside the standard library that it
// uses, and a few that its tools use, lie apart.
func (a *Archive) folder(importPath string) string {
	if first, _, _ := strings.Cut(importPath, "/"); strings.Contains(first, ".") {
		for _, dir := range []string{"vendor", toolsVendor} {
			if _, err := fs.Stat(a.files, path.Join(dir, importPath)); err == nil {
				return path.Join(dir, importPath)
			}
		}
	}
	return importPath
}

// toolsVendor is where the Go tools keep what they use; of it, an archive takes
// toolsPackages.
const (
	toolsVendor   = "cmd/vendor"
	toolsPackages = "cmd/vendor/golang.org/x/sync"
)

// Packages lists the import paths of the archive that a program may import,
// in alphabetical order.
func (a *Archive) Packages() ([]string, error) {
	var out []string
	err := fs.WalkDir(a.files, ".", func(dir string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case !e.IsDir() || dir == ".":
			return nil
		case skipped(e.Name()) || e.Name() == "internal" || dir == "vendor" || dir == "builtin":
			return fs.SkipDir
		}
		entries, err := fs.ReadDir(a.files, dir)
		if err != nil {
			return err
		}
		for _, f := range entries {
			if !f.IsDir() && a.match(dir, f.Name()) {
				out = append(out, dir)
				break
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("source: %w", err)
	}
	return out, nil
}

// constraints says which files belong to a package on this machine. Without
// cgo, as the learner may have no C compiler.
func constraints(goroot string) build.Context {
	ctx := build.Default
	ctx.GOROOT = goroot
	ctx.CgoEnabled = false
	ctx.BuildTags = []string{"nethttpomithttp2"} // 400 kB that only TLS needs
	return ctx
}

// selected reports whether a file is part of its package and not a test.
func selected(ctx *build.Context, dir, name string) bool {
	if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
		return false
	}
	ok, err := ctx.MatchFile(dir, name)
	return err == nil && ok
}

// skipped names the folders that hold no package of the standard library.
func skipped(folder string) bool {
	return folder == "cmd" || folder == "testdata" || strings.HasPrefix(folder, ".") || strings.HasPrefix(folder, "_")
}
