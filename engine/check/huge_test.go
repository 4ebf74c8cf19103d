package check_test

import (
	"fmt"
	"strings"
	"testing"

	"interleave/engine/check"
	"interleave/engine/syntax"
)

// TestHuge checks cells of a megabyte and cells as deep as the parser lets through.
func TestHuge(t *testing.T) {
	many := func(n int, line func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(line(i) + "\n")
		}
		return b.String()
	}
	rep := strings.Repeat
	for name, src := range map[string]string{
		"statements": many(60_000, func(int) string { return "println(1 + 2)" }),
		"variables":  many(20_000, func(i int) string { return fmt.Sprintf("v%d := %d", i, i) }),
		"chain":      "v0 := 1\n" + many(5_000, func(i int) string { return fmt.Sprintf("v%d := v%d + 1", i+1, i) }),
		"functions":  many(20_000, func(i int) string { return fmt.Sprintf("func f%d() int { return %d }", i, i) }),
		"types":      many(20_000, func(i int) string { return fmt.Sprintf("type T%d struct{ a int }", i) }),
		"errors":     many(20_000, func(int) string { return "undefined1()" }),
		"literal":    "x := []int{" + rep("1, ", 300_000) + "}",
		"string":     "x := `" + rep("a", 1<<20) + "`",
		"sum":        "x := 1" + rep(" + 1", 4_000),
		"parens":     "x := " + rep("(", 900) + "1" + rep(")", 900),
		"blocks":     rep("{\n", 900) + rep("}\n", 900),
		"calls":      "func f(n int) int { return n }\nf(" + rep("f(", 900) + "1" + rep(")", 900) + ")",
		"elses":      "a := 1\nif a == 0 {}" + rep(" else if a == 1 {}", 400),
		"pointers":   "var x " + rep("*", 900) + "int",
	} {
		t.Run(name, func(t *testing.T) {
			s := check.NewSession(lib)
			c, serrs := syntax.Parse(s.Fset(), "cell[1]", src)
			if len(serrs) > 0 {
				t.Fatalf("%v", serrs[0])
			}
			p, errs := s.Check(c)
			if name == "errors" {
				if len(errs) != 101 || errs[100].Msg != "too many errors" {
					t.Errorf("%d errors", len(errs))
				}
				return
			}
			if len(errs) > 0 {
				t.Fatalf("%v", errs[0])
			}
			s.Commit(p, len(p.Body))
			s.Record(p, len(p.Body))
		})
	}
}
