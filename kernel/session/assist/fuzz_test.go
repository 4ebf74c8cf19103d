package assist_test

import (
	"testing"
	"unicode/utf8"

	"interleave/kernel/protocol"
)

// FuzzAssist: no text and no cursor may make a question panic or answer about
// places that are not there.
func FuzzAssist(f *testing.F) {
	for _, text := range []string{
		"", "type A T;", "fmt.Pr", "x := T{A: 1, ", "go func() { t.", "if v, ok := m[", "import (\n\t\"net/ht", "func (t *T) M(a int) { switch a { case ",
		"%li", "s := `a\n%b", "for i := ra", "'\\''.", "/* x */ //", "type X struct { T; ", "[]T{{A", "))]}", "日本.é", "outer: for { break o",
	} {
		f.Add(text, len(text))
	}
	f.Fuzz(func(t *testing.T, code string, at int) {
		if len(code) > 300 {
			return
		}
		a := begin(t, "type T struct{ A int }\nfunc (T) M() {}\nt := T{}")
		got := a.Complete(protocol.Complete{Code: code, Cursor: at})
		if got.Start < 0 || got.Start > got.End || got.End > utf8.RuneCountInString(code) {
			t.Errorf("%q at %d: replaces %d to %d", code, at, got.Start, got.End)
		}
		a.Inspect(protocol.Inspect{Code: code, Cursor: at, Detail: 1})
	})
}
