//go:build unix

package notebook

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A link still leads where it led, and a pipe is still one.
func TestWriteKeepsWhatIsNoFile(t *testing.T) {
	nb, err := Read(written)
	if err != nil {
		t.Fatal(err)
	}
	want, err := nb.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file, link, pipe := filepath.Join(dir, "file.ipynb"), filepath.Join(dir, "link.ipynb"), filepath.Join(dir, "pipe.ipynb")
	if err := os.WriteFile(file, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	if err := nb.Write(link); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, want) {
		t.Errorf("behind the link: %v, %d bytes of %d", err, len(got), len(want))
	}
	if to, err := os.Readlink(link); err != nil || to != file {
		t.Errorf("the link leads to %q: %v", to, err)
	}

	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	read := make(chan []byte)
	go func() {
		defer close(read)
		r, err := os.Open(pipe)
		if err != nil {
			t.Error(err)
			return
		}
		defer r.Close()
		got, err := io.ReadAll(r)
		if err != nil {
			t.Error(err)
		}
		read <- got
	}()
	if err := nb.Write(pipe); err != nil {
		t.Fatal(err)
	}
	if got := <-read; !bytes.Equal(got, want) {
		t.Errorf("through the pipe: %d bytes of %d", len(got), len(want))
	}
	if info, err := os.Stat(pipe); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		t.Errorf("the pipe is %v: %v", info.Mode(), err)
	}
}
