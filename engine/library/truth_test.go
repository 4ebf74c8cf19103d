package library

import (
	"bytes"
	"encoding/json"
	"go/constant"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/traefik/yaegi/stdlib"
	"github.com/traefik/yaegi/stdlib/syscall"
	"github.com/traefik/yaegi/stdlib/unrestricted"
)

// TestTruth compares every name of every package with the compiler's own
// export data: the same kind of object, type, methods and constant value.
func TestTruth(t *testing.T) {
	l := New(stdlib.Symbols, unrestricted.Symbols)
	var paths []string
	for _, p := range l.Paths() {
		if p != "unsafe" {
			paths = append(paths, p)
		}
	}
	exports := exportFiles(t, paths)
	truth := importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(exports[path])
	})
	names, missing := 0, 0
	for _, path := range paths {
		want, err := truth.Import(path)
		if err != nil {
			t.Fatal(err)
		}
		got, err := l.Package(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range want.Scope().Names() {
			w, g := want.Scope().Lookup(name), got.Scope().Lookup(name)
			if !w.Exported() {
				continue
			}
			if g == nil {
				missing++
				if testing.Verbose() {
					t.Logf("absent: %s.%s", path, name)
				}
				continue
			}
			names++
			if a, b := describe(g), describe(w); a != b {
				t.Errorf("%s.%s:\n got %s\nwant %s", path, name, a, b)
			}
		}
	}
	t.Logf("%d names compared, %d absent", names, missing)
}

// exportFiles finds the export data of packages and all they need.
func exportFiles(t *testing.T, paths []string) map[string]string {
	t.Helper()
	out, err := exec.Command("go", append([]string{"list", "-deps", "-export", "-json=ImportPath,Export"}, paths...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct{ ImportPath, Export string }
		if err := dec.Decode(&p); err == io.EOF {
			return files
		} else if err != nil {
			t.Fatal(err)
		}
		files[p.ImportPath] = p.Export
	}
}

// describe writes an object without what reflection cannot see: names of
// parameters, unexported fields and methods, and which alias a type was written with.
func describe(obj types.Object) string {
	var b strings.Builder
	switch obj := obj.(type) {
	case *types.Const:
		text := obj.Val().ExactString()
		if obj.Val().Kind() == constant.Float {
			f, _ := constant.Float64Val(obj.Val())
			text = strconv.FormatFloat(f, 'g', -1, 64) // tables round to 512 bits
		}
		b.WriteString("const " + typeText(obj.Type()) + " = " + text)
	case *types.Var:
		b.WriteString("var " + typeText(obj.Type()))
	case *types.Func:
		b.WriteString("func " + typeText(obj.Type()))
	case *types.TypeName:
		b.WriteString("type " + typeText(obj.Type()) + " " + typeText(obj.Type().Underlying()))
		if types.Comparable(obj.Type()) {
			b.WriteString(" comparable")
		}
		if types.IsInterface(obj.Type()) {
			break
		}
		sizes := types.SizesFor("gc", "amd64")
		b.WriteString(" size " + strconv.FormatInt(sizes.Sizeof(obj.Type()), 10))
		set := types.NewMethodSet(types.NewPointer(obj.Type()))
		value := types.NewMethodSet(obj.Type())
		for m := range set.Methods() {
			if m.Obj().Exported() {
				b.WriteString("\n\t")
				if value.Lookup(m.Obj().Pkg(), m.Obj().Name()) == nil {
					b.WriteString("*")
				}
				b.WriteString(m.Obj().Name() + typeText(m.Type()))
			}
		}
	}
	return b.String()
}

func typeText(t types.Type) string {
	var b strings.Builder
	tuple := func(t *types.Tuple) {
		b.WriteString("(")
		for v := range t.Variables() {
			b.WriteString(typeText(v.Type()) + ",")
		}
		b.WriteString(")")
	}
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		return types.Typ[t.Kind()].Name()
	case *types.Named:
		if t.TypeArgs().Len() > 0 {
			return typeText(t.Underlying()) // instances are known by their form only
		}
		return types.TypeString(t, nil)
	case *types.Pointer:
		return "*" + typeText(t.Elem())
	case *types.Slice:
		return "[]" + typeText(t.Elem())
	case *types.Array:
		return "[" + strconv.FormatInt(t.Len(), 10) + "]" + typeText(t.Elem())
	case *types.Chan:
		return strconv.Itoa(int(t.Dir())) + "chan " + typeText(t.Elem())
	case *types.Map:
		return "map[" + typeText(t.Key()) + "]" + typeText(t.Elem())
	case *types.Signature:
		tuple(t.Params())
		tuple(t.Results())
		if t.Variadic() {
			b.WriteString("...")
		}
	case *types.Struct:
		b.WriteString("struct{")
		for i := range t.NumFields() {
			if f := t.Field(i); f.Exported() {
				b.WriteString(f.Name() + " " + typeText(f.Type()) + " " + t.Tag(i) + ";")
			}
		}
		b.WriteString("}")
	case *types.Interface:
		b.WriteString("interface{")
		for m := range t.Methods() {
			b.WriteString(m.Name() + typeText(m.Type()) + ";")
		}
		b.WriteString("}")
	default:
		return types.TypeString(t, nil)
	}
	return b.String()
}

// TestStandardLibrary asks for every package of the Go installation: each is there, or the
// error says why it is not.
func TestStandardLibrary(t *testing.T) {
	out, err := exec.Command("go", "list", "std").Output()
	if err != nil {
		t.Fatal(err)
	}
	l := New(stdlib.Symbols, syscall.Symbols, unrestricted.Symbols)
	for _, path := range strings.Fields(string(out)) {
		_, err := l.Package(path)
		switch {
		case err == nil || strings.HasPrefix(path, "vendor/"):
		case genericOnly[path] != "" || compiledOnly[path] != "":
		case err.Error() == "use of internal package "+path+" not allowed":
		default:
			t.Error(err)
		}
	}
}
