package library

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/traefik/yaegi/stdlib"
)

// TestUse checks statements against the library; the wanted error is empty where it must be fine.
func TestUse(t *testing.T) {
	l := New(stdlib.Symbols)
	for _, c := range []struct{ imports, stmt, want string }{
		{"go/ast", "var _ ast.Expr = &ast.Ident{}", ""}, // an unexported method that reflection does not list
		{"go/ast", "var _ ast.Stmt = &ast.Ident{}", "missing method stmtNode"},
		{"io os", "var _ io.ReadWriteCloser = os.Stdout", ""},
		{"io/fs os", "var _ fs.FileInfo = os.FileInfo(nil)", ""},
		{"sync", "var a, b sync.Mutex; _ = &a == &b; a.Lock()", ""},
		{"sync", "_ = sync.Mutex{0, 0}", "implicit assignment to unexported field"},
		{"sync", "_ = map[sync.Once]int{}", ""},
		{"strings", "_ = map[strings.Builder]int{}", "invalid map key type"},
		{"net/http", "_ = map[http.Header]int{}", "invalid map key type"},
		{"time", "_ = map[time.Time]int{}", ""},
		{"sync", "const n = 1 / (unsafe.Sizeof(sync.Mutex{}) - 8)", "division by zero"},
		{"sync strings", "_ = sync.Once(strings.Builder{})", "cannot convert"},
		{"time", "const d time.Duration = 2 * time.Second; var _ [d / 1000000000]int = [2]int{}", ""},
		{"unicode/utf8", "var r = utf8.RuneError; var _ *rune = &r", ""},
		{"math", "const c = math.MaxUint64 - 1; var _ uint64 = c", ""},
		{"math", "var _ int = math.MaxUint64", "overflows"},
		{"errors", "var e error = errors.New(\"a\"); _ = errors.Is(e, e)", ""},
		{"encoding/json", "var e *json.SyntaxError; var _ error = e; _ = e.Offset", ""},
		{"testing", "var b *testing.B; b.Log(1); _ = b.N; b.ran = true", "undefined"},
		{"container/list", "l := list.New(); l.root.next = nil", "undefined"},
		{"fmt", "fmt.Println(1, \"a\"); var _ []any = nil", ""},
		{"fmt", "var _ string = fmt.Sprint", "cannot use fmt.Sprint (value of type func(...any) string)"},
		{"bufio os", "s := bufio.NewScanner(os.Stdin); for s.Scan() { _ = s.Text() }", ""},
		{"context", "ctx, stop := context.WithCancel(context.Background()); defer stop(); <-ctx.Done()", ""},
		{"reflect", "for range reflect.ValueOf(0).Seq() {}", ""}, // an instance of iter.Seq
	} {
		src := "package p\nimport \"unsafe\"\n"
		for _, path := range strings.Fields(c.imports) {
			src += "import \"" + path + "\"\n"
		}
		src += "var _ unsafe.Pointer\nfunc f() { " + c.stmt + " }"
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "p.go", src, 0)
		if err != nil {
			t.Fatal(err)
		}
		conf := types.Config{Importer: l, Sizes: types.SizesFor("gc", "amd64"), Error: func(error) {}}
		_, err = conf.Check("p", fset, []*ast.File{file}, nil)
		switch {
		case err == nil && c.want != "":
			t.Errorf("%s: no error, want %q", c.stmt, c.want)
		case err != nil && (c.want == "" || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want %q", c.stmt, err, c.want)
		}
	}
}

func TestNames(t *testing.T) {
	l := New(stdlib.Symbols)
	for name, want := range map[string]string{
		"fmt": "fmt", "rand": "crypto/rand math/rand math/rand/v2", "template": "html/template text/template",
		"unsafe": "unsafe", "nosuch": "", "slices": "",
	} {
		if got := strings.Join(l.ByName(name), " "); got != want {
			t.Errorf("ByName(%q) = %q, want %q", name, got, want)
		}
	}
	if v := l.Symbols("fmt")["Println"]; !v.IsValid() {
		t.Error("no symbol fmt.Println")
	}
	if l.Absent("strings", "ToUpper") || !l.Absent("strings", "Lines") {
		t.Error("Absent is wrong about package strings")
	}
}

// TestOverride gives a package two tables: the later wins name by name.
func TestOverride(t *testing.T) {
	l := New(stdlib.Symbols, map[string]map[string]reflect.Value{"os/os": {"Exit": reflect.ValueOf(func(string) {})}})
	pkg, err := l.Package("os")
	if err != nil {
		t.Fatal(err)
	}
	if got := pkg.Scope().Lookup("Exit").Type().String(); got != "func(string)" {
		t.Errorf("os.Exit is %s", got)
	}
	if pkg.Scope().Lookup("Getenv") == nil {
		t.Error("os.Getenv is lost")
	}
}

// TestConcurrent imports from several goroutines; the race detector watches.
func TestConcurrent(t *testing.T) {
	l := New(stdlib.Symbols)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for _, p := range l.Paths() {
				if _, err := l.Package(p); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	a, _ := l.Package("net/http")
	b, _ := l.Import("net/http")
	if a != b {
		t.Error("a package has two identities")
	}
}

func BenchmarkAll(b *testing.B) {
	for b.Loop() {
		l := New(stdlib.Symbols)
		for _, p := range l.Paths() {
			if _, err := l.Package(p); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkFmt(b *testing.B) {
	for b.Loop() {
		l := New(stdlib.Symbols)
		if _, err := l.Package("fmt"); err != nil {
			b.Fatal(err)
		}
	}
}
