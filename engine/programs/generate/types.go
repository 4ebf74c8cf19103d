package generate

import (
	"fmt"
	"strings"
)

type kind int

const (
	boolean kind = iota
	integer
	float
	complexNumber
	text
	slice
	array
	mapping
	structure
	pointer
)

// typ is a type that the programs use.
type typ struct {
	name   string
	kind   kind
	bits   int // integer, float
	signed bool
	elem   *typ
	key    *typ
	len    int // array
	fields []field
	plain  bool // no part refers to memory that others see
	equal  bool // == applies
	method string
}

type field struct {
	name     string
	t        *typ
	embedded bool
}

func (t *typ) String() string { return t.name }

// conversion is the type as it stands before a parenthesis.
func (t *typ) conversion() string {
	if strings.HasPrefix(t.name, "*") {
		return "(" + t.name + ")"
	}
	return t.name
}

func (g *generator) basicTypes() {
	add := func(t *typ) { t.plain, t.equal = true, true; g.basic = append(g.basic, t) }
	for _, bits := range []int{8, 16, 32, 64} {
		add(&typ{name: fmt.Sprintf("int%d", bits), kind: integer, bits: bits, signed: true})
		add(&typ{name: fmt.Sprintf("uint%d", bits), kind: integer, bits: bits})
	}
	add(&typ{name: "int", kind: integer, bits: 64, signed: true})
	add(&typ{name: "uint", kind: integer, bits: 64})
	add(&typ{name: "float64", kind: float, bits: 64})
	add(&typ{name: "float32", kind: float, bits: 32})
	add(&typ{name: "complex128", kind: complexNumber, bits: 64})
	add(&typ{name: "complex64", kind: complexNumber, bits: 32})
	add(&typ{name: "string", kind: text})
	add(&typ{name: "bool", kind: boolean})
	g.types = append(g.types, g.basic...)
}

func (g *generator) named(name string) *typ {
	for _, t := range g.basic {
		if t.name == name {
			return t
		}
	}
	panic("generate: no type " + name)
}

// declareType adds a composite or named type.
func (g *generator) declareType() {
	var t *typ
	switch e := pick(g, g.types...); g.n(8) {
	case 0:
		t = &typ{name: "[]" + e.name, kind: slice, elem: e}
	case 1:
		n := 1 + g.n(4)
		t = &typ{name: fmt.Sprintf("[%d]%s", n, e), kind: array, elem: e, len: n, plain: e.plain, equal: e.equal}
	case 2:
		k := pick(g, g.named("int"), g.named("string"), g.named("uint8"), g.named("float64"))
		t = &typ{name: fmt.Sprintf("map[%s]%s", k, e), kind: mapping, key: k, elem: e}
	case 3:
		t = &typ{name: "*" + e.name, kind: pointer, elem: e}
	case 4: // a basic type under a name, perhaps with a method
		b := *pick(g, g.basic...)
		b.name = g.global("N")
		fmt.Fprintf(&g.top, "type %s %s\n\n", b.name, g.under(b))
		t = &b
		t.method = g.global("Get")
		fmt.Fprintf(&g.top, "func (x %s) %s() %s { return x }\n\n", t, t.method, t)
	default:
		t = g.structType()
	}
	g.types = append(g.types, t)
}

func (g *generator) under(t typ) string {
	for _, b := range g.basic {
		if b.kind == t.kind && b.bits == t.bits && b.signed == t.signed {
			return b.name
		}
	}
	return ""
}

func (g *generator) structType() *typ {
	t := &typ{name: g.global("S"), kind: structure, plain: true, equal: true}
	var b strings.Builder
	for i := range 1 + g.n(4) {
		e := pick(g, g.types...)
		f := field{name: fmt.Sprintf("f%d", i), t: e}
		if e.kind == structure && g.chance(50) && !strings.ContainsAny(e.name, "[*") {
			f = field{name: e.name, t: e, embedded: true}
			if t.has(f.name) {
				continue
			}
			fmt.Fprintf(&b, "\t%s\n", f.name)
		} else {
			fmt.Fprintf(&b, "\t%s %s\n", f.name, e)
		}
		t.fields = append(t.fields, f)
		t.plain, t.equal = t.plain && e.plain, t.equal && e.equal
	}
	if g.chance(15) {
		b.WriteString("\t_ int16\n")
	}
	fmt.Fprintf(&g.top, "type %s struct {\n%s}\n\n", t, b.String())
	return t
}

func (t *typ) has(name string) bool {
	for _, f := range t.fields {
		if f.name == name {
			return true
		}
	}
	return false
}

// show prints a value, as one line.
func (g *generator) show(t *typ, value string) {
	g.showPart(t, value, 0)
	g.line("println()")
}

func (g *generator) showPart(t *typ, value string, depth int) {
	if depth > 3 {
		g.line("_ = %s", value)
		return
	}
	switch t.kind {
	case boolean, integer, text:
		g.line(`print(%s, " ")`, value)
	case float:
		g.line("showFloat(float64(%s))", value)
	case complexNumber:
		g.line("showFloat(float64(real(%s))); showFloat(float64(imag(%s)))", value, value)
	case slice, array:
		x, i := g.name("x"), g.name("i")
		if t.kind == slice {
			g.line(`print("len ", len(%s), ": ")`, value)
		}
		g.line("for %s, %s := range %s {", i, x, value)
		g.line("_, _ = %s, %s", i, x)
		g.showPart(t.elem, x, depth+1)
		g.line("}")
	case mapping:
		k := g.name("k")
		g.line("for _, %s := range sortedKeys(%s) {", k, value)
		g.line("_ = %s", k)
		g.showPart(t.key, k, depth+1)
		g.showPart(t.elem, fmt.Sprintf("%s[%s]", value, k), depth+1)
		g.line("}")
	case structure:
		x := g.name("x")
		g.line(`%s := %s; _ = %s; print("{")`, x, value, x)
		for _, f := range t.fields {
			g.showPart(f.t, x+"."+f.name, depth+1)
		}
		g.line(`print("} ")`)
	case pointer:
		g.line(`if %s == nil { print("nil ") } else {`, value)
		g.showPart(t.elem, "(*"+value+")", depth+1)
		g.line("}")
	}
}
