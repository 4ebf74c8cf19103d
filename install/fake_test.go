package install

import (
	"os"
	"path/filepath"
	"testing"
)

// programs puts shell scripts with those names on a PATH of their own, beside
// nothing but what the scripts need; it returns their folder.
func programs(t *testing.T, scripts map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range scripts {
		write(t, filepath.Join(dir, name), "#!/bin/sh\n"+body+"\n", 0o755)
	}
	t.Setenv("PATH", dir)
	for _, name := range []string{"VIRTUAL_ENV", "CONDA_PREFIX", "JUPYTER_PATH"} {
		t.Setenv(name, "")
	}
	return dir
}

func write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// home is a system whose files are all in a folder of the test.
func home(t *testing.T) System {
	t.Helper()
	dir := t.TempDir()
	return System{OS: "linux", Home: dir, Env: func(string) string { return "" }}
}
