package install

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// goroot makes the smallest Go installation that has source to pack.
func goroot(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	write(t, filepath.Join(root, "src", "builtin", "builtin.go"), "package builtin\n", 0o644)
	write(t, filepath.Join(root, "src", "errors", "errors.go"), "package errors\n\nfunc New(string) error { return nil }\n", 0o644)
	return root
}

func kernelIn(t *testing.T, dir string) Kernel {
	t.Helper()
	program := filepath.Join(t.TempDir(), "built")
	write(t, program, "#!/bin/sh\n", 0o755)
	return Kernel{System: home(t), Dir: dir, DisplayName: "Go (Interleave)", Program: program, GOROOT: goroot(t)}
}

func TestInstallWritesWhatJupyterNeeds(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "share", "jupyter", "kernels", "interleave")
	kernel := kernelIn(t, dir)
	if _, err := kernel.Install(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "kernel.json"))
	if err != nil {
		t.Fatal(err)
	}
	var spec map[string]any
	if err := json.Unmarshal(text, &spec); err != nil {
		t.Fatal(err)
	}
	argv := spec["argv"].([]any)
	if argv[0] != filepath.Join(dir, "interleave") || argv[1] != "kernel" || argv[2] != "{connection_file}" {
		t.Errorf("argv is %q", argv)
	}
	for field, want := range map[string]string{"language": "go", "interrupt_mode": "message", "display_name": "Go (Interleave)"} {
		if spec[field] != want {
			t.Errorf("%s is %v, want %s", field, spec[field], want)
		}
	}
	for name, mode := range map[string]fs.FileMode{
		"interleave": 0o755, "logo-32x32.png": 0o644, "logo-64x64.png": 0o644, "logo-svg.svg": 0o644, "gosrc.zip": 0o644, "kernel.json": 0o644,
	} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != mode || info.Size() == 0 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	entries, _ := os.ReadDir(dir)
	if len(entries) != 6 {
		t.Errorf("%d files are left, want 6", len(entries))
	}
}

func TestInstallAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "k")
	kernel := kernelIn(t, dir)
	for range 2 {
		if _, err := kernel.Install(); err != nil {
			t.Fatal(err)
		}
	}
	write(t, kernel.Program, "#!/bin/sh\necho newer\n", 0o755)
	kernel.GOROOT = "" // no Go now: the archive stays
	if _, err := kernel.Install(); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(filepath.Join(dir, "interleave")); !strings.Contains(string(text), "newer") {
		t.Error("the binary was not replaced")
	}
	if _, err := os.Stat(filepath.Join(dir, "gosrc.zip")); err != nil {
		t.Error("the archive is gone")
	}
}

func TestInstallLeavesOthersAlone(t *testing.T) {
	for _, test := range []struct {
		name, file, text string
		refused          bool
	}{
		{"another kernel", "kernel.json", `{"argv":["gophernotes"],"display_name":"Go","language":"go"}`, true},
		{"a kernel.json that cannot be read", "kernel.json", `{`, true},
		{"somebody's files", "notes.txt", "mine", true},
		{"what an interrupted installation left", "interleave", "half", false},
		{"an older one of ours", "kernel.json", `{"argv":["x"],"metadata":{"interleave":{"version":"0.0.1","go":"go1.20"}}}`, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, filepath.Join(dir, test.file), test.text, 0o644)
			kernel := kernelIn(t, dir)
			_, err := kernel.Install()
			var other *OtherKernelError
			if errors.As(err, &other) != test.refused || (err == nil) == test.refused {
				t.Fatalf("error %v", err)
			}
			if !test.refused {
				return
			}
			if text, _ := os.ReadFile(filepath.Join(dir, test.file)); string(text) != test.text {
				t.Error("it was changed")
			}
			kernel.Force = true
			if _, err := kernel.Install(); err != nil {
				t.Errorf("with force: %v", err)
			}
		})
	}
}

func TestInstallSaysThatItCannotWrite(t *testing.T) {
	blocked := filepath.Join(t.TempDir(), "file")
	write(t, blocked, "", 0o644)
	kernel := kernelIn(t, filepath.Join(blocked, "kernels", "interleave"))
	var other *OtherKernelError
	if _, err := kernel.Install(); err == nil || errors.As(err, &other) || !strings.Contains(err.Error(), blocked) {
		t.Errorf("error %v does not name the place", err)
	}
	if err := writing("/place", fs.ErrPermission); !strings.Contains(err.Error(), "no permission to write /place: choose another place with --prefix") {
		t.Errorf("error %v does not say what to do", err)
	}
}

func TestUninstall(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "k")
	if err := Uninstall(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nothing there: %v", err)
	}
	if _, err := kernelIn(t, dir).Install(); err != nil {
		t.Fatal(err)
	}
	if err := Uninstall(dir); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Error("it is still there")
	}
	write(t, filepath.Join(dir, "kernel.json"), `{"display_name":"Go"}`, 0o644)
	if err := Uninstall(dir); err == nil || !strings.Contains(err.Error(), "not ours") {
		t.Errorf("another kernel: %v", err)
	}
}

func TestKernelDir(t *testing.T) {
	s := fake("windows", `C:\Users\ada`, map[string]string{"APPDATA": `C:\r`})
	if got := s.KernelDir("", "go"); got != `C:\r\jupyter\kernels\go` {
		t.Error(got)
	}
	if got := s.KernelDir(`D:\venv\`, "go"); got != `D:\venv\share\jupyter\kernels\go` {
		t.Error(got)
	}
	for _, name := range []string{"", "..", "a/b", `a\b`, "ä", strings.Repeat("a", 65)} {
		if CheckName(name) == nil {
			t.Errorf("%q passes for a name", name)
		}
	}
}
