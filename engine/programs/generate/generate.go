package generate

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Program is the text of the program of a seed, to follow the Prelude. It
// imports nothing; id ends the names of its declarations.
func Program(seed uint64, id string) string {
	g := &generator{r: rand.New(rand.NewPCG(seed, 0x90)), id: id}
	g.basicTypes()
	for range 3 + g.n(4) {
		g.declareType()
	}
	for range 2 + g.n(3) {
		g.function()
	}
	g.interfaces()
	g.generics()
	g.main()
	return g.top.String()
}

// Prelude is what all programs share.
const Prelude = `
type number interface { ~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr | ~float32 | ~float64 }
type ordered interface { number | ~string }

// opaque keeps a value from being a constant.
func opaque[T any](x T) T { return x }

// trace shows when its argument is evaluated.
func trace[T any](at int, x T) T { print("@", at, " "); return x }

func sortedKeys[K ordered, V any](m map[K]V) []K {
	var list []K
	for k := range m {
		list = append(list, k)
		for i := len(list) - 1; i > 0 && list[i] < list[i-1]; i-- {
			list[i], list[i-1] = list[i-1], list[i]
		}
	}
	return list
}

func showFloat(f float64) {
	if f != f { print("NaN "); return }
	print(math.Float64bits(f), " ")
}

// showPanic prints what was recovered.
func showPanic(r any) {
	switch r := r.(type) {
	case nil: println("no panic")
	case error: println("error:", r.Error())
	case string: println("string:", r)
	case int: println("int:", r)
	default: println("other")
	}
}

// count yields 0 … n-1 and says how it ended.
func count(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		defer print("<end>")
		for i := range n {
			if !yield(i) { print("<stop>"); return }
		}
	}
}

func pairs[K, V any](ks []K, vs []V) func(func(K, V) bool) {
	return func(yield func(K, V) bool) {
		for i := 0; i < len(ks) && i < len(vs); i++ {
			if !yield(ks[i], vs[i]) { return }
		}
	}
}
`

// generator makes one program.
type generator struct {
	r    *rand.Rand
	id   string
	top  strings.Builder // finished declarations
	body strings.Builder // the function under way
	deep int             // blocks around the place
	last int             // number of the last name
	loop int             // loops around the place

	basic   []*typ
	types   []*typ // all that variables have
	vars    []variable
	funcs   []function
	ifaces  []iface
	closure bool // the place is in a function literal
}

type variable struct {
	name string
	t    *typ
	ro   bool // it is not assigned to: a loop counts on it
}

type function struct {
	name    string
	params  []*typ
	results []*typ
}

func (g *generator) n(k int) int { return g.r.IntN(k) }

func (g *generator) chance(percent int) bool { return g.n(100) < percent }

func pick[T any](g *generator, list ...T) T { return list[g.n(len(list))] }

// name makes a new local name, global one of a declaration.
func (g *generator) name(prefix string) string {
	g.last++
	return fmt.Sprintf("%s%d", prefix, g.last)
}

func (g *generator) global(prefix string) string { return g.name(prefix) + "_" + g.id }

// line writes one line of the function under way.
func (g *generator) line(format string, args ...any) {
	g.body.WriteString(strings.Repeat("\t", g.deep+1))
	fmt.Fprintf(&g.body, format, args...)
	g.body.WriteByte('\n')
}

// block writes what f writes, between head { and }, in a scope of its own.
func (g *generator) block(head string, f func()) {
	g.line("%s {", head)
	g.deep++
	vars := len(g.vars)
	f()
	g.vars = g.vars[:vars]
	g.deep--
	g.line("}")
}

// declare writes a function, whose body f writes.
func (g *generator) declare(head string, f func()) {
	outer, deep, loop, vars, closure := g.body, g.deep, g.loop, g.vars, g.closure
	g.body, g.deep, g.loop, g.vars, g.closure = strings.Builder{}, 0, 0, nil, false
	f()
	fmt.Fprintf(&g.top, "%s {\n%s}\n\n", head, g.body.String())
	g.body, g.deep, g.loop, g.vars, g.closure = outer, deep, loop, vars, closure
}

// define declares a local variable.
func (g *generator) define(t *typ, value string) variable {
	v := variable{name: g.name("v"), t: t}
	if g.chance(50) {
		g.line("var %s %s = %s", v.name, t, value)
	} else {
		g.line("%s := %s(%s)", v.name, t.conversion(), value)
	}
	g.line("_ = %s", v.name)
	g.vars = append(g.vars, v)
	return v
}

// variables gives those of a type, or of those that f wants.
func (g *generator) variables(f func(variable) bool) []variable {
	var list []variable
	for _, v := range g.vars {
		if f(v) {
			list = append(list, v)
		}
	}
	return list
}

// main calls everything and prints.
func (g *generator) main() {
	g.declare("func Main"+g.id+"()", func() {
		g.line("fuel_%s = 300", g.id)
		for range 3 {
			t := pick(g, g.types...)
			g.define(t, g.expr(t, 2))
		}
		for _, f := range g.funcs {
			g.callAndShow(f)
		}
		for _, i := range g.ifaces {
			g.useInterface(i)
		}
		g.statements(8 + g.n(8))
		for range 1 + g.n(2) {
			g.concurrent()
		}
		g.statements(3)
		if g.chance(20) {
			g.line("%s", g.mayPanic())
		}
		for _, v := range g.vars {
			g.show(v.t, v.name)
		}
	})
	fmt.Fprintf(&g.top, "var fuel_%s int\n", g.id)
}
