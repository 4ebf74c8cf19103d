package programs

import (
	"fmt"
	"slices"
	"strings"
)

// Diff says how got differs from want, and is empty where both are the same.
// A missing last newline is no difference: the files of the corpus keep none.
func (want Result) Diff(got Result) string {
	var b strings.Builder
	for _, part := range []struct{ name, want, got string }{
		{"output", want.Stdout, got.Stdout},
		{"stderr", want.Stderr, got.Stderr},
		{"errors", strings.Join(want.Errors, "\n"), strings.Join(got.Errors, "\n")},
		{"errors of go/types", strings.Join(want.Checks, "\n"), strings.Join(got.Checks, "\n")},
	} {
		if lines := diffLines(part.want, part.got); lines != "" {
			fmt.Fprintf(&b, "  %s (- compiled Go, + here):\n%s", part.name, lines)
		}
	}
	if want.Exit != got.Exit {
		fmt.Fprintf(&b, "  exit code %d, compiled Go has %d\n", got.Exit, want.Exit)
	}
	return b.String()
}

// maxDiff bounds the lines that a difference shows.
const maxDiff = 8

// diffLines shows the lines between the common beginning and the common end.
func diffLines(want, got string) string {
	w := strings.Split(strings.TrimSuffix(want, "\n"), "\n")
	g := strings.Split(strings.TrimSuffix(got, "\n"), "\n")
	if slices.Equal(w, g) {
		return ""
	}
	for len(w) > 0 && len(g) > 0 && w[0] == g[0] {
		w, g = w[1:], g[1:]
	}
	for len(w) > 0 && len(g) > 0 && w[len(w)-1] == g[len(g)-1] {
		w, g = w[:len(w)-1], g[:len(g)-1]
	}
	var b strings.Builder
	show := func(sign string, lines []string) {
		for i, line := range lines {
			if i == maxDiff {
				fmt.Fprintf(&b, "    %s … %d more lines\n", sign, len(lines)-maxDiff)
				return
			}
			fmt.Fprintf(&b, "    %s %s\n", sign, line)
		}
	}
	show("-", w)
	show("+", g)
	return b.String()
}
