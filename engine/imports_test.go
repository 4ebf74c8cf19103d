package engine_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// mayImport holds the direction of imports: a package under the first prefix
// may import packages of this module only under the ones after it.
var mayImport = []struct {
	pkg string
	of  []string
}{
	{"interleave/engine/trace", nil},
	{"interleave/engine/analyse", []string{"interleave/engine/trace", "interleave/engine/analyse"}},
	{"interleave/engine/draw/gantt", []string{"interleave/engine/trace", "interleave/engine/draw", "interleave/engine/analyse"}},
	{"interleave/engine/draw/process", []string{"interleave/engine/draw", "interleave/engine/analyse/process"}},
	{"interleave/engine/draw/graph", []string{"interleave/engine/trace", "interleave/engine/draw", "interleave/engine/analyse"}},
	{"interleave/engine/bytecode/schedule", []string{"interleave/engine"}},
	{"interleave/engine/bytecode", nil},
	{"interleave/engine/draw/bytecode", []string{"interleave/engine/draw", "interleave/engine/bytecode"}},
	{"interleave/engine/draw/loop", []string{"interleave/engine/trace", "interleave/engine/draw", "interleave/engine/analyse"}},
	{"interleave/engine/draw/gil", []string{"interleave/engine/trace", "interleave/engine/draw", "interleave/engine/analyse"}},
	{"interleave/engine/draw", []string{"interleave/engine/trace", "interleave/engine/draw"}},
	{"interleave/engine/layout", nil},
	{"interleave/engine/memory", nil},
	{"interleave/engine/syntax", nil},
	{"interleave/engine/library", []string{"interleave/engine/library"}},
	{"interleave/engine/check", []string{"interleave/engine/library", "interleave/engine/syntax"}},
	{"interleave/engine", []string{"interleave/engine"}},
	{"interleave/kernel/message", nil},
	{"interleave/kernel/protocol", nil},
	{"interleave/kernel/display", nil},
	{"interleave/kernel/engine", []string{"interleave/engine", "interleave/kernel/display", "interleave/kernel/measure"}},
	{"interleave/kernel/measure/hardware", nil},
	{"interleave/kernel/measure/python", []string{"interleave/engine"}},
	{"interleave/kernel/python", []string{"interleave/engine", "interleave/kernel/display"}},
	{"interleave/kernel/history", nil},
	{"interleave/kernel/wire", []string{"interleave/kernel/message"}},
	// The front never runs, parses or checks a learner's code.
	{"interleave/kernel/front", []string{"interleave/kernel/message", "interleave/kernel/protocol", "interleave/kernel/wire", "interleave/kernel/history", "interleave/kernel/worker"}},
	{"interleave/kernel/worker", []string{"interleave/kernel/protocol"}},
	{"interleave/kernel", []string{"interleave/kernel", "interleave/engine"}},
	{"interleave/lessons", nil},
	{"interleave/install", []string{"interleave"}},
}

func under(path, prefix string) bool { return path == prefix || strings.HasPrefix(path, prefix+"/") }

func TestImports(t *testing.T) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "interleave/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
		check(t, p.ImportPath, p.Imports)
	}
}

func check(t *testing.T, pkg string, imports []string) {
	for _, rule := range mayImport {
		if !under(pkg, rule.pkg) {
			continue
		}
	imports:
		for _, imp := range imports {
			if !under(imp, "interleave") {
				continue
			}
			for _, ok := range rule.of {
				if under(imp, ok) {
					continue imports
				}
			}
			t.Errorf("%s imports %s: it may import %q only", pkg, imp, rule.of)
		}
		return
	}
	t.Errorf("%s: no rule says what it may import", pkg)
}
