package syntax

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"
	"testing"
)

// outline writes what a cell was parsed into, each part with its line and column.
func outline(c *Cell) string {
	var out []string
	add := func(kind string, n ast.Node) {
		p := c.Fset.Position(n.Pos())
		out = append(out, fmt.Sprintf("%s@%d:%d", kind, p.Line, p.Column))
	}
	for _, m := range c.Magics {
		kind := "%" + m.Name
		if m.Cell {
			kind = "%" + kind
		}
		out = append(out, fmt.Sprintf("%s(%s)@%d", kind, strings.Join(m.Args, ","), m.Line))
	}
	if c.Whole {
		out = append(out, "whole")
	}
	for _, i := range c.Imports {
		add("import", i)
	}
	for _, d := range c.Decls {
		add("decl", d)
	}
	for _, s := range c.Stmts {
		add("stmt", s)
	}
	if c.Result != nil {
		add("result", c.Result)
	}
	return strings.Join(out, " ")
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"", ""},
		{"\n\n", ""},
		{"// only a comment", ""},
		{"1 + 1", "result@1:1"},
		{"x := 1\nx", "stmt@1:1 result@2:1"},
		{"f();", "stmt@1:1"},
		{"f() // shown", "result@1:1"},
		{"f(); // silent", "stmt@1:1"},
		{"x;", "stmt@1:1"},
		{"import \"fmt\"\nfmt.Println()\nimport (\n\t\"os\"\n\tm \"math\"\n)", "import@1:8 import@4:2 import@5:2 result@2:1"},
		{"func f() {}\nf()\nfunc (t T) m() {}\nfunc g[T any](v T) {}", "decl@1:1 decl@3:1 decl@4:1 result@2:1"},
		{"func() { println() }()", "result@1:1"},
		{"func(a int) int { return a }(1)", "result@1:1"},
		{"func(a, b func(int) int) {}(nil, nil);", "stmt@1:1"},
		{"type T struct {\n\ta int\n}\nconst c = 1\nvar v = 2", "decl@1:1 decl@4:1 stmt@5:1"},
		{"é := \"世界\"; é", "stmt@1:1 result@1:17"},
		{"\tx := 1;\ty := 2", "stmt@1:2 stmt@1:10"},
		{"x := 1\r\nfunc f() {\r\n}\r\nx\r\n", "decl@2:1 stmt@1:1 result@4:1"},
		{"for i := 0; i < 3; i++ {\n}\nfor f := func() bool { return true }; f(); {\n}", "stmt@1:1 stmt@3:1"},
		{"if x := 1; x > 0 {\n} else if y := 2; y > x {\n}", "stmt@1:1"},
		{"switch x := f(); x {\ncase 1:\n}\nselect {\ncase <-c:\ndefault:\n}", "stmt@1:1 stmt@4:1"},
		{"x := 1; type T int; y := 2; func f() {}; z := 3", "decl@1:9 decl@1:29 stmt@1:1 stmt@1:21 stmt@1:42"},
		{"L:\nfor {\n\tbreak L\n}", "stmt@1:1"},
		{"%time\nx := 1", "%time()@1 stmt@2:1"},
		{"x := `\n%notmagic\n`\n%who a b\ny", "%who(a,b)@4 stmt@1:1 result@5:1"},
		{"/*\n%no\n*/ x", "result@3:4"},
		{"%quote it's \"odd\nx", "%quote(it's,\"odd)@1 result@2:1"},
		{"%%html a\n<b>`\n", "%%html(a)@1"},
		{"a := 7 %\n3", "stmt@1:1"},
		{"package main\n\nimport \"fmt\"\n\nvar x = 1\n\nfunc main() { fmt.Println(x) }", "whole import@3:8 decl@7:1 stmt@5:1"},
		{"x := struct{ a int }{1}; x", "stmt@1:1 result@1:26"},
		{"go func() {}()\ndefer f()", "stmt@1:1 stmt@2:1"},
		{"{\n\tx := 1\n}", "stmt@1:1"},
		{"//line other.go:10\nx", "result@2:1"},
	} {
		cell, errs := Parse(token.NewFileSet(), "cell[1]", c.src)
		if len(errs) > 0 {
			t.Errorf("%q: %v", c.src, errs)
			continue
		}
		if got := outline(cell); got != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.src, got, c.want)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"x := ", "1:5 syntax error: unexpected EOF, expected expression ..."},
		{"if x {", "1:7 syntax error: unexpected EOF, expected } ..."},
		{"if x {\n\tf(", "2:4 syntax error: unexpected EOF, expected expression ..."},
		{"func f() {", "1:11 syntax error: unexpected EOF, expected } ..."},
		{"x := `a", "1:6 string not terminated ..."},
		{"/* a", "1:1 comment not terminated ..."},
		{"x /* a", "1:3 comment not terminated ..."},
		{"f(1,\n2,", "2:3 syntax error: unexpected EOF, expected expression ..."},
		{"1 +", "1:4 syntax error: unexpected EOF, expected expression ..."},
		{"type T struct {", "1:16 syntax error: unexpected EOF, expected } ..."},
		{"import (", "1:9 syntax error: unexpected EOF, expected ) ..."},
		{"\"a", "1:1 newline in string"},
		{"'ab'", "1:1 more than one character in rune literal"},
		{"}", "1:1 syntax error: unexpected }"},
		{"x := 1\n}\ny := 2", "2:1 syntax error: unexpected }"},
		{"f(1]", "1:4 syntax error: unexpected ] in argument list; possibly missing comma or )"},
		{"a b", "1:3 syntax error: unexpected name b at end of statement"},
		{"x = = 1", "1:5 syntax error: unexpected =, expected expression"},
		{"f(1\n)", "1:4 syntax error: unexpected newline in argument list; possibly missing comma or )"},
		{"f(1\ng(2)", "1:4 syntax error: unexpected newline in argument list; possibly missing comma or )"},
		{"x := []int{1\n}", "1:13 syntax error: unexpected newline in composite literal; possibly missing comma or }"},
		{"func f() {\n\ta b\n}\nc d\nfunc g() { ( }", "2:4 syntax error: unexpected name b at end of statement; 4:3 syntax error: unexpected name d at end of statement"},
		{"x := 1\npackage main", "2:1 syntax error: package clause must come first"},
		{"package other\nfunc main() {}", "1:9 a cell is package main, not package other"},
		{"package main\nx := 1", "2:1 syntax error: non-declaration statement outside function body"},
		{"é := 1; ü ö", "1:13 syntax error: unexpected name ö at end of statement"},
		{"else {}", "1:1 syntax error: unexpected keyword else"},
		{"# a comment", "1:1 invalid character U+0023 '#'"},
		{"x := a ?", "1:8 invalid character U+003F '?'"},
		{"x := 1\u00a0+ 2", "1:7 invalid character U+00A0 in identifier"},
		{"x := ''", "1:7 empty rune literal or unescaped '"},
		{`x := "\d"`, "1:8 unknown escape"},
		{"x := 08", "1:7 invalid digit '8' in octal literal"},
		{"x := 1_", "1:7 '_' must separate successive digits"},
		{"x := a[1:2:]", "1:11 final index required in 3-index slice"},
		{"x := [1, 2]", "1:8 syntax error: unexpected comma; expected ]"},
		{"f(a bc)", "1:5 syntax error: unexpected name bc in argument list; possibly missing comma or )"},
		{`f(a "b")`, `1:5 syntax error: unexpected literal "b" in argument list; possibly missing comma or )`},
		{"var x := 5", "1:7 syntax error: unexpected :=, expected ="},
		{"const (\n\ta = 1\n\tb := 2\n)", "3:4 syntax error: unexpected :=, expected ="},
		{"if x = 5 {\n}", "1:4 syntax error: cannot use assignment x = 5 as value"},
		{"if a[1] = b.c {\n}", "1:4 syntax error: cannot use assignment (a[1]) = (b.c) as value"},
		{"if (x == 5) f()", "1:13 syntax error: unexpected name f, expected {"},
		{"if x := f(); x == 5 then {\n}", "1:21 syntax error: unexpected name then, expected { after if clause"},
		{"for i := 0; i < 3 {\n}", "1:19 syntax error: unexpected {, expected semicolon or newline"},
		{"for {}; a b", "1:11 syntax error: unexpected name b at end of statement"},
		{"for i := 0; i < 3; i++\n{\n}", "1:23 syntax error: unexpected newline, expected { after for clause"},
		{"switch x {\nfoo:\n}", "2:1 syntax error: unexpected name foo, expected case or default or }"},
		{"x := a ? b : c", "1:8 invalid character U+003F '?'"},
		{"defer f", "1:8 expression in defer must be function call ..."},
		{"type T struct {\n\ta int,\n\tb int\n}", "2:7 syntax error: unexpected comma in struct type; possibly missing semicolon or newline or }"},
		{"type T struct {\n\tvar a int\n}", "2:2 syntax error: unexpected keyword var, expected field name or embedded type"},
		{"type T\nx := 1", "1:7 syntax error: unexpected newline in type declaration"},
		{"import (\n\t\"fmt\",\n\t\"os\"\n)", "2:7 syntax error: unexpected comma in grouped declaration; possibly missing semicolon or newline or )"},
		{"func f() int, error {\n}", "1:13 syntax error: unexpected comma after top level declaration"},
		{"func f(a int b int) {}", "1:14 syntax error: unexpected name b in parameter list; possibly missing comma or )"},
		{"f(\"a\" \"b\")", "1:7 syntax error: unexpected literal \"b\" in argument list; possibly missing comma or )"},
		{"f(a; b)", "1:4 syntax error: unexpected semicolon in argument list; possibly missing comma or )"},
		{"x := []int{1,, 2}", "1:14 syntax error: unexpected comma, expected expression"},
		{"x := T{a = 1}", "1:10 syntax error: unexpected = in composite literal; possibly missing comma or }"},
		{"x = y = 5", "1:7 syntax error: unexpected = at end of statement"},
		{"x := a[]", "1:8 syntax error: unexpected ], expected operand"},
		{"if x {\n}\nelse {\n}", "3:1 syntax error: unexpected keyword else"},
		{"func f() {\n\tif x {\n\t}\n\telse {\n\t}\n}", "4:2 syntax error: unexpected keyword else, expected }"},
	} {
		_, errs := Parse(token.NewFileSet(), "cell[1]", c.src)
		var got []string
		for _, e := range errs {
			text := fmt.Sprintf("%d:%d %s", e.Pos.Line, e.Pos.Column, e.Msg)
			if e.Incomplete {
				text += " ..."
			}
			got = append(got, text)
		}
		if got := strings.Join(got, "; "); got != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.src, got, c.want)
		}
	}
}

// TestDeep gives cells that are nested beyond reason: an error or a tree, never a dead process.
func TestDeep(t *testing.T) {
	const n = 200_000
	rep := strings.Repeat
	for name, src := range map[string]string{
		"parens":    rep("(", n) + "1" + rep(")", n),
		"open":      rep("(", n),
		"blocks":    rep("{", n) + rep("}", n),
		"minus":     "x := " + rep("- ", n) + "1",
		"stars":     "var x " + rep("*", n) + "int",
		"slices":    "var x " + rep("[]", n) + "int",
		"chans":     "var x " + rep("chan ", n) + "int",
		"maps":      "var x " + rep("map[int]", n) + "int",
		"sum":       "x := 1" + rep(" + 1", n),
		"selectors": "x := a" + rep(".a", n),
		"calls":     "f" + rep("()", n),
		"elses":     "if a {}" + rep(" else if a {}", n),
		"funcs":     "var x " + rep("func() ", n) + "int",
		"literals":  rep("func() {", n),
		"labels":    rep("L: ", n) + "x()",
		"receive":   rep("<-", n) + "c",
		"quotes":    rep("`", n+1),
		"comments":  rep("/*", n),
	} {
		t.Run(name, func(t *testing.T) {
			c, errs := Parse(token.NewFileSet(), "cell[1]", src)
			if len(errs) == 0 {
				for _, s := range c.Stmts {
					ast.Inspect(s, func(ast.Node) bool { return true })
				}
				t.Logf("parsed")
			}
		})
	}
}

// FuzzParse holds what Parse promises of any text: no panic, the text's own
// positions, items in order and apart, and the items' text unchanged when blanked
// and joined again.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"x := 1\nfunc f() {}\nimport \"fmt\"\n%time\nx", "package main\nfunc main() {}", "`", "/*", "\"", "func (", "}{", "%%a\nb",
		"x := `\n%a`", "é;世", "a\r\nb", "type T struct{a int}; var x T", "if a {\n} else {\n}", "func() {}()", "\x00", "\xff\xfe",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		c, errs := Parse(token.NewFileSet(), "cell[1]", src)
		last := 0
		joined := make([]byte, len(src))
		text := c.Go()
		copy(joined, text)
		for _, it := range c.Items {
			if it.Start < last || it.End < it.Start || it.End > len(src) {
				t.Fatalf("item %v after offset %d", it, last)
			}
			last = it.End
			copy(joined[it.Start:it.End], src[it.Start:it.End])
		}
		if len(c.Magics) == 0 && string(joined) != src {
			t.Fatalf("blanking changed %q to %q", src, joined)
		}
		if strings.Count(string(text), "\n") != strings.Count(src, "\n") {
			t.Fatalf("blanking changed the lines of %q", src)
		}
		for _, e := range errs {
			if e.Pos.Filename != "cell[1]" || e.Pos.Line < 1 || e.Pos.Line > strings.Count(src, "\n")+1 {
				t.Fatalf("%q: error at %v", src, e.Pos)
			}
		}
		if len(errs) > 0 {
			return
		}
		check := func(n ast.Node) {
			ast.Inspect(n, func(n ast.Node) bool {
				id, ok := n.(*ast.Ident)
				if !ok || id.Name == "_" {
					return true
				}
				p := c.Fset.Position(id.Pos())
				at := c.File.Offset(id.Pos())
				if !strings.HasPrefix(src[at:], id.Name) {
					t.Fatalf("%q: %s is said to be at offset %d", src, id.Name, at)
				}
				line := strings.Split(src, "\n")[p.Line-1]
				if !strings.HasPrefix(line[p.Column-1:], id.Name) {
					t.Fatalf("%q: %s is said to be at %v", src, id.Name, p)
				}
				return true
			})
		}
		for _, d := range c.Decls {
			check(d)
		}
		for _, s := range c.Stmts {
			check(s)
		}
		if c.Result != nil {
			check(c.Result)
		}
	})
}
