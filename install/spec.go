package install

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
)

// Spec is the content of a kernel.json. ReadSpec also reads those of other
// kernels.
type Spec struct {
	Argv          []string          `json:"argv"`
	DisplayName   string            `json:"display_name"`
	Language      string            `json:"language"`
	InterruptMode string            `json:"interrupt_mode"`
	Env           map[string]string `json:"env,omitempty"`
	Metadata      Metadata          `json:"metadata"`
}

// Metadata tells our kernels from others.
type Metadata struct {
	Interleave *Mark `json:"interleave,omitempty"`
}

// Mark says what wrote a kernel.json of ours.
type Mark struct {
	Version string `json:"version"` // of the project
	Go      string `json:"go"`      // that built the binary, as runtime.Version
}

const (
	specFile = "kernel.json"

	// SourceArchive is the file beside the binary that holds the source of the
	// standard library.
	SourceArchive = "gosrc.zip"

	// DefaultName and DefaultDisplayName are what the kernel is called.
	DefaultName        = "interleave"
	DefaultDisplayName = "Go (Interleave)"
)

// errSpec is wrapped where a kernel.json is there and cannot be understood.
var errSpec = errors.New("not a kernel specification")

// Ours reports whether this project wrote the specification.
func (s Spec) Ours() bool { return s.Metadata.Interleave != nil }

// ReadSpec reads the kernel.json in a kernel's directory. The error wraps
// fs.ErrNotExist where there is none.
func ReadSpec(dir string) (Spec, error) {
	var s Spec
	path := filepath.Join(dir, specFile)
	text, err := os.ReadFile(path)
	if err != nil {
		return s, fmt.Errorf("install: %w", err)
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return s, fmt.Errorf("install: %s: %w: %w", path, errSpec, err)
	}
	return s, nil
}

// CheckName reports what is wrong with the name of a kernel.
func CheckName(name string) error {
	if !regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`).MatchString(name) || name == "." || name == ".." {
		return fmt.Errorf("install: %q cannot be the name of a kernel: use letters, digits, '.', '_' and '-'", name)
	}
	return nil
}

// KernelDir is where a kernel of that name belongs: under the installation
// prefix, or among the user's own files where prefix is "".
func (s System) KernelDir(prefix, name string) string {
	data := s.JupyterData()
	if prefix != "" {
		data = s.PrefixData(prefix)
	}
	return s.join(data, "kernels", name)
}

// OtherKernelError says that a name is taken by a kernel that is not ours.
type OtherKernelError struct {
	Dir         string
	DisplayName string
}

func (e *OtherKernelError) Error() string {
	return fmt.Sprintf("install: another kernel, %q, is installed as %s: replace it with --force, or leave it and use install --name NAME", e.DisplayName, e.Dir)
}

// checkFree returns an *OtherKernelError where dir holds something of somebody
// else.
func checkFree(dir string) error {
	s, err := ReadSpec(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		entries, err := os.ReadDir(dir)
		if errors.Is(err, fs.ErrNotExist) || err == nil && (len(entries) == 0 || onlyOurs(entries)) {
			return nil
		}
		return &OtherKernelError{Dir: dir, DisplayName: "no kernel.json, but other files"}
	case errors.Is(err, errSpec):
		return &OtherKernelError{Dir: dir, DisplayName: "unreadable kernel.json"}
	case err != nil:
		return writing(dir, err)
	case !s.Ours():
		return &OtherKernelError{Dir: dir, DisplayName: s.DisplayName}
	}
	return nil
}

// onlyOurs recognises what an interrupted installation leaves behind:
// kernel.json is written last.
func onlyOurs(entries []os.DirEntry) bool {
	ours := regexp.MustCompile(`^(\.new-.*|interleave(\.exe)?(\.old-.*)?|logo-.*|gosrc\.zip)$`)
	for _, e := range entries {
		if !ours.MatchString(e.Name()) {
			return false
		}
	}
	return true
}
