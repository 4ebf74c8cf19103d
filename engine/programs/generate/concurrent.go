package generate

import (
	"fmt"
	"strings"
)

// concurrent writes a piece with goroutines whose outcome does not depend on
// their order.
func (g *generator) concurrent() {
	piece := pick(g, pieces...)
	t := pick(g, g.basic[:10]...)
	for i, part := range []*typ{t, t, g.named("bool")} {
		old := g.vars
		g.vars = []variable{{name: "x", t: t}}
		piece = strings.ReplaceAll(piece, fmt.Sprintf("EXPR%d", i), fmt.Sprintf("func() %s { _ = x; return %s }()", part, g.pure(part)))
		g.vars = old
	}
	for _, n := range []string{"N", "M", "K"} {
		piece = strings.ReplaceAll(piece, "$"+n, fmt.Sprint(1+g.n(6)))
	}
	g.line("{")
	for line := range strings.Lines(strings.TrimSpace(strings.ReplaceAll(piece, "$T", t.name))) {
		g.line("\t%s", strings.TrimRight(line, "\n"))
	}
	g.line("}")
}

// pure is an expression without calls of the program's functions, which count
// their fuel.
func (g *generator) pure(t *typ) string {
	funcs := g.funcs
	g.funcs = nil
	defer func() { g.funcs = funcs }()
	for {
		if e := g.expr(t, 3); !strings.Contains(e, "trace") {
			return e
		}
	}
}

var pieces = []string{
	// a worker pool
	`jobs, results := make(chan $T), make(chan $T, $K)
var wg sync.WaitGroup
for range $N {
	wg.Add(1)
	go func() { defer wg.Done(); for x := range jobs { results <- EXPR0 } }()
}
go func() { for i := range $T(20) { jobs <- i * 7 }; close(jobs); wg.Wait(); close(results) }()
var sum $T
for r := range results { sum ^= r + 3 }
println("pool", sum)`,
	// a pipeline keeps the order
	`stage := func(in <-chan $T, f func($T) $T) <-chan $T {
	out := make(chan $T, $K - 1)
	go func() { defer close(out); for x := range in { out <- f(x) } }()
	return out
}
source := make(chan $T)
go func() { for i := range $T(5) { source <- i }; close(source) }()
for v := range stage(stage(source, func(x $T) $T { return EXPR0 }), func(x $T) $T { return EXPR1 }) { print(v, " ") }
println("pipeline")`,
	// a counter under a mutex, and an atomic one
	`var mu sync.Mutex
var n $T
var hits atomic.Int64
var wg sync.WaitGroup
for i := range $N {
	for x := range $T($M) { wg.Go(func() { mu.Lock(); defer mu.Unlock(); n += EXPR0; hits.Add(int64(i)) }) }
}
wg.Wait()
println("mutex", n, hits.Load())`,
	// once and cond
	`var once sync.Once
var mu sync.Mutex
cond := sync.NewCond(&mu)
ready, done, x := 0, false, $T($M)
var wg sync.WaitGroup
for range $N {
	wg.Go(func() {
		once.Do(func() { println("once", EXPR0) })
		mu.Lock(); ready++; cond.Broadcast(); for !done { cond.Wait() }; mu.Unlock()
	})
}
mu.Lock(); for ready < $N { cond.Wait() }; done = true; cond.Broadcast(); mu.Unlock()
wg.Wait()
println("cond", ready)`,
	// select with one outcome
	`a, b, quit := make(chan $T, 1), make(chan string), make(chan struct{})
var none chan int
x := $T($M)
a <- EXPR0
select { case v := <-a: println("a", v); case s := <-b: println(s); case none <- 1: case <-quit: }
go func() { b <- "late" }()
select { case v := <-a: println("a", v); case s, ok := <-b: println("b", s, ok); case <-none: }
close(quit)
select { case v, ok := <-quit: _ = v; println("quit", ok); case <-b: }
select { case a <- EXPR1: println("sent", len(a), cap(a)); default: println("full") }
select { case a <- x: println("sent"); default: println("full", len(a)) }`,
	// contexts
	`ctx, cancel := context.WithCancel(context.WithValue(context.Background(), "k", $N))
out := make(chan $T)
ended := make(chan string)
go func() {
	x := $T(1)
	for { select { case out <- x: x = EXPR0; case <-ctx.Done(): ended <- ctx.Err().Error(); return } }
}()
for range $M { print(<-out, " ") }
cancel()
println(<-ended, ctx.Value("k").(int))`,
	// panics in goroutines, recovered there; Goexit
	`results := make(chan string)
for i := range $N {
	go func() {
		defer func() { if r, ok := recover().(string); ok { results <- r } else { results <- "none" } }()
		if x := $T(i); EXPR2 { panic("p") }
		runtime.Goexit()
	}()
}
n := 0
for range $N { if <-results == "p" { n++ } }
println("panics", n)`,
	// a ring
	`first := make(chan $T)
in := first
for i := range $N {
	out := make(chan $T)
	go func(in <-chan $T) { for x := range in { if i == 0 { x = EXPR0 }; out <- x }; close(out) }(in)
	in = out
}
go func() { for i := range $T($M) { first <- i }; close(first) }()
for v := range in { print(v, " ") }
println("ring")`,
	// a lock for readers and a swap
	`var mu sync.RWMutex
var word atomic.Uint32
m := map[$T]int{}
var wg sync.WaitGroup
for i := range $T($N) {
	wg.Go(func() { mu.Lock(); m[i] = int(i) * 2; mu.Unlock(); for { old := word.Load(); if word.CompareAndSwap(old, old + 5) { break } } })
	wg.Go(func() { mu.RLock(); _ = m[i]; mu.RUnlock(); runtime.Gosched() })
}
wg.Wait()
sum := 0
for _, v := range m { sum += v }
println("readers", len(m), sum, word.Load())`,
	// an unbuffered handshake in both directions, with directions of channels as types
	`ping, pong := make(chan $T), make(chan $T)
go func(in <-chan $T, out chan<- $T) { defer close(out); for x := range in { out <- EXPR0 } }(ping, pong)
for i := range $T($N) { ping <- i; print(<-pong, " ") }
close(ping)
_, ok := <-pong
println("handshake", ok)`,
}
