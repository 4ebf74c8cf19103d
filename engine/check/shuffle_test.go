package check_test

import (
	"fmt"
	"go/token"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"interleave/engine/check"
	"interleave/engine/syntax"
)

// cells are all cells of testdata.
func cells(tb testing.TB) []string {
	var out []string
	files, _ := filepath.Glob("testdata/*.txtar")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		for _, f := range txtar.Parse(data).Files {
			if strings.HasPrefix(f.Name, "cell") {
				out = append(out, string(f.Data))
			}
		}
	}
	return out
}

// try checks one cell, good or bad, and commits the good ones up to a random
// item. The checker itself must never fail, and a record must replay.
func try(t *testing.T, s, mirror *check.Session, name, src string, done func(int) int) {
	c, serrs := syntax.Parse(s.Fset(), name, src)
	if len(serrs) > 0 {
		return
	}
	p, errs := s.Check(c)
	for _, e := range errs {
		if strings.HasPrefix(e.Msg, "internal error") {
			t.Fatalf("%s: %s: %s\n%s", name, e.Msg, e.Hint, src)
		}
		if strings.ContainsRune(e.Msg, 'ꞏ') {
			t.Errorf("%s: an inner name shows: %v", name, e)
		}
	}
	if len(errs) > 0 {
		return
	}
	n := done(len(p.Body))
	s.Commit(p, n)
	if code, _ := s.Record(p, n); code != "" {
		replay(t, mirror, name, code)
	}
}

// TestShuffled runs the cells of all sessions in random orders in one session:
// everything is declared again by everything else.
func TestShuffled(t *testing.T) {
	all := cells(t)
	for seed := range int64(8) {
		r := rand.New(rand.NewSource(seed))
		s, mirror := check.NewSession(lib), check.NewSession(lib)
		for i := range 200 {
			try(t, s, mirror, fmt.Sprintf("cell[%d]", i+1), all[r.Intn(len(all))], func(n int) int {
				if r.Intn(4) == 0 {
					return r.Intn(n + 1)
				}
				return n
			})
			if t.Failed() {
				t.Fatalf("seed %d", seed)
			}
		}
		// What was linked to a variable that never came to life is linked anew by the next cell.
		add(t, s, "last", "_ = 0")
		add(t, mirror, "last", "_ = 0")
		compare(t, s, mirror)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// FuzzSession checks two cells of any text, one after the other.
func FuzzSession(f *testing.F) {
	all := cells(f)
	for i := range all {
		f.Add(all[i], all[(i+1)%len(all)])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		s, mirror := check.NewSession(lib), check.NewSession(lib)
		for i, src := range []string{a, b, a} {
			c, _ := syntax.Parse(token.NewFileSet(), "tolerant", src)
			s.CheckTolerant(c)
			try(t, s, mirror, fmt.Sprintf("cell[%d]", i+1), src, func(n int) int { return n })
		}
	})
}
