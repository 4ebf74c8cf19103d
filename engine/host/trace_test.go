package host

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"interleave/engine/trace"
)

var update = flag.Bool("update", false, "write the traces that the cells make into their files")

// TestTraces runs cells, the files "1", "2" … of an archive, and holds the trace of
// the last of them: where it happened, to whom, and what it is called.
func TestTraces(t *testing.T) {
	files, err := filepath.Glob("_traces/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := open(t)
			want := ""
			var kept []txtar.File
			for _, f := range a.Files {
				if f.Name == "trace" {
					want = string(f.Data)
					continue
				}
				kept = append(kept, f)
				s.cell(t, context.Background(), newTape(), string(f.Data))
			}
			var b bytes.Buffer
			if err := trace.Lines(&b, s.h.Last().Trace); err != nil {
				t.Fatal(err)
			}
			if *update {
				a.Files = append(kept, txtar.File{Name: "trace", Data: b.Bytes()})
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if b.String() != want {
				t.Errorf("got\n%s", b.String())
			}
		})
	}
}
