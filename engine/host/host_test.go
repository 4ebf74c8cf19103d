package host

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"testing"

	"github.com/traefik/yaegi/stdlib"

	"interleave/engine"
	"interleave/engine/check"
	"interleave/engine/library"
	"interleave/engine/library/source"
	"interleave/engine/machine"
	"interleave/engine/syntax"
)

type session struct {
	s *check.Session
	h *Host
	n int
}

func open(t testing.TB) *session { return openWith(t, archive(t)) }

// openWith opens a session over source that is at hand.
func openWith(t testing.TB, a *source.Archive) *session {
	s := check.NewSession(library.New(stdlib.Symbols))
	h, err := New(s, a, machine.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return &session{s: s, h: h}
}

// values runs a cell and gives its results.
func (s *session) values(t testing.TB, src string) []engine.Value {
	s.n++
	c, errs := syntax.Parse(s.s.Fset(), fmt.Sprintf("cell[%d]", s.n), src)
	if len(errs) > 0 {
		t.Fatal(errs[0].Msg)
	}
	p, ce := s.s.Check(c)
	if len(ce) > 0 {
		t.Fatal(ce[0])
	}
	o, err := s.h.Run(context.Background(), p, engine.IO{Stdout: io.Discard, Stderr: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	s.s.Commit(p, o.Done)
	return o.Values
}

func (s *session) run(t testing.TB, src string) string {
	var out bytes.Buffer
	return s.printed(&out, src, &out)
}

// printed gives what a cell prints, values and errors included; words is its standard
// error stream.
func (s *session) printed(out *bytes.Buffer, src string, words io.Writer) string {
	s.n++
	c, errs := syntax.Parse(s.s.Fset(), fmt.Sprintf("cell[%d]", s.n), src)
	if len(errs) > 0 {
		return errs[0].Msg
	}
	p, ce := s.s.Check(c)
	if len(ce) > 0 {
		return ce[0].Error()
	}
	o, err := s.h.Run(context.Background(), p, engine.IO{Stdout: out, Stderr: words})
	s.s.Commit(p, o.Done)
	for _, v := range o.Values {
		out.WriteString("=> " + v.Text() + "\n")
	}
	if err != nil {
		out.WriteString(err.Error() + "\n")
	}
	return out.String()
}

func TestCells(t *testing.T) {
	s := open(t)
	for _, c := range [][2]string{
		{"x := 41", ""},
		{"x++\nx", "=> 42\n"},
		{"func double(n int) int { return n * 2 }\nfmt.Println(double(x), \"hi\")", "84 hi\n=> 6\n=> nil\n"},
		{"s := []int{3, 1, 2}\nsort.Ints(s)\nfmt.Println(strings.Repeat(\"ab\", 2), s[0], strings.ToUpper(\"x\"))", "abab 1 X\n=> 9\n=> nil\n"},
		{"slices.Max(s)", "=> 3\n"},
		{"var p *int\n*p = 3", "panic: runtime error: invalid memory address or nil pointer dereference\n\ngoroutine 1 [running]:\ncell(...)\n\tcell[6]:2:1\n"},
		{"c := make(chan int)\ngo func() { c <- 5 }()\n<-c", "=> 5\n"},
		{"var mu sync.Mutex\nvar wg sync.WaitGroup\nn := 0\nfor range 100 { wg.Go(func() { mu.Lock(); defer mu.Unlock(); n++ }) }\nwg.Wait()\nn", "=> 100\n"},
		{"start := time.Now()\ntime.Sleep(3*time.Second)\nprintln(time.Since(start) >= 3*time.Second, time.Since(start) < 3001*time.Millisecond)", "true true\n"},
		{"ctx, cancel := context.WithTimeout(context.Background(), time.Second)\ndefer cancel()\nselect { case <-ctx.Done(): println(ctx.Err().Error()); case <-time.After(2*time.Second): println(\"late\") }", "context deadline exceeded\n"},
		{"var rw sync.RWMutex\nrw.RLock()\ngo func() { rw.Lock(); println(\"w\"); rw.Unlock() }()\ntime.Sleep(1)\nprintln(rw.TryRLock())\nrw.RUnlock()\nrw.RLock()\nprintln(\"r\")", "false\nw\nr\n"},
		{"var o sync.Once\no.Do(func() { println(1) })\no.Do(func() { println(2) })\nvar a atomic.Int64\nfor range 10 { wg.Go(func() { a.Add(2) }) }\nwg.Wait()\na.Load()", "1\n=> 20\n"},
		{"cnd := sync.NewCond(&mu)\nready := 0\nfor range 3 { wg.Go(func() { mu.Lock(); for ready == 0 { cnd.Wait() }; ready++; mu.Unlock() }) }\ntime.Sleep(10)\nmu.Lock(); ready = 1; cnd.Broadcast(); mu.Unlock()\nwg.Wait()\nready", "=> 4\n"},
		{"tk := time.NewTicker(time.Minute)\nfor range 3 { <-tk.C }\ntk.Stop()\nprintln(errors.Is(errors.Join(context.Canceled), context.Canceled))", "true\n"},
		{"mu.Unlock()", "fatal error: sync: unlock of unlocked mutex\n\ngoroutine 1 [running]:\ncell\n\tcell[15]:1:1\n"},
		{"<-c", "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive]:\ncell\n\tcell[16]:1:1\n"},
	} {
		if got := s.run(t, c[0]); got != c[1] {
			t.Errorf("%s\n got %q\nwant %q", c[0], got, c[1])
		}
	}
}
