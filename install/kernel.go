package install

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"interleave/engine/library/source"
	"interleave/install/logo"
)

// Kernel says what is installed where.
type Kernel struct {
	System      System
	Dir         string // of the kernel, as System.KernelDir gives it
	DisplayName string
	Evaluator   string // that runs the cells; "": the default one
	Force       bool   // replace a kernel that is not ours
	Program     string // path of the binary to copy; the running one
	GOROOT      string // to take the library's source from; "" where there is no Go
}

// Install writes the kernel's directory and returns its specification. Files
// that are right already stay; kernel.json comes last, so that Jupyter never
// sees half a kernel. A kernel that runs keeps its old binary.
func (k Kernel) Install() (Spec, error) {
	var none Spec
	if !k.Force {
		if err := checkFree(k.Dir); err != nil {
			return none, err
		}
	}
	dir, err := filepath.Abs(k.Dir)
	if err != nil {
		return none, fmt.Errorf("install: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return none, writing(dir, err)
	}
	binary := filepath.Join(dir, k.System.Binary())
	if err := copyProgram(k.Program, binary); err != nil {
		return none, writing(dir, err)
	}
	if err := writeLogos(dir); err != nil {
		return none, writing(dir, err)
	}
	if err := k.writeSource(filepath.Join(dir, SourceArchive)); err != nil {
		return none, writing(dir, err)
	}
	spec := Spec{
		Argv:          k.argv(binary),
		DisplayName:   k.DisplayName,
		Language:      "go",
		InterruptMode: "message",
		Metadata:      Metadata{Interleave: &Mark{Version: Version, Go: runtime.Version()}},
	}
	text, err := json.MarshalIndent(spec, "", "  ")
	if err != nil {
		return none, fmt.Errorf("install: %w", err)
	}
	if err := replace(filepath.Join(dir, specFile), bytes.NewReader(append(text, '\n')), 0o644); err != nil {
		return none, writing(dir, err)
	}
	return spec, nil
}

func (k Kernel) argv(binary string) []string {
	if k.Evaluator == "" {
		return []string{binary, "kernel", "{connection_file}"}
	}
	return []string{binary, "kernel", "--evaluator", k.Evaluator, "{connection_file}"}
}

// Uninstall removes a kernel of ours. The error wraps fs.ErrNotExist where there
// is none.
func Uninstall(dir string) error {
	spec, err := ReadSpec(dir)
	if err != nil {
		return err
	}
	if !spec.Ours() {
		return fmt.Errorf("install: the kernel %q in %s is not ours and was left alone", spec.DisplayName, dir)
	}
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("install: remove %s: %w", dir, err)
	}
	return nil
}

// writeSource packs the library's source, unless the archive there is of the
// same Go already. Without Go an archive that is there stays.
func (k Kernel) writeSource(path string) error {
	if k.GOROOT == "" {
		return nil
	}
	if old, err := ReadSpec(filepath.Dir(path)); err == nil && old.Ours() && old.Metadata.Interleave.Go == runtime.Version() {
		if _, err := os.Stat(path); err == nil {
			return nil
		}
	}
	var archive bytes.Buffer
	if err := source.Write(k.GOROOT, &archive); err != nil {
		return err
	}
	return replace(path, &archive, 0o644)
}

func writeLogos(dir string) error {
	entries, err := logo.Files.ReadDir(".")
	if err != nil {
		return err
	}
	for _, e := range entries {
		data, err := logo.Files.ReadFile(e.Name())
		if err != nil {
			return err
		}
		if err := replace(filepath.Join(dir, e.Name()), bytes.NewReader(data), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// copyProgram copies a binary unless the same one is there. Windows does not let
// a running program be replaced, but lets it be renamed.
func copyProgram(from, to string) error {
	if same(from, to) {
		return nil
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	err = replace(to, in, 0o755)
	if err == nil || runtime.GOOS != "windows" {
		return err
	}
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return err
	}
	leftovers, _ := filepath.Glob(to + ".old-*") // the pattern is valid
	for _, old := range leftovers {
		_ = os.Remove(old) // one that still runs stays
	}
	if err := os.Rename(to, fmt.Sprintf("%s.old-%d", to, os.Getpid())); err != nil {
		return err
	}
	return replace(to, in, 0o755)
}

func same(a, b string) bool {
	x, errA := checksum(a)
	y, errB := checksum(b)
	return errA == nil && errB == nil && x == y
}

func checksum(path string) (sum [sha256.Size]byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return sum, err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return sum, err
	}
	return [sha256.Size]byte(h.Sum(nil)), nil
}

// replace writes a file as a whole or not at all.
func replace(path string, content io.Reader, mode fs.FileMode) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // fails once it is renamed
	_, err = io.Copy(tmp, content)
	if closing := tmp.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Chmod(tmp.Name(), mode)
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	return err
}

// writing adds to an error of writing what the user can do about it.
func writing(dir string, err error) error {
	if errors.Is(err, fs.ErrPermission) || strings.Contains(err.Error(), "read-only file system") {
		return fmt.Errorf("install: no permission to write %s: choose another place with --prefix DIR, or mend the permissions: %w", dir, err)
	}
	return fmt.Errorf("install: write %s: %w", dir, err)
}

// GOROOT is the root of the Go installation on PATH; "" where there is none, or
// one of another version than built this program.
func GOROOT(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "go", "env", "GOVERSION", "GOROOT").Output()
	if err != nil {
		return ""
	}
	version, root, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if strings.TrimSpace(version) != runtime.Version() {
		return ""
	}
	return strings.TrimSpace(root)
}
