package source_test

import (
	"strings"
	"testing"
)

func TestLookup(t *testing.T) {
	a := open(t)
	tests := []struct {
		path, name, member string
		kind, signature    string // signature: its beginning
		params, text       string // text: a part of the documentation
	}{
		{"fmt", "Println", "", "func", "func Println(a ...any) (n int, err error)", "func(a ...any) (n int, err error)", "Spaces are always added"},
		{"fmt", "", "", "package", `package fmt // import "fmt"`, "", "formatted I/O"},
		{"fmt", "Stringer", "", "type", "type Stringer interface {\n\tString() string\n}", "", "implemented by any value"},
		{"fmt", "Stringer", "String", "method", "func (Stringer) String() string", "func() string", ""},
		{"net/http", "Client", "Do", "method", "func (c *Client) Do(req *Request) (*Response, error)", "func(req *http.Request) (*http.Response, error)", "Do sends an HTTP request"},
		{"net/http", "Request", "Method", "field", "field Method string", "", "GET, POST, PUT"},
		{"net/http", "StatusOK", "", "const", "const StatusOK = 200", "", "RFC 9110"},
		{"io", "EOF", "", "var", "var EOF = errors.New(\"EOF\")", "", "no more input"},
		{"time", "Duration", "", "type", "type Duration int64", "", "elapsed time"},
		{"time", "Monday", "", "const", "const Monday", "", ""},
		{"sync", "Mutex", "", "type", "type Mutex struct {\n\t// contains filtered or unexported fields\n}", "", "mutual exclusion"},
		{"sync/atomic", "Pointer", "Load", "method", "func (x *Pointer[T]) Load() *T", "func() *T", "atomically loads"},
		{"slices", "SortFunc", "", "func", "func SortFunc[S ~[]E, E any](x S, cmp func(a, b E) int)", "func[S ~[]E, E any](x S, cmp func(a, b E) int)", "ascending order"},
		{"builtin", "append", "", "func", "func append(slice []Type, elems ...Type) []Type", "func(slice []Type, elems ...Type) []Type", "sufficient capacity"},
	}
	for _, test := range tests {
		name := test.path + "." + test.name + "." + test.member
		e, ok := a.Lookup(test.path, test.name, test.member)
		if !ok {
			t.Errorf("%s: not found", name)
			continue
		}
		if e.Kind != test.kind || !strings.HasPrefix(e.Signature, test.signature) || e.Params != test.params {
			t.Errorf("%s: %s\n%s\n%s\nwant %s\n%s\n%s", name, e.Kind, e.Signature, e.Params, test.kind, test.signature, test.params)
		}
		if !strings.Contains(strings.Join(strings.Fields(e.Text()), " "), test.text) {
			t.Errorf("%s: documentation %q lacks %q", name, e.Text(), test.text)
		}
	}
	for _, missing := range [][3]string{{"fmt", "println", ""}, {"fmt", "Nothing", ""}, {"sync", "Mutex", "state"}, {"sync", "Mutex", "Nothing"}, {"nowhere", "X", ""}} {
		if e, ok := a.Lookup(missing[0], missing[1], missing[2]); ok {
			t.Errorf("%v: found %+v", missing, e)
		}
	}
}

func TestFullHasMethodsAndComments(t *testing.T) {
	e, _ := open(t).Lookup("net/http", "Client", "")
	for _, want := range []string{"type Client struct {", "// Transport specifies", "func (c *Client) Do(req *Request) (*Response, error)"} {
		if !strings.Contains(e.Full, want) {
			t.Errorf("the full text lacks %q:\n%s", want, e.Full)
		}
	}
	if strings.Contains(e.Signature, "specifies") || strings.Contains(e.Signature, "\n\n") {
		t.Errorf("the signature has comments or gaps:\n%s", e.Signature)
	}
	if md := e.Markdown(); !strings.Contains(md, "](https://pkg.go.dev/") && !strings.Contains(md, "](/") {
		t.Errorf("no link in the Markdown form:\n%s", md)
	}
}

// TestEveryPackageIsRead compares the cut form of every package with what a
// reader of the whole source finds: no exported function may be lost by cutting.
func TestEveryPackageIsRead(t *testing.T) {
	a := open(t)
	list, err := a.Packages()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list {
		files, err := a.Files(p)
		if err != nil {
			t.Fatal(err)
		}
		for name, text := range files {
			for line := range strings.Lines(string(text)) {
				rest, ok := strings.CutPrefix(line, "func ")
				if !ok || rest == "" || rest[0] < 'A' || rest[0] > 'Z' {
					continue
				}
				f := rest[:strings.IndexAny(rest, "([")]
				if _, ok := a.Lookup(p, f, ""); !ok {
					t.Errorf("%s/%s: func %s is not found", p, name, f)
				}
			}
		}
	}
}

func BenchmarkFirstLookup(b *testing.B) {
	for _, pkg := range [][2]string{{"fmt", "Println"}, {"net/http", "Get"}, {"time", "Duration"}, {"syscall", "Open"}} {
		b.Run(strings.ReplaceAll(pkg[0], "/", "_"), func(b *testing.B) {
			for b.Loop() {
				if _, ok := open(b).Lookup(pkg[0], pkg[1], ""); !ok {
					b.Fatal("not found")
				}
			}
		})
	}
}
