package machine_test

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"testing"
	"unsafe"

	"golang.org/x/tools/go/ssa"

	"interleave/engine/compile"
	"interleave/engine/layout"
	"interleave/engine/machine"
)

var stringType = types.Typ[types.String]

func load(t testing.TB, src string) (*machine.Machine, *compile.Compiler, *ssa.Package, *layout.Universe) {
	m, c, pkg, u, _ := build(t, machine.Config{}, src)
	return m, c, pkg, u
}

func build(t testing.TB, config machine.Config, src string) (*machine.Machine, *compile.Compiler, *ssa.Package, *layout.Universe, *token.FileSet) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "x.go", src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}, Implicits: map[ast.Node]types.Object{}, Scopes: map[ast.Node]*types.Scope{}, Selections: map[*ast.SelectorExpr]*types.Selection{}, Instances: map[*ast.Ident]types.Instance{}, FileVersions: map[*ast.File]string{}}
	tp, err := (&types.Config{Importer: importer.Default(), GoVersion: "go1.26"}).Check("main", fset, []*ast.File{f}, info)
	if err != nil {
		t.Fatal(err)
	}
	prog := ssa.NewProgram(fset, ssa.InstantiateGenerics)
	pkg := prog.CreatePackage(tp, []*ast.File{f}, info, false)
	pkg.Build()
	if os.Getenv("DUMP") != "" {
		for _, m := range pkg.Members {
			if fn, ok := m.(*ssa.Function); ok {
				fn.WriteTo(os.Stdout)
				for _, a := range fn.AnonFuncs {
					a.WriteTo(os.Stdout)
				}
			}
		}
	}
	u := layout.NewUniverse(nil)
	m := machine.New(config)
	str := u.Of(stringType)
	mk := func(s string) machine.Val { return machine.Interface(str, machine.StringVal(s)) }
	m.Errors = machine.Errors{Runtime: func(s string) machine.Val { return mk("runtime error: " + s) }, Plain: mk, Assertion: mk, NilPanic: func() machine.Val { return mk("nil") }}
	c := compile.New(pkg.Prog, m, u)
	return m, c, pkg, u, fset
}

func run(t testing.TB, src string) string {
	m, c, pkg, u := load(t, src)
	var out []byte
	m.Print = func(_ *machine.Task, b []byte) { out = append(out, b...) }
	m.Report = func(tk *machine.Task, p *machine.Panicking) {
		s := p.Fatal
		if s == "" {
			s = "panic"
			if p.Value.P == unsafe.Pointer(u.Of(stringType)) {
				s = "panic: " + machine.String(machine.Unbox((*layout.Type)(p.Value.P), p.Value.Q))
			}
		}
		out = fmt.Appendf(out, "%s\n", s)
	}
	_ = c
	init := m.Spawn(nil, nil, c.Func(pkg.Func("init")), nil)
	m.Until(init, func() bool { return false })
	main := m.Spawn(nil, nil, c.Func(pkg.Func("main")), nil)
	if e := m.Until(main, func() bool { return false }); e == machine.AllAsleep {
		out = append(out, "deadlock\n"...)
	}
	return string(out)
}

// programs are the constructs of the language, with what they print.
var programs = []struct{ src, want string }{
	{`func main() { println("hi", 1, 2.5, true, -3) }`, "hi 1 2.5 true -3\n"},
	{`func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }
		func main() { println(fib(20)) }`, "6765\n"},
	{`func main() { c := make(chan int); go func() { for i := range 3 { c <- i }; close(c) }(); for v := range c { println(v) } }`, "0\n1\n2\n"},
	{`func main() { defer println("d1"); defer func() { r := recover(); println(r.(string)) }(); panic("boom") }`, "boom\nd1\n"},
	{`func f() (x int) { defer func() { recover(); x = 7 }(); var a []int; return a[3] }
		func main() { println(f()) }`, "7\n"},
	{`type T struct { a, b int; s string }
		func (t *T) Set(v int) { t.a = v }
		func (t T) Sum() int { return t.a + t.b }
		type S interface { Sum() int }
		func main() { t := T{1, 2, "x"}; t.Set(10); var s S = t; u := t; u.b = 100; println(s.Sum(), u.Sum(), t == u, t == T{10, 2, "x"}) }`, "12 110 false true\n"},
	{`func main() { m := map[string]int{"a": 1}; m["b"] += 5; s := 0; for _, v := range m { s += v }; _, ok := m["z"]; println(len(m), s, ok) }`, "2 6 false\n"},
	{`func main() { var s []int; for i := range 10 { s = append(s, i*i) }; t := s[2:5]; println(len(s), cap(s), t[1], len(t), cap(t)); println(s[20]) }`, "10 16 9 3 14\npanic: runtime error: index out of range [20] with length 10\n"},
	{`func main() { c := make(chan int); <-c }`, "deadlock\n"},
	{`func Map[T, U any](s []T, f func(T) U) []U { var r []U; for _, v := range s { r = append(r, f(v)) }; return r }
		func main() { for _, s := range Map([]int{1,2}, func(i int) string { return string(rune('a'+i)) }) { println(s) } }`, "b\nc\n"},
	{`func seq(n int) func(func(int) bool) { return func(y func(int) bool) { for i := range n { if !y(i) { return } } } }
		func main() { for v := range seq(5) { if v == 3 { break }; defer println("d", v); println(v) } }`, "0\n1\n2\nd 2\nd 1\nd 0\n"},
	{`func main() { a, b := make(chan int), make(chan string, 1); b <- "x"; select { case v := <-a: println(v); case s := <-b: println(s) }; select { case <-a: default: println("def") } }`, "x\ndef\n"},
	{`func main() { for i, r := range "aé" { println(i, r) }; var u8 uint8 = 250; u8 += 10; println(u8); x := 7; println(x<<2, -x>>1, x%4, -x/2, ^x) }`, "0 97\n1 233\n4\n28 -4 3 -3 -8\n"},
	{`func main() { var p *struct{ a int }; defer func() { println(recover().(string)); var e any = 3; _ = e.(string) }(); p.a = 1 }`, "runtime error: invalid memory address or nil pointer dereference\npanic: interface conversion: interface {} is int, not string\n"},
	{`func main() { x, y := 1, 2; for i := 0; i < 3; i++ { x, y = y, x+y }; println(x, y); l: for i := range 3 { for j := range 3 { if j == 1 { continue l }; if i == 2 { break l }; println(i, j) } } }`, "5 8\n0 0\n1 0\n"},
}

func TestPrograms(t *testing.T) {
	for _, c := range programs {
		if got := run(t, "package main\n"+c.src); got != c.want {
			t.Errorf("%s\n got %q\nwant %q", c.src, got, c.want)
		}
	}
}

// bench runs a program without a trace, with one, and with one that holds every
// access to shared memory too.
func bench(b *testing.B, src string) {
	for _, c := range []struct {
		name  string
		bound int
		watch bool
	}{{"untraced", -1, false}, {"traced", 0, false}, {"watched", 0, true}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				r := newRig(b, machine.Config{Watch: c.watch}, src)
				b.StartTimer()
				tr := r.run(b, c.bound)
				if tr != nil {
					b.ReportMetric(float64(tr.Len()+tr.Dropped), "events")
				}
				if r.out.Len() > 0 {
					b.Fatal(r.out.String())
				}
			}
		})
	}
}

func BenchmarkFib(b *testing.B) {
	bench(b, `func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }
func main() { fib(30) }`)
}
func BenchmarkLoop(b *testing.B) {
	bench(b, `func main() { s := 0; for i := 0; i < 10000000; i++ { s += i }; if s == 1 { println(s) } }`)
}
func BenchmarkSieve(b *testing.B) {
	bench(b, `func main() { n := 1000000; s := make([]bool, n+1); c := 0; for i := 2; i <= n; i++ { if !s[i] { c++; for j := i * 2; j <= n; j += i { s[j] = true } } }; if c != 78498 { println(c) } }`)
}
func BenchmarkPingPong(b *testing.B) {
	bench(b, `func main() { a, c := make(chan int), make(chan int); go func() { for v := range a { c <- v }; close(c) }(); for i := range 500000 { a <- i; <-c } }`)
}
func BenchmarkSpawn(b *testing.B) {
	bench(b, `func main() { c := make(chan int); for i := range 100000 { go func() { c <- i }() }; for range 100000 { <-c } }`)
}
