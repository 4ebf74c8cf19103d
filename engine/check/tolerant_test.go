package check_test

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"

	"interleave/engine/check"
	"interleave/engine/syntax"
)

// TestTolerant checks unfinished cells; "‸" is the cursor. The wanted text is the
// type of x in "x.‸", or the locals that are visible, sorted.
func TestTolerant(t *testing.T) {
	s := check.NewSession(lib)
	runCell(t, s, "cell[1]", "type T struct{ a int }\nvar t = &T{}\nfunc (t *T) M() *T { return t }")
	for _, c := range []struct{ src, selector, locals string }{
		{"t.‸", "*T", ""},
		{"x := t.M()\nx.M().‸", "*T", ""},
		{"strings.‸", "package strings", ""},
		{"func f(p int, q string) {\n\tfor i := range 3 {\n\t\tq.‸", "string", "i p q"},
		{"func f(p int) {\n\tv := 1\n\t‸\n\tw := 2\n}", "", "p v"},
		{"if k := 1; k > 0 {\n\tgo func(n int) {\n\t\tt.‸\n\t}(3)\n}", "*T", "k n"},
		{"func (t T) New(a int) {\n\tt.‸", "T", "a t"},
		{"fmt.Println(t.‸", "*T", ""},
		{"y := T{‸", "", ""},
		{"var z map[string]*T\nz[\"a\"].‸", "*T", ""},
		{"é := \"世界\"; é.‸", "string", ""},
		{"switch v := any(t).(type) {\ncase *T:\n\tv.‸", "*T", "v"},
		{"u := T{}\nundefinedThing()\nu.‸", "T", ""},
	} {
		at := strings.Index(c.src, "‸")
		cell, _ := syntax.Parse(token.NewFileSet(), "cell[2]", strings.Replace(c.src, "‸", "", 1))
		pos := cell.File.Pos(at)
		p := s.CheckTolerant(cell)
		got := ""
		for _, n := range cell.Path(pos) {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if id, ok := sel.X.(*ast.Ident); ok {
					if pkg, ok := p.Info.Uses[id].(*types.PkgName); ok {
						got = "package " + pkg.Name()
						break
					}
				}
				got = types.TypeString(p.Info.TypeOf(sel.X), short)
				break
			}
		}
		if got != c.selector {
			t.Errorf("%q: selector of %q, want %q", c.src, got, c.selector)
		}
		var locals []string
		for _, obj := range p.Locals(pos) {
			locals = append(locals, obj.Name())
		}
		slices.Sort(locals)
		if got := strings.Join(locals, " "); got != c.locals {
			t.Errorf("%q: locals %q, want %q", c.src, got, c.locals)
		}
	}
	runCell(t, s, "cell[2]", "t.New(1) // want \"t.New undefined (type *T has no field or method New)\"")
}
