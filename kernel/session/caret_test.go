package session

import (
	"strings"
	"testing"
)

func TestExcerpt(t *testing.T) {
	tests := []struct {
		name, line string
		mark       string // the part of line that the caret and tildes must stand under
		caret      string
	}{
		{"plain", "x := foo + 1", "foo", "         ^~~"},
		{"tab", "\t\tx := foo", "foo", "    \t\t     ^~~"},
		{"wide", `s := "日本" + foo`, "foo", "                  ^~~"},
		{"combining", "e\u0301 := foo", "foo", "         ^~~"},
		{"emoji", `s("🙂", foo)`, "foo", "            ^~~"},
		{"wide mark", "日本 = 1", "日本", "    ^~~~"},
		{"end of line", "x :=", "", "        ^"},
	}
	for _, test := range tests {
		col, end := len(test.line)+1, 0
		if test.mark != "" {
			col = strings.Index(test.line, test.mark) + 1
			end = col + len(test.mark)
		}
		source, caret := excerpt(test.line, col, end)
		if source != "    "+test.line || caret != test.caret {
			t.Errorf("%s:\n%s\n%s\nwant\n%s", test.name, source, caret, test.caret)
		}
	}
}

func TestExcerptCutsLongLines(t *testing.T) {
	line := strings.Repeat("a", 5000) + "X" + strings.Repeat("b", 5000)
	source, caret := excerpt(line, 5001, 5002)
	at := strings.IndexRune(caret, '^')
	if columns(source) > 200 || []rune(source)[at] != 'X' {
		t.Errorf("%d columns:\n%s\n%s", columns(source), source, caret)
	}
	for _, col := range []int{-1, 0, 1, 9999, 10001, 20000} {
		excerpt(line, col, col-5)
		excerpt("", col, 0)
	}
}

func TestSources(t *testing.T) {
	s := newSources()
	s.add("cell[1]", "one\r\ntwo\n")
	if line, ok := s.line("cell[1]", 2); !ok || line != "two" {
		t.Errorf("line 2: %q %v", line, ok)
	}
	if line, _ := s.line("cell[1]", 1); line != "one" {
		t.Errorf("line 1: %q", line)
	}
	for _, n := range []int{-1, 0, 3} {
		if _, ok := s.line("cell[1]", n); ok {
			t.Errorf("line %d is there", n)
		}
	}
	s.add("cell[2]", strings.Repeat("x", keptBytes))
	if _, ok := s.line("cell[1]", 1); ok {
		t.Error("the oldest text was not forgotten")
	}
	if _, ok := s.line("cell[2]", 1); !ok {
		t.Error("the newest text was forgotten")
	}
	cell, line, col, ok := splitPosition("cell[3]:12:5")
	if cell != "cell[3]" || line != 12 || col != 5 || !ok {
		t.Error(cell, line, col, ok)
	}
	if _, _, _, ok := splitPosition("nowhere"); ok {
		t.Error("a position was found in a text without one")
	}
}
