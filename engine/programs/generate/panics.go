package generate

import "fmt"

// mayPanic is a statement that panics, or may.
func (g *generator) mayPanic() string {
	i, e := g.named("int"), pick(g, g.types...)
	n := g.expr(i, 1)
	switch g.n(20) {
	case 0:
		return fmt.Sprintf("{ s := []%s{%s}; _ = s[opaque(%d)] }", e, g.expr(e, 1), g.n(4)-1)
	case 1:
		t := pick(g, g.basic[:10]...)
		return fmt.Sprintf("println(%s / opaque(%s(0)))", g.value(t, 1), t)
	case 2:
		return fmt.Sprintf("{ var p *%s; _ = *p }", e)
	case 3:
		return fmt.Sprintf("{ x := any(%s); _ = x.(%s) }", g.typed(e, g.expr(e, 1)), pick(g, g.types...))
	case 4:
		return fmt.Sprintf("{ var m map[%s]%s; m[%s] = %s }", i, e, n, g.expr(e, 1))
	case 5:
		return fmt.Sprintf("{ s := make([]%s, 3, 5); i, j := opaque(%d), opaque(%d); println(len(s[i:j])) }", e, g.n(7)-1, g.n(8)-1)
	case 6:
		return fmt.Sprintf("{ s := make([]%s, 3, 5); println(cap(s[opaque(%d):opaque(%d):opaque(%d)])) }", e, g.n(6)-1, g.n(7)-1, g.n(8)-1)
	case 7:
		return fmt.Sprintf("{ s := opaque(\"hello\"); println(s[opaque(%d):opaque(%d)]) }", g.n(6)-1, g.n(8)-1)
	case 8:
		return fmt.Sprintf("println(opaque(1) << opaque(%d))", g.n(5)-2)
	case 9:
		return fmt.Sprintf("_ = make([]%s, opaque(%d))", e, g.n(4)-2)
	case 10:
		return fmt.Sprintf("{ s := make([]%s, %d); _ = [2]%s(s) }", e, g.n(4), e)
	case 11:
		return fmt.Sprintf("{ c := make(chan %s); close(c); %s }", e, pick(g, "close(c)", "_ = <-c", fmt.Sprintf("c <- %s", g.expr(e, 1))))
	case 12:
		return fmt.Sprintf("{ var f func(%s); f(%s) }", i, n)
	case 13:
		return fmt.Sprintf("{ var e error; println(e.Error(), %d) }", g.n(10))
	case 14:
		return "{ a, b := any([]int{1}), any([]int{1}); println(a == b) }"
	case 15:
		return "{ m := map[any]int{}; m[any(func() {})] = 1 }"
	case 16:
		return fmt.Sprintf("panic(%s)", g.typed(i, n))
	case 17:
		return "panic(any(nil))"
	case 18:
		return fmt.Sprintf("{ a := [3]int{1, 2, 3}; p := &a; println(p[opaque(%d)]) }", g.n(5)-1)
	}
	return fmt.Sprintf("panic(%s)", g.typed(g.named("string"), g.expr(g.named("string"), 1)))
}
