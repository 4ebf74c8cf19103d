package generate

import (
	"fmt"
	"strconv"
	"strings"
)

// expr is an expression of type t that cannot panic, and whose value does not
// depend on the order in which its parts are evaluated.
func (g *generator) expr(t *typ, depth int) string {
	if g.chance(6) {
		return fmt.Sprintf("trace(%d, %s)", g.n(100), g.typed(t, g.expr(t, depth-1)))
	}
	if s := g.variableOf(t); s != "" && (depth <= 0 || g.chance(35)) {
		return s
	}
	if depth > 0 {
		if s := g.part(t); s != "" && g.chance(25) {
			return s
		}
		if s := g.called(t, depth); s != "" && g.chance(30) {
			return s
		}
		if g.chance(5) {
			return fmt.Sprintf("func() %s { if %s { return %s }; return %s }()", t, g.expr(g.named("bool"), depth-1), g.expr(t, depth-1), g.expr(t, depth-1))
		}
	}
	switch t.kind {
	case boolean:
		return g.condition(t, depth)
	case integer:
		return g.integer(t, depth)
	case float:
		return g.float(t, depth)
	case complexNumber:
		return g.complexNumber(t, depth)
	case text:
		return g.text(t, depth)
	}
	return g.composite(t, depth)
}

// typed makes sure that an expression which may be an untyped constant has type t.
func (g *generator) typed(t *typ, e string) string {
	return fmt.Sprintf("%s(%s)", t.conversion(), e)
}

// value is an expression of type t that is no constant.
func (g *generator) value(t *typ, depth int) string {
	if s := g.variableOf(t); s != "" && g.chance(60) {
		return s
	}
	return "opaque(" + g.typed(t, g.expr(t, depth-1)) + ")"
}

func (g *generator) variableOf(t *typ) string {
	list := g.variables(func(v variable) bool { return v.t == t })
	if len(list) == 0 {
		return ""
	}
	return pick(g, list...).name
}

// part is a part of type t of some variable.
func (g *generator) part(t *typ) string {
	var list []string
	for _, v := range g.vars {
		switch v.t.kind {
		case structure:
			for _, f := range v.t.fields {
				if f.t == t {
					list = append(list, v.name+"."+f.name)
				}
			}
		case array:
			if v.t.elem == t {
				list = append(list, fmt.Sprintf("%s[uint(%s)%%%d]", v.name, g.value(g.named("int"), 1), v.t.len))
			}
		case mapping:
			if v.t.elem == t {
				list = append(list, fmt.Sprintf("%s[%s]", v.name, g.keyOf(v.t, 0)))
			}
		case pointer:
			if v.t.elem == t {
				list = append(list, fmt.Sprintf("func() (zero %s) { if %s != nil { zero = *%s }; return }()", t, v.name, v.name))
			}
		case slice:
			if v.t.elem == t {
				list = append(list, fmt.Sprintf("func() (zero %s) { for _, zero = range %s { }; return }()", t, v.name))
			}
		}
		if v.t.method != "" && v.t == t {
			list = append(list, v.name+"."+v.t.method+"()", fmt.Sprintf("%s.%s(%s)", t, t.method, v.name))
		}
	}
	if len(list) == 0 {
		return ""
	}
	return pick(g, list...)
}

// called is a call of a function that has one result of type t and takes no
// references.
func (g *generator) called(t *typ, depth int) string {
	var list []function
	for _, f := range g.funcs {
		ok := len(f.results) == 1 && f.results[0] == t
		for _, p := range f.params {
			ok = ok && p.plain
		}
		if ok {
			list = append(list, f)
		}
	}
	if len(list) == 0 {
		return ""
	}
	return g.callOf(pick(g, list...), depth-1)
}

func (g *generator) callOf(f function, depth int) string {
	var args []string
	for _, p := range f.params {
		args = append(args, g.expr(p, depth))
	}
	return fmt.Sprintf("%s(%s)", f.name, strings.Join(args, ", "))
}

func (g *generator) condition(t *typ, depth int) string {
	if depth <= 0 {
		return g.typed(t, pick(g, "true", "false"))
	}
	b := g.named("bool")
	switch g.n(6) {
	case 0:
		return "!" + g.value(t, depth)
	case 1:
		return g.typed(t, fmt.Sprintf("(%s && %s)", g.expr(b, depth-1), g.expr(b, depth-1)))
	case 2:
		return g.typed(t, fmt.Sprintf("(%s || %s)", g.expr(b, depth-1), g.expr(b, depth-1)))
	case 3:
		for range 10 {
			if c := pick(g, g.types...); c.equal && c.kind != boolean {
				return g.typed(t, fmt.Sprintf("(%s %s %s)", g.value(c, depth-1), pick(g, "==", "!="), g.value(c, depth-1)))
			}
		}
	}
	c := pick(g, g.basic[:11]...)
	return g.typed(t, fmt.Sprintf("(%s %s %s)", g.value(c, depth-1), pick(g, "==", "!=", "<", "<=", ">", ">="), g.value(c, depth-1)))
}

// interesting integers lie at the borders of the widths.
func (g *generator) literal(t *typ) string {
	bits := t.bits
	if t.signed {
		bits--
	}
	var u uint64
	switch g.n(4) {
	case 0:
		u = uint64(1)<<g.n(bits) - uint64(g.n(2))
	case 1:
		u = (1<<bits - 1) - uint64(g.n(3))
		if bits == 64 {
			u = ^uint64(0) - uint64(g.n(3))
		}
	default:
		u = uint64(g.n(min(100, 1<<min(bits, 10)-1)))
	}
	s := strconv.FormatUint(u, 10)
	if t.signed && g.chance(40) {
		s = "-" + s
	}
	return fmt.Sprintf("%s(%s)", t, s)
}

func (g *generator) integer(t *typ, depth int) string {
	if depth <= 0 {
		return g.literal(t)
	}
	a, b := g.value(t, depth-1), g.expr(t, depth-1)
	switch g.n(11) {
	case 0:
		return fmt.Sprintf("(%s %s (opaque(%s) | 1))", a, pick(g, "/", "%"), g.typed(t, b))
	case 1:
		count := pick(g, g.basic[:10]...)
		if count.signed {
			return fmt.Sprintf("(%s %s (%s & 0x%x))", a, pick(g, "<<", ">>"), g.value(count, depth-1), pick(g, 3, 15, 0x7f))
		}
		return fmt.Sprintf("(%s %s %s)", a, pick(g, "<<", ">>"), g.value(count, depth-1))
	case 2:
		return fmt.Sprintf("(%s %s %d)", a, pick(g, "<<", ">>"), g.n(t.bits+2))
	case 3:
		return fmt.Sprintf("%s(%s)", t, g.value(pick(g, g.basic[:10]...), depth-1))
	case 4:
		return fmt.Sprintf("%s%s", pick(g, "-", "^"), a)
	case 5:
		return fmt.Sprintf("%s(%s, %s, %s)", pick(g, "min", "max"), a, b, g.expr(t, depth-1))
	case 6:
		for _, v := range g.vars {
			if v.t.kind == slice || v.t.kind == text || v.t.kind == mapping {
				return fmt.Sprintf("%s(len(%s))", t, v.name)
			}
		}
	case 7: // within the range of every integer type
		f := g.value(g.named("float64"), depth-1)
		return fmt.Sprintf("func() %s { if num := %s; num >= 0 && num < 100 { return %s(num) }; return %s }()", t, f, t, b)
	case 8:
		return fmt.Sprintf("(%s %s %s)", a, pick(g, "+", "-", "*", "&", "|", "^"), g.literalNonNegative(t))
	}
	return fmt.Sprintf("(%s %s %s)", a, pick(g, "+", "-", "*", "&", "|", "^", "&^"), b)
}

func (g *generator) literalNonNegative(t *typ) string { return strconv.Itoa(g.n(100)) }

func (g *generator) float(t *typ, depth int) string {
	if depth <= 0 {
		return fmt.Sprintf("%s(%s)", t, pick(g, "0", "1", "-1.5", "0.1", "3.25e10", "1e-9", "16777217", "-2.75", "255.5", "1e30"))
	}
	switch g.n(6) {
	case 0:
		return fmt.Sprintf("%s(%s)", t, g.value(pick(g, g.basic[:12]...), depth-1))
	case 1:
		return "-" + g.value(t, depth-1)
	case 2:
		return fmt.Sprintf("%s(%s, %s)", pick(g, "min", "max"), g.value(t, depth-1), g.expr(t, depth-1))
	}
	// Converted, so that no product and sum may be fused.
	return g.typed(t, fmt.Sprintf("%s %s opaque(%s)", g.value(t, depth-1), pick(g, "+", "-", "*", "/"), g.typed(t, g.expr(t, depth-1))))
}

func (g *generator) complexNumber(t *typ, depth int) string {
	part := g.named(map[int]string{64: "float64", 32: "float32"}[t.bits])
	if depth <= 0 || g.chance(30) {
		return g.typed(t, fmt.Sprintf("complex(%s, %s)", g.expr(part, depth-1), g.expr(part, depth-1)))
	}
	if g.chance(20) {
		return "-" + g.value(t, depth-1)
	}
	return fmt.Sprintf("(%s %s %s)", g.value(t, depth-1), pick(g, "+", "-", "*", "/"), g.value(t, depth-1))
}

func (g *generator) text(t *typ, depth int) string {
	if depth <= 0 {
		return g.typed(t, strconv.Quote(pick(g, "", "a", "go", "héllo", "日本", "x\xffy", "tab\t", "0123456789")))
	}
	s := g.value(t, depth-1)
	switch g.n(8) {
	case 0:
		return g.typed(t, fmt.Sprintf("string(rune(%s))", g.value(pick(g, g.basic[:10]...), depth-1)))
	case 1:
		return g.typed(t, fmt.Sprintf("[]byte(%s)", s))
	case 2:
		return g.typed(t, fmt.Sprintf("[]rune(%s)", s))
	case 3:
		return fmt.Sprintf("%s(%s, %s)", pick(g, "min", "max"), s, g.expr(t, depth-1))
	case 4:
		return fmt.Sprintf("func(text %s, at uint) %s { at %%= uint(len(text) + 1); return %s }(%s, %s)", t, t, pick(g, "text[at:]", "text[:at]", "text[at:len(text)]"), s, g.expr(g.named("uint"), depth-1))
	case 5:
		return fmt.Sprintf("func(text %s) %s { if len(text) > 20 { return text[:20] }; return text }(%s + %s)", t, t, s, g.expr(t, depth-1))
	}
	return s
}

// keyOf is a key for a map of type t; it is never NaN.
func (g *generator) keyOf(t *typ, depth int) string {
	if t.key.kind == float {
		return g.typed(t.key, g.value(g.named("int8"), depth))
	}
	return g.expr(t.key, depth)
}

func (g *generator) composite(t *typ, depth int) string {
	var parts []string
	switch t.kind {
	case slice:
		if g.chance(15) {
			return g.typed(t, "nil")
		}
		for range g.n(4) {
			parts = append(parts, g.expr(t.elem, depth-1))
		}
	case array:
		for i := range t.len {
			if g.chance(70) {
				parts = append(parts, fmt.Sprintf("%d: %s", i, g.expr(t.elem, depth-1)))
			}
		}
	case mapping:
		if g.chance(40) { // the function keeps constant keys apart
			return fmt.Sprintf("%s{opaque(%s): %s}", t, g.typed(t.key, g.keyOf(t, depth-1)), g.expr(t.elem, depth-1))
		}
	case structure:
		for _, f := range t.fields {
			if g.chance(70) {
				parts = append(parts, fmt.Sprintf("%s: %s", f.name, g.expr(f.t, depth-1)))
			}
		}
	case pointer:
		if g.chance(20) {
			return g.typed(t, "nil")
		}
		return fmt.Sprintf("func(x %s) %s { return &x }(%s)", t.elem, t, g.expr(t.elem, depth-1))
	}
	return fmt.Sprintf("%s{%s}", t, strings.Join(parts, ", "))
}
