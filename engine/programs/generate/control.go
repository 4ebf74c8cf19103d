package generate

import (
	"fmt"
	"strings"
)

// looped writes a loop whose body may leave it or go on early.
func (g *generator) looped(head string, add ...variable) {
	label := ""
	if g.chance(30) {
		label = g.name("L")
		g.line("%s:", label)
	}
	g.loop++
	g.block(head, func() {
		g.line("if fuel_%s--; fuel_%s < 0 { break }", g.id, g.id)
		g.vars = append(g.vars, add...)
		for _, v := range add {
			g.line("_ = %s", v.name)
		}
		if g.chance(25) {
			g.line("if %s { %s }", g.expr(g.named("bool"), 1), pick(g, "break", "continue"))
		}
		g.statements(1 + g.n(2))
		if label != "" {
			g.block("for range 2", func() {
				g.line("if %s { %s %s }", g.expr(g.named("bool"), 1), pick(g, "break", "continue"), label)
				g.statements(1)
			})
			if g.chance(50) {
				g.line("switch { case %s: break %s; default: continue %s }", g.expr(g.named("bool"), 1), label, label)
			}
		}
	})
	g.loop--
}

func (g *generator) forLoop() {
	i := g.name("i")
	t := pick(g, g.basic[:10]...)
	v := variable{name: i, t: t, ro: true}
	switch g.n(4) {
	case 0:
		g.looped(fmt.Sprintf("for %s := %s(0); %s < %d; %s++", i, t, i, 1+g.n(5), i), v)
	case 1:
		g.looped(fmt.Sprintf("for %s := range %s(%d)", i, t, g.n(5)), v)
	case 2: // every iteration has a variable of its own
		fs := g.name("fs")
		g.line("var %s []func() %s", fs, t)
		g.loop++
		g.block(fmt.Sprintf("for %s := %s(%d); %s > 0; %s--", i, t, 2+g.n(4), i, i), func() {
			g.line("%s = append(%s, func() %s { %s += 3; return %s })", fs, fs, t, i, i)
			g.line("if len(%s) > 5 { break }", fs)
			if g.chance(50) {
				g.line("%s--", i)
				g.line("if %s <= 0 { break }", i)
			}
		})
		g.loop--
		f := g.name("f")
		g.line("for _, %s := range %s { print(%s(), \" \", %s(), \" \") }", f, fs, f, f)
		g.line("println()")
	case 3: // by goto
		label, n := g.name("L"), g.name("n")
		g.line("%s := 0", n)
		g.line("%s:", label)
		g.loop += 2
		g.block("", func() { g.statements(1) })
		g.loop -= 2
		g.line("if %s++; %s < %d { goto %s }", n, n, 1+g.n(3), label)
	}
}

func (g *generator) rangeLoop() {
	list := g.variables(func(v variable) bool {
		return v.t.kind == slice || v.t.kind == array || v.t.kind == text || v.t.kind == mapping
	})
	k, x := g.name("i"), g.name("x")
	key := variable{name: k, t: g.named("int")}
	if len(list) == 0 || g.chance(40) {
		if g.chance(50) {
			g.looped(fmt.Sprintf("for %s := range count(%d)", k, g.n(5)), key)
			g.line("println()")
			return
		}
		a, b := pick(g, g.types...), pick(g, g.types...)
		g.looped(fmt.Sprintf("for %s, %s := range pairs([]%s{%s, %s}, []%s{%s, %s})", k, x, a, g.expr(a, 1), g.expr(a, 1), b, g.expr(b, 1), g.expr(b, 1)),
			variable{name: k, t: a}, variable{name: x, t: b})
		return
	}
	v := pick(g, list...)
	switch v.t.kind {
	case mapping: // the order must not show
		g.line("%s := 0", k)
		g.line("for range %s { %s++ }", v.name, k)
		g.line("println(%s == len(%s))", k, v.name)
	case text:
		r := variable{name: x, t: g.named("int32")}
		g.looped(fmt.Sprintf("for %s, %s := range %s", k, x, v.name), key, r)
	default:
		over := v.name
		if v.t.kind == array && g.chance(30) {
			over = "&" + over
		}
		g.looped(fmt.Sprintf("for %s, %s := range %s", k, x, over), key, variable{name: x, t: v.t.elem})
	}
}

func (g *generator) switches() {
	t := pick(g, g.named("int"), g.named("string"), g.named("uint8"), g.named("float64"), g.named("bool"))
	x := g.name("sw")
	var head string
	switch g.n(3) {
	case 0:
		head = "switch"
	case 1:
		head = fmt.Sprintf("switch %s := any(%s).(type)", x, g.expr(pick(g, g.types...), 2))
	default:
		head = "switch " + g.value(t, 2)
	}
	types := strings.HasSuffix(head, ".(type)")
	seen := map[string]bool{}
	g.line("%s {", head)
	n := 1 + g.n(3)
	for i := range n {
		var c string
		var bound *typ
		switch {
		case types:
			bound = pick(g, g.types...)
			if seen[bound.name] {
				continue
			}
			seen[bound.name] = true
			c = bound.name
		case head == "switch":
			c = g.value(g.named("bool"), 2)
		default:
			c = g.value(t, 1) + ", " + g.value(t, 1)
		}
		g.line("case %s:", c)
		g.deep++
		vars := len(g.vars)
		if types {
			g.line("_ = %s", x)
			g.vars = append(g.vars, variable{name: x, t: bound})
		}
		g.line("print(\"case %d \")", i)
		g.statements(1 + g.n(2))
		switch {
		case g.chance(20):
			g.line("if %s { break }", g.expr(g.named("bool"), 1))
			g.line("print(\"on \")")
		case !types && i < n-1 && g.chance(30):
			g.line("fallthrough")
		}
		g.vars = g.vars[:vars]
		g.deep--
	}
	g.line("default:")
	if types {
		g.line("_ = %s", x)
	}
	g.deep++
	vars := len(g.vars)
	g.statements(1)
	g.vars = g.vars[:vars]
	g.deep--
	g.line("}")
}

// literalFunc defines and calls a function literal that captures and changes
// variables.
func (g *generator) literalFunc() {
	f, t, p, pt, r := g.name("f"), pick(g, g.types...), g.name("p"), pick(g, g.types...), g.name("r")
	outer, loop := g.closure, g.loop
	g.closure, g.loop = true, 2
	g.block(fmt.Sprintf("%s := func(%s %s) (%s %s)", f, p, pt, r, t), func() {
		g.vars = append(g.vars, variable{name: p, t: pt}, variable{name: r, t: t})
		if g.chance(30) {
			g.line("defer func() { showPanic(recover()); %s }()", "print(\"closed \")")
			g.statements(1)
			g.line("%s", g.mayPanic())
		}
		g.statements(2)
		g.line("return %s", g.expr(t, 2))
	})
	g.closure, g.loop = outer, loop
	for range 1 + g.n(2) {
		v := g.name("v")
		g.line("%s := %s(%s)", v, f, g.expr(pt, 1))
		g.show(t, v)
		g.vars = append(g.vars, variable{name: v, t: t})
	}
}
