package display

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
)

// sink notes what it is shown.
type sink struct {
	name string
	outs []Output
	log  []string
	line string
	err  error
}

func (s *sink) Display(out Output) { s.outs = append(s.outs, out) }

func (s *sink) Clear(wait bool) { s.log = append(s.log, fmt.Sprint("clear ", wait)) }

func (s *sink) Prompt(text string, password bool) (string, error) {
	s.log = append(s.log, fmt.Sprint("prompt ", text, " ", password))
	return s.line, s.err
}

// exported lists the exported functions and types that the package declares.
func exported(t *testing.T) (names []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for name := range f.Scope.Objects {
			if ast.IsExported(name) {
				names = append(names, name)
			}
		}
	}
	if len(names) < 20 {
		t.Fatalf("only %v", names)
	}
	return names
}

// compareFile compares a bundle with testdata/name.json.
func compareFile(t *testing.T, name string, b Bundle) {
	t.Helper()
	var got bytes.Buffer
	enc := json.NewEncoder(&got)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(b); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("got:\n%s\nwant:\n%s", got.String(), want)
	}
}

func TestProgress(t *testing.T) {
	var s sink
	bar := newBar(&s, "a & b", 1000)
	for range 500 {
		bar.Step(1)
	}
	bar.Set(2000)
	bar.Set(10)
	bar.Done()
	bar.Set(1)
	bar.Done()
	if n := len(s.outs); n != 1+50+1+1+1 {
		t.Errorf("%d outputs", n)
	}
	for i, out := range s.outs {
		if out.ID != s.outs[0].ID || out.ID == "" || out.Update != (i > 0) {
			t.Errorf("output %d: id %q, update %v", i, out.ID, out.Update)
		}
	}
	compareFile(t, "progress-begin", s.outs[0].Data)
	compareFile(t, "progress-half", s.outs[50].Data)
	compareFile(t, "progress-end", s.outs[len(s.outs)-1].Data)
}

func TestProgressInParallel(t *testing.T) {
	var s sink
	bar := newBar(&s, "", 100)
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() { bar.Step(1) })
	}
	all.Wait()
	if last := s.outs[len(s.outs)-1].Data["text/plain"]; len(s.outs) != 101 || !strings.Contains(last.(string), "100 of 100") {
		t.Errorf("%d outputs, the last is %q", len(s.outs), last)
	}
}

func TestSymbolsShowInTheCurrentCell(t *testing.T) {
	one, two := &sink{name: "one"}, &sink{name: "two", line: "Ada"}
	now := one
	symbols := Symbols(func() Sink { return now })["interleave/kernel/display/display"]
	call := func(name string, args ...any) []reflect.Value {
		var in []reflect.Value
		for _, a := range args {
			in = append(in, reflect.ValueOf(a))
		}
		return symbols[name].Call(in)
	}
	call("HTML", "<i>x</i>")
	bar := call("Progress", "p", 2)[0].Interface().(*Bar)
	now = two
	bar.Done() // stays in the cell that made it
	call("ShowAs", "id", 7)
	call("Update", "id", 8)
	call("Show", 1, "b")
	call("Clear", true)
	if got := call("Input", "name?")[0].String(); got != "Ada" {
		t.Errorf("Input: %q", got)
	}
	two.line, two.err = "", io.EOF
	if got := call("Password", "key?")[0].String(); got != "" {
		t.Errorf("Password: %q", got)
	}
	if len(one.outs) != 3 || one.outs[0].Data["text/html"] != "<i>x</i>" || one.outs[0].Data["text/plain"] != "x" {
		t.Errorf("cell one: %+v", one.outs)
	}
	want := []Output{
		{Bundle{"text/plain": "7"}, "id", false}, {Bundle{"text/plain": "8"}, "id", true},
		{Bundle{"text/plain": "1"}, "", false}, {Bundle{"text/plain": "b"}, "", false},
	}
	if !reflect.DeepEqual(two.outs, want) {
		t.Errorf("cell two: %+v", two.outs)
	}
	if got := strings.Join(two.log, "; "); got != "clear true; prompt name? false; prompt key? true" {
		t.Errorf("cell two: %s", got)
	}
}

// Every exported function of the package has its place in the table, with the
// same type.
func TestSymbolsAreComplete(t *testing.T) {
	symbols := Symbols(func() Sink { return console{} })["interleave/kernel/display/display"]
	same := map[string]any{
		"HTML": HTML, "Markdown": Markdown, "Latex": Latex, "Text": Text, "SVG": SVG, "PNG": PNG, "JPEG": JPEG, "JSON": JSON,
		"VegaLite": VegaLite, "Table": Table, "Show": Show, "ShowAs": ShowAs, "Update": Update, "Progress": Progress,
		"Clear": Clear, "Input": Input, "Password": Password, "As": As, "AsHTML": AsHTML, "AsMarkdown": AsMarkdown,
		"AsLatex": AsLatex, "AsText": AsText, "AsSVG": AsSVG, "AsPNG": AsPNG, "AsJPEG": AsJPEG, "AsJSON": AsJSON,
		"AsVegaLite": AsVegaLite, "AsTable": AsTable,
	}
	for name, f := range same {
		if s, ok := symbols[name]; !ok || s.Type() != reflect.TypeOf(f) {
			t.Errorf("%s: %v, want %T", name, s, f)
		}
	}
	for _, name := range exported(t) {
		if _, ok := symbols[name]; !ok && !slices.Contains([]string{"Symbols", "Sink", "Output", "Source"}, name) {
			t.Errorf("%s is not in the table", name)
		}
	}
}

func TestDisplayerWrapper(t *testing.T) {
	symbols := Symbols(nil)["interleave/kernel/display/display"]
	wrapped := symbols["_Displayer"].Type().Elem()
	v := reflect.New(wrapped).Elem()
	v.FieldByName("WDisplay").Set(reflect.ValueOf(func() Bundle { return Bundle{"text/markdown": "*m*"} }))
	if b := As(v.Interface()); b["text/markdown"] != "*m*" || b["text/plain"] != "*m*" {
		t.Errorf("%v", b)
	}
}

// A compiled program prints the text: this test runs itself as one.
func TestCompiledProgram(t *testing.T) {
	if os.Getenv("INTERLEAVE_TEST_PROGRAM") != "" {
		HTML("<b>bold</b>")
		Table([]struct{ N int }{{1}, {22}})
		fmt.Printf("%q %q\n", Input("name? "), Password("key? "))
		fmt.Println(Input("more? ") == "")
		os.Exit(0)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestCompiledProgram$")
	cmd.Env = append(os.Environ(), "INTERLEAVE_TEST_PROGRAM=1")
	cmd.Stdin = strings.NewReader("Ada\r\nsecret")
	got, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	want := "bold\n N\n──\n 1\n22\nname? key? \"Ada\" \"secret\"\nmore? true\n"
	if string(got) != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
