package host

import (
	"context"
	"io"
	"testing"

	"interleave/engine"
	"interleave/engine/syntax"
)

// BenchmarkRecording runs cells with a trace and without one: only cells of that name
// are recorded.
func BenchmarkRecording(b *testing.B) {
	for _, p := range [][2]string{
		{"pingpong", "a, c := make(chan int), make(chan int)\ngo func() { for v := range a { c <- v } }()\nfor i := range 100_000 { a <- i; <-c }\nclose(a)"},
		{"mutex", "var mu sync.Mutex\nfor range 100_000 { mu.Lock(); mu.Unlock() }"},
		{"spawn", "var wg sync.WaitGroup\nfor range 10_000 { wg.Go(func() {}) }\nwg.Wait()"},
		{"one", "1+1"},
	} {
		for _, name := range []string{"cell[1]", "untraced"} {
			b.Run(p[0]+"/"+name, func(b *testing.B) {
				s := open(b)
				for b.Loop() {
					c, errs := syntax.Parse(s.s.Fset(), name, p[1])
					if len(errs) > 0 {
						b.Fatal(errs)
					}
					prog, bad := s.s.Check(c)
					if len(bad) > 0 {
						b.Fatal(bad)
					}
					if _, err := s.h.Run(context.Background(), prog, engine.IO{Stdout: io.Discard, Stderr: io.Discard}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
