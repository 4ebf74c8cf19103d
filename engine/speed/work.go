package speed

import (
	"fmt"
	"sort"
	"strings"
	"sync"
)

// fib is calls and nothing else.
func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

func fib30() int { return fib(30) }

func loop() int {
	s := 0
	for i := 0; i < 10_000_000; i++ {
		s += i
	}
	return s
}

func sieve() int {
	const n = 1_000_000
	composite := make([]bool, n+1)
	count := 0
	for i := 2; i <= n; i++ {
		if !composite[i] {
			count++
			for j := i * 2; j <= n; j += i {
				composite[j] = true
			}
		}
	}
	return count
}

// pingPong is a million messages, each of which the other side waits for.
func pingPong() int {
	there, back := make(chan int), make(chan int)
	go func() {
		for v := range there {
			back <- v + 1
		}
	}()
	s := 0
	for s < 500_000 {
		there <- s
		s = <-back
	}
	close(there)
	return s
}

func spawn() int {
	done := make(chan int)
	for i := 0; i < 100_000; i++ {
		go func() { done <- 1 }()
	}
	s := 0
	for i := 0; i < 100_000; i++ {
		s += <-done
	}
	return s
}

func locks() int {
	var mu sync.Mutex
	n := 0
	for i := 0; i < 1_000_000; i++ {
		mu.Lock()
		n++
		mu.Unlock()
	}
	return n
}

func selects() int {
	a, b, quit := make(chan int), make(chan int), make(chan bool)
	go func() {
		for i := 0; i < 100_000; i++ {
			select {
			case a <- 1:
			case b <- 2:
			}
		}
		close(quit)
	}()
	n := 0
	for {
		select {
		case <-a:
			n++
		case <-b:
			n++
		case <-quit:
			return n
		}
	}
}

func mapped() int {
	m := map[int]int{}
	for i := 0; i < 200_000; i++ {
		m[i*7%10_007] += i
	}
	s := 0
	for _, v := range m {
		s += v
	}
	return s
}

func words() int {
	counts := map[string]int{}
	text := strings.Repeat("the quick brown fox jumps over the lazy dog ", 2000)
	for _, w := range strings.Fields(text) {
		counts[strings.ToUpper(w)]++
	}
	return len(text) + counts["THE"]
}

func joined() int {
	var b strings.Builder
	for i := 0; i < 20_000; i++ {
		fmt.Fprintf(&b, "%d:%s ", i, "x")
	}
	return b.Len()
}

type shape interface{ area() int }

type square struct{ side int }

func (s square) area() int { return s.side * s.side }

type oblong struct{ a, b int }

func (o *oblong) area() int { return o.a * o.b }

func interfaces() int {
	shapes := []shape{square{3}, &oblong{2, 5}, square{1}}
	s := 0
	for i := 0; i < 1_000_000; i++ {
		s += shapes[i%3].area()
	}
	return s
}

func closures() int {
	n := 0
	add := func(d int) func() { return func() { n += d } }
	one, two := add(1), add(2)
	for i := 0; i < 500_000; i++ {
		one()
		two()
	}
	return n
}

func appends() int {
	var s []int
	for i := 0; i < 1_000_000; i++ {
		s = append(s, i)
	}
	return len(s)
}

func sorted() int {
	s := make([]int, 50_000)
	x := uint32(1)
	for i := range s {
		x = x*1664525 + 1013904223
		s[i] = int(x >> 8)
	}
	sort.Slice(s, func(i, j int) bool { return s[i] < s[j] })
	return s[0] + s[len(s)-1]
}
