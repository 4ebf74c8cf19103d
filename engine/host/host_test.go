package host

import (
	"bytes"
	"context"
	"os/exec"
	"strings"
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

func open(t testing.TB) *session {
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	a, err := source.Installed(strings.TrimSpace(string(goroot)))
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string]map[string]map[string]int{}
	_ = tables
	s := check.NewSession(library.New(stdlib.Symbols))
	h, err := New(s, a, machine.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return &session{s: s, h: h}
}

func (s *session) run(t testing.TB, src string) string {
	s.n++
	c, errs := syntax.Parse(s.s.Fset(), "cell["+string(rune('0'+s.n))+"]", src)
	if len(errs) > 0 {
		return errs[0].Msg
	}
	p, ce := s.s.Check(c)
	if len(ce) > 0 {
		return ce[0].Error()
	}
	var out bytes.Buffer
	o, err := s.h.Run(context.Background(), p, engine.IO{Stdout: &out, Stderr: &out})
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
		{"func double(n int) int { return n * 2 }\nfmt.Println(double(x), \"hi\")", "84 hi\n"},
		{"s := []int{3, 1, 2}\nsort.Ints(s)\nfmt.Println(strings.Repeat(\"ab\", 2), s[0], strings.ToUpper(\"x\"))", "abab 1 X\n"},
		{"slices.Max(s)", "=> 3\n"},
		{"var p *int\n*p = 3", "panic: runtime error: invalid memory address or nil pointer dereference\n\ngoroutine 7 [running]:\nmain.cell(...)\n\tcell[6]:2:2\n"},
		{"c := make(chan int)\ngo func() { c <- 5 }()\n<-c", "=> 5\n"},
		{"<-c", "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 10 [chan receive]:\nmain.cell(...)\n\tcell[8]:1:1\n"},
	} {
		if got := s.run(t, c[0]); got != c[1] {
			t.Errorf("%s\n got %q\nwant %q", c[0], got, c[1])
		}
	}
}
