package generate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const imports = `import (
	"context"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

var _, _ = context.Background, runtime.Gosched
var _ sync.Mutex
var _ atomic.Bool
`

// batch is many programs compiled by Go into one binary.
type batch struct {
	binary string
	texts  map[uint64]string
}

func id(seed uint64) string { return fmt.Sprint(seed) }

func compile(t testing.TB, seeds []uint64) *batch {
	t.Helper()
	b := &batch{texts: map[uint64]string{}}
	var main strings.Builder
	main.WriteString("package main\n\nimport \"os\"\n\n" + imports + Prelude)
	for _, seed := range seeds {
		b.texts[seed] = Program(seed, id(seed))
		main.WriteString(b.texts[seed])
	}
	main.WriteString("func main() {\n\tswitch os.Args[1] {\n")
	for _, seed := range seeds {
		fmt.Fprintf(&main, "\tcase %q: Main%s()\n", id(seed), id(seed))
	}
	main.WriteString("\t}\n}\n")
	dir := t.TempDir()
	file := filepath.Join(dir, "main.go")
	if err := os.WriteFile(file, []byte(main.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	b.binary = filepath.Join(dir, "main.exe")
	build := exec.Command("go", "build", "-gcflags=-N -l", "-ldflags=-s -w", "-o", b.binary, file)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%.3000s", err, out)
	}
	return b
}

// run gives what compiled Go prints, up to the first line of a panic.
func (b *batch) run(seed uint64) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), hangs)
	defer cancel()
	cmd := exec.CommandContext(ctx, b.binary, id(seed))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		return "", fmt.Errorf("program %d: %w", seed, err)
	}
	if err != nil && exit.ExitCode() != 2 {
		return "", fmt.Errorf("program %d: %w", seed, err)
	}
	return untilEnd(stderr.String()), nil
}

// untilEnd cuts what follows the first line of a panic or fatal error.
func untilEnd(s string) string {
	for _, start := range []string{"panic: ", "fatal error: "} {
		if at := strings.LastIndex(s, start); at >= 0 && strings.Contains(s[at:], "\n\ngoroutine ") || at >= 0 && strings.Contains(s[at:], "[signal ") {
			line, _, _ := strings.Cut(s[at:], "\n")
			s = s[:at] + line + "\n"
		}
	}
	return s
}
