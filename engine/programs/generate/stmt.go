package generate

import (
	"fmt"
	"strings"
)

// function adds a declared function.
func (g *generator) function() {
	f := function{name: g.global("F")}
	var params, results []string
	var vars []variable
	for range g.n(4) {
		t := pick(g, g.types...)
		f.params = append(f.params, t)
		v := variable{name: g.name("p"), t: t}
		vars = append(vars, v)
		params = append(params, v.name+" "+t.name)
	}
	for range 1 + g.n(2)*g.n(3) {
		t := pick(g, g.types...)
		f.results = append(f.results, t)
		v := variable{name: g.name("r"), t: t}
		vars = append(vars, v)
		results = append(results, v.name+" "+t.name)
	}
	head := fmt.Sprintf("func %s(%s) (%s)", f.name, strings.Join(params, ", "), strings.Join(results, ", "))
	g.declare(head, func() {
		g.vars = vars
		g.line("if fuel_%s--; fuel_%s < 0 { return }", g.id, g.id)
		if g.chance(40) {
			g.guard(vars[len(f.params):])
			g.statements(2 + g.n(4))
			g.line("%s", g.mayPanic())
		}
		g.statements(3 + g.n(5))
		g.returns(f)
	})
	g.funcs = append(g.funcs, f)
}

// guard recovers a panic in a deferred function, which may set results.
func (g *generator) guard(results []variable) {
	g.block("defer func()", func() {
		if g.chance(30) {
			g.line("defer func() { showPanic(recover()) }()")
			g.line("if r := recover(); r != nil { panic(r) }")
		} else {
			g.line("showPanic(recover())")
		}
		r := pick(g, results...)
		g.line("%s = %s", r.name, g.expr(r.t, 1))
		g.vars = g.vars[:len(g.vars):len(g.vars)]
	})
	text := strings.TrimSuffix(g.body.String(), "\n")
	g.body.Reset()
	g.body.WriteString(text + "()\n")
}

func (g *generator) returns(f function) {
	if g.chance(30) {
		g.line("return")
		return
	}
	var list []string
	for _, t := range f.results {
		list = append(list, g.expr(t, 2))
	}
	g.line("return %s", strings.Join(list, ", "))
}

// callAndShow calls a function by a statement of its own.
func (g *generator) callAndShow(f function) {
	var names []string
	for range f.results {
		names = append(names, g.name("c"))
	}
	call := g.callOf(f, 2)
	if g.chance(20) {
		callee := g.name("fn")
		g.line("%s := %s", callee, f.name)
		call = callee + strings.TrimPrefix(call, f.name)
	}
	g.line("%s := %s", strings.Join(names, ", "), call)
	for i, t := range f.results {
		g.show(t, names[i])
		g.vars = append(g.vars, variable{name: names[i], t: t})
	}
}

func (g *generator) statements(n int) {
	for range n {
		g.statement()
	}
}

func (g *generator) statement() {
	if g.deep > 3 {
		g.simple()
		return
	}
	switch g.n(16) {
	case 0, 1:
		g.block("if "+g.expr(g.named("bool"), 2), func() { g.statements(1 + g.n(2)) })
	case 2:
		g.line("if %s {", g.expr(g.named("bool"), 2))
		g.deep++
		vars := len(g.vars)
		g.statements(1)
		g.vars = g.vars[:vars]
		g.deep--
		g.block("} else", func() { g.statements(1) })
	case 3, 4:
		if g.loop < 2 {
			g.forLoop()
		}
	case 5:
		g.switches()
	case 6:
		if g.loop < 2 {
			g.rangeLoop()
		}
	case 7:
		g.literalFunc()
	case 8:
		if len(g.funcs) > 0 && g.loop == 0 {
			g.callAndShow(pick(g, g.funcs...))
		}
	case 9:
		if !g.closure && g.loop < 2 {
			v := g.name("d")
			t := pick(g, g.basic...)
			g.line("defer func(%s %s) { print(\"deferred \"); %s }(%s)", v, t, g.inline(t, v), g.expr(t, 1))
		}
	default:
		g.simple()
	}
}

// inline shows a value of a basic type in one line.
func (g *generator) inline(t *typ, v string) string {
	switch t.kind {
	case float:
		return fmt.Sprintf("showFloat(float64(%s))", v)
	case complexNumber:
		return fmt.Sprintf("showFloat(float64(real(%s)))", v)
	}
	return fmt.Sprintf("println(%s)", v)
}

// simple is a declaration, an assignment or a print.
func (g *generator) simple() {
	writable := g.variables(func(v variable) bool { return !v.ro })
	if len(writable) == 0 || g.chance(20) {
		t := pick(g, g.types...)
		g.define(t, g.expr(t, 3))
		return
	}
	v := pick(g, writable...)
	switch {
	case g.chance(25):
		g.show(v.t, v.name)
	case g.chance(15):
		same := g.variables(func(w variable) bool { return w.t == v.t && !w.ro })
		w := pick(g, same...)
		if w.name != v.name {
			g.line("%s, %s = %s, %s", v.name, w.name, w.name, g.expr(v.t, 1))
		}
	case v.t.kind == integer && g.chance(50):
		if g.chance(30) {
			g.line("%s%s", v.name, pick(g, "++", "--"))
		} else {
			g.line("%s %s %s", v.name, pick(g, "+=", "-=", "*=", "|=", "&=", "^=", "&^="), g.expr(v.t, 2))
		}
	case v.t.kind == slice && g.chance(80):
		g.sliceStatement(v)
	case v.t.kind == mapping && g.chance(80):
		g.mapStatement(v)
	case v.t.kind == array && g.chance(60):
		g.line("%s[uint(%s)%%%d] = %s", v.name, g.value(g.named("int"), 1), v.t.len, g.expr(v.t.elem, 2))
	case v.t.kind == structure && len(v.t.fields) > 0 && g.chance(60):
		f := pick(g, v.t.fields...)
		g.line("%s.%s = %s", v.name, f.name, g.expr(f.t, 2))
	case v.t.kind == pointer && g.chance(60):
		g.line("if %s != nil { *%s = %s }", v.name, v.name, g.expr(v.t.elem, 2))
	case g.chance(15):
		g.line("{ p := &%s; *p = %s }", v.name, g.expr(v.t, 2))
	default:
		g.line("%s = %s", v.name, g.expr(v.t, 3))
	}
}

func (g *generator) sliceStatement(v variable) {
	s, e := v.name, v.t.elem
	switch g.n(9) {
	case 0, 1, 2:
		g.line("if len(%s) < 12 { %s = append(%s, %s) }", s, s, s, g.expr(e, 2))
	case 3:
		g.line("if len(%s) < 12 { %s = append(%s, %s...) }", s, s, s, s)
	case 4:
		g.line("if len(%s) > 1 { %s[0], %s[len(%s)-1] = %s[len(%s)-1], %s[0] }", s, s, s, s, s, s, s)
	case 5: // shares memory, and then does not
		w := g.name("v")
		g.line("%s := %s[len(%s)/2:len(%s):len(%s)]", w, s, s, s, s)
		g.line("%s = append(%s, %s)", w, w, g.expr(e, 1))
		g.line("println(len(%s), cap(%s) >= len(%s))", w, w, w)
		g.vars = append(g.vars, variable{name: w, t: v.t})
	case 6:
		g.line("println(copy(%s, %s[len(%s)/3:]))", s, s, s)
	case 7:
		g.line("for i := range %s { %s[i] = %s; break }", s, s, g.expr(e, 1))
	case 8:
		if g.chance(30) {
			g.line("clear(%s)", s)
		} else {
			g.line("%s = make(%s, %d, %d)", s, v.t, g.n(3), 3+g.n(3))
		}
	}
}

func (g *generator) mapStatement(v variable) {
	switch m := v.name; g.n(5) {
	case 0:
		g.line("delete(%s, %s)", m, g.keyOf(v.t, 1))
	case 1:
		x, ok := g.name("v"), g.name("ok")
		g.line("%s, %s := %s[%s]; println(%s)", x, ok, m, g.keyOf(v.t, 1), ok)
		g.vars = append(g.vars, variable{name: x, t: v.t.elem})
		g.line("_ = %s", x)
	case 2:
		g.line("for k := range %s { if len(%s) > 2 { delete(%s, k) } }", m, m, m)
		g.line("clear(%s)", m)
	default:
		g.line("if %s == nil { %s = make(%s) }", m, m, v.t)
		g.line("%s[%s] = %s", m, g.keyOf(v.t, 1), g.expr(v.t.elem, 2))
		if v.t.elem.kind == integer {
			g.line("%s[%s] += %s", m, g.keyOf(v.t, 0), g.expr(v.t.elem, 1))
		}
	}
}
