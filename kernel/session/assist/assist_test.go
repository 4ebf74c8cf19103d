package assist_test

import (
	"bytes"
	"fmt"
	"go/build"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/traefik/yaegi/stdlib"

	"interleave/engine/check"
	"interleave/engine/library"
	"interleave/engine/library/source"
	"interleave/engine/syntax"
	"interleave/kernel/protocol"
	"interleave/kernel/session/assist"
)

// mark is where the cursor stands in the test texts.
const mark = "‸"

// std is the library and its source, the same for all tests.
var std = sync.OnceValues(func() (*library.Library, *source.Archive) {
	archive, err := source.Installed(build.Default.GOROOT)
	if err != nil {
		panic(err)
	}
	return library.New(stdlib.Symbols), archive
})

// begin starts a session in which cells were run.
func begin(t testing.TB, cells ...string) *assist.Assistant {
	t.Helper()
	lib, archive := std()
	s := check.NewSession(lib)
	for i, text := range cells {
		cell, errs := syntax.Parse(s.Fset(), fmt.Sprintf("cell[%d]", i+1), text)
		if len(errs) > 0 {
			t.Fatalf("cell %d: %v", i+1, errs)
		}
		p, bad := s.Check(cell)
		if len(bad) > 0 {
			t.Fatalf("cell %d: %v", i+1, bad)
		}
		s.Commit(p, len(p.Body))
	}
	return assist.New(assist.Config{
		Session: s,
		Lock:    new(sync.Mutex),
		Source:  func() *source.Archive { return archive },
		Magics: []assist.Magic{
			{Name: "help", Usage: "%help", About: "helps"},
			{Name: "limit", Usage: "%limit output=20MB", About: "bounds"},
		},
	})
}

// cut takes the mark out of a text and says at which code point it stood.
func cut(t testing.TB, text string) (string, int) {
	t.Helper()
	before, after, ok := strings.Cut(strings.TrimSuffix(text, "\n"), mark)
	if !ok {
		t.Fatalf("no cursor in %q", text)
	}
	return before + after, utf8.RuneCountInString(before)
}

// scripts runs every txtar file of a pattern: its cells, then each question
// with the answer that is wanted.
func scripts(t *testing.T, pattern string, ask func(t *testing.T, a *assist.Assistant, kind, text, want string)) {
	files, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		script := txtar.Parse(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")))
		var cells []string
		for _, f := range script.Files {
			if f.Name == "cell" {
				cells = append(cells, string(f.Data))
			}
		}
		a := begin(t, cells...)
		for i, f := range script.Files {
			if f.Name == "cell" || f.Name == "want" {
				continue
			}
			if i+1 == len(script.Files) || script.Files[i+1].Name != "want" {
				t.Fatalf("%s: %q has no answer", name, f.Name)
			}
			kind, title, _ := strings.Cut(f.Name, " ")
			t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar")+"/"+title, func(t *testing.T) {
				ask(t, a, kind, string(f.Data), string(script.Files[i+1].Data))
			})
		}
	}
}

// TestComplete wants, of each question, exactly these candidates in this order;
// after "..." there may be more. "! name" must not be there, "+ candidate" must
// be there somewhere; where there are only such lines, the rest is free.
func TestComplete(t *testing.T) {
	scripts(t, "*.txtar", func(t *testing.T, a *assist.Assistant, kind, text, want string) {
		if kind != "complete" {
			return
		}
		code, at := cut(t, text)
		got := a.Complete(protocol.Complete{Code: code, Cursor: at})
		var lines []string
		names := map[string]bool{}
		for _, m := range got.Matches {
			names[m.Text] = true
			lines = append(lines, strings.TrimRight(m.Text+" "+m.Type+" "+m.Signature, " "))
		}
		exact, open := []string{}, false
		for line := range strings.Lines(want) {
			line = strings.TrimSpace(line)
			switch {
			case line == "...":
				open = true
			case strings.HasPrefix(line, "! "):
				open = open || len(exact) == 0
				if names[line[2:]] {
					t.Errorf("%s is offered", line[2:])
				}
			case strings.HasPrefix(line, "+ "):
				open = open || len(exact) == 0
				if !strings.Contains("\n"+strings.Join(lines, "\n")+"\n", "\n"+line[2:]+"\n") {
					t.Errorf("%s is not offered", line[2:])
				}
			default:
				exact = append(exact, line)
			}
		}
		shown := lines
		if open {
			shown = lines[:min(len(lines), len(exact))]
		}
		if strings.Join(shown, "\n") != strings.Join(exact, "\n") {
			t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(lines[:min(len(lines), 30)], "\n\t"), strings.Join(exact, "\n\t"))
		}
		runes := []rune(code)
		if got.Start < 0 || got.Start > at || got.End < at || got.End > len(runes) {
			t.Errorf("replaces %d to %d with the cursor at %d of %d", got.Start, got.End, at, len(runes))
		}
	})
}

func TestCompleteReplacesTheWholeName(t *testing.T) {
	a := begin(t)
	code, at := cut(t, "s := \"日本\"; fmt.Pr‸int")
	got := a.Complete(protocol.Complete{Code: code, Cursor: at})
	if name := string([]rune(code)[got.Start:got.End]); name != "Print" {
		t.Errorf("replaces %q", name)
	}
}

// TestHugeCell asks in the middle of a megabyte of wide letters.
func TestHugeCell(t *testing.T) {
	a := begin(t, "type Ship struct{ Name string }")
	filler := strings.Repeat("func g() { s := \"日本\"; fmt.Println(s) }\n", 15000)
	code, at := cut(t, filler+"func f(s Ship) {\n\ts.Na‸me\n}\n"+filler)
	got := a.Complete(protocol.Complete{Code: code, Cursor: at})
	if len(got.Matches) != 1 || got.Matches[0].Text != "Name" || got.Start != at-2 || got.End != at+2 {
		t.Errorf("%+v with the cursor at %d", got, at)
	}
	if got := a.Inspect(protocol.Inspect{Code: code, Cursor: at}); !got.Found {
		t.Error("nothing found")
	}
}

// TestEveryCursor asks at every place of a text, and of its beginnings: nothing
// may panic, and the places must be within the text.
func TestEveryCursor(t *testing.T) {
	a := begin(t, "type T struct{ A int }\nt := T{}")
	text := "%limit x\nimport \"fmt\"\nfunc f(a T) (x int, é string) {\n\tgo func() { t.A = `r\n` }()\n\tif v, ok := any(a).(T); ok {\n\t\tfmt.Println(v.A, []T{{A: 1}}, '\\'')\n\t}\n\treturn\n}\n// 日本\nf(t)"
	runes := []rune(text)
	for end := range len(runes) + 1 {
		for _, at := range []int{end / 2, end - 1, end, end + 5, -3} {
			code := string(runes[:end])
			c := a.Complete(protocol.Complete{Code: code, Cursor: at})
			if c.Start < 0 || c.End < c.Start || c.End > end {
				t.Fatalf("%q at %d: replaces %d to %d", code, at, c.Start, c.End)
			}
			a.Inspect(protocol.Inspect{Code: code, Cursor: at, Detail: end % 2})
		}
	}
}

func TestInspect(t *testing.T) {
	scripts(t, "inspect.txtar", func(t *testing.T, a *assist.Assistant, kind, text, want string) {
		code, at := cut(t, text)
		detail := 0
		if kind == "inspect1" {
			detail = 1
		}
		got := a.Inspect(protocol.Inspect{Code: code, Cursor: at, Detail: detail})
		want = strings.TrimSuffix(want, "\n")
		if got.Found != (want != "") {
			t.Fatalf("found: %v\n%v", got.Found, got.Data)
		}
		if !got.Found {
			return
		}
		plain, _ := got.Data["text/plain"].(string)
		markdown, _ := got.Data["text/markdown"].(string)
		if part, ok := strings.CutPrefix(want, "+ "); ok {
			if !strings.Contains(plain, part) {
				t.Errorf("got\n%s\nwithout %s", plain, part)
			}
		} else if !strings.HasPrefix(plain, want) {
			t.Errorf("got\n%s\nwant\n%s", plain, want)
		}
		if !strings.HasPrefix(markdown, "```go\n") {
			t.Errorf("the Markdown form is\n%s", markdown)
		}
	})
}

func BenchmarkComplete(b *testing.B) {
	for _, text := range []string{"fmt.Pr‸", "x‸", "http.‸", "func f() {\n\tfor _, v := range []time.Duration{1} { v.‸\n"} {
		b.Run(strings.ReplaceAll(text, "\n", " "), func(b *testing.B) {
			a := begin(b, "import \"fmt\"\nx1, x2 := 1, 2\nfunc g() int { return x1 }")
			code, at := cut(b, text)
			for b.Loop() {
				if got := a.Complete(protocol.Complete{Code: code, Cursor: at}); len(got.Matches) == 0 {
					b.Fatal("nothing")
				}
			}
		})
	}
}

// BenchmarkFirst has everything cold: library, source and session.
func BenchmarkFirst(b *testing.B) {
	archive := filepath.Join(b.TempDir(), "gosrc.zip")
	f, err := os.Create(archive)
	if err != nil {
		b.Fatal(err)
	}
	if err := source.Write(build.Default.GOROOT, f); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	for _, text := range []string{"fmt.Print‸", "http.Get‸"} {
		fresh := func() (*assist.Assistant, func()) {
			src, err := source.Open(archive)
			if err != nil {
				b.Fatal(err)
			}
			s := check.NewSession(library.New(stdlib.Symbols))
			return assist.New(assist.Config{Session: s, Lock: new(sync.Mutex), Source: func() *source.Archive { return src }}), func() { src.Close() }
		}
		code, at := cut(b, text)
		b.Run("complete "+text, func(b *testing.B) {
			for b.Loop() {
				a, end := fresh()
				a.Complete(protocol.Complete{Code: code, Cursor: at})
				end()
			}
		})
		b.Run("inspect "+text, func(b *testing.B) {
			for b.Loop() {
				a, end := fresh()
				a.Inspect(protocol.Inspect{Code: code, Cursor: at})
				end()
			}
		})
	}
}
