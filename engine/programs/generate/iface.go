package generate

import (
	"fmt"
	"strings"
)

// iface is an interface and the types that implement it.
type iface struct {
	name  string
	impls []string // expressions of its values
	arg   *typ
	res   *typ
}

// interfaces declares one with implementations of all kinds: by value, by
// pointer, by embedding of a value, a pointer and an interface, of a basic type
// and of a function.
func (g *generator) interfaces() {
	i := iface{name: g.global("I"), arg: pick(g, g.basic...), res: pick(g, g.types...)}
	fmt.Fprintf(&g.top, "type %s interface { M(x %s) %s; Name() string }\n\n", i.name, i.arg, i.res)
	method := func(recv string, state string, change bool) {
		g.declare(fmt.Sprintf("func (t %s) M(x %s) (r %s)", recv, i.arg, i.res), func() {
			g.line("if fuel_%s--; fuel_%s < 0 { return }", g.id, g.id)
			g.vars = []variable{{name: "x", t: i.arg}, {name: "r", t: i.res}}
			if state != "" {
				g.vars = append(g.vars, variable{name: state, t: g.named("int")})
			}
			if change && state != "" {
				g.line("%s++", state)
			}
			g.closure = true
			g.statements(1 + g.n(3))
			g.line("return %s", g.expr(i.res, 2))
		})
		word := strings.Trim(recv, "*_0123456789")
		show := "0"
		if state != "" {
			show = state
		}
		fmt.Fprintf(&g.top, "func (t %s) Name() string { print(%s, \" \"); return %q }\n\n", recv, show, word)
	}
	val, ptr, num, fun := g.global("V"), g.global("P"), g.global("B"), g.global("Fn")
	fmt.Fprintf(&g.top, "type %s struct { pad %s; n int }\n\ntype %s struct { n int; pad %s }\n\ntype %s int\n\ntype %s func() int\n\n", val, pick(g, g.basic...), ptr, pick(g, g.types...), num, fun)
	method(val, "t.n", true)
	method("*"+ptr, "t.n", true)
	method(num, "", false)
	method(fun, "", false)
	n := func() int { return g.n(50) }
	i.impls = []string{
		fmt.Sprintf("%s{n: %d}", val, n()), fmt.Sprintf("&%s{n: %d}", val, n()), fmt.Sprintf("&%s{n: %d}", ptr, n()),
		fmt.Sprintf("%s(%d)", num, n()), fmt.Sprintf("%s(func() int { return %d })", fun, n()),
	}
	for _, e := range []string{val, "*" + ptr, i.name} {
		s := g.global("E")
		fmt.Fprintf(&g.top, "type %s struct { k string; %s }\n\n", s, e)
		part, from := strings.TrimPrefix(e, "*"), i.impls[0]
		switch e {
		case "*" + ptr:
			from = i.impls[2]
		case i.name:
			from = i.impls[g.n(len(i.impls))]
		}
		lit := fmt.Sprintf("%s{k: \"e\", %s: %s}", s, part, from)
		if g.chance(40) { // hides the promoted method
			fmt.Fprintf(&g.top, "func (t %s) Name() string { return t.k + t.%s.Name() }\n\n", s, part)
		}
		i.impls = append(i.impls, lit, "&"+lit)
	}
	g.ifaces = append(g.ifaces, i)
}

// useInterface calls methods in every way there is.
func (g *generator) useInterface(i iface) {
	list, x := g.name("list"), g.name("x")
	g.line("%s := []%s{}", list, i.name)
	for range 2 + g.n(4) {
		g.line("%s = append(%s, %s)", list, list, pick(g, i.impls...))
	}
	r := g.name("r")
	g.block(fmt.Sprintf("for _, %s := range %s", x, list), func() {
		g.line("println(%s.Name())", x)
		g.line("%s := %s.M(%s)", r, x, g.expr(i.arg, 1))
		g.show(i.res, r)
		g.line("println(%s.Name())", x)
		if g.chance(50) {
			f := g.name("f")
			g.line("%s := %s.M", f, x)
			g.line("_ = %s(%s)", f, g.expr(i.arg, 1))
			g.line("println(%s.Name(%s))", i.name, x)
		}
		if g.chance(50) {
			g.line("_, ok := %s.(interface{ Absent() }); println(ok)", x)
			g.line("_, ok = any(%s).(interface{ Name() string }); println(ok)", x)
		}
		if g.chance(50) {
			g.line("defer %s.M(%s)", x, g.expr(i.arg, 1))
		}
	})
	g.line("func() { defer func() { if e, ok := recover().(error); ok { println(e.Error()) } }(); println(%s[0] == %s[0], %s[0] == %s[1]) }()", list, list, list, list)
	g.line("func() { defer func() { showPanic(recover()) }(); println(%s.(%s).Name()) }()", list+"[1]", pick(g, i.implTypes()...))
	if g.chance(50) {
		v := g.name("v")
		g.line("%s := %s", v, pick(g, i.impls[0], i.impls[3]))
		f := g.name("f")
		g.line("%s := %s.M", f, v)
		g.line("%s = %s", v, v)
		g.line("_ = %s(%s); println(%s.Name())", f, g.expr(i.arg, 1), v)
	}
}

func (i iface) implTypes() []string {
	var list []string
	for _, e := range i.impls {
		t, _, _ := strings.Cut(e, "{")
		if p, ok := strings.CutPrefix(t, "&"); ok {
			t = "*" + p
		}
		t, _, _ = strings.Cut(t, "(")
		list = append(list, t)
	}
	return list
}
