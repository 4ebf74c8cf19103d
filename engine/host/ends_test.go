package host

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"interleave/engine"
	"interleave/engine/syntax"
)

// tape is an output that several goroutines write, and that a test can wait on.
type tape struct {
	mu   sync.Mutex
	cond *sync.Cond
	b    bytes.Buffer
}

func newTape() *tape {
	t := &tape{}
	t.cond = sync.NewCond(&t.mu)
	return t
}

func (t *tape) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cond.Broadcast()
	return t.b.Write(p)
}

// await waits until the text contains want.
func (t *tape) await(want string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for !strings.Contains(t.b.String(), want) {
		t.cond.Wait()
	}
}

func (s *session) cell(t testing.TB, ctx context.Context, out io.Writer, src string) (engine.Outcome, error) {
	t.Helper()
	s.n++
	c, errs := syntax.Parse(s.s.Fset(), "cell["+string(rune('0'+s.n))+"]", src)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	p, bad := s.s.Check(c)
	if len(bad) > 0 {
		t.Fatal(bad)
	}
	o, err := s.h.Run(ctx, p, engine.IO{Stdout: out, Stderr: out, Stdin: strings.NewReader("")})
	s.s.Commit(p, o.Done)
	return o, err
}

// TestEnds holds the words and lines of every way a cell can end.
func TestEnds(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"panic(\"a\")", "panic: a\n\ngoroutine 1 [running]:\ncell(...)\n\tcell[1]:1:1"},
		{"defer func() { panic(\"b\") }()\npanic(\"a\")",
			"panic: a\n\tpanic: b\n\ngoroutine 1 [running]:\ncell.func1(...)\n\tcell[1]:1:16\ncell(...)\n\tcell[1]:2:1"},
		{"defer func() { panic(fmt.Sprint(recover(), 2)) }()\npanic(\"a\")",
			"panic: a [recovered]\n\tpanic: a2\n\ngoroutine 1 [running]:\ncell.func1(...)\n\tcell[1]:1:16\ncell(...)\n\tcell[1]:2:1"},
		{"defer func() { panic(recover()) }()\npanic(\"a\")",
			"panic: a [recovered, repanicked]\n\ngoroutine 1 [running]:\ncell.func1(...)\n\tcell[1]:1:16\ncell(...)\n\tcell[1]:2:1"},
		{"type T struct{}\nfunc (*T) Run() { var m map[int]int; m[1] = 2 }\nnew(T).Run()",
			"panic: assignment to entry in nil map\n\ngoroutine 1 [running]:\nmain.(*T).Run(...)\n\tcell[1]:2:38\ncell(...)\n\tcell[1]:3:1"},
		{"func f(n int) { if n == 0 { func() { panic(1.5) }() }; f(n-1) }\nf(1)",
			"panic: 1.5\n\ngoroutine 1 [running]:\nmain.f.func1(...)\n\tcell[1]:1:38\nmain.f(...)\n\tcell[1]:1:29\nmain.f(...)\n\tcell[1]:1:56\ncell(...)\n\tcell[1]:2:1"},
		{"done := make(chan int)\ngo func() { panic(errors.New(\"in it\")) }()\n<-done",
			"panic: in it\n\ngoroutine 2 [running]:\ncell.func1(...)\n\tcell[1]:2:13"},
		{"var wg sync.WaitGroup\nwg.Add(1)\ngo func() { wg.Done(); wg.Add(1) }()\nwg.Wait()",
			"panic: sync: WaitGroup is reused before previous Wait has returned\n\ngoroutine 1 [running]:\ncell(...)\n\tcell[1]:4:1"},
		{"os.Exit(3)", "exit status 3"},
		{"runtime.Goexit()", "fatal error: no goroutines (main called runtime.Goexit) - deadlock!"},
		{"var mu sync.Mutex\nmu.Lock()\nmu.Lock()", "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [sync.Mutex.Lock]:\ncell\n\tcell[1]:3:1"},
		{"var mu sync.RWMutex\nmu.Lock()\nmu.Lock()", "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [sync.Mutex.Lock]:\ncell\n\tcell[1]:3:1"},
		{"var mu sync.RWMutex\nmu.RLock()\nmu.Lock()", "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [sync.RWMutex.Lock]:\ncell\n\tcell[1]:3:1"},
		{"var mu sync.Mutex\nmu.Lock()\ngo mu.Lock()\nselect {}", "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [select (no cases)]:\ncell\n\tcell[1]:4:1\n\ngoroutine 2 [sync.Mutex.Lock]:\ncreated by cell in goroutine 1\n\tcell[1]:3:1"},
		{"func f(wg *sync.WaitGroup) { go wg.Done() }\nvar wg sync.WaitGroup\nf(&wg)\nselect {}", "panic: sync: negative WaitGroup counter\n\ngoroutine 2 [running]:\ncreated by main.f in goroutine 1\n\tcell[1]:1:30"},
		{"var mu sync.Mutex\ngo mu.Unlock()\nselect {}", "fatal error: sync: unlock of unlocked mutex\n\ngoroutine 2 [running]:\ncreated by cell in goroutine 1\n\tcell[1]:2:1"},
		{"m := map[string]int{}\nfor range 2 {\n\tgo func() { for { m[\"a\"]++ } }()\n}\nselect {}", "fatal error: concurrent map writes\n\ngoroutine "},
		{"m := map[int][]int{}\nfor range 2 {\n\tgo func() { for i := 0; ; i++ { m[7] = append(m[7][:0], i) } }()\n}\nselect {}", "fatal error: concurrent map "},
		{"m := map[int]int{1: 1}\ngo func() { for i := 0; ; i++ { m[i%9] = i } }()\nfor { fmt.Sprint(m) }", "fatal error: concurrent map iteration and map write\n\ngoroutine 1 [running]:\ncell\n\tcell[1]:3:7"},
		{"tk := time.NewTicker(time.Second)\n_ = tk\nselect {}", "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [select (no cases)]:\ncell\n\tcell[1]:3:1"},
		{"func f(n int) int { return f(n+1) + 1 }\nf(0)", "fatal error: stack overflow"},
		{"var all [][]byte\nfor { all = append(all, make([]byte, 1<<20)) }", "fatal error: out of memory"},
		{"type node struct { next *node; pad [100]int }\nvar n *node\nfor { n = &node{next: n} }", "fatal error: out of memory"},
		{"for { go func() { select {} }() }", "fatal error: out of memory"},
		{"m := map[string][100]int{}\nfor i := 1; ; i++ { m[strconv.Itoa(i)] = [100]int{i} }", "fatal error: out of memory"},
		{"var b strings.Builder\nfor { b.WriteString(\"0123456789\" + b.String()) }", "fatal error: out of memory"},
		{"func() { for { defer func() {}() } }()", "fatal error: out of memory"},
		{"c := make(chan [1000]int, 1e5)\nfor { c <- [1000]int{1} }", "fatal error: out of memory"},
		{"var cs []chan [1000]int\nfor { cs = append(cs, make(chan [1000]int, 1000)) }", "fatal error: out of memory"},
	} {
		s := open(t)
		s.h.config.Heap = 64 << 20
		_, err := s.cell(t, context.Background(), newTape(), c.src)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || len(err.Error()) > len(c.want) && !strings.HasPrefix(c.want, "fatal error") {
			t.Errorf("%s\n got %v\nwant %s", c.src, err, c.want)
		}
		out := newTape()
		if _, err := s.cell(t, context.Background(), out, "println(\"alive\")"); err != nil || out.b.String() != "alive\n" {
			t.Errorf("%s\nafterwards: %v, %q", c.src, err, out.b.String())
		}
		s.h.Close()
	}
}

// TestBackground lets tasks outlive their cells.
func TestBackground(t *testing.T) {
	s := open(t)
	defer s.h.Close()
	first, second := newTape(), newTape()
	run := func(out *tape, src string) error {
		_, err := s.cell(t, context.Background(), out, src)
		return err
	}
	if err := run(first, "c := make(chan int)\ngo func() { for v := range c { println(\"got\", v) }; panic(\"over\") }()\ngo func() { for { time.Sleep(time.Millisecond) } }()"); err != nil {
		t.Fatal(err)
	}
	if err := run(second, "c <- 1\ntime.AfterFunc(time.Millisecond, func() { println(\"timer\") })\nprintln(\"sent\")"); err != nil {
		t.Fatal(err)
	}
	second.await("timer")
	if err := run(second, "close(c)\nprintln(\"closed\")"); err != nil {
		t.Fatal(err)
	}
	first.await("cell[1]:2:")
	if got := first.b.String(); !strings.HasPrefix(got, "got 1\npanic: over\n\ngoroutine 2 [running]:\ncell.func1(...)\n") {
		t.Errorf("%q", got)
	}
	if got := second.b.String(); !strings.Contains(got, "closed\n") || strings.Contains(got, "panic") {
		t.Errorf("%q", got)
	}
	if n := len(s.h.machine.Tasks()); n != 0 {
		t.Errorf("%d tasks are left", n)
	}
}

// Between cells, nothing is done until the first task that sleeps is to wake up.
func TestBackgroundSleeps(t *testing.T) {
	s := open(t)
	defer s.h.Close()
	if _, err := s.cell(t, context.Background(), newTape(), "go func() { time.Sleep(time.Hour) }()\ntime.Sleep(time.Millisecond)"); err != nil {
		t.Fatal(err)
	}
	s.h.enter()
	defer s.h.leave()
	if wait, more := s.h.follow(); !more || wait < time.Minute {
		t.Errorf("the next look is in %v (%v)", wait, more)
	}
}

// TestInterrupt ends every task of a cell, and none of another's.
func TestInterrupt(t *testing.T) {
	s := open(t)
	defer s.h.Close()
	out := newTape()
	if _, err := s.cell(t, context.Background(), out, "c := make(chan int)\ngo func() { println(\"still here\", <-c) }()"); err != nil {
		t.Fatal(err)
	}
	for _, src := range []string{
		"println(\"go\")\nfor {}", "println(\"go\")\nfor range 1000 { go func() { for {} }() }\nselect {}", "println(\"go\")\nfor { time.Sleep(time.Hour) }",
		"println(\"go\")\nx := []int{1}\nfor { x[0] = len(fmt.Sprint(x)) }",
	} {
		ctx, cancel := context.WithCancel(context.Background())
		own := newTape()
		go func() {
			own.await("go")
			cancel()
		}()
		if _, err := s.cell(t, ctx, own, src); !errors.Is(err, engine.ErrInterrupted) {
			t.Errorf("%s: %v", src, err)
		}
		if n := len(s.h.machine.Tasks()); n != 1 {
			t.Errorf("%s: %d tasks", src, n)
		}
	}
	if _, err := s.cell(t, context.Background(), out, "c <- 5\nruntime.Gosched()"); err != nil {
		t.Fatal(err)
	}
	out.await("still here 5")
}
