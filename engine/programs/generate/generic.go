package generate

import (
	"fmt"
	"strings"
)

// generics declares generic functions and types with random bodies, and a
// function that uses them with random type arguments.
func (g *generator) generics() {
	r := strings.NewReplacer("$", "_"+g.id)
	g.top.WriteString(r.Replace(genericDecls))
	a, b := pick(g, g.types...), pick(g, g.types...)
	n, o := pick(g, g.basic[:10]...), pick(g, g.named("string"), g.named("int8"), g.named("float32"), g.named("uint64"))
	g.declare("func Generic_"+g.id+"() int", func() {
		g.closure = true
		line := func(format string, args ...any) { g.line("%s", r.Replace(fmt.Sprintf(format, args...))) }
		line("s := &stack$[%s]{}", a)
		for range 1 + g.n(3) {
			line("s.push(%s)", g.typed(a, g.expr(a, 2)))
		}
		line("x, ok := s.pop(); println(ok, s.size())")
		g.show(a, "x")
		line("y, ok := s.pop(); println(ok)")
		g.show(a, "y")
		line("p := pair$[%s, %s]{%s, %s}", a, b, g.expr(a, 1), g.expr(b, 1))
		line("q := p.swap(); f := q.swap; p = f()")
		g.show(b, "q.first")
		g.show(a, "p.first")
		line("list := []%s{%s, %s, %s}", n, g.expr(n, 2), g.expr(n, 2), g.expr(n, 2))
		line("println(sum$(list...), sum$[%s]())", n)
		line("for _, v := range mapped$(list, func(i %s) %s { return %s }) { _ = v", n, b, g.expr(b, 1))
		g.show(b, "v")
		g.line("}")
		line("println(reduce$(list, %s, func(a %s, b %s) %s { return a ^ b }))", g.literal(n), n, n, n)
		line("t := &tree$[%s]{}", o)
		for range 3 + g.n(4) {
			line("t.insert(%s)", g.typed(o, g.keyOf(&typ{key: o}, 2)))
		}
		line("for v := range t.all { print(v, \" \"); if v > %s { break } }", g.typed(o, g.keyOf(&typ{key: o}, 0)))
		line("println(t.depth(), bits$(%s(%d)), text$(id$(%d)), kind$(x), kind$[error](nil))", n, g.n(100), g.n(100))
		line("c := convert$[%s, %s](%s)", n, pick(g, g.basic[:10]...), g.value(n, 1))
		line("println(c)")
		line("println(string(concat$([]byte(%s), %s)))", `"ab"`, `"cd"`)
		g.line("return 0")
	})
	g.funcs = append(g.funcs, function{name: "Generic_" + g.id, results: []*typ{g.named("int")}})
}

const genericDecls = `
type stack$[T any] struct { list []T }
func (s *stack$[T]) push(x T) { s.list = append(s.list, x) }
func (s *stack$[T]) pop() (x T, ok bool) {
	if len(s.list) == 0 { return }
	last := len(s.list) - 1
	x, s.list = s.list[last], s.list[:last]
	return x, true
}
func (s stack$[_]) size() int { return len(s.list) }

type pair$[A, B any] struct { first A; second B }
func (p pair$[A, B]) swap() pair$[B, A] { return pair$[B, A]{p.second, p.first} }

type tree$[T ordered] struct { left, right *tree$[T]; value T; set bool }
func (t *tree$[T]) insert(v T) {
	switch {
	case !t.set: t.value, t.set = v, true
	case v < t.value: if t.left == nil { t.left = new(tree$[T]) }; t.left.insert(v)
	case v > t.value: if t.right == nil { t.right = new(tree$[T]) }; t.right.insert(v)
	}
}
func (t *tree$[T]) all(yield func(T) bool) { t.walk(yield) }
func (t *tree$[T]) walk(yield func(T) bool) bool {
	return t == nil || !t.set || t.left.walk(yield) && yield(t.value) && t.right.walk(yield)
}
func (t *tree$[T]) depth() int {
	if t == nil { return 0 }
	return 1 + max(t.left.depth(), t.right.depth())
}

func sum$[T number](list ...T) (total T) { for _, v := range list { total += v }; return }
func mapped$[T, U any, S ~[]T](s S, f func(T) U) []U {
	out := make([]U, 0, len(s))
	for _, v := range s { out = append(out, f(v)) }
	return out
}
func reduce$[T, A any](s []T, start A, f func(A, T) A) A {
	for _, v := range s { start = f(start, v) }
	return start
}
func bits$[T ~int8 | ~int16 | ~int32 | ~int64 | ~int | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uint](x T) (n int) {
	for x = ^x; x != 0 && n < 64; n++ { x &= x - 1 }
	return
}
func convert$[A, B ~int8 | ~int16 | ~int32 | ~int64 | ~int | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uint](x A) B { return B(x) >> 1 }
func concat$[A, B ~[]byte | ~string](a A, b B) []byte { return append([]byte(a), b[:len(b)]...) }
func kind$[T any](x T) string {
	switch any(x).(type) {
	case int, int8, int16, int32, int64: return "signed"
	case string: return "string"
	case nil: return "nil"
	case interface{ Name() string }: return "named"
	}
	var p *T
	if _, ok := any(p).(*float64); ok { return "float" }
	return "other"
}
type id$ int
func (i id$) text() string { if i < 10 { return string(rune('0' + i)) }; return (i / 10).text() + (i % 10).text() }
func text$[T interface{ ~int; text() string }](x T) string { return x.text() + "/" + (x + 1).text() }

`
