package programs

import (
	"go/importer"
	"slices"
	"strings"
	"testing"
)

func TestSplit(t *testing.T) {
	for _, test := range []struct {
		name, cell string
		want       []string // kind and text of each chunk
	}{
		{"empty", "// nothing\n", nil},
		{"kinds", "import \"fmt\"\ntype T int\nconst c = 1\nvar v = 2\nv++", []string{`import import "fmt"`, "decl type T int", "decl const c = 1", "var var v = 2", "stmt v++"}},
		{"one line", "a := 1; b := 2; f()", []string{"stmt a := 1", "stmt b := 2", "stmt f()"}},
		{"headers", "for i := 0; i < 3; i++ {\n}\nif x := f(); x {\n} else {\n}", []string{"stmt for i := 0; i < 3; i++ {\n}", "stmt if x := f(); x {\n} else {\n}"}},
		{"functions", "func f() {}\nfunc (t T) m() {}\nfunc() {}()\nfunc() int { return 1 }()", []string{"decl func f() {}", "decl func (t T) m() {}", "stmt func() {}()", "stmt func() int { return 1 }()"}},
		{"label", "again:\n\tgoto again", []string{"stmt again:\n\tgoto again"}},
		{"comments", "/* a; b */ x := 1 // c; d", []string{"stmt x := 1"}},
		{"strings", "s := `a;\nb` + \";{\"", []string{"stmt s := `a;\nb` + \";{\""}},
	} {
		var got []string
		for _, c := range split(test.cell) {
			got = append(got, [...]string{"import", "decl", "var", "stmt"}[c.kind]+" "+c.text)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s:\ngot  %q\nwant %q", test.name, got, test.want)
		}
	}
}

func TestDerive(t *testing.T) {
	imports := importer.ForCompiler(nil, "source", nil)
	p := &Program{Name: "chapter/name", Cells: []string{
		"type T struct{ n int }\nx := T{1}\nvar y, z float64\n",
		"func (t T) get() int { return t.n + int(y) }\nvar ptr = &x\nx.get()\n",
	}}
	got, err := Derive(p, imports)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"var ptr *T\nvar x T\nvar y float64\nvar z float64\n",
		"/*line cell[1]:1:1*/type T struct{ n int }\n",
		"/*line cell[2]:1:1*/func (t T) get() int",
		"/*line cell[1]:2:1*/x  = T{1}\n",
		"/*line cell[2]:2:1*/ptr = &x\n",
		"/*line cell[2]:3:1*/x.get()\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q:\n%s", want, got)
		}
	}
	p.Cells = append(p.Cells, `x := "declared again"`)
	if _, err := Derive(p, imports); err == nil || !strings.Contains(err.Error(), "give main.go") {
		t.Errorf("a variable of two types: %v", err)
	}
}

// TestJudge shows that a wrong answer cannot pass for a right or a refused one.
func TestJudge(t *testing.T) {
	runs := &Program{Want: Result{Stdout: "a\nb\n", Stderr: "panic: x\n", Exit: 2}}
	fails := &Program{Want: Result{Errors: []string{"cell[1]:2:3: undefined: x"}}}
	for _, test := range []struct {
		name string
		p    *Program
		got  Evaluation
		want Verdict
	}{
		{"same", runs, Evaluation{Result: runs.Want}, Equal},
		{"other output", runs, Evaluation{Result: Result{Stdout: "a\nc\n", Stderr: "panic: x\n", Exit: 2}}, Wrong},
		{"other panic", runs, Evaluation{Result: Result{Stdout: "a\nb\n", Stderr: "panic: y\n", Exit: 2}}, Wrong},
		{"no panic", runs, Evaluation{Result: Result{Stdout: "a\nb\n"}}, Wrong},
		{"refused at once", runs, Evaluation{Refused: []string{"why"}}, Refused},
		{"refused later", runs, Evaluation{Result: Result{Stdout: "a\n"}, Refused: []string{"why"}}, Refused},
		{"wrong, then refused", runs, Evaluation{Result: Result{Stdout: "b\n"}, Refused: []string{"why"}}, Wrong},
		{"not checked", runs, Evaluation{Result: Result{Errors: []string{"cell[1]:1:1: undefined: fmt.Println"}}}, Wrong},
		{"died", runs, Evaluation{Result: runs.Want, Internal: "killed"}, Wrong},
		{"same error", fails, Evaluation{Result: fails.Want}, Equal},
		{"other column", fails, Evaluation{Result: Result{Errors: []string{"cell[1]:2:4: undefined: x"}}}, Wrong},
		{"ran", fails, Evaluation{Result: Result{Stdout: "a\n"}}, Wrong},
	} {
		if got, why := Judge(test.p, test.got); got != test.want {
			t.Errorf("%s: %v, want %v\n%s", test.name, got, test.want, why)
		}
	}
}
