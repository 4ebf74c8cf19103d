package check_test

import (
	"fmt"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/traefik/yaegi/stdlib"
	"golang.org/x/tools/txtar"

	"interleave/engine/check"
	"interleave/engine/library"
	"interleave/engine/syntax"
)

var lib = library.New(stdlib.Symbols)

// TestSessions runs the sessions of testdata. A file is one session:
//
//	-- cell[1] --      a cell; // want "…" beside a line is an error there, with its hint after " | "
//	-- names --        what is visible now: "name type" or "name kind", one a line; the session may have more
//	-- program --      what the last good cell is for an evaluator, as show writes it
func TestSessions(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.txtar")
	if len(files) == 0 {
		t.Fatal("no sessions in testdata")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s, mirror := check.NewSession(lib), check.NewSession(lib)
			var last *check.Program
			for _, f := range txtar.Parse(data).Files {
				text := string(f.Data)
				switch {
				case f.Name == "names":
					checkNames(t, s, text)
				case f.Name == "program":
					if got := show(last); got != text {
						t.Errorf("program:\n%swant:\n%s", got, text)
					}
				default:
					p, done := runCell(t, s, f.Name, text)
					if p == nil {
						continue
					}
					last = p
					if code, _ := s.Record(p, done); code != "" {
						replay(t, mirror, p.Cell.Name, code)
					}
				}
			}
			compare(t, s, mirror)
		})
	}
}

var wantComment = regexp.MustCompile(`// want((?: "(?:[^"\\]|\\.)*")+)`)
var quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// runCell checks one cell, compares its errors, and commits it where it has none.
// A name such as "cell[3] done=1" says how many items are completed.
func runCell(t *testing.T, s *check.Session, name, src string) (*check.Program, int) {
	t.Helper()
	name, doneText, partial := strings.Cut(name, " done=")
	var want []string
	for i, line := range strings.Split(src, "\n") {
		if m := wantComment.FindStringSubmatch(line); m != nil {
			for _, q := range quoted.FindAllString(m[1], -1) {
				text, err := strconv.Unquote(q)
				if err != nil {
					t.Fatalf("%s:%d: %v", name, i+1, err)
				}
				want = append(want, fmt.Sprintf("%s:%d: %s", name, i+1, text))
			}
		}
	}
	c, serrs := syntax.Parse(s.Fset(), name, src)
	var got []string
	for _, e := range serrs {
		got = append(got, fmt.Sprintf("%s:%d: %s", e.Pos.Filename, e.Pos.Line, e.Msg))
	}
	var p *check.Program
	if len(serrs) == 0 {
		var errs []check.Error
		p, errs = s.Check(c)
		for _, e := range errs {
			line := fmt.Sprintf("%s:%d: %s", e.Pos.Filename, e.Pos.Line, e.Msg)
			if e.Hint != "" {
				line += " | " + e.Hint
			}
			got = append(got, line)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("errors:\n\t%s\nwant:\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
	if p == nil {
		return nil, 0
	}
	done := len(p.Body)
	if partial {
		var err error
		if done, err = strconv.Atoi(doneText); err != nil {
			t.Fatal(err)
		}
	}
	s.Commit(p, done)
	return p, done
}

func replay(t *testing.T, s *check.Session, name, code string) {
	t.Helper()
	c, serrs := syntax.Parse(s.Fset(), name, code)
	p, errs := s.CheckReplay(c)
	if len(serrs)+len(errs) > 0 {
		t.Errorf("replay of %s: %v %v\n%s", name, serrs, errs, code)
		return
	}
	s.Commit(p, len(p.Body))
}

// compare holds a session against its mirror, which was given the records only.
func compare(t *testing.T, s, mirror *check.Session) {
	t.Helper()
	a, b := s.Names(), mirror.Names()
	slices.Sort(a)
	slices.Sort(b)
	if !slices.Equal(a, b) {
		t.Errorf("the session has %v, a replay of its records %v", a, b)
		return
	}
	for _, name := range a {
		if x, y := describe(s.Lookup(name)), describe(mirror.Lookup(name)); x != y {
			t.Errorf("%s is %q, in a replay %q", name, x, y)
		}
	}
}

func checkNames(t *testing.T, s *check.Session, text string) {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		name, want, _ := strings.Cut(line, " ")
		got := "-"
		if obj := s.Lookup(name); obj != nil {
			got = describe(obj)
		}
		if got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func short(p *types.Package) string {
	if p.Name() == "main" {
		return ""
	}
	return p.Name()
}

func describe(obj types.Object) string {
	text := types.TypeString(obj.Type(), short)
	switch obj := obj.(type) {
	case *types.TypeName:
		return "type " + types.TypeString(obj.Type().Underlying(), short)
	case *types.Const:
		return "const " + text + " = " + obj.Val().String()
	case *types.Var:
		return "var " + text
	}
	return text
}

// show writes a program the way the tests compare it.
func show(p *check.Program) string {
	var b strings.Builder
	if p == nil {
		return "none\n"
	}
	for _, d := range p.Decls {
		fmt.Fprintf(&b, "decl %s", objectName(d.Object))
		if d.Relinked {
			b.WriteString(" relinked")
		}
		if d.Replaces != nil {
			b.WriteString(" replaces")
		}
		b.WriteString("\n")
	}
	for _, it := range p.Body {
		switch {
		case it.Result != nil:
			fmt.Fprintf(&b, "result %s %s", types.ExprString(it.Result), types.TypeString(p.Info.TypeOf(it.Result), short))
		case it.Stmt != nil:
			fmt.Fprintf(&b, "stmt %s", lineOf(p, it.Stmt.Pos()))
		default:
			b.WriteString("zero")
		}
		for _, v := range it.Defines {
			fmt.Fprintf(&b, " %s", v.Name())
		}
		b.WriteString("\n")
	}
	if p.Main != nil {
		b.WriteString("main\n")
	}
	return b.String()
}

func objectName(obj types.Object) string {
	if f, ok := obj.(*types.Func); ok {
		return strings.ReplaceAll(f.FullName(), "main.", "")
	}
	return obj.Name()
}

// lineOf is the source line of a position.
func lineOf(p *check.Program, pos token.Pos) string {
	return strings.TrimSpace(strings.Split(p.Cell.Source, "\n")[p.Fset.Position(pos).Line-1])
}
