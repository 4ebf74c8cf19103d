package host

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"interleave/engine/analyse/waits"
	"interleave/engine/trace"
)

// TestReach asks who could still end what goroutines wait for at the end of a cell. Each
// case gives the goroutines that reach it, and "session" or "timer".
func TestReach(t *testing.T) {
	s := open(t)
	for _, c := range []struct{ name, cell, want string }{
		{"a channel that only the waiting one has", "func f() {\n\tc := make(chan int)\n\tgo func() { <-c }()\n\ttime.Sleep(1)\n}\nf()", "c: g2"},
		{"a variable of the session", "c := make(chan int)\ngo func() { <-c }()\ntime.Sleep(1)", "c: g2 session"},
		{"in a map of a struct of the session", "type box struct{ m map[string][]any }\nvar b box\nfunc f() {\n\tc := make(chan int)\n\tb = box{map[string][]any{\"x\": {1, c}}}\n\tgo func() { <-c }()\n\ttime.Sleep(1)\n}\nf()", "c: g2 session"},
		{"in a function of the session", "var stop func()\nfunc f() {\n\tc := make(chan int)\n\tstop = func() { close(c) }\n\tgo func() { <-c }()\n\ttime.Sleep(1)\n}\nf()", "c: g2 session"},
		{"in a buffer of the session", "q := make(chan chan int, 1)\nfunc f() {\n\tc := make(chan int)\n\tq <- c\n\tgo func() { <-c }()\n\ttime.Sleep(1)\n}\nf()", "c: g2 session"},
		{"one that sleeps has it", "func f() {\n\tc := make(chan int)\n\tgo func() { <-c }()\n\tgo func() { time.Sleep(time.Hour); c <- 1 }()\n\ttime.Sleep(1)\n}\nf()", "c: g2 g3"},
		{"one that sleeps has it without a name", "func made() chan int { return make(chan int) }\nfunc f() {\n\tgo func() {\n\t\tfor range hand(made()) {\n\t\t\ttime.Sleep(time.Hour)\n\t\t}\n\t}()\n\ttime.Sleep(1)\n}\nfunc hand(c chan int) chan int {\n\tgo func() { c <- 1; c <- 2 }()\n\treturn c\n}\nf()", "chan 1: g2 g3"},
		{"in a deferred call", "func f() {\n\tc := make(chan int)\n\tgo func() { <-c }()\n\tgo func() {\n\t\tdefer close(c)\n\t\ttime.Sleep(time.Hour)\n\t}()\n\ttime.Sleep(1)\n}\nf()", "c: g2 g3"},
		{"a timer's function", "func f() {\n\tc := make(chan int)\n\ttime.AfterFunc(time.Hour, func() { close(c) })\n\tgo func() { <-c }()\n\ttime.Sleep(1)\n}\nf()", "c: g2 timer"},
		{"a timer that was stopped, and could be set again", "var again *time.Timer\nfunc f() {\n\tc := make(chan int)\n\tagain = time.AfterFunc(time.Hour, func() { close(c) })\n\tagain.Stop()\n\tgo func() { <-c }()\n\ttime.Sleep(1)\n}\nf()", "c: g2 session"},
		{"a wait group", "func f() {\n\tvar wg sync.WaitGroup\n\twg.Add(2)\n\tgo wg.Wait()\n\tgo func() { time.Sleep(time.Hour); wg.Done() }()\n\ttime.Sleep(1)\n}\nf()", "wg: g2 g3"},
		{"a lock", "func f() {\n\tvar mu sync.Mutex\n\tmu.Lock()\n\tgo mu.Lock()\n\tgo func() { time.Sleep(time.Hour); mu.Unlock() }()\n\ttime.Sleep(1)\n}\nf()", "mu: g2 g3"},
		{"a condition", "func f() {\n\tvar mu sync.Mutex\n\tcond := sync.NewCond(&mu)\n\tgo func() { mu.Lock(); cond.Wait() }()\n\ttime.Sleep(1)\n}\nf()", "cond: g2"},
		{"a context that could be cancelled", "var stop context.CancelFunc\nfunc f() {\n\tctx, cancel := context.WithCancel(context.Background())\n\tstop = cancel\n\tgo func() { <-ctx.Done() }()\n\ttime.Sleep(1)\n}\nf()", "ctx.Done(): g2 session"},
		{"a context that nobody can cancel", "func f() {\n\tctx, cancel := context.WithCancel(context.Background())\n\t_ = cancel\n\tgo func() { <-ctx.Done() }()\n\ttime.Sleep(1)\n}\nf()", "ctx.Done(): g2"},
		{"a context with a deadline", "func f() {\n\tctx, cancel := context.WithTimeout(context.Background(), time.Hour)\n\t_ = cancel\n\tgo func() { <-ctx.Done() }()\n\ttime.Sleep(1)\n}\nf()", "ctx.Done(): g2 timer"},
		{"through an atomic pointer", "var head atomic.Pointer[chan int]\nfunc f() {\n\tc := make(chan int)\n\thead.Store(&c)\n\tgo func() { <-c }()\n\ttime.Sleep(1)\n}\nf()", "c: g2 session"},
		{"through a sync.Map", "var all sync.Map\nfunc f() {\n\tc := make(chan int)\n\tall.Store(1, c)\n\tgo func() { <-c }()\n\ttime.Sleep(1)\n}\nf()", "c: g2 session"},
		{"through reflection", "var v reflect.Value\nfunc f() {\n\tc := make(chan int)\n\tv = reflect.ValueOf(c)\n\tgo func() { <-c }()\n\ttime.Sleep(1)\n}\nf()", "v.ptr: g2 session"},
		{"behind the end of a slice", "var list []chan int\nfunc f() {\n\tc := make(chan int)\n\tlist = append(list, nil, c)[:1]\n\tgo func() { <-c }()\n\ttime.Sleep(1)\n}\nf()", "c: g2 session"},
		{"a method that is bound", "type gate struct{ c chan int }\nfunc (g *gate) open() { close(g.c) }\nvar open func()\nfunc f() {\n\tg := &gate{make(chan int)}\n\topen = g.open\n\tgo func() { <-g.c }()\n\ttime.Sleep(1)\n}\nf()", "g.c: g2 session"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, k := range s.h.Tasks() { // of the case before
				if err := s.h.StopTask(k.ID); err != nil {
					t.Fatal(err)
				}
			}
			if out := s.run(t, c.cell); out != "" {
				t.Fatal(out)
			}
			run := s.h.Last()
			if run.Reach == nil {
				t.Fatal("not known")
			}
			var list []string
			for o, by := range run.Reach {
				text := run.Trace.ObjectName(o) + ":"
				for _, n := range by.Tasks {
					text += " " + run.Trace.TaskName(n)
				}
				if by.Session {
					text += " session"
				}
				if by.Timers {
					text += " timer"
				}
				list = append(list, text)
			}
			slices.Sort(list)
			if got := strings.Join(list, "\n"); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if strings.Contains(c.name, "timer") || strings.Contains(c.name, "deadline") {
				s = open(t) // what they leave concerns all that follow
			}
		})
	}
}

// The names of a run's own tasks and objects are all that finding out adds to its trace.
func TestReachAddsNothing(t *testing.T) {
	s := open(t)
	code := "func f() {\n\tc := make(chan int)\n\tgo func() { <-c }()\n\ttime.Sleep(1)\n}\nf()"
	s.run(t, code)
	tr := s.h.Last().Trace
	events := tr.Events()
	if last := events[len(events)-1]; last.Kind != trace.End || len(tr.Tasks) != 3 {
		t.Errorf("%d tasks; the last event is %v", len(tr.Tasks), fmt.Sprint(last))
	}
}

// A lock that a goroutine of an earlier cell took is known to be that goroutine's.
func TestHeldBefore(t *testing.T) {
	s := open(t)
	s.run(t, "var mu sync.Mutex\ngate := make(chan bool)\ngo func() { mu.Lock(); <-gate; mu.Unlock() }()\ntime.Sleep(1)")
	s.run(t, "mu.Lock()")
	d := waits.Find(s.h.Last().Trace, waits.Beyond{})
	if want := "g2 of cell[1] keeps mu locked while it waits to receive from gate"; d == nil || d.Title != "Deadlock: "+want {
		t.Errorf("%+v", d)
	}
	if want := "main waits for mu, which g2 of cell[1] holds"; !strings.Contains(d.Sentence, want) {
		t.Errorf("%s", d.Sentence)
	}
}

// Two goroutines that ask each other over channels are seen to wait for each other.
func TestCircleOfChannels(t *testing.T) {
	s := open(t)
	s.run(t, "func service(in, ask, answer, out chan int) {\n\tfor q := range in {\n\t\task <- q + 1\n\t\tout <- <-answer\n\t}\n}\na, b, c, d := make(chan int), make(chan int), make(chan int), make(chan int)\ngo service(a, b, d, c)\ngo service(b, a, c, d)\na <- 1\n<-c")
	run := s.h.Last()
	dead := waits.Find(run.Trace, waits.Beyond{Reach: run.Reach})
	if want := "Deadlock: g2 and g3 wait for each other"; dead == nil || dead.Title != want || !dead.Whole {
		t.Fatalf("%+v", dead)
	}
	if want := "g2 waits to receive from d, where g3 could act; g3 waits to send to a, which has no buffer, where g2 could act."; !strings.HasPrefix(dead.Sentence, want) {
		t.Errorf("%s", dead.Sentence)
	}
}
