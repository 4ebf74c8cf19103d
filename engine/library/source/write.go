package source

import (
	"archive/zip"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// epoch is the time of every file in an archive, so that the same Go version
// gives the same bytes.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// Write packs the source of goroot's standard library into one zip: the
// packages that programs import, and the internal and vendored ones that those
// need. The same GOROOT gives the same bytes on every run.
func Write(goroot string, w io.Writer) error {
	src := filepath.Join(goroot, "src")
	ctx := constraints(goroot)
	z := zip.NewWriter(w)
	count := 0
	err := filepath.WalkDir(src, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(src, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if e.IsDir() {
			if name != src && !wanted(rel) {
				return fs.SkipDir
			}
			return nil
		}
		if strings.HasPrefix(rel, "cmd/") && !strings.HasPrefix(rel, toolsPackages+"/") || !selected(&ctx, filepath.Dir(name), e.Name()) {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		f, err := z.CreateHeader(&zip.FileHeader{Name: rel, Method: zip.Deflate, Modified: epoch})
		if err != nil {
			return err
		}
		count++
		_, err = f.Write(text)
		return err
	})
	if err != nil {
		return fmt.Errorf("source: %w", err)
	}
	if count == 0 {
		return fmt.Errorf("source: no Go source in %s", src)
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("source: %w", err)
	}
	return nil
}

// wanted tells whether there may be something to pack in a folder of src.
func wanted(folder string) bool {
	if folder == "cmd" || strings.HasPrefix(folder, "cmd/") {
		return strings.HasPrefix(toolsPackages+"/", folder+"/") || strings.HasPrefix(folder, toolsPackages+"/")
	}
	return !skipped(path.Base(folder))
}
