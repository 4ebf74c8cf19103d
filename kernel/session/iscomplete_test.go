package session

import (
	"strings"
	"testing"
)

func TestIsComplete(t *testing.T) {
	s := newSession(t)
	tests := []struct{ code, status, indent string }{
		{"", "complete", ""},
		{"x", "complete", ""},
		{"x := 1", "complete", ""},
		{"fmt.Println(1)\n", "complete", ""},
		{"func f() {\n}", "complete", ""},
		{"// only a comment", "complete", ""},
		{"%who", "complete", ""},
		{"if x {\n}", "complete", ""},
		{"s := `a\nb`", "complete", ""},
		{"f(1,\n\t2)", "complete", ""},
		{"package main\n\nfunc main() {\n}", "complete", ""},

		{"func f() {", "incomplete", unit},
		{"func f() {\n\tif x {", "incomplete", "\t\t"},
		{"func f() {\n    if x {", "incomplete", "        "},
		{"func f() {\n    if x {\n    }", "incomplete", "    "},
		{"for i := range 3 {\n", "incomplete", unit},
		{"switch x {\ncase 1:", "incomplete", unit},
		{"if x {\n} else", "incomplete", unit},
		{"if x {\n} else {", "incomplete", unit},
		{"x := 1 +", "incomplete", unit},
		{"x :=", "incomplete", unit},
		{"a &&", "incomplete", unit},
		{"f(", "incomplete", unit},
		{"f(1,", "incomplete", unit},
		{"m := map[string]int{", "incomplete", unit},
		{"m := map[string]int{\n    \"a\": 1,", "incomplete", "    "},
		{"s := `raw", "incomplete", ""},
		{"func f() {\n\ts := `raw {", "incomplete", ""},
		{"/* a comment", "incomplete", ""},
		{"x.", "incomplete", unit},
		{"import (", "incomplete", unit},
		{"type T struct {", "incomplete", unit},
		{"go func() {", "incomplete", unit},
		{"package main\n\nfunc main() {", "incomplete", unit},
		{"func f()", "complete", ""}, // a declaration without a body is one to the parser; the checker refuses it

		{"x := 1)", "invalid", ""},
		{"func f() }", "invalid", ""},
		{"\"abc", "invalid", ""},
		{"'a", "invalid", ""},
		{"if x {\n}\nelse {\n}", "invalid", ""},
		{"x := = 1", "invalid", ""},
		{"func f( {", "invalid", ""},
		{"1 2", "invalid", ""},
		{"for := {", "invalid", ""},
		{"f(1\n2)", "invalid", ""},
		{")", "invalid", ""},
		{"@", "invalid", ""},
	}
	for _, test := range tests {
		got := s.IsComplete(test.code)
		if got.Status != test.status || got.Indent != test.indent {
			t.Errorf("%q: %s %q, want %s %q", test.code, got.Status, got.Indent, test.status, test.indent)
		}
	}
	if got := s.IsComplete(strings.Repeat("(", 1<<20)); got.Status == "complete" {
		t.Error("a million open brackets are complete")
	}
}
